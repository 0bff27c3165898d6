//! The learning-rate range test (arXiv 1708.07120): the rates to try, and the analysis of the
//! losses.

/// Lowest and highest rate.
pub const RATES: [f64; 2] = [1e-5, 100.0];

/// Rates per decade.
const N_A_DECADE: usize = 20;

/// Maximum number of steps.
pub const N_STEPS: usize = 7 * N_A_DECADE + 1;

/// The test ends when the loss exceeds the lowest loss by this factor.
const TOO_HIGH: f64 = 4.0;

/// Neighbours on either side over which each loss is averaged, to reduce mini-batch noise.
const N_SIDE: usize = 2;

/// The rate of a step; rates rise exponentially.
#[must_use]
pub fn rate(step: usize) -> f64 {
    let done = step as f64 / (N_STEPS - 1) as f64;
    RATES[0] * libm::pow(RATES[1] / RATES[0], done)
}

/// Whether the test ends after the last of these points (rate, loss).
#[must_use]
pub fn is_over(points: &[[f64; 2]]) -> bool {
    let lowest = points.iter().map(|point| point[1]).fold(f64::INFINITY, f64::min);
    points.last().is_some_and(|point| !point[1].is_finite() || point[1] > TOO_HIGH * lowest)
}

/// Suggested rate as a fraction of the largest rate at which the loss still fell. The test takes
/// too few steps at each rate to show instability at that rate.
const SUGGESTED: f64 = 0.1;

/// On mini-batches, a fall of the loss is significant if it exceeds the noise by this factor; noise
/// alone accumulates to several times its median step.
pub const NOISE_FACTOR: f64 = 10.0;

/// The factor for full-batch losses, which have no noise.
pub const WITHOUT_NOISE: f64 = 0.0;

/// Result of a range test.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Reading {
    /// The largest rate at which the loss still fell: where the smoothed loss is lowest.
    pub falling: Option<f64>,
    /// A tenth of `falling`; `None` if the loss fell by no more than its noise.
    pub suggested: Option<f64>,
    /// The rate at which the smoothed loss fell fastest per decade.
    pub steepest: Option<f64>,
}

/// Analyses points (rate, loss after the step), sorted by rate. Suggests no rate if the loss never
/// fell below its first value, or fell by at most `noise_factor` times its noise.
#[must_use]
pub fn read(points: &[[f64; 2]], noise_factor: f64) -> Reading {
    let smooth = smoothed(points);
    let lowest = smooth.iter().enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b));
    let Some((lowest, _)) = lowest.filter(|(at, _)| *at > 0) else { return Reading::default() };
    // Rates are evenly spaced in the logarithm, so differences of the loss are slopes.
    let fall = |at: &usize| smooth[at - 1] - smooth[*at];
    let steepest = (1..=lowest).max_by(|a, b| fall(a).total_cmp(&fall(b)));
    let falling = points[lowest][0];
    let is_significant = smooth[0] - smooth[lowest] > noise_factor * noise(&points[lowest..]);
    Reading {
        falling: Some(falling),
        suggested: is_significant.then_some(SUGGESTED * falling),
        steepest: steepest.map(|at| points[at][0]),
    }
}

/// Noise: the median change of the loss from one point to the next; 0 for fewer than two points.
fn noise(points: &[[f64; 2]]) -> f64 {
    let mut changes: Vec<f64> =
        points.windows(2).map(|two| (two[1][1] - two[0][1]).abs()).collect();
    changes.sort_by(f64::total_cmp);
    changes.get(changes.len() / 2).copied().unwrap_or(0.0)
}

/// Moving averages over symmetric neighbourhoods, shorter near the ends.
fn smoothed(points: &[[f64; 2]]) -> Vec<f64> {
    let mean = |at: usize| {
        let side = N_SIDE.min(at).min(points.len() - 1 - at);
        let around = &points[at - side..=at + side];
        around.iter().map(|point| point[1]).sum::<f64>() / around.len() as f64
    };
    (0..points.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_rise_evenly_in_the_logarithm_from_end_to_end() {
        assert_eq!(rate(0), 1e-5);
        assert!((rate(N_STEPS - 1) / 100.0 - 1.0).abs() < 1e-12);
        for step in [1, 20, 77] {
            let ratio = rate(step) / rate(step - 1);
            assert!((ratio - 10_f64.powf(1.0 / 20.0)).abs() < 1e-12);
        }
    }

    fn points(loss: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
        (0..100).map(rate).map(|rate| [rate, loss(rate)]).collect()
    }

    #[test]
    fn the_fastest_fall_and_its_end_are_found() {
        // A smooth fall around 1e-3, and a rise from 1e-1 on.
        let loss = |rate: f64| 1.0 / (1.0 + (rate / 1e-3).powi(2)) + (rate / 1e-1).powi(2);
        let reading = read(&points(loss), WITHOUT_NOISE);
        let (falling, steepest) = (reading.falling.unwrap(), reading.steepest.unwrap());
        assert!((0.8e-3..1.3e-3).contains(&steepest), "{steepest}");
        assert!((0.8e-2..1.3e-2).contains(&falling), "{falling}");
    }

    #[test]
    fn a_fall_within_the_noise_suggests_no_rate() {
        // Falls by 0.02 up to 1e-3, then goes up and down by 0.01 until it rises for good.
        let noisy = |height: f64| {
            move |rate: f64| {
                let swing = if rate > 1e-3 { 0.005 * (rate.ln() * 1e3).sin() } else { 0.0 };
                height / (1.0 + rate / 1e-4) + swing + rate.powi(2)
            }
        };
        let small = read(&points(noisy(0.02)), NOISE_FACTOR);
        assert!(small.falling.is_some() && small.suggested.is_none(), "{small:?}");
        let large = read(&points(noisy(2.0)), NOISE_FACTOR);
        assert!(large.suggested.is_some(), "{large:?}");
    }

    #[test]
    fn no_rate_is_suggested_if_the_loss_only_rises_or_no_rate_was_tried() {
        assert_eq!(read(&points(|rate| rate), WITHOUT_NOISE), Reading::default());
        assert_eq!(read(&[], WITHOUT_NOISE), Reading::default());
        assert_eq!(read(&[[1e-5, 1.0]], WITHOUT_NOISE), Reading::default());
    }

    #[test]
    fn a_loss_four_times_the_lowest_or_not_finite_ends_the_test() {
        assert!(!is_over(&[[0.1, 1.0], [0.2, 0.5], [0.3, 1.9]]));
        assert!(is_over(&[[0.1, 1.0], [0.2, 0.5], [0.3, 2.1]]));
        assert!(is_over(&[[0.1, 1.0], [0.2, f64::NAN]]));
        assert!(!is_over(&[]));
    }
}
