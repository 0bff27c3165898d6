//! The axes of a chart, and why a value has no place on one.

use crate::figure::axes::{Scale, Tick, ticks};
use crate::text;

/// An axis.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AxisSpec {
    /// Its label.
    pub label: String,
    /// How values are laid along it.
    pub scale: AxisScale,
    /// Values at its ends; `None` fits the data. Categories are always all shown.
    pub range: Option<[f64; 2]>,
}

/// How values become places on a chart's axis.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum AxisScale {
    /// Place = value.
    #[default]
    Linear,
    /// Places are decimal logarithms.
    Log,
    /// Values of a grid, evenly spaced in this order; the place of one is its index.
    Categories(Vec<f64>),
    /// Names, evenly spaced in this order; the value and place of one is its index.
    Named(Vec<String>),
}

/// Why a value has no place on its axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unplaced {
    /// It is NaN.
    Nan,
    /// It is ∞.
    Infinite,
    /// It is −∞.
    NegativeInfinite,
    /// It is ≤ 0 and the axis is logarithmic.
    NotPositive,
    /// It is none of the axis's categories.
    NoCategory,
}

impl Unplaced {
    /// Why a value has no place on a linear or logarithmic scale.
    #[must_use]
    pub fn of(value: f64) -> Self {
        if value.is_nan() {
            Self::Nan
        } else if value == f64::INFINITY {
            Self::Infinite
        } else if value == f64::NEG_INFINITY {
            Self::NegativeInfinite
        } else {
            Self::NotPositive
        }
    }

    /// Its word in a legend.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nan => "NaN",
            Self::Infinite => "∞",
            Self::NegativeInfinite => "−∞",
            Self::NotPositive => "≤ 0",
            Self::NoCategory => "not on the grid",
        }
    }

    /// Whether it is shown at the upper or right end of its axis, not at the other.
    #[must_use]
    pub fn is_high(self) -> bool {
        matches!(self, Self::Nan | Self::Infinite)
    }
}

impl AxisSpec {
    /// A linear axis.
    #[must_use]
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// A logarithmic axis.
    #[must_use]
    pub fn log(label: impl Into<String>) -> Self {
        Self { label: label.into(), scale: AxisScale::Log, range: None }
    }

    /// An axis of the values of a grid.
    #[must_use]
    pub fn categories(label: impl Into<String>, values: &[f64]) -> Self {
        Self { label: label.into(), scale: AxisScale::Categories(values.to_vec()), range: None }
    }

    /// An axis of names.
    #[must_use]
    pub fn named(label: impl Into<String>, names: Vec<String>) -> Self {
        Self { label: label.into(), scale: AxisScale::Named(names), range: None }
    }

    /// The place of a value on the axis.
    pub fn place(&self, value: f64) -> Result<f64, Unplaced> {
        match &self.scale {
            AxisScale::Categories(values) => {
                let is_it = |known: &f64| known.total_cmp(&(value + 0.0)).is_eq();
                let at = values.iter().position(is_it);
                at.map(|i| i as f64).ok_or(Unplaced::NoCategory)
            }
            AxisScale::Named(names) => {
                let is_one = value.fract() == 0.0 && (0.0..names.len() as f64).contains(&value);
                if is_one { Ok(value) } else { Err(Unplaced::NoCategory) }
            }
            AxisScale::Linear => place(Scale::Linear, value),
            AxisScale::Log => place(Scale::Log, value),
        }
    }

    /// The scale by which labels are thinned; [`Scale::Log`] keeps powers of ten longest.
    #[must_use]
    pub fn tick_scale(&self) -> Scale {
        if self.scale == AxisScale::Log { Scale::Log } else { Scale::Linear }
    }

    /// Ticks for a range of places, about `n_wanted`; categories and names get one each.
    #[must_use]
    pub fn ticks(&self, range: [f64; 2], n_wanted: usize) -> Vec<Tick> {
        match &self.scale {
            AxisScale::Categories(values) => {
                let mark = |(i, value): (usize, &f64)| Tick {
                    place: i as f64,
                    label: with_minus_sign(*value),
                };
                values.iter().enumerate().map(mark).collect()
            }
            AxisScale::Named(names) => {
                let mark =
                    |(i, name): (usize, &String)| Tick { place: i as f64, label: name.clone() };
                names.iter().enumerate().map(mark).collect()
            }
            AxisScale::Linear | AxisScale::Log => ticks(self.tick_scale(), range, n_wanted),
        }
    }
}

/// The place of a value on a scale.
pub(super) fn place(scale: Scale, value: f64) -> Result<f64, Unplaced> {
    scale.to_axis(value).ok_or(Unplaced::of(value))
}

/// A number with a typographic minus sign.
fn with_minus_sign(value: f64) -> String {
    text::number(value).replacen('-', if value < 0.0 { "−" } else { "-" }, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_without_a_place_say_what_they_are() {
        let log = AxisSpec::log("loss");
        assert_eq!(log.place(100.0), Ok(2.0));
        assert_eq!(log.place(0.0), Err(Unplaced::NotPositive));
        assert_eq!(log.place(f64::NAN), Err(Unplaced::Nan));
        assert_eq!(AxisSpec::linear("x").place(f64::INFINITY), Err(Unplaced::Infinite));
        let grid = AxisSpec::categories("T", &[0.0, 16.0, 64.0]);
        assert_eq!((grid.place(-0.0), grid.place(64.0)), (Ok(0.0), Ok(2.0)));
        assert_eq!(grid.place(17.0), Err(Unplaced::NoCategory));
        let words = AxisSpec::named("clip", vec!["none".to_owned(), "1".to_owned()]);
        assert_eq!((words.place(1.0), words.place(2.0)), (Ok(1.0), Err(Unplaced::NoCategory)));
        assert!(
            words.ticks([-0.5, 1.5], 9).iter().map(|tick| tick.label.as_str()).eq(["none", "1"])
        );
    }

    #[test]
    fn categories_are_labelled_with_their_values() {
        let axis = AxisSpec::categories("clip", &[-0.5, 1e-5, 16.0, f64::INFINITY]);
        let labels: Vec<_> =
            axis.ticks([-0.5, 3.5], 2).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["−0.5", "1e-5", "16", "∞"]);
    }
}
