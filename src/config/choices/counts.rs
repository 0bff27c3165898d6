//! Counts that may be a word instead: a batch size of `full`, an interval of `off`.

use std::num::{NonZeroU64, NonZeroUsize};
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Examples per step: the word `full` or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WordOrNumber", into = "WordOrNumber")]
pub enum Batch {
    /// All training examples.
    Full,
    /// This many, in a seeded order that is redrawn every epoch.
    Size(NonZeroUsize),
}

/// How often something happens: the word `off` or a number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WordOrNumber", into = "WordOrNumber")]
pub enum Interval {
    /// Never.
    Off,
    /// At steps divisible by this number.
    Every(NonZeroU64),
}

impl Interval {
    /// Every `n` steps; 0 is off.
    #[must_use]
    pub fn every(n: u64) -> Self {
        NonZeroU64::new(n).map_or(Self::Off, Self::Every)
    }

    /// Whether `step` is a multiple of the interval.
    #[must_use]
    pub fn is_due(self, step: u64) -> bool {
        match self {
            Self::Off => false,
            Self::Every(n) => step.is_multiple_of(n.get()),
        }
    }

    /// Whether one of these steps is a multiple of the interval.
    #[must_use]
    pub fn is_due_in(self, steps: &Range<u64>) -> bool {
        match self {
            Self::Off => false,
            Self::Every(n) => {
                steps.start.checked_next_multiple_of(n.get()).is_some_and(|next| next < steps.end)
            }
        }
    }
}

impl Batch {
    /// Examples per step, of `n_train` training examples.
    #[must_use]
    pub fn size(self, n_train: usize) -> usize {
        match self {
            Self::Full => n_train,
            Self::Size(n) => n.get().min(n_train),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WordOrNumber {
    Word(String),
    Number(u64),
}

impl TryFrom<WordOrNumber> for Batch {
    type Error = String;

    fn try_from(value: WordOrNumber) -> Result<Self, Self::Error> {
        let wanted = || "expected \"full\" or a number of examples of at least 1".to_owned();
        match value {
            WordOrNumber::Word(word) if word == "full" => Ok(Self::Full),
            WordOrNumber::Word(_) => Err(wanted()),
            WordOrNumber::Number(n) => usize::try_from(n)
                .ok()
                .and_then(NonZeroUsize::new)
                .map(Self::Size)
                .ok_or_else(wanted),
        }
    }
}

impl From<Batch> for WordOrNumber {
    fn from(value: Batch) -> Self {
        match value {
            Batch::Full => Self::Word("full".to_owned()),
            Batch::Size(n) => Self::Number(n.get() as u64),
        }
    }
}

impl TryFrom<WordOrNumber> for Interval {
    type Error = String;

    fn try_from(value: WordOrNumber) -> Result<Self, Self::Error> {
        let wanted = || "expected \"off\" or a number of steps of at least 1".to_owned();
        match value {
            WordOrNumber::Word(word) if word == "off" => Ok(Self::Off),
            WordOrNumber::Word(_) => Err(wanted()),
            WordOrNumber::Number(n) => NonZeroU64::new(n).map(Self::Every).ok_or_else(wanted),
        }
    }
}

impl From<Interval> for WordOrNumber {
    fn from(value: Interval) -> Self {
        match value {
            Interval::Off => Self::Word("off".to_owned()),
            Interval::Every(n) => Self::Number(n.get()),
        }
    }
}
