//! Metadata of a task: sizes, input layout, kind of prediction and defaults.

use super::Parameter;

/// Layout of the inputs of one example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputShape {
    /// A vector.
    Flat,
    /// An image, row-major with channels last.
    Image {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
        /// Channels per pixel.
        channels: usize,
    },
    /// A sequence of tokens, each stored as its index in 0..`vocabulary`. The last tokens have one
    /// prediction each.
    Tokens {
        /// Tokens per example.
        length: usize,
        /// Number of different tokens.
        vocabulary: usize,
    },
}

/// Kind of prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One of this many classes.
    Class(usize),
    /// Regression of this many real numbers.
    Values(usize),
}

/// Metadata of a task, known before its examples are loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskInfo {
    /// One line for lists and tooltips.
    pub description: String,
    /// How inputs are scaled.
    pub scaling: String,
    /// Learning rate at which gradient descent reaches the edge of stability with the default
    /// network; for a task that this network cannot read, a reasonable starting point.
    pub default_lr: f64,
    /// Default number of training examples.
    pub default_n_train: usize,
    /// Fewest training examples.
    pub min_n_train: usize,
    /// Most training examples.
    pub max_n_train: usize,
    /// Number of test examples; 0 if the training examples are the whole task. Sorting has fewer if
    /// there are not enough distinct strings.
    pub n_test: usize,
    /// Inputs per example.
    pub n_inputs: usize,
    /// Input layout.
    pub shape: InputShape,
    /// Predictions per example.
    pub n_positions: usize,
    /// Kind of each prediction.
    pub answer: Answer,
    /// The task parameters that this task reads.
    pub reads: Vec<Parameter>,
}

impl TaskInfo {
    /// The allowed range of the number of training examples.
    #[must_use]
    pub fn n_train(&self) -> std::ops::RangeInclusive<usize> {
        self.min_n_train..=self.max_n_train
    }

    /// Number of classes; `None` for regression.
    #[must_use]
    pub fn n_classes(&self) -> Option<usize> {
        match self.answer {
            Answer::Class(n) => Some(n),
            Answer::Values(_) => None,
        }
    }
}
