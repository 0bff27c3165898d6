//! Quadratics: the stated stability limits against the real optimizers by bisection, and eigenvalues of
//! an operator whose Krylov spaces are exhausted early.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use candle_core::{Device, Tensor};
use eoscope::config::{Decay, LiveSettings, Rule, RuleSetting};
use eoscope::curvature::{BlockOptions, Operator, Start, solve_block};
use eoscope::net::Halt;
use eoscope::optim::{Conditions, Optimizer, stability};

/// Steps after which a run that has neither grown nor shrunk much is judged by its trend.
const N_STEPS: usize = 20_000;

/// Learning rate of all runs.
const LR: f64 = 0.1;

/// Whether the rule converges on L = ½ Σ λᵢ wᵢ² from w = 1, with curvatures scaled to make the one that
/// its limit applies to equal `sharpness`. Preconditioner and torque are frozen at the first step, as
/// the limits assume.
fn is_stable(rule: Rule, live: &LiveSettings, shape: &[f64], sharpness: f64) -> bool {
    let mut frozen = live.clone();
    frozen.freeze = rule.reads(RuleSetting::Freeze);
    let shape = Tensor::new(shape, &Device::Cpu).unwrap();
    let mut optimizer = Optimizer::new(rule);
    // The first gradient, of curvature 1 in every direction, determines the preconditioner.
    let mut w = shape.ones_like().unwrap();
    let zero = w.zeros_like().unwrap();
    let mut curvatures = (&shape * sharpness).unwrap();
    if rule.is_adaptive() {
        let proposal = optimizer.propose(&w, &zero, &frozen).unwrap();
        let p = proposal.preconditioner.clone().unwrap();
        optimizer.accept(proposal);
        let mu = if live.decay_of(rule) == Decay::Coupled { live.weight_decay } else { 0.0 };
        // P⁻¹(H + μ) has the required largest eigenvalue.
        curvatures = ((curvatures * p).unwrap() - mu).unwrap();
    }
    let mut middle = f64::NAN;
    for step in 0..N_STEPS {
        let gradient = (&curvatures * &w).unwrap();
        let proposal = optimizer.propose(&gradient, &w, &frozen).unwrap();
        w = (&w + (&proposal.direction * LR).unwrap()).unwrap();
        optimizer.accept(proposal);
        if step % 50 == 0 {
            let norm = w.sqr().unwrap().sum_all().unwrap().to_scalar::<f64>().unwrap().sqrt();
            if !(1e-6..1e6).contains(&norm) {
                return norm < 1.0;
            }
            if step == N_STEPS / 2 {
                middle = norm;
            } else if step + 50 == N_STEPS {
                return norm < middle;
            }
        }
    }
    false
}

/// The largest stable sharpness, to a relative 1e-4.
fn critical(rule: Rule, live: &LiveSettings, shape: &[f64]) -> f64 {
    let (mut stable, mut unstable) = (1.0, 1000.0);
    let holds = |sharpness| is_stable(rule, live, shape, sharpness);
    assert!(holds(stable) && !holds(unstable), "{rule}");
    while unstable / stable > 1.0001 {
        let middle = (stable * unstable).sqrt();
        if holds(middle) {
            stable = middle;
        } else {
            unstable = middle;
        }
    }
    (stable * unstable).sqrt()
}

fn check(rule: Rule, live: &LiveSettings, wanted: f64) {
    // The torque frozen at the start is ½.
    let conditions = Conditions { lr: LR, grad_norm: 1.0, torque: 0.5 };
    let stated = stability(rule, live).threshold(conditions).unwrap();
    assert!((stated / wanted - 1.0).abs() < 1e-4, "{rule} states {stated}, not {wanted}");
    for shape in [&[1.0][..], &[0.3, 1.0, 0.5]] {
        let found = critical(rule, live, shape);
        assert!(
            (found / stated - 1.0).abs() < 1e-3,
            "{rule} at β = {} in {}-D: {found}, stated {stated}",
            live.momentum,
            shape.len()
        );
        // At that sharpness, this rate is the largest stable one.
        let rate = stability(rule, live).largest_rate(found, conditions).unwrap();
        assert!((rate / LR - 1.0).abs() < 2e-3, "{rule}: {rate} is called the largest rate");
    }
}

fn at(momentum: f64) -> LiveSettings {
    LiveSettings { momentum, ..LiveSettings::default() }
}

#[test]
fn gradient_descent_loses_stability_at_two_over_the_learning_rate_whatever_the_momentum() {
    for beta in [0.0, 0.5, 0.9] {
        check(Rule::GradientDescent, &at(beta), 2.0 / LR);
    }
}

#[test]
fn heavy_ball_loses_stability_at_two_plus_two_beta() {
    for (beta, wanted) in [(0.0, 2.0), (0.5, 3.0), (0.9, 3.8)] {
        check(Rule::HeavyBall, &at(beta), wanted / LR);
    }
}

#[test]
fn nesterov_loses_stability_below_plain_gradient_descent() {
    for (beta, wanted) in [(0.0, 2.0), (0.5, 1.5), (0.9, 1.357_142_857)] {
        check(Rule::Nesterov, &at(beta), wanted / LR);
    }
}

