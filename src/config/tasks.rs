//! What a configuration needs from its task: the number of outputs for its loss, and the request
//! for its examples.

use super::choices::Loss;
use super::{Answer, TaskInfo, TaskSpec};
use crate::data::Request;

impl TaskInfo {
    /// Network outputs per prediction under `loss`: one per number or class. Two classes under MSE,
    /// with one prediction per example, share one output of ±1.
    #[must_use]
    pub fn n_outputs(&self, loss: Loss) -> usize {
        match (self.answer, loss) {
            (Answer::Class(2), Loss::Mse) if self.n_positions == 1 => 1,
            (Answer::Class(n) | Answer::Values(n), _) => n,
        }
    }
}

impl TaskSpec {
    /// The description of its task with these settings.
    #[must_use]
    pub fn info(&self) -> TaskInfo {
        self.name.info(&self.parameters())
    }

    /// The request for the examples of a run with this loss and seed.
    #[must_use]
    pub fn request(&self, loss: Loss, seed: u64) -> Request {
        let n_outputs = self.info().n_outputs(loss);
        Request { n_train: self.n_train, n_outputs, seed, parameters: self.parameters() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BuiltinTask;

    #[test]
    fn the_default_settings_are_the_default_parameters() {
        for task in BuiltinTask::ALL {
            let spec = TaskSpec { name: (*task).into(), ..TaskSpec::default() };
            assert_eq!(spec.info(), task.info());
        }
    }

    #[test]
    fn one_output_is_shared_by_two_classes_of_a_whole_example_only() {
        assert_eq!(BuiltinTask::Spirals.info().n_outputs(Loss::Mse), 1);
        assert_eq!(BuiltinTask::Spirals.info().n_outputs(Loss::CrossEntropy), 2);
        assert_eq!(BuiltinTask::DeepLinear.info().n_outputs(Loss::Mse), 50);
        let name = BuiltinTask::Sorting.into();
        let strings = TaskSpec { name, symbols: 2, ..TaskSpec::default() };
        assert_eq!(strings.info().n_outputs(Loss::Mse), 2);
    }
}
