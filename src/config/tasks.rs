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
    /// Classes, or `None` for regression.
    pub n_classes: Option<usize>,
}

impl TaskInfo {
    /// Numbers of training examples it takes.
    #[must_use]
    pub fn n_train(&self) -> std::ops::RangeInclusive<usize> {
        self.min_n_train..=self.max_n_train
    }

    /// Network outputs under `loss`: one a class; two classes under MSE share one output ±1.
    #[must_use]
    pub fn n_outputs(&self, loss: Loss) -> usize {
        match (self.n_classes, loss) {
            (None, _) | (Some(2), Loss::Mse) => 1,
            (Some(n), _) => n,
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
        n_classes: Some(10),
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
        n_classes: Some(10),
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
        n_classes: None,
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
        n_classes: Some(2),
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
        n_classes: Some(10),
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
        n_classes: None,
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
}
