//! Every declared quantity has a unique name and words, and records survive being written and read
//! through quantities.

#[path = "common/full.rs"]
mod full;

use eoscope::protocol::{Cost, Followed, Record, Sample};
use eoscope::quantity::{
    AUDIT_HVPS, EPOCH, Family, HESSIAN_EIG, HESSIAN_EIG_CONVERGED, HESSIAN_EIG_RESIDUAL,
    LAYER_SHARE, LOSS, N_LAYER_SHARES, Quantity, SHARPNESS, SHARPNESS_ERROR, STEP_MS, record,
};
use full::full;

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
    assert_eq!(third.sentence(), "The 3rd largest eigenvalue of the Hessian of the training loss.");
}

#[test]
fn a_record_is_what_its_numbers_say() {
    let mut full = full();
    // Layers beyond those with their own share come back merged.
    let shares = &mut full.sample.curvature.as_mut().unwrap().layer_shares;
    let rest: f64 = shares.drain(N_LAYER_SHARES - 1..).sum();
    shares.push(rest);
    assert_eq!(record(0, |quantity| quantity.read(&full)), Ok(full.clone()));
    // The quantities required of every step suffice.
    let least = Record { sample: Sample { step: 3, ..Sample::default() }, cost: Cost::default() };
    assert_eq!(record(3, |quantity| quantity.read(&least)), Ok(least.clone()));
}

#[test]
fn a_number_that_another_needs_is_missed_and_a_count_is_whole() {
    let full = full();
    let without = |gone: Quantity| {
        record(0, |quantity| quantity.read(&full).filter(|_| quantity != gone)).err()
    };
    assert_eq!(without(LOSS).as_deref(), Some("`loss` is blank"));
    let residual = HESSIAN_EIG_RESIDUAL.of(4).unwrap();
    assert_eq!(without(residual).as_deref(), Some("`hessian_eig_4_residual` is blank"));
    assert_eq!(without(SHARPNESS_ERROR), None, "older versions did not estimate it");
    let half = |of: Quantity| record(0, |q| if q == of { Some(0.5) } else { q.read(&full) }).err();
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
