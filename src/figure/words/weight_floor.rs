//! A sentence about tensors whose size reached the floor during tuning of the initial weights.

use crate::config::Tuning;
use crate::protocol::Preparation;
use crate::text;

/// Relative tolerance for sizes at the floor, because a size is a rounded product.
const CLOSE: f64 = 1e-6;

/// How many tensors are at the floor of this tuning; `None` if none is.
#[must_use]
pub fn floor_sentence(tuning: Tuning, newest: &Preparation) -> Option<String> {
    let floor = tuning.floor();
    // A tensor of zeros has no size.
    let is_at_floor = |size: &&f64| **size > 0.0 && **size <= floor * (1.0 + CLOSE);
    let n = newest.sizes.iter().filter(is_at_floor).count();
    (n > 0).then(|| {
        let (all, floor) = (text::plural(newest.sizes.len() as u64, "tensor"), text::number(floor));
        format!(
            "{}: {n} of {all} at the floor {floor}; without it they would be smaller",
            tuning.title()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_at_the_floor_are_counted_and_those_of_zeros_are_not() {
        let sentence = |tuning, sizes: &[f64]| {
            let sizes = sizes.to_vec();
            floor_sentence(tuning, &Preparation { sizes, ..Preparation::default() })
        };
        let found = sentence(Tuning::MetaInit, &[0.0, 1e-3, 2.0, 1e-3 + 1e-12]).unwrap();
        assert!(found.contains("2 of 4 tensors at the floor 0.001"), "{found}");
        assert_eq!(sentence(Tuning::MetaInit, &[0.0, 0.0011]), None);
        assert!(sentence(Tuning::GradInit, &[0.01, 1.0]).unwrap().contains("1 of 2"));
        assert_eq!(sentence(Tuning::Lsuv, &[1e-9]), None);
    }
}
