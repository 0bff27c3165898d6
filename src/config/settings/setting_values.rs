//! A setting's value in a configuration: reading, setting and checking it, its unit and limits, and
//! whether anything reads it.

use std::ops::{Range as Span, RangeInclusive};

use toml::Value;

use super::super::architectures::Architecture;
use super::super::{ConfigError, plain};
use super::Setting;
use super::declaration::{Effect, Range, Section, SliderRange};
use super::init::MAX_FACTORS;
use super::model::ARCHITECTURE;
use super::run::RunConfig;
use crate::text;

/// Length limit of a text setting in characters: more than a legend or a caption can hold.
const MAX_TEXT: usize = 1000;

/// The largest number for a setting of [`Range::WholeOr`].
const MAX_OR_WORD: f64 = 1e9;

impl Setting {
    /// Its value in a configuration.
    #[must_use]
    pub fn get(&self, config: &RunConfig) -> Value {
        (self.access.get)(config)
    }

    /// Whether two configurations have the same value of this setting.
    #[must_use]
    pub fn is_same(&self, one: &RunConfig, other: &RunConfig) -> bool {
        (self.access.is_same)(one, other)
    }

    /// Sets the value in a configuration without checking its range.
    ///
    /// # Errors
    /// [`ConfigError::BadValue`] if the value has the wrong type; then nothing is set.
    pub(in crate::config) fn put(
        &self,
        config: &mut RunConfig,
        value: &Value,
    ) -> Result<(), ConfigError> {
        if (self.access.put)(config, self.coerce(value)) {
            return Ok(());
        }
        Err(self.refused(value))
    }

    /// `config` after the user sets this value, with everything else that the choice sets.
    ///
    /// # Errors
    /// If the value has the wrong type, is out of range or conflicts with other settings.
    pub fn chosen(&self, config: &RunConfig, value: &Value) -> Result<RunConfig, ConfigError> {
        let mut changed = config.clone();
        self.put(&mut changed, value)?;
        if let Some(also_sets) = self.also_sets {
            also_sets(&mut changed, config);
        }
        changed.resolve_file()?;
        changed.validate()?;
        Ok(changed)
    }

