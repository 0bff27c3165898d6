//! Where the examples of a task come from, as a configuration names it.
//! Does not know what a task is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{BuiltinTask, Parameters, Source, TaskInfo};

/// Where the examples of a task come from. All that is asked of it is asked of its [`Source`], so
/// that tasks of another origin are one more variant with its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TaskSource {
    /// The program itself.
    Builtin(BuiltinTask),
}

impl TaskSource {
    /// What the task offers.
    #[must_use]
    pub fn source(&self) -> &dyn Source {
        match self {
            Self::Builtin(task) => task.source(),
        }
    }

    /// What is to be known of the task with these parameters.
    #[must_use]
    pub fn info(&self, parameters: &Parameters) -> TaskInfo {
        self.source().info(parameters)
    }
}

impl From<BuiltinTask> for TaskSource {
    fn from(task: BuiltinTask) -> Self {
        Self::Builtin(task)
    }
}

impl fmt::Display for TaskSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(task) => task.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_written_as_its_word_and_read_back() {
        for task in BuiltinTask::ALL {
            let source = TaskSource::from(*task);
            let written = serde_json::to_value(&source).unwrap();
            assert_eq!(written, source.to_string());
            assert_eq!(serde_json::from_value::<TaskSource>(written).unwrap(), source);
        }
        assert!(serde_json::from_value::<TaskSource>("no-such-task".into()).is_err());
    }

    #[test]
    fn a_shape_holds_as_many_numbers_as_an_example_has() {
        use crate::data::InputShape;
        for task in BuiltinTask::ALL {
            let info = task.info();
            let n = match info.shape {
                InputShape::Flat => info.n_inputs,
                InputShape::Image { height, width, channels } => height * width * channels,
                InputShape::Tokens { length, .. } => length,
            };
            assert_eq!(info.n_inputs, n, "{task}");
        }
    }
}
