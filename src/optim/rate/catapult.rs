//! Persistent catapult warmup: raises the rate whenever the loss has recovered from the previous
//! raise.

use super::first_rate;
use super::loss_line::Line;
use crate::config::LiveSettings;

/// State of the warmup.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Catapult {
    /// η of the current step.
    pub rate: f64,
    /// The loss before the last raise.
    pub reference: f64,
}

impl Catapult {
    /// The first step: at the initial rate, or, if that is 0, at the largest rate that lowers the
    /// loss, or at the peak if there is no such rate; at most at the peak.
    ///
    /// # Errors
    /// An error of `line`.
    pub fn begin<E>(live: &LiveSettings, line: &mut Line<E>) -> Result<Self, E> {
        let rate = if live.warmup.initial_lr > 0.0 {
            live.warmup.initial_lr
        } else {
            let search = first_rate::largest_falling(line.loss, line.loss_at)?;
            search.found.unwrap_or(live.peak_lr)
        };
        Ok(Self { rate: rate.min(live.peak_lr), reference: line.loss })
    }

    /// The next step, given the loss before it (arXiv 2406.09405).
    #[must_use]
    pub fn next(self, loss: f64, live: &LiveSettings) -> Self {
        let is_recovered = loss < self.reference;
        if is_recovered && self.rate < live.peak_lr {
            let rate = (self.rate * live.rate.raise).min(live.peak_lr);
            return Self { rate, reference: loss };
        }
        // The peak may have been lowered.
        Self { rate: self.rate.min(live.peak_lr), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(peak_lr: f64) -> LiveSettings {
        let mut live = LiveSettings { peak_lr, ..LiveSettings::default() };
        live.rate.raise = 2.0;
        live
    }

    #[test]
    fn the_rate_rises_while_the_loss_falls_waits_while_it_is_above_and_stops_at_the_peak() {
        let mut at = Catapult { rate: 0.1, reference: 1.0 };
        let mut rates = Vec::new();
        // Falls twice, jumps at the second raise, recovers in four steps, falls again.
        for loss in [0.9, 0.8, 3.0, 1.5, 0.85, 0.79, 0.7, 0.6] {
            at = at.next(loss, &live(1.0));
            rates.push(at.rate);
        }
        assert_eq!(rates, [0.2, 0.4, 0.4, 0.4, 0.4, 0.8, 1.0, 1.0]);
        assert_eq!(at.reference, 0.7);
    }

    #[test]
    fn a_lowered_peak_applies_immediately_and_a_raised_peak_is_approached() {
        let at = Catapult { rate: 0.8, reference: 1.0 };
        assert_eq!(at.next(2.0, &live(0.5)).rate, 0.5);
        assert_eq!(at.next(0.9, &live(0.5)).rate, 0.5);
        assert_eq!(at.next(0.9, &live(8.0)).rate, 1.6);
    }

    #[test]
    fn it_begins_at_its_initial_rate_but_never_above_the_peak() {
        let mut line = Line {
            loss: 1.0,
            slope_and_curvature: &mut || Err("not needed"),
            loss_at: &mut |_| Err("not needed"),
        };
        for (initial, wanted) in [(0.05, 0.05), (5.0, 0.5)] {
            let mut live = live(0.5);
            live.warmup.initial_lr = initial;
            let begun = Catapult::begin(&live, &mut line).unwrap();
            assert_eq!((begun.rate, begun.reference), (wanted, 1.0));
        }
    }
}
