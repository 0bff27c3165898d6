//! What is to be known of a task before it is chosen: how its examples lie, its sizes, what it asks.
//! Does not hold or make the examples.

use super::Parameter;

/// How the numbers of one example lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputShape {
    /// A vector without neighbourhoods.
    Flat,
    /// An image, stored row by row with its channels together: (height, width, channels).
    Image {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
        /// Numbers a pixel.
        channels: usize,
    },
    /// A sequence of symbols, each stored as its index in 0..`vocabulary`; predictions belong to the
    /// last tokens, one each.
    Tokens {
        /// Symbols an example has.
        length: usize,
        /// Symbols there are.
        vocabulary: usize,
    },
}

/// What one prediction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One of so many classes.
    Class(usize),
    /// So many real numbers: a regression.
    Values(usize),
}

/// What a person should know of a task before choosing it.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskInfo {
    /// One line for lists and tooltips.
    pub description: String,
    /// How inputs are scaled.
    pub scaling: String,
    /// Learning rate at which gradient descent reaches the edge of stability on the default net;
    /// for a task that net cannot read, a rate to start from.
    pub default_lr: f64,
    /// Training examples used unless said otherwise.
    pub default_n_train: usize,
    /// Training examples that make sense at least.
    pub min_n_train: usize,
    /// Training examples there are.
    pub max_n_train: usize,
    /// Test examples, fewer only of strings too short for as many; 0 where the training points are
    /// the whole task.
    pub n_test: usize,
    /// Numbers an example has.
    pub n_inputs: usize,
    /// How they lie.
    pub shape: InputShape,
    /// Predictions an example asks for.
    pub n_positions: usize,
    /// What each of them is.
    pub answer: Answer,
    /// The parameters that change it.
    pub reads: Vec<Parameter>,
}

impl TaskInfo {
    /// Numbers of training examples it takes.
    #[must_use]
    pub fn n_train(&self) -> std::ops::RangeInclusive<usize> {
        self.min_n_train..=self.max_n_train
    }

    /// Classes, or `None` for regression.
    #[must_use]
    pub fn n_classes(&self) -> Option<usize> {
        match self.answer {
            Answer::Class(n) => Some(n),
            Answer::Values(_) => None,
        }
    }
}
