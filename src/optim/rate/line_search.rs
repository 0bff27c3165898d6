//! Greedy line search: the rate that minimizes the loss after the step.

use super::minimum::{Bracket, minimum};

/// Maximum number of doublings and of halvings.
const MAX_DOUBLINGS: usize = 60;

/// Relative tolerance of the rate.
pub const TOLERANCE: f64 = 1e-3;

/// A local minimizer η ≥ 0 of L(w + ηp), bracketed by doubling and halving `guess`. Returns 0 if no
/// rate tried lowers the loss, and the last rate tried if doubling never raises it. A non-finite
/// loss counts as a rise.
///
/// # Errors
/// An error of `loss_at`.
pub fn rate<E>(
    loss: f64,
    guess: f64,
    loss_at: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    let mut finite_at = |rate: f64| -> Result<f64, E> {
        let after = loss_at(rate)?;
        Ok(if after.is_finite() { after } else { f64::INFINITY })
    };
    let mut middle = [guess, finite_at(guess)?];
    let mut above = None;
    let mut below = [0.0, loss];
    for _ in 0..MAX_DOUBLINGS {
        if middle[1] < loss {
            break;
        }
        above = Some(middle);
        let half = middle[0] / 2.0;
        middle = [half, finite_at(half)?];
    }
    if middle[1] >= loss {
        return Ok(0.0);
    }
    for _ in 0..MAX_DOUBLINGS {
        if above.is_some() {
            break;
        }
        let twice = 2.0 * middle[0];
        let after = finite_at(twice)?;
        if after < middle[1] {
            below = middle;
            middle = [twice, after];
        } else {
            above = Some([twice, after]);
        }
    }
    let Some(above) = above else { return Ok(middle[0]) };
    minimum(Bracket { below, middle, above }, TOLERANCE, &mut finite_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(guess: f64, loss: impl Fn(f64) -> f64) -> (f64, usize) {
        let mut n = 0;
        let mut loss_at = |eta: f64| -> Result<f64, ()> {
            n += 1;
            Ok(loss(eta))
        };
        (rate(loss(0.0), guess, &mut loss_at).unwrap(), n)
    }

    #[test]
    fn it_finds_the_minimum_from_any_guess_to_its_tolerance() {
        for guess in [1e-6, 1e-3, 0.05, 0.124, 1.0, 1e3] {
            let (eta, n) = found(guess, |eta| (1.0 - 8.0 * eta).powi(2));
            assert!((8.0 * eta - 1.0).abs() <= TOLERANCE && n < 50, "{guess}: {eta}, {n}");
            let (eta, n) = found(guess, |eta| (3.0 * eta).cosh() - 4.0 * eta);
            // 3·sinh(3η) = 4.
            let wanted = (4.0_f64 / 3.0).asinh() / 3.0;
            assert!((eta / wanted - 1.0).abs() <= TOLERANCE && n < 60, "{guess}: {eta}, {n}");
        }
    }

    #[test]
    fn a_good_guess_costs_few_forward_passes() {
        let (_, n) = found(0.12, |eta| (1.0 - 8.0 * eta).powi(2));
        assert!(n <= 12, "{n}");
    }

    #[test]
    fn the_rate_is_zero_if_no_step_lowers_the_loss_and_a_non_finite_loss_is_avoided() {
        assert_eq!(found(0.1, |eta| 1.0 + eta).0, 0.0);
        assert_eq!(found(0.1, |_| 1.0).0, 0.0);
        let (eta, _) = found(0.1, |eta| if eta < 0.3 { 1.0 - eta } else { f64::NAN });
        assert!((0.29..0.3).contains(&eta), "{eta}");
    }

    #[test]
    fn a_loss_that_falls_for_ever_ends_at_a_finite_rate() {
        let (eta, n) = found(1e-4, |eta| -eta);
        assert!(eta.is_finite() && eta > 1e6 && n <= MAX_DOUBLINGS + 1);
    }
}
