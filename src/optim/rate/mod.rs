//! Rules that decide the learning rate from what they find along the update, as state machines.
//! Knows numbers along a line only: slope, curvature and loss, not what they belong to.

pub mod catapult;
pub mod cdat;
pub mod find;
pub mod line_search;
mod minimum;

use self::catapult::Catapult;
use crate::config::{LiveSettings, RateRule};

use super::learning_rate;

/// The loss along the update direction p, from the present iterate w.
pub struct Line<'a, E> {
    /// L(w).
    pub loss: f64,
    /// gᵀp; negative where p leads down.
    pub slope: f64,
    /// pᵀHp.
    pub curvature: &'a mut dyn FnMut() -> Result<f64, E>,
    /// L(w + ηp) of a rate η.
    pub loss_at: &'a mut dyn FnMut(f64) -> Result<f64, E>,
}

/// What the rules remember from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Rates {
    /// The last rate above 0 that a line search found.
    searched: Option<f64>,
    catapult: Option<Catapult>,
}

impl Rates {
    /// Learning rate η of the update at `step`.
    ///
    /// A rule remembers only while it is in force: one that takes over later begins anew.
    ///
    /// # Errors
    /// Those of the line; what is remembered is then unchanged.
    pub fn decide<E>(
        &mut self,
        live: &LiveSettings,
        step: u64,
        line: &mut Line<E>,
    ) -> Result<f64, E> {
        let mut after = Self::default();
        let rate = match live.rate.rule {
            RateRule::Schedule => learning_rate(live, step),
            RateRule::Cdat => cdat::rate(live.rate.sigma, line.slope, (line.curvature)()?),
            RateRule::LineSearch => {
                let guess = self.searched.unwrap_or(find::FIRST_RATE);
                let rate = line_search::rate(line.loss, guess, line.loss_at)?;
                after.searched = if rate > 0.0 { Some(rate) } else { self.searched };
                rate
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
        *self = after;
        Ok(rate)
    }

    /// What is remembered, by name, for a checkpoint.
    #[must_use]
    pub fn state(&self) -> Vec<(&'static str, f64)> {
        let searched = self.searched.map(|rate| ("line-search.rate", rate));
        let catapult = self.catapult.map(|catapult| {
            [("catapult.rate", catapult.rate), ("catapult.reference", catapult.reference)]
        });
        searched.into_iter().chain(catapult.into_iter().flatten()).collect()
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
            slope: -lambda * lambda,
            curvature: &mut || Ok(lambda.powi(3)),
            loss_at: &mut |eta| Ok(loss(eta)),
        };
        rates.decide(live, 0, &mut line)
    }

    #[test]
    fn on_a_quadratic_every_rule_gives_the_rate_it_promises() {
        let mut rates = Rates::default();
        assert_eq!(decide(&mut rates, &live(RateRule::Schedule), 8.0), Ok(0.25));
        let cdat = decide(&mut rates, &live(RateRule::Cdat), 8.0).unwrap();
        assert!((cdat - 1.5 / 8.0).abs() < 1e-15);
        let searched = decide(&mut rates, &live(RateRule::LineSearch), 8.0).unwrap();
        assert!((searched * 8.0 - 1.0).abs() < 2e-3, "{searched}");
        // Without an initial rate catapult warmup begins just below the edge, 2/λ = ¼.
        let found = decide(&mut rates, &live(RateRule::Catapult), 16.0).unwrap();
        assert!((0.99..1.0).contains(&(found * 8.0)), "{found}");
    }

    #[test]
    fn a_rule_that_takes_over_remembers_nothing_of_before() {
        let mut rates = Rates::default();
        decide(&mut rates, &live(RateRule::LineSearch), 8.0).unwrap();
        assert_eq!(rates.state().len(), 1);
        decide(&mut rates, &live(RateRule::Catapult), 8.0).unwrap();
        assert_eq!(rates.state().len(), 2);
        decide(&mut rates, &live(RateRule::Schedule), 8.0).unwrap();
        assert_eq!(rates, Rates::default());
    }

    #[test]
    fn an_error_on_the_line_changes_nothing_that_is_remembered() {
        for rule in [RateRule::Cdat, RateRule::LineSearch, RateRule::Catapult] {
            let mut rates = Rates::default();
            decide(&mut rates, &live(RateRule::LineSearch), 8.0).unwrap();
            let before = rates;
            let mut line = Line {
                loss: 1.0,
                slope: -1.0,
                curvature: &mut || Err("interrupted"),
                loss_at: &mut |_| Err("interrupted"),
            };
            assert_eq!(rates.decide(&live(rule), 0, &mut line), Err("interrupted"));
            assert_eq!(rates, before, "{rule}");
        }
    }
}
