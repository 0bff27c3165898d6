//! Searches the largest rate at which one step still lowers the loss, by forward passes.

/// The first rate tried.
pub const FIRST_RATE: f64 = 1e-4;

/// The search stops above this rate.
const LARGEST: f64 = 1e6;

/// The search stops below this rate.
const SMALLEST: f64 = 1e-12;

/// Bisection stops when the bracket's ends have this ratio.
const PRECISION: f64 = 1.01;

/// The rates tried and the result.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RateSearch {
    /// Pairs of a rate and the loss after a step at it, sorted by rate.
    pub points: Vec<[f64; 2]>,
    /// The largest rate that still lowers the loss, to 1 %; `None` if every rate does, or none
    /// does.
    pub found: Option<f64>,
}

/// Doubles the rate from 1e-4 until L(w + ηp) ≥ L(w), then bisects (arXiv 2406.09405). If 1e-4 is
/// already too large, halves it first. A non-finite loss counts as higher.
///
/// # Errors
/// An error of `loss_at`.
pub fn largest_falling<E>(
    loss: f64,
    loss_at: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<RateSearch, E> {
    let mut points = Vec::new();
    let mut is_lower = |rate: f64| -> Result<bool, E> {
        let after = loss_at(rate)?;
        points.push([rate, after]);
        Ok(after < loss)
    };
    let (mut low, mut high) = (None, None);
    let mut rate = FIRST_RATE;
    while low.is_none() || high.is_none() {
        if is_lower(rate)? {
            low = Some(rate);
            rate *= 2.0;
        } else {
            high = Some(rate);
            rate /= 2.0;
        }
        if !(SMALLEST..=LARGEST).contains(&rate) {
            break;
        }
    }
    let mut found = None;
    if let (Some(mut low), Some(mut high)) = (low, high) {
        while high > PRECISION * low {
            let middle = (low * high).sqrt();
            if is_lower(middle)? {
                low = middle;
            } else {
                high = middle;
            }
        }
        found = Some(low);
    }
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    Ok(RateSearch { points, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(loss: impl Fn(f64) -> f64) -> RateSearch {
        largest_falling::<()>(loss(0.0), &mut |eta| Ok(loss(eta))).unwrap()
    }

    #[test]
    fn on_a_quadratic_it_is_two_over_the_curvature_to_one_per_cent() {
        for lambda in [1e-3, 0.7, 20.0, 3e4, 1e7] {
            let tried = found(|eta| 0.5 * lambda * (1.0 - eta * lambda).powi(2));
            let ratio = tried.found.unwrap() * lambda / 2.0;
            assert!((0.99..1.0).contains(&ratio), "{lambda}: {ratio}");
            assert!(tried.points.len() < 45 && tried.points.is_sorted_by(|a, b| a[0] < b[0]));
        }
    }

    #[test]
    fn a_non_finite_loss_counts_as_higher() {
        let tried = found(|eta| if eta > 0.5 { f64::NAN } else { 1.0 - eta });
        assert!((0.495..=0.5).contains(&tried.found.unwrap()));
    }

    #[test]
    fn nothing_is_found_where_every_step_or_none_lowers_the_loss() {
        assert_eq!(found(|eta| -eta).found, None);
        assert_eq!(found(|eta| eta).found, None);
        assert!(found(|eta| -eta).points.len() < 45);
    }
}
