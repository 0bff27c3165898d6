//! The scheduled learning rate as a pure function of the live settings and the step.

use std::f64::consts::PI;

use crate::config::{LiveSettings, Schedule, ScheduleShape, Warmup};

/// Learning rate η of the update at `step`.
///
/// The rate is the peak until warmup starts, and reaches the peak again at warmup's last step,
/// `start + T − 1`. Decay begins at `start + T`, still at the peak. With restarts, warmup starts
/// again every `T + steps`.
#[must_use]
pub fn learning_rate(live: &LiveSettings, step: u64) -> f64 {
    let Warmup { start, steps, .. } = live.warmup;
    if step < start {
        return live.peak_lr;
    }
    let since = since_warmup_began(live, step - start);
    if since < steps {
        warmup(&live.warmup, live.peak_lr, since)
    } else {
        live.peak_lr * decay(&live.schedule, since - steps)
    }
}

/// Steps since the latest warmup began, `since` steps after the first warmup began.
fn since_warmup_began(live: &LiveSettings, since: u64) -> u64 {
    if live.schedule.shape == ScheduleShape::Restarts {
        since % live.warmup.steps.saturating_add(live.schedule.steps.max(1))
    } else {
        since
    }
}

/// η at `since` steps after the start of warmup to `peak`; arXiv 2406.09405 for p = 1.
fn warmup(warmup: &Warmup, peak: f64, since: u64) -> f64 {
    // η_t = η_init + (η_peak − η_init)·min(1, (t − start + 1)/T)^p
    let done = ((since + 1) as f64 / warmup.steps as f64).min(1.0);
    let risen = libm::pow(done, warmup.power);
    // Written as a weighted mean, which is exactly the peak at the end.
    (1.0 - risen) * warmup.initial_lr + risen * peak
}

/// η as a fraction of the peak, `since` steps after the end of warmup.
fn decay(schedule: &Schedule, since: u64) -> f64 {
    let steps = schedule.steps.max(1);
    let factor = schedule.factor;
    let done = (since as f64 / steps as f64).min(1.0);
    match schedule.shape {
        ScheduleShape::Constant => 1.0,
        ScheduleShape::Linear => (1.0 - done) + done * factor,
        ScheduleShape::Cosine | ScheduleShape::Restarts => {
            let left = 0.5 * (1.0 + libm::cos(PI * done));
            left + (1.0 - left) * factor
        }
        ScheduleShape::Step => libm::pow(factor, (since / steps) as f64),
        // √(s/(s + t)); if s = T, it is √(T/t) with t counted from the start of warmup.
        ScheduleShape::InverseSqrt => (steps as f64 / (steps as f64 + since as f64)).sqrt(),
        // (1 + t)^−b
        ScheduleShape::Power => libm::pow(1.0 + since as f64, -schedule.exponent),
        ScheduleShape::Cyclic => {
            // 1 at both ends of a cycle and 0 halfway.
            let above = (1.0 - 2.0 * ((since % steps) as f64 / steps as f64)).abs();
            above + (1.0 - above) * factor
        }
    }
}

#[cfg(test)]
mod tests {
    use super::learning_rate;
    use crate::config::{LiveSettings, Schedule, ScheduleShape, Warmup};

    fn settings(shape: ScheduleShape, start: u64, warmup_steps: u64) -> LiveSettings {
        LiveSettings {
            peak_lr: 0.8,
            schedule: Schedule { shape, steps: 100, factor: 0.1, exponent: 0.5 },
            warmup: Warmup { start, steps: warmup_steps, initial_lr: 0.2, power: 1.0 },
            ..LiveSettings::default()
        }
    }

    #[test]
    fn warmup_starts_one_increment_above_its_initial_rate_and_ends_exactly_at_the_peak() {
        let live = settings(ScheduleShape::Constant, 0, 6);
        let rates: Vec<f64> = (0..8).map(|t| learning_rate(&live, t)).collect();
        for (rate, wanted) in rates.iter().zip([0.3, 0.4, 0.5, 0.6, 0.7]) {
            assert!((rate - wanted).abs() < 1e-15, "{rates:?}");
        }
        assert_eq!(rates[5..], [0.8, 0.8, 0.8]);
    }

    #[test]
    fn warmup_of_zero_or_one_step_is_at_the_peak_from_the_first_step() {
        for steps in [0, 1] {
            let live = settings(ScheduleShape::Constant, 0, steps);
            assert_eq!(learning_rate(&live, 0), 0.8);
        }
    }

    #[test]
    fn before_a_later_warmup_the_rate_is_the_peak() {
        let live = settings(ScheduleShape::Linear, 50, 6);
        assert_eq!(learning_rate(&live, 0), 0.8);
        assert_eq!(learning_rate(&live, 49), 0.8);
        assert!((learning_rate(&live, 50) - 0.3).abs() < 1e-15);
        assert_eq!(learning_rate(&live, 55), 0.8);
        assert_eq!(learning_rate(&live, 56), 0.8);
        assert!(learning_rate(&live, 57) < 0.8);
    }

    #[test]
    fn power_shapes_the_rise() {
        let mut live = settings(ScheduleShape::Constant, 0, 4);
        live.warmup.power = 2.0;
        for (t, wanted) in [(0, 0.2 + 0.6 / 16.0), (1, 0.35), (2, 0.2 + 0.6 * 9.0 / 16.0), (3, 0.8)]
        {
            assert!((learning_rate(&live, t) - wanted).abs() < 1e-15, "step {t}");
        }
    }

