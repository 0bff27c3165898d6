//! The settings that change the task during a run: labels shuffled, classes exchanged, inputs
//! permuted.

use super::declaration::{Section, whole};
use super::group::settings;
use crate::data::{InputShape, TaskInfo};

/// The largest number of a shuffle or permutation.
const MAX_NUMBER: u64 = 1000;

settings! {
    /// How the examples are arranged; the loaded ones are 0 of each. A change during a run is a new
    /// task for the same weights, as in studies of plasticity.
    Arrangement at (live.data) {
        /// Number of the shuffle that exchanges the labels of the training examples among them; the
        /// test examples keep theirs. The seed determines every shuffle.
        labels: u32 = 0 => LABEL_SHUFFLE,
            live(Section::Task, "Label shuffle", whole(0, MAX_NUMBER)).zero("none").always_shown();
        /// Places by which the classes are exchanged, in training and test examples: class c is
        /// taught as class c + n, counted in a circle.
        classes: u32 = 0 => CLASS_SHIFT,
            live(Section::Task, "Class shift", whole(0, MAX_NUMBER)).zero("none")
                .unread(|config| {
                    let info = config.task.info().ok()?;
                    info.n_classes().is_none().then(|| "the task has no classes".into())
                });
        /// Number of the permutation of the inputs of every training and test example; the colours
        /// of a pixel stay together. The seed determines every permutation.
        inputs: u32 = 0 => INPUT_PERMUTATION,
            live(Section::Task, "Input permutation", whole(0, MAX_NUMBER)).zero("none")
                .unread(|config| why_not_permuted(&config.task.info().ok()?));
    }
}

impl Arrangement {
    /// Whether the examples are arranged as they were loaded.
    #[must_use]
    pub fn is_as_loaded(&self) -> bool {
        *self == Self::default()
    }
}

/// The reason why the inputs of the task are not permuted; `None` if they are.
fn why_not_permuted(info: &TaskInfo) -> Option<String> {
    match info.shape {
        InputShape::Tokens { .. } => Some("the order of a task's tokens is the task".into()),
        InputShape::Image { .. } | InputShape::Flat if info.n_inputs > 1 => None,
        InputShape::Image { .. } | InputShape::Flat => Some("the task has a single input".into()),
    }
}
