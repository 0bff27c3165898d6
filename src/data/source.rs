//! The interface of a built-in task, and the request for the examples of any task.

use super::{DataError, Examples, Parameters, TaskInfo};

/// A built-in task that a run can train on.
pub trait Source {
    /// The task's metadata with these parameters.
    fn info(&self, parameters: &Parameters) -> TaskInfo;

    /// The first [`Request::n_train`] training examples, and all test examples.
    ///
    /// # Errors
    /// An embedded file cannot be read, or more examples are requested than exist with these parameters.
    fn examples(&self, request: &Request) -> Result<Split, DataError>;
}

/// A request for a task's examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Training examples requested.
    pub n_train: usize,
    /// Network outputs per prediction, which determine the form of class targets.
    pub n_outputs: usize,
    /// Random seed.
    pub seed: u64,
    /// The task's parameters.
    pub parameters: Parameters,
}

/// A task's examples, split into training and test examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Training examples.
    pub train: Examples,
    /// Test examples; `None` if the training examples are the whole task.
    pub test: Option<Examples>,
}

impl Split {
    /// Training examples that are the whole task.
    #[must_use]
    pub fn train_only(train: Examples) -> Self {
        Self { train, test: None }
    }

    /// Separate training and test examples.
    #[must_use]
    pub fn with_test(train: Examples, test: Examples) -> Self {
        Self { train, test: Some(test) }
    }
}
