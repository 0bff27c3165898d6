//! Clipping of the gradient by its global norm.
//! Knows norms only, not gradients.

use crate::config::{Clip, ClipMode};

/// The largest gradient norm c that is let through; `None` where nothing is clipped.
///
/// `first_norm` is ‖g₀‖, the unit of a relative level; a first gradient of 0 gives no unit, hence no
/// clipping.
#[must_use]
pub fn level(clip: &Clip, first_norm: f64) -> Option<f64> {
    match clip.mode {
        ClipMode::Off => None,
        ClipMode::Absolute => Some(clip.value),
        ClipMode::Relative => (first_norm > 0.0).then_some(clip.value * first_norm),
    }
}

/// Factor on the gradient, min(1, c/‖g‖); 1 where the norm is 0 or nothing is clipped.
#[must_use]
pub fn scale(level: Option<f64>, grad_norm: f64) -> f64 {
    match level {
        Some(c) if grad_norm > 0.0 => (c / grad_norm).min(1.0),
        Some(_) | None => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{level, scale};
    use crate::config::{Clip, ClipMode};

    #[test]
    fn the_level_is_absent_absolute_or_a_multiple_of_the_first_norm() {
        for (mode, wanted) in [
            (ClipMode::Off, None),
            (ClipMode::Absolute, Some(0.5)),
            (ClipMode::Relative, Some(2.0)),
        ] {
            assert_eq!(level(&Clip { mode, value: 0.5 }, 4.0), wanted);
        }
        assert_eq!(level(&Clip { mode: ClipMode::Relative, value: 0.5 }, 0.0), None);
    }

    #[test]
    fn norms_above_the_level_are_brought_to_it_and_others_left_alone() {
        for norm in [0.1, 1.9, 2.0] {
            assert_eq!(scale(Some(2.0), norm), 1.0);
        }
        for norm in [2.1, 8.0, 1e9] {
            let factor = scale(Some(2.0), norm);
            assert!((factor * norm - 2.0).abs() < 1e-15 && factor < 1.0);
        }
        assert_eq!(scale(None, 1e9), 1.0);
        assert_eq!(scale(Some(2.0), 0.0), 1.0);
    }
}
