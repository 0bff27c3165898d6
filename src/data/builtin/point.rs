//! One point: regression of 0 at x = 1, the smallest model with a catapult phase.

use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};

/// The task of the point x = 1, y = 0.
pub(super) struct Point;

impl Source for Point {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description: "One point: regression of 0 at x = 1, the catapult's smallest model"
                .into(),
            scaling: "none".into(),
            default_lr: 0.4,
            default_n_train: 1,
            min_n_train: 1,
            max_n_train: 1,
            n_test: 0,
            n_inputs: 1,
            shape: InputShape::Flat,
            n_positions: 1,
            answer: Answer::Values(1),
            reads: Vec::new(),
        }
    }

    fn examples(&self, _request: &Request) -> Result<Split, DataError> {
        let train = Examples { n: 1, inputs: vec![1.0], targets: vec![0.0], labels: None };
        Ok(Split::train_only(train))
    }
}
