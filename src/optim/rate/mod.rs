//! Learning-rate rules that choose the rate from slope, curvature or loss along the update
//! direction.

pub mod catapult;
pub mod cdat;
pub mod first_rate;
pub mod line_search;
mod loss_line;
mod minimum;
pub mod range_test;

pub use loss_line::Line;

use catapult::Catapult;

use crate::config::{LiveSettings, RateRule};

use super::learning_rate;

/// State of the learning-rate rules.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Rates {
    /// The last rate above 0.
    last: Option<f64>,
    catapult: Option<Catapult>,
}

impl Rates {
    /// Chooses the learning rate η of the update at `step`.
    ///
    /// A line search starts from the last rate, whichever rule chose it. A catapult warmup starts
    /// over after another rule was used.
    ///
    /// # Errors
    /// An error of `line`; the state is then unchanged.
    pub fn decide<E>(
        &mut self,
        live: &LiveSettings,
        step: u64,
        line: &mut Line<E>,
    ) -> Result<f64, E> {
        let mut after = Self::default();
        let rate = match live.rate.rule {
            RateRule::Schedule => learning_rate(live, step),
            RateRule::Cdat => {
                let [slope, curvature] = (line.slope_and_curvature)()?;
                cdat::rate(live.rate.sigma, slope, curvature)
            }
            RateRule::LineSearch => {
                let guess = self.last.unwrap_or(first_rate::FIRST_RATE);
                line_search::rate(line.loss, guess, line.loss_at)?
            }
            RateRule::Catapult => {
                let catapult = match self.catapult {
                    Some(catapult) => catapult.next(line.loss, live),
                    None => Catapult::begin(live, line)?,
                };
                after.catapult = Some(catapult);
                catapult.rate
            }
        };
        after.last = if rate > 0.0 && rate.is_finite() { Some(rate) } else { self.last };
        *self = after;
        Ok(rate)
    }

    /// The rate at `step` as far as known before evaluating the line: the scheduled rate, or for
    /// other rules the last rate above 0 (0 if there was none).
    #[must_use]
    pub fn provisional(&self, live: &LiveSettings, step: u64) -> f64 {
        match live.rate.rule {
            RateRule::Schedule => learning_rate(live, step),
            RateRule::Cdat | RateRule::LineSearch | RateRule::Catapult => self.last.unwrap_or(0.0),
        }
    }

    /// State entries by name.
    #[must_use]
    pub fn state(&self) -> Vec<(&'static str, f64)> {
        let last = self.last.map(|rate| ("last", rate));
        let catapult = self.catapult.map(|catapult| {
            [("catapult.rate", catapult.rate), ("catapult.reference", catapult.reference)]
        });
        last.into_iter().chain(catapult.into_iter().flatten()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Rate;

    fn live(rule: RateRule) -> LiveSettings {
        let rate = Rate { rule, sigma: 1.5, raise: 2.0 };
        LiveSettings { peak_lr: 0.25, rate, ..LiveSettings::default() }
    }

    /// One decision at w = 1 on ½λw², p = −g.
    fn decide(rates: &mut Rates, live: &LiveSettings, lambda: f64) -> Result<f64, &'static str> {
        let loss = |eta: f64| 0.5 * lambda * (1.0 - eta * lambda).powi(2);
        let mut line = Line {
            loss: 0.5 * lambda,
            slope_and_curvature: &mut || Ok([-lambda * lambda, lambda.powi(3)]),
            loss_at: &mut |eta| Ok(loss(eta)),
        };
        rates.decide(live, 0, &mut line)
    }

    #[test]
    fn every_rule_has_its_exact_rate_on_a_quadratic() {
        let mut rates = Rates::default();
        assert_eq!(decide(&mut rates, &live(RateRule::Schedule), 8.0), Ok(0.25));
        let cdat = decide(&mut rates, &live(RateRule::Cdat), 8.0).unwrap();
        assert!((cdat - 1.5 / 8.0).abs() < 1e-15);
        let searched = decide(&mut rates, &live(RateRule::LineSearch), 8.0).unwrap();
        assert!((searched * 8.0 - 1.0).abs() < 2e-3, "{searched}");
        // Without an initial rate, catapult warmup begins just below the stability limit 2/λ = ⅛.
        let found = decide(&mut rates, &live(RateRule::Catapult), 16.0).unwrap();
        assert!((0.99..1.0).contains(&(found * 8.0)), "{found}");
    }

    #[test]
    fn a_catapult_starts_over_after_another_rule_and_all_rules_share_the_last_rate() {
        let mut rates = Rates::default();
        assert_eq!(rates.provisional(&live(RateRule::Cdat), 0), 0.0);
        let searched = decide(&mut rates, &live(RateRule::LineSearch), 8.0).unwrap();
        assert_eq!(rates.provisional(&live(RateRule::Cdat), 1), searched);
        let begun = decide(&mut rates, &live(RateRule::Catapult), 16.0).unwrap();
        assert_eq!(rates.state().len(), 3);
        decide(&mut rates, &live(RateRule::Schedule), 8.0).unwrap();
        assert_eq!(rates.state(), [("last", 0.25)]);
        assert_eq!(rates.provisional(&live(RateRule::LineSearch), 9), 0.25);
        assert_eq!(decide(&mut rates, &live(RateRule::Catapult), 16.0), Ok(begun));
    }

    #[test]
    fn an_error_of_the_line_leaves_the_state_unchanged() {
        for rule in [RateRule::Cdat, RateRule::LineSearch, RateRule::Catapult] {
            let mut rates = Rates::default();
            decide(&mut rates, &live(RateRule::LineSearch), 8.0).unwrap();
            let before = rates;
            let mut line = Line {
                loss: 1.0,
                slope_and_curvature: &mut || Err("interrupted"),
                loss_at: &mut |_| Err("interrupted"),
            };
            assert_eq!(rates.decide(&live(rule), 0, &mut line), Err("interrupted"));
            assert_eq!(rates, before, "{rule}");
        }
    }
}
