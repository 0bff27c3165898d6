//! The choices for the horizontal axis, with their labels and ticks.

use crate::text;

use super::scale::Scale;
use super::ticks::{Tick, ticks};

/// The horizontal axis of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// Optimizer steps.
    #[default]
    Step,
    /// Sum of the effective learning rates up to a step, the time of gradient flow.
    EffectiveTime,
    /// Epochs.
    Epoch,
    /// Seconds spent in steps, including their measurements.
    WallTime,
}

impl Axis {
    /// All axes.
    pub const ALL: [Self; 4] = [Self::Step, Self::EffectiveTime, Self::Epoch, Self::WallTime];

    /// Name below the axis and in choices.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::EffectiveTime => "effective time Ση",
            Self::Epoch => "epoch",
            Self::WallTime => "training time (s)",
        }
    }

    /// Ticks for a range of places, with about `n_wanted` labels; steps get whole numbers only.
    #[must_use]
    pub fn ticks(self, range: [f64; 2], n_wanted: usize) -> Vec<Tick> {
        let mut marks = ticks(Scale::Linear, range, n_wanted);
        let is_whole = |mark: &Tick| mark.place.fract() == 0.0;
        if self == Self::Step && marks.iter().any(is_whole) {
            marks.retain(is_whole);
        }
        marks
    }

    /// A place on the axis with its unit, such as `step 12`.
    #[must_use]
    pub fn words(self, place: f64) -> String {
        let number = text::number(text::rounded(place, 6));
        match self {
            Self::Step => format!("step {number}"),
            Self::EffectiveTime => format!("Ση = {number}"),
            Self::Epoch => format!("epoch {number}"),
            Self::WallTime => format!("{number} s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_marked_by_whole_numbers_and_time_by_any() {
        let places = |axis: Axis, range| -> Vec<f64> {
            axis.ticks(range, 9).into_iter().map(|mark| mark.place).collect()
        };
        assert_eq!(places(Axis::Step, [-0.1, 2.1]), [0.0, 1.0, 2.0]);
        assert_eq!(
            places(Axis::Step, [0.0, 40.0]),
            [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0]
        );
        assert!(places(Axis::Epoch, [-0.1, 2.1]).contains(&0.5));
        // Between two steps any mark is better than none.
        assert!(places(Axis::Step, [3.2, 3.8]).len() > 1);
    }

    #[test]
    fn words_name_the_unit_of_the_axis() {
        let words: Vec<_> = Axis::ALL.iter().map(|axis| axis.words(2.5)).collect();
        assert_eq!(words, ["step 2.5", "Ση = 2.5", "epoch 2.5", "2.5 s"]);
    }
}
