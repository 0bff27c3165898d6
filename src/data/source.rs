//! What every task offers, wherever its examples come from.
//! Knows no task by name.

use super::{DataError, Examples, Parameters, TaskInfo};

/// Something that a run can be trained on.
pub trait Source {
    /// What is to be known of it with these parameters, before there are examples.
    fn info(&self, parameters: &Parameters) -> TaskInfo;

    /// Its examples: the first [`Request::n_train`] of its training set, and its whole test set.
    ///
    /// # Errors
    /// A file that cannot be read; more examples than there are with these parameters.
    fn examples(&self, request: &Request) -> Result<Split, DataError>;
}

/// Which examples of a task are wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Training examples.
    pub n_train: usize,
    /// Network outputs a prediction, which is the form of the targets of classes.
    pub n_outputs: usize,
    /// Seed of what is drawn.
    pub seed: u64,
    /// The settings of the task.
    pub parameters: Parameters,
}

/// Examples to train on and to test with.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Training examples.
    pub train: Examples,
    /// Test examples; `None` where the training points are the whole task.
    pub test: Option<Examples>,
}

impl Split {
    /// Training points that are the whole task.
    #[must_use]
    pub fn whole(train: Examples) -> Self {
        Self { train, test: None }
    }

    /// Training points and others to test with.
    #[must_use]
    pub fn parted(train: Examples, test: Examples) -> Self {
        Self { train, test: Some(test) }
    }
}
