//! Gradient clipping: by global norm, by value, and adaptively by unit.

use std::ops::Range;

use crate::config::{Clip, ClipMode};

/// Lower bound on a unit's weight norm, so weights that start at 0 can move.
const MIN_UNIT_NORM: f64 = 1e-3;

/// A gradient after clipping.
#[derive(Clone, Debug, PartialEq)]
pub struct Clipped {
    /// The clipped gradient g̃; `None` if it equals g.
    pub gradient: Option<Vec<f64>>,
    /// ‖g̃‖/‖g‖; 1 if g is 0.
    pub scale: f64,
    /// The threshold c on the global norm; `None` if the global norm is not clipped.
    pub level: Option<f64>,
    /// Fraction of coordinates or units above the threshold, 0 or 1 for the global norm; `None` if
    /// clipping is off.
    pub fraction: Option<f64>,
}

/// The weights, grouped into units, that adaptive clipping compares the gradient with.
#[derive(Clone, Copy, Debug)]
pub struct UnitWeights<'a> {
    /// w, `[N]`.
    pub params: &'a [f64],
    /// Elements of each unit; elements outside all units are not clipped.
    pub units: &'a [Range<usize>],
}

/// Clips `gradient` (g, `[N]`) as configured.
///
/// `first_norm` is ‖g₀‖, which a relative threshold multiplies; if it is 0, relative clipping does
/// nothing.
#[must_use]
pub fn clipped(clip: &Clip, gradient: &[f64], first_norm: f64, weights: UnitWeights) -> Clipped {
    match clip.mode {
        ClipMode::Off => by_norm(gradient, None),
        ClipMode::Absolute => by_norm(gradient, Some(clip.value)),
        ClipMode::Relative => {
            by_norm(gradient, (first_norm > 0.0).then_some(clip.value * first_norm))
        }
        ClipMode::Value => {
            let (changed, n) = by_value(gradient, clip.value);
            in_parts(gradient, changed, n, gradient.len())
        }
        ClipMode::Adaptive => {
            let (changed, n) = by_unit(gradient, clip.value, weights);
            in_parts(gradient, changed, n, weights.units.len())
        }
    }
}

/// g·min(1, c/‖g‖).
fn by_norm(gradient: &[f64], level: Option<f64>) -> Clipped {
    let n = norm(gradient);
    let scale = match level {
        Some(c) if n > c => c / n,
        Some(_) | None => 1.0,
    };
    let is_clipped = scale < 1.0;
    Clipped {
        gradient: is_clipped.then(|| gradient.iter().map(|g| g * scale).collect()),
        scale,
        level,
        fraction: level.map(|_| f64::from(u8::from(is_clipped))),
    }
}

/// min(max(gᵢ, −c), c), and the number of coordinates changed.
fn by_value(gradient: &[f64], c: f64) -> (Vec<f64>, usize) {
    let n_clipped = gradient.iter().filter(|g| g.abs() > c).count();
    (gradient.iter().map(|g| g.clamp(-c, c)).collect(), n_clipped)
}

/// gᵤ·min(1, c·max(‖wᵤ‖, ε)/‖gᵤ‖) for every unit u (arXiv 2102.06171), and the number of units
/// changed.
fn by_unit(gradient: &[f64], c: f64, weights: UnitWeights) -> (Vec<f64>, usize) {
    let mut changed = gradient.to_vec();
    let mut n_clipped = 0;
    for unit in weights.units {
        let g = &mut changed[unit.clone()];
        let most = c * norm(&weights.params[unit.clone()]).max(MIN_UNIT_NORM);
        let n = norm(g);
        if n > most {
            for g in g {
                *g *= most / n;
            }
            n_clipped += 1;
        }
    }
    (changed, n_clipped)
}

