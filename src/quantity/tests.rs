//! What every declaration must keep.

use super::*;
use crate::sample::{BatchCurvature, Cost, Curvature, Eigenvalue, Sample, Solved};

/// All that is measured of the Hessian, from numbers that are all different.
fn curvature(next: &mut impl FnMut() -> f64) -> Curvature {
    let mut eigenvalue = |identity| Eigenvalue {
        value: next(),
        residual: next(),
        error: Some(next()),
        is_converged: true,
        identity,
    };
    let top = (0..6).map(&mut eigenvalue).collect();
    let mut solved = |hvps| Some(Solved { eigenvalue: eigenvalue(0), hvps });
    let (preconditioned, min, audit) = (solved(7), solved(8), solved(9));
    Curvature {
        top,
        hvps: 10,
        preconditioned,
        min,
        audit,
        doubts: Vec::new(),
        is_doubted: true,
        gradient_curvature: Some(next()),
        gradient_alignment: Some(next()),
        layer_shares: (0..16).map(|_| next()).collect(),
        batches: Some(BatchCurvature {
            sharpness: next(),
            sharpness_error: next(),
            gradient_covariance_trace: next(),
            n_batches: 11,
        }),
    }
}

/// A record with every number measured, all different.
fn full() -> Record {
    let mut n = 0.0;
    let mut next = || {
        n += 1.0;
        n + 0.5
    };
    let curvature = Some(curvature(&mut next));
    let sample = Sample {
        step: 12,
        epoch: next(),
        loss: next(),
        accuracy: Some(next()),
        test_loss: Some(next()),
        test_accuracy: Some(next()),
        learning_rate: next(),
        effective_learning_rate: next(),
        grad_norm: next(),
        clip_level: Some(next()),
        clip_scale: next(),
        clipped_fraction: Some(next()),
        update_norm: next(),
        param_norm: next(),
        stability_threshold: Some(next()),
        effective_threshold: Some(next()),
        largest_stable_rate: Some(next()),
        torque: Some(next()),
        probe_loss: Some(next()),
        curvature,
    };
    let [step_ms, probe_ms, min_ms, audit_ms, batches_ms] = [(); 5].map(|()| next());
    Record { sample, cost: Cost { step_ms, probe_ms, min_ms, audit_ms, batches_ms } }
}

#[test]
fn every_quantity_is_named_once_and_explained() {
    let all: Vec<Quantity> = Quantity::all().collect();
    for (i, quantity) in all.iter().enumerate() {
        let name = quantity.name();
        assert!(quantity.sentence().ends_with('.') && !quantity.symbol().is_empty(), "{name}");
        assert_eq!(Quantity::named(name), Some(*quantity), "{i}");
        let is_snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(name.chars().all(is_snake), "{name}");
        let words = [name, quantity.label(), quantity.symbol(), quantity.sentence()];
        assert!(words.iter().all(|words| !words.contains(['{', '}'])), "{words:?}");
    }
}

#[test]
fn constants_and_members_of_families_are_where_their_names_say() {
    assert_eq!([EPOCH.name(), SHARPNESS.name(), STEP_MS.name()], ["epoch", "sharpness", "step_ms"]);
    let of = |family: Family, k| family.of(k).map(Quantity::name);
    assert_eq!(of(HESSIAN_EIG, 3), Some("hessian_eig_3"));
    assert_eq!(of(HESSIAN_EIG_CONVERGED, 6), Some("hessian_eig_6_converged"));
    assert_eq!([of(HESSIAN_EIG, 1), of(HESSIAN_EIG, 7)], [None; 2]);
    assert_eq!(of(LAYER_SHARE, 15), Some("layer_share_15"));
    assert_eq!(HESSIAN_EIG.all().map(Quantity::symbol).collect::<String>(), "λ₂λ₃λ₄λ₅λ₆");
    let third = HESSIAN_EIG.of(3).unwrap();
    assert_eq!(third.sentence(), "3rd largest Hessian eigenvalue.");
}

#[test]
fn a_record_is_what_its_numbers_say() {
    let full = full();
    assert_eq!(record(12, |quantity| quantity.read(&full)), Ok(full.clone()));
    // Whatever else is measured, what is required of every step is enough.
    let least = Record { sample: Sample { step: 3, ..Sample::default() }, cost: Cost::default() };
    assert_eq!(record(3, |quantity| quantity.read(&least)), Ok(least.clone()));
}

#[test]
fn a_number_that_another_needs_is_missed_and_a_count_is_whole() {
    let full = full();
    let without = |gone: Quantity| {
        record(12, |quantity| quantity.read(&full).filter(|_| quantity != gone)).err()
    };
    assert_eq!(without(LOSS).as_deref(), Some("`loss` is blank"));
    let residual = HESSIAN_EIG_RESIDUAL.of(4).unwrap();
    assert_eq!(without(residual).as_deref(), Some("`hessian_eig_4_residual` is blank"));
    assert_eq!(without(SHARPNESS_ERROR), None, "older versions did not estimate it");
    let half = |of: Quantity| record(12, |q| if q == of { Some(0.5) } else { q.read(&full) }).err();
    assert_eq!(half(AUDIT_HVPS).as_deref(), Some("`audit_hvps` is `0.5`, not a whole number"));
    assert_eq!(half(LOSS), None);
}

#[test]
fn what_is_followed_has_a_quantity_each() {
    for followed in
        [Followed::Largest(1), Followed::Largest(2), Followed::Smallest, Followed::Preconditioned]
    {
        assert_eq!(Quantity::from(followed).followed(), Some(followed));
    }
    assert_eq!(LOSS.followed(), None);
}
