//! A study of two settings over one configuration: the plan of a phase diagram.

use toml::{Table, Value};

use super::Study;
use crate::config::settings::SEED;
use crate::config::{Range, RunConfig, Setting};
use crate::study::StudyError;
use crate::text;

/// Ratio of the largest to the smallest value from which values are spaced by factors.
const FACTORS_FROM: f64 = 6.0;

/// Values of one setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The setting.
    pub setting: &'static Setting,
    /// The first value.
    pub from: f64,
    /// The last value.
    pub to: f64,
    /// Number of values; at least 2.
    pub n: u8,
}

impl Span {
    /// The values, rounded to three digits or to whole numbers, without repetitions. They are spaced
    /// by factors where the last is six times the first or more; 0 is followed by doublings up to the
    /// last.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        let n_gaps = self.n.saturating_sub(1).max(1);
        let is_whole = matches!(self.setting.range, Range::Whole { .. } | Range::WholeOr(_));
        let value = |i: u8| {
            let part = f64::from(i) / f64::from(n_gaps);
            if i == n_gaps {
                self.to
            } else if i == 0 {
                self.from
            } else if self.from == 0.0 {
                self.to / 2f64.powi(i32::from(n_gaps - i))
            } else if self.from > 0.0 && self.to / self.from >= FACTORS_FROM {
                self.from * (self.to / self.from).powf(part)
            } else {
                self.from + part * (self.to - self.from)
            }
        };
        let round = |x: f64| if is_whole { x.round() } else { text::rounded(x, 3) };
        let mut values: Vec<f64> = (0..=n_gaps).map(|i| round(value(i))).collect();
        values.dedup();
        values
    }

    fn axis(&self) -> Value {
        let values = self.values().into_iter().map(|x| self.setting.of_number(x)).collect();
        let key = Value::String(self.setting.key.to_owned());
        Value::Table(
            [("key".to_owned(), key), ("values".to_owned(), Value::Array(values))]
                .into_iter()
                .collect(),
        )
    }
}

impl Study {
    /// The study that gives the settings of `base` all combinations of these values; the second
    /// setting changes fastest.
    ///
    /// # Errors
    /// A value out of its setting's range, or the same setting twice.
    pub fn of_two(name: &str, base: &RunConfig, spans: [Span; 2]) -> Result<Self, StudyError> {
        if spans[0].setting == spans[1].setting {
            let label = spans[0].setting.label;
            return Err(StudyError::Wrong(format!("both axes vary “{label}”; choose another one")));
        }
        let table: Table = [
            ("name", Value::String(name.to_owned())),
            ("config", Value::Table(base.to_toml().parse().unwrap_or_default())),
            ("seeds", Value::Array(vec![SEED.get(base)])),
            ("axis", Value::Array(spans.iter().map(Span::axis).collect())),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
        let study = Self::self_contained(&table.to_string())?;
        study.tasks()?;
        Ok(study)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{EVERY, PEAK_LR, SCALE, WARMUP_STEPS};

    #[test]
    fn values_are_spaced_by_factors_doublings_or_evenly() {
        let of = |setting, from, to, n| Span { setting, from, to, n }.values();
        assert_eq!(of(&PEAK_LR, 0.05, 0.8, 5), [0.05, 0.1, 0.2, 0.4, 0.8]);
        assert_eq!(of(&WARMUP_STEPS, 0.0, 256.0, 5), [0.0, 32.0, 64.0, 128.0, 256.0]);
        assert_eq!(of(&SCALE, 1.0, 3.0, 5), [1.0, 1.5, 2.0, 2.5, 3.0]);
        assert_eq!(of(&WARMUP_STEPS, 0.0, 2.0, 5), [0.0, 1.0, 2.0]);
        assert_eq!(of(&EVERY, 1.0, 3.0, 3), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn all_combinations_are_tasks_and_mistakes_are_refused() {
        let base = RunConfig { n_steps: 50, seed: 7, ..RunConfig::default() };
        let rate = Span { setting: &PEAK_LR, from: 0.05, to: 0.2, n: 3 };
        let warmup = Span { setting: &WARMUP_STEPS, from: 0.0, to: 20.0, n: 2 };
        let study = Study::of_two("two", &base, [warmup, rate]).unwrap();
        let tasks = study.tasks().unwrap();
        assert_eq!(tasks.len(), 6);
        assert_eq!(tasks[4].point, ["20", "0.125", "7"]);
        let config = tasks[4].config.as_ref().unwrap();
        let wanted = (0.125, 20, 50, 7);
        let found = (config.live.peak_lr, config.live.warmup.steps, config.n_steps, config.seed);
        assert_eq!(found, wanted);
        let twice = Study::of_two("two", &base, [rate, rate]).unwrap_err();
        assert_eq!(twice.to_string(), "both axes vary “Learning rate”; choose another one");
        let beyond = Span { to: 1e9, ..rate };
        let refused = Study::of_two("two", &base, [warmup, beyond]).unwrap_err();
        assert!(refused.to_string().contains(PEAK_LR.key), "{refused}");
    }
}