    #[test]
    fn warmup_never_falls_and_decay_never_rises() {
        for shape in ScheduleShape::ALL {
            for power in [0.5, 1.0, 3.0] {
                let mut live = settings(*shape, 0, 64);
                live.warmup.power = power;
                let rates: Vec<f64> = (0..400).map(|t| learning_rate(&live, t)).collect();
                assert!(rates[..64].windows(2).all(|w| w[1] > w[0]), "{shape}");
                // Cyclic rates rise again halfway through a cycle, restarts after a whole cycle.
                let n_falling = match shape {
                    ScheduleShape::Cyclic => 50,
                    ScheduleShape::Restarts => 99,
                    ScheduleShape::Constant
                    | ScheduleShape::Linear
                    | ScheduleShape::Cosine
                    | ScheduleShape::Step
                    | ScheduleShape::InverseSqrt
                    | ScheduleShape::Power => 336,
                };
                let (falling, rest) = rates[63..].split_at(n_falling);
                assert!(falling.windows(2).all(|w| w[1] <= w[0]), "{shape}");
                let is_periodic = n_falling < 336;
                assert_eq!(rest.windows(2).any(|w| w[1] > w[0]), is_periodic, "{shape}");
            }
        }
    }

    #[test]
    fn inverse_square_root_after_equally_long_warmup_is_the_root_of_warmup_over_step() {
        // arXiv 1706.03762: min(t^−½, t·T^−3/2), here with its largest value at the peak.
        let live = settings(ScheduleShape::InverseSqrt, 0, 100);
        for t in [100_u64, 101, 400, 2500] {
            let wanted = 0.8 * (100.0 / t as f64).sqrt();
            assert!((learning_rate(&live, t) - wanted).abs() < 1e-15, "step {t}");
        }
    }

    #[test]
    fn a_power_law_is_straight_on_two_logarithmic_axes() {
        for exponent in [0.0, 0.4, 1.0] {
            let mut live = settings(ScheduleShape::Power, 0, 10);
            live.schedule.exponent = exponent;
            for t in [1_u64, 2, 8, 1000] {
                let wanted = 0.8 * (t as f64).powf(-exponent);
                assert!((learning_rate(&live, 9 + t) / wanted - 1.0).abs() < 1e-14, "step {t}");
            }
        }
    }

    #[test]
    fn cycles_are_the_published_triangles_starting_at_the_peak() {
        // arXiv 1506.01186: base + (max − base)·max(0, 1 − |t/s − 2c + 1|), c = ⌊1 + t/2s⌋.
        let mut live = settings(ScheduleShape::Cyclic, 0, 50);
        live.warmup.initial_lr = 0.08;
        for t in 50..500 {
            let at = t as f64 / 50.0;
            let cycle = (1.0 + at / 2.0).floor();
            let wanted = 0.08 + 0.72 * (1.0 - (at - 2.0 * cycle + 1.0).abs()).max(0.0);
            assert!((learning_rate(&live, t) - wanted).abs() < 1e-14, "step {t}");
        }
    }

    #[test]
    fn restarts_repeat_warmup_and_cosine_and_match_the_publication_without_warmup() {
        // arXiv 1608.03983: min + ½(max − min)(1 + cos(π·t_cur/T_i)).
        let live = settings(ScheduleShape::Restarts, 7, 0);
        for t in 7..400 {
            let done = ((t - 7) % 100) as f64 / 100.0;
            let wanted = 0.08 + 0.36 * (1.0 + (std::f64::consts::PI * done).cos());
            assert!((learning_rate(&live, t) - wanted).abs() < 1e-14, "step {t}");
        }
        let warmed = settings(ScheduleShape::Restarts, 7, 20);
        let once = settings(ScheduleShape::Cosine, 7, 20);
        for t in 7..400 {
            assert_eq!(learning_rate(&warmed, t), learning_rate(&once, 7 + (t - 7) % 120));
        }
    }

    #[test]
    fn linear_and_cosine_decay_go_from_the_peak_to_its_final_fraction_and_stay() {
        for (shape, quarter) in [
            (ScheduleShape::Linear, 0.775),
            (ScheduleShape::Cosine, 0.1 + 0.9 * 0.5 * (1.0 + 0.5_f64.sqrt())),
        ] {
            let live = settings(shape, 0, 10);
            for (t, wanted) in [(10, 1.0), (35, quarter), (60, 0.55), (110, 0.1), (5000, 0.1)] {
                let rate = learning_rate(&live, t) / 0.8;
                assert!((rate - wanted).abs() < 1e-14, "{shape} at {t}: {rate}, not {wanted}");
            }
        }
    }

    #[test]
    fn step_decay_multiplies_by_the_factor_at_regular_intervals() {
        let live = settings(ScheduleShape::Step, 0, 10);
        for (t, wanted) in [(10, 0.8), (109, 0.8), (110, 0.08), (209, 0.08), (210, 0.008)] {
            assert!((learning_rate(&live, t) / wanted - 1.0).abs() < 1e-14, "step {t}");
        }
    }

    #[test]
    fn zero_decay_steps_or_an_unreachable_warmup_start_give_finite_rates() {
        let mut live = settings(ScheduleShape::Linear, u64::MAX, 10);
        live.schedule.steps = 0;
        assert_eq!(learning_rate(&live, u64::MAX - 1), 0.8);
        live.warmup.start = 0;
        assert!((learning_rate(&live, u64::MAX) - 0.08).abs() < 1e-15);
    }
}
