//! The range of a number control: limits of typed values, range and scale of the slider. Pure data.

use std::ops::RangeInclusive;

use crate::config::{Range, RunConfig, Setting};
use crate::figure::Scale;
use crate::text;

/// The range of a number control.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct ControlRange {
    /// Limits of typed values.
    pub(in crate::ui) limits: RangeInclusive<f64>,
    /// Range of the slider; `None` for a control without one.
    pub(in crate::ui) span: Option<RangeInclusive<f64>>,
    /// Scale of the slider.
    pub(in crate::ui) scale: Scale,
    /// Whole or real numbers.
    pub(in crate::ui) kind: NumberKind,
    /// The word that stands for 0, for example `off`; `None` where 0 is an ordinary number.
    pub(in crate::ui) zero: Option<&'static str>,
}

/// Kinds of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum NumberKind {
    /// Real numbers.
    Real,
    /// Whole numbers.
    Whole,
}

impl ControlRange {
    /// The range for a setting's control; the slider also covers the value in `reset_target`. `None` for
    /// a setting that is not a number.
    pub(in crate::ui) fn of(
        setting: &Setting,
        config: &RunConfig,
        reset_target: &RunConfig,
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
            span: setting.slider_range_in(config, reset_target),
            scale: if is_log { Scale::Log } else { Scale::Linear },
            kind,
            zero: setting.word_for_zero(),
        })
    }

    /// Formats a value.
    pub(in crate::ui) fn written(&self, value: f64) -> String {
        match self.zero {
            Some(word) if value == 0.0 => word.to_owned(),
            // Rounding could change an end of the range.
            _ if self.kind == NumberKind::Whole => text::exact(value),
            _ => text::number(value),
        }
    }

    /// The slider's range, widened to contain `value`.
    pub(in crate::ui) fn span_with(&self, value: f64) -> Option<RangeInclusive<f64>> {
        let span = self.span.clone()?;
        Some(span.start().min(value)..=span.end().max(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::presets;

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
}