    /// Whether the setting can change during a run.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.key.starts_with("live.")
    }

    /// Whether differences between runs report the setting: the user sets it, and it affects the
    /// run's numbers.
    #[must_use]
    pub fn is_reported(&self) -> bool {
        matches!(self.effect, Effect::Live | Effect::Restart)
    }

    /// Whether networks of this architecture read the setting.
    #[must_use]
    pub fn is_of(&self, architecture: Architecture) -> bool {
        self.architectures.is_empty() || self.architectures.contains(&architecture)
    }

    /// The reason why nothing reads the setting in this configuration; `None` if something does.
    #[must_use]
    pub fn why_unread(&self, config: &RunConfig) -> Option<String> {
        let architecture = config.model.architecture;
        if !self.is_of(architecture) {
            return Some(format!("the architecture {architecture} does not have it"));
        }
        self.unread.and_then(|why| why(config))
    }

    /// The reason why its value in `now` makes no difference in these steps; `None` if it does.
    /// `before` is the configuration in which the value was not yet set.
    pub(in crate::config) fn why_idle(
        &self,
        now: &RunConfig,
        before: &RunConfig,
        steps: &Span<u64>,
    ) -> Option<String> {
        self.why_unread(now).or_else(|| self.idle.and_then(|why| why(now, before, steps)))
    }

    /// The value in a few words that need no name beside them; `None` if the declaration has none for it.
    #[must_use]
    pub fn brief_in(&self, config: &RunConfig) -> Option<String> {
        self.brief.and_then(|brief| brief(config))
    }

    /// The value with its unit where that is a factor, as short as possible: `none`, `on`, `× 2`, `32, 32`.
    #[must_use]
    pub fn value_words(&self, config: &RunConfig) -> String {
        let value = self.get(config);
        let number = value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
        let zero = self.word_for_zero().filter(|_| number == Some(0.0));
        let on_off = value.as_bool().map(|is_on| if is_on { "on" } else { "off" });
        match (zero.or(on_off), number) {
            (Some(word), _) => word.to_owned(),
            (None, Some(number)) if self.unit_in(config) == "×" => {
                format!("× {}", text::number(number))
            }
            (None, Some(number)) => text::number(number),
            (None, None) => plain(&value),
        }
    }

    /// The unit of the setting in this configuration.
    #[must_use]
    pub fn unit_in(&self, config: &RunConfig) -> &'static str {
        self.unit_of.and_then(|unit| unit(config)).unwrap_or(self.unit)
    }

    /// The word shown in place of 0, if there is one.
    #[must_use]
    pub fn word_for_zero(&self) -> Option<&'static str> {
        if let Range::WholeOr(word) = self.range { Some(word) } else { self.zero }
    }

    /// A number as a value of the setting's type, which must be numeric; whole numbers are rounded.
    #[must_use]
    pub fn of_number(&self, x: f64) -> Value {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number, below 2^53")]
        let whole = x.round() as i64;
        match self.range {
            Range::WholeOr(word) if whole <= 0 => Value::String(word.to_owned()),
            Range::Whole { .. } | Range::WholeOr(_) => Value::Integer(whole),
            Range::Real { .. }
            | Range::Switch
            | Range::Word(_)
            | Range::Widths
            | Range::Factors
            | Range::Text => Value::Float(x),
        }
    }

    /// The numbers that can be typed; `None` if the setting is not a number.
    #[must_use]
    pub fn limits_in(&self, config: &RunConfig) -> Option<RangeInclusive<f64>> {
        let limits = match self.range {
            Range::Real { min, max, .. } => [min, max],
            Range::Whole { min, max, .. } => [min as f64, max as f64],
            Range::WholeOr(_) => [0.0, MAX_OR_WORD],
            Range::Switch | Range::Word(_) | Range::Widths | Range::Factors | Range::Text => {
                return None;
            }
        };
        let [least, most] = self.limits.map_or(limits, |limits| limits(config));
        Some(least..=most)
    }

    /// The range of the setting's slider; `None` without a slider. `home` is the configuration that
    /// a reset returns to.
    #[must_use]
    pub fn slider_range_in(
        &self,
        config: &RunConfig,
        home: &RunConfig,
    ) -> Option<RangeInclusive<f64>> {
        let limits = self.limits_in(config)?;
        if limits.start() == limits.end() {
            return None;
        }
        match self.slider_range {
            SliderRange::None => None,
            SliderRange::Range => Some(limits),
            SliderRange::Fixed([least, most]) => Some(least..=most),
            SliderRange::Of(span) => {
                let [least, most] = span(config, home);
                Some(least..=most)
            }
        }
    }

    /// Converts an integer to a float or a word if the setting expects one.
    pub(in crate::config) fn coerce(&self, value: &Value) -> Value {
        match (self.range, value) {
            #[expect(clippy::cast_precision_loss, reason = "typed by a user, far below 2^53")]
            (Range::Real { .. }, Value::Integer(n)) => Value::Float(*n as f64),
            (Range::Word(_), Value::Integer(n)) => Value::String(n.to_string()),
            #[expect(clippy::cast_precision_loss, reason = "typed by a user, far below 2^53")]
            (Range::Factors, Value::Array(factors)) => {
                let real =
                    |x: &Value| x.as_integer().map_or_else(|| x.clone(), |n| (n as f64).into());
                Value::Array(factors.iter().map(real).collect())
            }
            (_, value) => value.clone(),
        }
    }

    /// What the setting expects, as the reason in an error about `given`.
    fn wanted(&self, given: &Value) -> String {
        match self.range {
            Range::Real { min, max, .. } => {
                let [min, max] = [min, max].map(text::number);
                format!("expected a number between {min} and {max}")
            }
            Range::Whole { min, max, .. } => {
                format!("expected a whole number between {min} and {max}")
            }
            Range::WholeOr(word) => {
                format!("expected a whole number of at least 1, or \"{word}\"")
            }
            Range::Switch => "expected true or false".to_owned(),
            Range::Word(words) => {
                let words: Vec<_> = words().iter().map(|choice| choice.word).collect();
                let all = words.join(", ");
                given.as_str().map_or_else(
                    || format!("expected one of {all}"),
                    |word| {
                        let hint = text::hint(word, words.iter().copied());
                        format!("expected one of {all}{hint}")
                    },
                )
            }
            Range::Widths => {
                "expected widths such as [32, 32]: at most 16 layers of 1 to 4096 units".to_owned()
            }
            Range::Factors => format!(
                "expected factors such as [1.0, 0.5]: at most {MAX_FACTORS} numbers between 0 and 100"
            ),
            Range::Text => format!("expected text in quotes, at most {MAX_TEXT} characters"),
        }
    }

    pub(in crate::config) fn refused(&self, value: &Value) -> ConfigError {
        ConfigError::BadValue {
            key: self.key.to_owned(),
            value: value.to_string(),
            reason: self.wanted(value),
        }
    }

    /// Whether a value is in range; it must have the right type.
    pub(in crate::config) fn accepts(&self, value: &Value) -> bool {
        match (self.range, value) {
            (Range::Real { min, max, .. }, Value::Float(x)) => (min..=max).contains(x),
            (Range::Whole { min, max, .. }, Value::Integer(n)) => {
                u64::try_from(*n).is_ok_and(|n| (min..=max).contains(&n))
            }
            (Range::Widths, Value::Array(widths)) => {
                let is_width = |w: &Value| w.as_integer().is_some_and(|w| (1..=4096).contains(&w));
                widths.len() <= 16 && widths.iter().all(is_width)
            }
            (Range::Factors, Value::Array(factors)) => {
                let is_factor =
                    |x: &Value| x.as_float().is_some_and(|x| (0.0..=100.0).contains(&x));
                factors.len() <= MAX_FACTORS && factors.iter().all(is_factor)
            }
            (Range::Text, Value::String(text)) => text.chars().nth(MAX_TEXT).is_none(),
            _ => true,
        }
    }
}

impl Architecture {
    /// The network settings that this architecture reads, besides `model.architecture`.
    pub fn reads(self) -> impl Iterator<Item = &'static Setting> {
        let of_network = Setting::all().filter(|setting| setting.section == Section::Network);
        of_network.filter(move |setting| **setting != ARCHITECTURE && setting.is_of(self))
    }
}
