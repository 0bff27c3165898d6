//! The catalogue of tasks: names, sizes, default learning rates and one line each.
//! Does not hold or make the data (`data/` does).

use serde::{Deserialize, Serialize};

use super::choices::{Loss, words};

/// A data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskName {
    /// Fashion-MNIST, 28×28 grey images of clothes.
    Fashion,
    /// Handwritten digits, 8×8.
    Digits,
    /// Regression of a Chebyshev polynomial on even points.
    Chebyshev,
    /// Two interleaved spirals in the plane.
    Spirals,
    /// Gaussian clusters.
    Clusters,
    /// One point, x = 1 and y = 0.
    Point,
}
words!(TaskName {
    Fashion => "fashion", Digits => "digits", Chebyshev => "chebyshev",
    Spirals => "spirals", Clusters => "clusters",
    Point => "point",
});

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
    /// A sequence of symbols, each stored as its index in 0..`vocabulary`.
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
#[derive(Clone, Copy, Debug)]
pub struct TaskInfo {
    /// Which task this describes.
    pub name: TaskName,
    /// One line for lists and tooltips.
    pub description: &'static str,
    /// How inputs are scaled.
    pub scaling: &'static str,
    /// Learning rate at which gradient descent reaches the edge of stability on the default net.
    pub default_lr: f64,
    /// Training examples used unless said otherwise.
    pub default_n_train: usize,
    /// Training examples that make sense at least.
    pub min_n_train: usize,
    /// Training examples there are.
    pub max_n_train: usize,
    /// Test examples; 0 where the training points are the whole task.
    pub n_test: usize,
    /// Numbers an example has.
    pub n_inputs: usize,
    /// How they lie.
    pub shape: InputShape,
    /// Predictions an example asks for.
    pub n_positions: usize,
    /// What each of them is.
    pub answer: Answer,
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

    /// Network outputs a prediction under `loss`: one a number or a class; two classes of a whole
    /// example under MSE share one output ±1.
    #[must_use]
    pub fn n_outputs(&self, loss: Loss) -> usize {
        match (self.answer, loss) {
            (Answer::Class(2), Loss::Mse) if self.n_positions == 1 => 1,
            (Answer::Class(n) | Answer::Values(n), _) => n,
        }
    }
}

impl TaskName {
    /// The catalogue row of this task.
    #[must_use]
    pub fn info(self) -> &'static TaskInfo {
        &TASKS[self as usize]
    }
}

/// All tasks, in the order of [`TaskName::ALL`].
pub static TASKS: [TaskInfo; 6] = [
    TaskInfo {
        name: TaskName::Fashion,
        description: "Fashion-MNIST: 28×28 images of ten kinds of clothing (embedded)",
        scaling: "per-pixel centre and one global standard deviation over all 5,000 images, × 0.5",
        default_lr: 0.1,
        default_n_train: 1000,
        min_n_train: 2,
        max_n_train: 5000,
        n_test: 1000,
        n_inputs: 784,
        shape: InputShape::Image { height: 28, width: 28, channels: 1 },
        n_positions: 1,
        answer: Answer::Class(10),
    },
    TaskInfo {
        name: TaskName::Digits,
        description: "Digits: 8×8 images of handwritten digits (embedded)",
        scaling: "global mean and standard deviation over all 1,797 images",
        default_lr: 0.13,
        default_n_train: 1500,
        min_n_train: 2,
        max_n_train: 1500,
        n_test: 297,
        n_inputs: 64,
        shape: InputShape::Image { height: 8, width: 8, channels: 1 },
        n_positions: 1,
        answer: Answer::Class(10),
    },
    TaskInfo {
        name: TaskName::Chebyshev,
        description: "Chebyshev: regression of the polynomial T_k on even points of [−1, 1]",
        scaling: "none",
        default_lr: 0.2,
        default_n_train: 20,
        min_n_train: 2,
        max_n_train: 2000,
        n_test: 0,
        n_inputs: 1,
        shape: InputShape::Flat,
        n_positions: 1,
        answer: Answer::Values(1),
    },
    TaskInfo {
        name: TaskName::Spirals,
        description: "Two spirals: two interleaved arms in the plane",
        scaling: "none",
        default_lr: 0.1,
        default_n_train: 400,
        min_n_train: 2,
        max_n_train: 4000,
        n_test: 400,
        n_inputs: 2,
        shape: InputShape::Flat,
        n_positions: 1,
        answer: Answer::Class(2),
    },
    TaskInfo {
        name: TaskName::Clusters,
        description: "Gaussian clusters: ten clouds in twenty dimensions",
        scaling: "per-input centre and one global standard deviation over the training examples",
        default_lr: 0.3,
        default_n_train: 1000,
        min_n_train: 2,
        max_n_train: 10_000,
        n_test: 1000,
        n_inputs: 20,
        shape: InputShape::Flat,
        n_positions: 1,
        answer: Answer::Class(10),
    },
    TaskInfo {
        name: TaskName::Point,
        description: "One point: regression of 0 at x = 1, the catapult's smallest model",
        scaling: "none",
        default_lr: 0.4,
        default_n_train: 1,
        min_n_train: 1,
        max_n_train: 1,
        n_test: 0,
        n_inputs: 1,
        shape: InputShape::Flat,
        n_positions: 1,
        answer: Answer::Values(1),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_stands_in_the_order_of_the_names() {
        for (row, name) in TASKS.iter().zip(TaskName::ALL) {
            assert_eq!(row.name, *name);
        }
    }

    #[test]
    fn a_shape_holds_as_many_numbers_as_an_example_has() {
        for row in &TASKS {
            let n = match row.shape {
                InputShape::Flat => row.n_inputs,
                InputShape::Image { height, width, channels } => height * width * channels,
                InputShape::Tokens { length, .. } => length,
            };
            assert_eq!(row.n_inputs, n, "{}", row.name);
        }
    }
}