#[test]
fn averaged_momentum_and_adam_lose_stability_at_thirty_eight() {
    for rule in [Rule::EmaMomentum, Rule::Adam, Rule::Adamw, Rule::GiAdam] {
        for (beta, wanted) in [(0.0, 2.0), (0.5, 6.0), (0.9, 38.0)] {
            check(rule, &at(beta), wanted / LR);
        }
    }
}

#[test]
fn rmsprop_loses_stability_at_two_of_the_preconditioned_curvature() {
    check(Rule::Rmsprop, &at(0.9), 2.0 / LR);
}

#[test]
fn the_limit_of_torque_aware_momentum_is_that_of_its_torque() {
    for (beta, wanted) in [(0.0, 4.0), (0.5, 6.0), (0.9, 7.6)] {
        check(Rule::TorqueAware, &at(beta), wanted / LR);
    }
}

#[test]
fn weight_decay_moves_every_limit_as_stated() {
    for decay in [Decay::Coupled, Decay::Decoupled] {
        let live = LiveSettings { weight_decay: 1.0, decay, ..at(0.5) };
        for rule in Rule::ALL.iter().copied() {
            let conditions = Conditions { lr: LR, grad_norm: 1.0, torque: 0.5 };
            // SAM's limit holds for one eigenvector at a frozen gradient norm; see the next test.
            if rule != Rule::Sam
                && let Some(stated) = stability(rule, &live).threshold(conditions)
            {
                check(rule, &live, stated);
            }
        }
    }
}

#[test]
fn sam_on_one_eigenvector_loses_stability_where_its_limit_says_at_a_frozen_gradient_norm() {
    let live = LiveSettings { radius: 0.3, ..at(0.0) };
    let optimizer = Optimizer::new(Rule::Sam);
    for grad_norm in [0.5, 4.0] {
        let conditions = Conditions { lr: LR, grad_norm, torque: 1.0 };
        let stated = stability(Rule::Sam, &live).threshold(conditions).unwrap();
        // At gradient g = λw of norm ‖g‖, the step is −ηλ(w + ρ·w/|w|), with w = ‖g‖/λ.
        let is_shrinking = |sharpness: f64| {
            let w = grad_norm / sharpness;
            let gradient = Tensor::new(&[sharpness * w], &Device::Cpu).unwrap();
            let uphill = optimizer.ascent(&gradient, &live).unwrap().unwrap();
            let uphill: Vec<f64> = uphill.to_vec1().unwrap();
            (w - LR * sharpness * (w + uphill[0])).abs() < w
        };
        assert!(is_shrinking(0.999 * stated) && !is_shrinking(1.001 * stated), "{stated}");
        let rate = stability(Rule::Sam, &live).largest_rate(stated, conditions).unwrap();
        assert!((rate / LR - 1.0).abs() < 1e-9, "{rate} is called the largest rate");
    }
}

#[test]
fn steps_of_fixed_length_neither_settle_nor_blow_up_at_any_curvature() {
    for rule in [Rule::Normalised, Rule::Sign] {
        for curvature in [1.0, 1e3, 1e6] {
            let mut w = Tensor::new(&[3.0], &Device::Cpu).unwrap();
            let optimizer = Optimizer::new(rule);
            for _ in 0..500 {
                let gradient = (&w * curvature).unwrap();
                let proposal = optimizer.propose(&gradient, &w, &at(0.0)).unwrap();
                w = (&w + (proposal.direction * LR).unwrap()).unwrap();
            }
            let left = w.to_vec1::<f64>().unwrap()[0].abs();
            assert!(left <= LR + 1e-9, "{rule} at {curvature}: {left}");
        }
    }
}

/// The operator 5·e₀e₀ᵀ; refuses an empty block.
struct RankOne;

impl Operator for RankOne {
    fn dim(&self) -> usize {
        30
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        assert!(!vectors.is_empty());
        let product = |v: &Vec<f64>| {
            let mut product = vec![0.0; 30];
            product[0] = 5.0 * v[0];
            product
        };
        Ok(vectors.iter().map(product).collect())
    }
}

#[test]
fn a_search_that_finds_no_new_direction_ends() {
    let unit = |i: usize| (0..30).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    let options = BlockOptions {
        n_wanted: 2,
        n_kept: 3,
        n_guarded: 1,
        is_thorough: false,
        tolerance: 0.0,
        shift: 0.0,
        min_rounds: 3,
        max_rounds: 6,
    };
    let directions = [unit(0), unit(1), unit(2)];
    let directions: Vec<&[f64]> = directions.iter().map(Vec::as_slice).collect();
    let start = Start { directions: &directions, carried: &[], fresh: &Vec::new };
    let found = solve_block(&mut RankOne, start, options).unwrap();
    let values: Vec<f64> = found.pairs.iter().map(|pair| pair.value).collect();
    assert_eq!((values, found.hvps), (vec![5.0, 0.0, 0.0], 3));
}
