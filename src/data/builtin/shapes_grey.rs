//! Shapes-10 in grey: small pictures of ten figures, light on dark or dark on light.

use super::shapes::{N_TEST, SCALING, shapes};
use crate::data::pictures::{Colours, FIGURES, N_GREY, N_GREY_SIDE};
use crate::data::{Answer, DataError, InputShape, Parameters, Request, Source, Split, TaskInfo};

/// The task of classifying grey pictures.
pub(super) struct ShapesGrey;

impl Source for ShapesGrey {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description:
                "Shapes-10 in grey: 16×16 pictures of ten figures, light on dark or dark on light"
                    .into(),
            scaling: SCALING.into(),
            default_lr: 0.1,
            default_n_train: 1000,
            min_n_train: 2,
            max_n_train: 5000,
            n_test: N_TEST,
            n_inputs: N_GREY,
            shape: InputShape::Image { height: N_GREY_SIDE, width: N_GREY_SIDE, channels: 1 },
            n_positions: 1,
            answer: Answer::Class(FIGURES.len()),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = shapes(request.n_train, Colours::Grey, request.seed);
        Ok(Split::with_test(train, test))
    }
}
