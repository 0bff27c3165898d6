//! Tests of the update rules: against formulas by hand, and restored from a saved state.

use candle_core::{DType, Device, Tensor};

use crate::config::{Decay, LiveSettings, Rule};
use crate::optim::Optimizer;
use crate::optim::limit::Limit;
use crate::optim::rule::StateEntry;

use super::AnyRule;

fn vector(values: &[f64]) -> Tensor {
    Tensor::new(values, &Device::Cpu).unwrap()
}

fn live(momentum: f64) -> LiveSettings {
    LiveSettings { momentum, beta2: 0.75, epsilon: 0.0, ..LiveSettings::default() }
}

/// η·p for a sequence of scalar gradients, at w = 2.
fn updates(rule: Rule, gradients: &[f64], lr: f64, live: &LiveSettings) -> Vec<f64> {
    let mut optimizer = Optimizer::new(rule);
    let mut update = |g: &f64| {
        let proposal = optimizer.propose(&vector(&[*g]), &vector(&[2.0]), live).unwrap();
        let p: Vec<f64> = proposal.direction.to_vec1().unwrap();
        optimizer.accept(proposal);
        lr * p[0]
    };
    gradients.iter().map(&mut update).collect()
}

fn assert_near(found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-12, "{found}, not {wanted}");
    }
}

#[test]
fn rules_without_a_preconditioner_follow_their_formulas_by_hand() {
    // η = ½, β = ½, g = 1, 2, −4: m = 1, 2.5, −2.75.
    let g = [1.0, 2.0, -4.0];
    let of = |rule| updates(rule, &g, 0.5, &live(0.5));
    assert_eq!(of(Rule::GradientDescent), [-0.5, -1.0, 2.0]);
    assert_eq!(of(Rule::HeavyBall), [-0.5, -1.25, 1.375]);
    assert_eq!(of(Rule::Nesterov), [-0.75, -1.625, 2.6875]);
    assert_eq!(of(Rule::EmaMomentum), [-0.25, -0.625, 0.6875]);
    assert_eq!(of(Rule::Normalised), [-0.5, -0.5, 0.5]);
    assert_eq!(of(Rule::Sign), [-0.5, -0.5, 0.5]);
    // cos = 0, 1, −1: s = 0, .1, −.01; d = .5, .55, .495; m = .5, 1.35, −1.305.
    assert_near(&of(Rule::TorqueAware), &[-0.25 - 5e-9, -0.675 - 1.25e-8, 0.6525 + 1.375e-8]);
}

#[test]
fn rules_with_a_preconditioner_follow_their_formulas_by_hand() {
    // v = .25·1, .75·.25 + .25·4, …
    let g = [1.0, 2.0, -4.0];
    let v = [0.25, 1.1875, 4.890_625_f64];
    let of = |rule| updates(rule, &g, 0.5, &live(0.5));
    let rmsprop: Vec<f64> = g.iter().zip(v).map(|(g, v)| -0.5 * g / v.sqrt()).collect();
    assert_near(&of(Rule::Rmsprop), &rmsprop);
    // m = ½, 1.25, −1.375; corrected by 1 − ½ᵗ and 1 − .75ᵗ.
    let m = [0.5, 1.25, -1.375];
    let corrected = |t: i32, v: f64| {
        let v = v / (1.0 - 0.75_f64.powi(t));
        (1.0 - 0.5_f64.powi(t)) * v.sqrt()
    };
    let adam: Vec<f64> =
        (0..3).map(|i| -0.5 * m[i] / corrected(i32::try_from(i).unwrap() + 1, v[i])).collect();
    assert_near(&of(Rule::Adam), &adam);
    assert_near(&of(Rule::Adamw), &adam);
    // v₀ = g₀² = 1: v = 1, 1.75, …
    let gi = updates(Rule::GiAdam, &g[..2], 0.5, &live(0.5));
    assert_near(&gi, &[-0.5 * 0.5 / corrected(1, 1.0), -0.5 * 1.25 / corrected(2, 1.75)]);
}

#[test]
fn the_first_step_of_gi_adam_is_damped_by_the_root_of_one_minus_beta2() {
    let (beta2, epsilon, lr) = (0.99, 1e-3, 0.1);
    let live = LiveSettings { beta2, epsilon, ..LiveSettings::default() };
    for g in [1e-5, 0.02, 3.0] {
        // η√(1−β₂)·|g|/(|g| + ε√(1−β₂))
        let root = (1.0_f64 - beta2).sqrt();
        let wanted = lr * root * g / (g + epsilon * root);
        let found = updates(Rule::GiAdam, &[-g], lr, &live)[0];
        assert!((found / wanted - 1.0).abs() < 1e-12, "{found}, not {wanted}");
    }
}

#[test]
fn without_momentum_and_torque_plain_rules_are_gradient_descent() {
    let g = [1.0, 2.0, -4.0];
    for rule in [Rule::HeavyBall, Rule::Nesterov, Rule::EmaMomentum, Rule::Sam] {
        assert_eq!(updates(rule, &g, 0.25, &live(0.0)), [-0.25, -0.5, 1.0], "{rule}");
    }
}

#[test]
fn coupled_decay_is_part_of_the_gradient_and_decoupled_decay_is_not() {
    let decayed = |decay| LiveSettings { weight_decay: 0.5, decay, ..live(0.0) };
    let of = |rule, decay| updates(rule, &[3.0], 0.5, &decayed(decay))[0];
    for decay in [Decay::Coupled, Decay::Decoupled] {
        // g + μw = 4
        assert_eq!(of(Rule::GradientDescent, decay), -2.0);
        // sign(g) + μw
        assert_eq!(of(Rule::Adamw, decay), -0.5 * 2.0);
    }
    assert_eq!(of(Rule::Sign, Decay::Coupled), -0.5);
    assert_eq!(of(Rule::Sign, Decay::Decoupled), -1.0);
}