/// The result of clipping `n_clipped` of `n` coordinates or units.
fn in_parts(gradient: &[f64], changed: Vec<f64>, n_clipped: usize, n: usize) -> Clipped {
    let whole = norm(gradient);
    let is_clipped = n_clipped > 0 && whole > 0.0;
    Clipped {
        scale: if is_clipped { norm(&changed) / whole } else { 1.0 },
        gradient: is_clipped.then_some(changed),
        level: None,
        fraction: Some(n_clipped as f64 / n.max(1) as f64),
    }
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(mode: ClipMode, value: f64, gradient: &[f64]) -> Clipped {
        let params = [3.0, 4.0, 0.0, 0.0, 10.0, 0.0];
        let weights = UnitWeights { params: &params, units: &[0..2, 2..4] };
        clipped(&Clip::at(mode, value), gradient, 4.0, weights)
    }

    #[test]
    fn the_level_of_the_norm_is_absent_absolute_or_a_multiple_of_the_first_norm() {
        let g = [0.1; 6];
        for (mode, wanted) in [
            (ClipMode::Off, None),
            (ClipMode::Absolute, Some(0.5)),
            (ClipMode::Relative, Some(2.0)),
            (ClipMode::Value, None),
            (ClipMode::Adaptive, None),
        ] {
            let found = clip(mode, 0.5, &g);
            assert_eq!(found.level, wanted);
            assert_eq!(found.fraction.is_some(), mode != ClipMode::Off, "{mode}");
        }
        let relative = Clip::at(ClipMode::Relative, 0.5);
        let weights = UnitWeights { params: &g, units: &[] };
        assert_eq!(clipped(&relative, &g, 0.0, weights), clip(ClipMode::Off, 0.5, &g));
    }

    #[test]
    fn norms_above_the_threshold_are_scaled_to_it_and_others_are_unchanged() {
        for size in [0.0, 0.1, 1.9, 2.0] {
            let found = clip(ClipMode::Absolute, 2.0, &[0.0, size, 0.0, 0.0, 0.0, 0.0]);
            assert_eq!((found.gradient, found.scale, found.fraction), (None, 1.0, Some(0.0)));
        }
        for size in [2.1, 8.0, 1e9] {
            let found = clip(ClipMode::Absolute, 2.0, &[0.0, size, 0.0, 0.0, 0.0, 0.0]);
            assert!((norm(&found.gradient.unwrap()) - 2.0).abs() < 1e-15);
            assert!((found.scale * size - 2.0).abs() < 1e-15 && found.scale < 1.0);
            assert_eq!(found.fraction, Some(1.0));
        }
    }

    #[test]
    fn values_are_clamped_one_by_one() {
        let found = clip(ClipMode::Value, 0.5, &[3.0, -0.5, 0.25, -4.0, 0.0, 0.0]);
        assert_eq!(found.gradient, Some(vec![0.5, -0.5, 0.25, -0.5, 0.0, 0.0]));
        assert_eq!(found.fraction, Some(2.0 / 6.0));
        // ‖g̃‖/‖g‖ by hand: √(¾ + 1/16) over √(25 + 5/16).
        assert!((found.scale - (0.8125_f64 / 25.3125).sqrt()).abs() < 1e-15);
        let calm = clip(ClipMode::Value, 5.0, &[3.0, -0.5, 0.25, -4.0, 0.0, 0.0]);
        assert_eq!((calm.gradient, calm.scale, calm.fraction), (None, 1.0, Some(0.0)));
    }

    #[test]
    fn units_are_clipped_relative_to_their_weights_and_other_elements_are_unchanged() {
        // ‖w‖ = 5 and 0, the second raised to 1e-3; c = .1.
        let found = clip(ClipMode::Adaptive, 0.1, &[3.0, 4.0, 0.0, 2.0, 7.0, 7.0]);
        let wanted = [0.3, 0.4, 0.0, 1e-4, 7.0, 7.0];
        let gradient = found.gradient.unwrap();
        assert!(gradient.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-15), "{gradient:?}");
        assert_eq!(found.fraction, Some(1.0));
        let half = clip(ClipMode::Adaptive, 0.1, &[0.3, 0.3, 0.0, 2.0, 7.0, 7.0]);
        assert_eq!(half.gradient.unwrap()[..2], [0.3, 0.3]);
        assert_eq!(half.fraction, Some(0.5));
    }

    #[test]
    fn a_zero_gradient_is_unchanged_in_every_mode() {
        for mode in ClipMode::ALL {
            let found = clip(*mode, 0.1, &[0.0; 6]);
            assert_eq!((found.gradient, found.scale), (None, 1.0), "{mode}");
            assert_ne!(found.fraction, Some(1.0));
        }
    }
}
