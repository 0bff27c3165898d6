//! The range of a number's control: what can be typed, how far the slider goes and how it is divided.
//! Pure; does not draw.

use std::ops::RangeInclusive;

use toml::Value;

use crate::config::{Range, RunConfig, Setting};
use crate::figure::Scale;
use crate::text;

/// How far a number's control goes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct ControlRange {
    /// Values that can be typed.
    pub(in crate::ui) limits: RangeInclusive<f64>,
    /// Values the slider reaches; `None` where a slider makes no sense.
    pub(in crate::ui) span: Option<RangeInclusive<f64>>,
    /// How the slider is divided.
    pub(in crate::ui) scale: Scale,
    /// Which numbers are meant.
    pub(in crate::ui) kind: NumberKind,
    /// The word shown and typed for 0; `None` where 0 is a number like others.
    pub(in crate::ui) zero: Option<&'static str>,
}

/// Which numbers a control takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum NumberKind {
    /// Real ones.
    Real,
    /// Whole ones.
    Whole,
}

impl ControlRange {
    /// The range of a setting's control, where a reset goes to `home`; `None` for settings that are not
    /// numbers.
    pub(in crate::ui) fn of(
        setting: &Setting,
        config: &RunConfig,
        home: &RunConfig,
    ) -> Option<Self> {
        let (is_log, kind) = match setting.range {
            Range::Real { is_log, .. } => (is_log, NumberKind::Real),
            Range::Whole { is_log, .. } => (is_log, NumberKind::Whole),
            Range::WholeOr(_) => (true, NumberKind::Whole),
            Range::Switch | Range::Word(_) | Range::Widths | Range::Factors | Range::Text => {
                return None;
            }
        };
        Some(Self {
            limits: setting.limits_in(config)?,
            span: setting.slider_range_in(config, home),
            scale: if is_log { Scale::Log } else { Scale::Linear },
            kind,
            zero: setting.word_for_zero(),
        })
    }

    /// A value as the control writes it.
    pub(in crate::ui) fn written(&self, value: f64) -> String {
        match self.zero {
            Some(word) if value == 0.0 => word.to_owned(),
            // Rounded, an end of the range would be another number.
            _ if self.kind == NumberKind::Whole => text::exact(value),
            _ => text::number(value),
        }
    }

    /// The slider's range, widened to hold `value`.
    pub(in crate::ui) fn span_with(&self, value: f64) -> Option<RangeInclusive<f64>> {
        let span = self.span.clone()?;
        Some(span.start().min(value)..=span.end().max(value))
    }
}

/// A number as the setting holds it.
pub(in crate::ui) fn value_of(setting: &Setting, x: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "a control's whole number, below 2^53")]
    let whole = x.round() as i64;
    match setting.range {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{presets, settings};

    #[test]
    fn every_preset_lies_within_the_range_of_its_sliders() {
        for preset in presets() {
            for row in Setting::all() {
                let Some(range) = ControlRange::of(row, &preset.config, &preset.config) else {
                    continue;
                };
                let Some(x) = row.get(&preset.config).as_float() else { continue };
                assert!(range.limits.contains(&x), "{} {}", preset.config.name, row.key);
                let span = range.span.unwrap();
                assert!(span.contains(&x), "{} {}", preset.config.name, row.key);
            }
        }
    }

    #[test]
    fn zero_stands_for_the_word_and_back() {
        let row = &settings::EVERY;
        assert_eq!(value_of(row, 0.0), Value::String("off".into()));
        assert_eq!(value_of(row, 3.4), Value::Integer(3));
        assert_eq!(value_of(&settings::PEAK_LR, 0.5), Value::Float(0.5));
    }
}