#[test]
fn a_frozen_preconditioner_is_constant_and_continues_when_unfrozen() {
    let frozen = LiveSettings { freeze: true, ..live(0.5) };
    let mut optimizer = Optimizer::new(Rule::Adam);
    let mut preconditioner = |g: f64, live: &LiveSettings| {
        let proposal = optimizer.propose(&vector(&[g]), &vector(&[0.0]), live).unwrap();
        let p: Vec<f64> = proposal.preconditioner.clone().unwrap().to_vec1().unwrap();
        optimizer.accept(proposal);
        p[0]
    };
    let first = preconditioner(1.0, &live(0.5));
    assert_eq!(preconditioner(9.0, &frozen), first);
    assert_eq!(preconditioner(-3.0, &frozen), first);
    assert!(preconditioner(9.0, &live(0.5)) > first);
}

#[test]
fn a_restored_optimizer_continues_bit_for_bit_in_both_precisions() {
    for rule in Rule::ALL {
        for dtype in [DType::F32, DType::F64] {
            let cast = |v: &[f64]| vector(v).to_dtype(dtype).unwrap();
            let gradient = |k: f64| cast(&[0.1 * k, 1.0 / (k + 1.0), -k]);
            let (params, live) = (cast(&[1.0, -2.0, 0.5]), live(0.9));
            let step = |optimizer: &mut Optimizer, k: u32| {
                let proposal = optimizer.propose(&gradient(f64::from(k)), &params, &live).unwrap();
                assert_eq!(proposal.direction.dtype(), dtype);
                let p = proposal.direction.to_dtype(DType::F64).unwrap();
                optimizer.accept(proposal);
                p.to_vec1::<f64>().unwrap()
            };
            let mut whole = Optimizer::new(*rule);
            for k in 1..5 {
                step(&mut whole, k);
            }
            let mut resumed = Optimizer::new(*rule);
            resumed.restore(whole.state().unwrap()).unwrap();
            for k in 5..9 {
                assert_eq!(step(&mut whole, k), step(&mut resumed, k), "{rule}");
            }
        }
    }
}

#[test]
fn a_proposal_changes_nothing_until_it_is_accepted() {
    for rule in Rule::ALL {
        let optimizer = Optimizer::new(*rule);
        let (g, w) = (vector(&[1.0, -2.0]), vector(&[0.5, 0.5]));
        let of = || optimizer.propose(&g, &w, &live(0.9)).unwrap().direction;
        assert_eq!(of().to_vec1::<f64>().unwrap(), of().to_vec1::<f64>().unwrap());
        assert!(optimizer.state().unwrap().is_empty());
    }
}

#[test]
fn an_empty_state_is_the_initial_one_and_an_unknown_tensor_is_refused() {
    let mut optimizer = Optimizer::new(Rule::HeavyBall);
    let proposal = optimizer.propose(&vector(&[1.0]), &vector(&[0.0]), &live(0.9)).unwrap();
    optimizer.accept(proposal);
    let held = optimizer.state().unwrap();
    assert_eq!(held.len(), 1);
    let strange = vec![("third-moment".into(), vector(&[1.0]))];
    let error = optimizer.restore(strange).unwrap_err();
    assert!(error.to_string().contains("third-moment"), "{error}");
    assert_eq!(optimizer.state().unwrap().len(), 1);
    optimizer.restore(Vec::new()).unwrap();
    assert!(optimizer.state().unwrap().is_empty());
    assert!(Optimizer::new(Rule::GradientDescent).restore(held).is_err());
}

#[test]
fn a_gradient_of_another_length_is_an_error() {
    let mut optimizer = Optimizer::new(Rule::Nesterov);
    let proposal = optimizer.propose(&vector(&[1.0]), &vector(&[0.0]), &live(0.9)).unwrap();
    optimizer.accept(proposal);
    let other = vector(&[1.0, 2.0]);
    assert!(optimizer.propose(&other, &other, &live(0.9)).is_err());
}

#[test]
fn the_ascent_step_has_the_radius_as_its_norm_and_is_zero_for_a_zero_gradient() {
    let live = LiveSettings { radius: 0.5, ..LiveSettings::default() };
    let of = |rule, g: &[f64]| Optimizer::new(rule).ascent(&vector(g), &live).unwrap();
    let step = |g: &[f64]| of(Rule::Sam, g).unwrap().to_vec1::<f64>().unwrap();
    assert_near(&step(&[3.0, -4.0]), &[0.3, -0.4]);
    assert_eq!(step(&[0.0]), [0.0]);
    assert!(of(Rule::HeavyBall, &[3.0, -4.0]).is_none());
}

#[test]
fn every_rule_matches_its_declared_traits() {
    for rule in Rule::ALL.iter().copied() {
        let mut any = AnyRule::new(rule);
        let g = vector(&[1.0, -2.0]);
        let uphill = any.get_mut().uphill(&g, &live(0.9)).unwrap();
        assert_eq!(uphill.preconditioner.is_some(), rule.is_adaptive(), "{rule}");
        let entries = any.get_mut().state();
        let n_vectors =
            entries.iter().filter(|(_, entry)| matches!(entry, StateEntry::Vector(_))).count();
        assert_eq!(n_vectors, rule.n_state(), "{rule}");
        // A state with numbers has vectors too.
        assert!(n_vectors > 0 || entries.is_empty(), "{rule}");
        let is_limited = !matches!(any.get().edge(&live(0.9)).limit, Limit::Unlimited);
        assert_eq!(is_limited, rule.has_limit(), "{rule}");
    }
}
