//! The tasks by name, and what is to be known of one: how its examples lie, its sizes, what it asks.
//! Does not hold or make the data (`data/` does).

use serde::{Deserialize, Serialize};

use super::choices::{Loss, words};
use super::{TASKS, TaskSpec};

/// A data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskName {
    /// Fashion-MNIST, 28×28 grey images of clothes.
    Fashion,
    /// Handwritten digits, 8×8.
    Digits,
    /// MNIST-1D, digits as noisy curves of 40 points.
    Mnist1d,
    /// Shapes-10, 32×32 colour pictures of ten figures.
    Shapes,
    /// Shapes-10 in grey, 16×16.
    ShapesGrey,
    /// Regression of a Chebyshev polynomial on even points.
    Chebyshev,
    /// Two interleaved spirals in the plane.
    Spirals,
    /// Gaussian clusters.
    Clusters,
    /// Regression of a random network's answers.
    Teacher,
    /// The classes that a random network names.
    TeacherClasses,
    /// Linear regression of 50 numbers on 50 whitened ones.
    DeepLinear,
    /// Strings of symbols to be put in order.
    Sorting,
    /// One point, x = 1 and y = 0.
    Point,
}
words!(TaskName {
    Fashion => "fashion", Digits => "digits", Mnist1d => "mnist1d",
    Shapes => "shapes", ShapesGrey => "shapes-grey",
    Chebyshev => "chebyshev", Spirals => "spirals", Clusters => "clusters",
    Teacher => "teacher", TeacherClasses => "teacher-classes", DeepLinear => "deep-linear",
    Sorting => "sorting", Point => "point",
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
    /// A sequence of symbols, each stored as its index in 0..`vocabulary`; predictions belong to the
    /// last tokens, one each.
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
    /// Learning rate at which gradient descent reaches the edge of stability on the default net;
    /// for a task that net cannot read, a rate to start from.
    pub default_lr: f64,
    /// Training examples used unless said otherwise.
    pub default_n_train: usize,
    /// Training examples that make sense at least.
    pub min_n_train: usize,
    /// Training examples there are.
    pub max_n_train: usize,
    /// Test examples, fewer only of strings too short for as many; 0 where the training points are
    /// the whole task.
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

impl TaskSpec {
    /// The catalogue row of its task, with the sizes that the settings give it.
    #[must_use]
    pub fn info(&self) -> TaskInfo {
        let row = *self.name.info();
        if self.name != TaskName::Sorting {
            return row;
        }
        let (length, vocabulary) = (self.length.saturating_mul(2).saturating_sub(1), self.symbols);
        TaskInfo {
            n_inputs: length,
            shape: InputShape::Tokens { length, vocabulary },
            n_positions: self.length,
            answer: Answer::Class(self.symbols),
            ..row
        }
    }
}

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
    fn the_row_of_the_default_settings_is_the_catalogue_s() {
        for row in &TASKS {
            let spec = TaskSpec { name: row.name, ..TaskSpec::default() };
            assert_eq!(format!("{:?}", spec.info()), format!("{row:?}"));
        }
    }

    #[test]
    fn one_output_is_shared_by_two_classes_of_a_whole_example_only() {
        assert_eq!(TaskName::Spirals.info().n_outputs(Loss::Mse), 1);
        assert_eq!(TaskName::Spirals.info().n_outputs(Loss::CrossEntropy), 2);
        assert_eq!(TaskName::DeepLinear.info().n_outputs(Loss::Mse), 50);
        let strings = TaskSpec { name: TaskName::Sorting, symbols: 2, ..TaskSpec::default() };
        assert_eq!(strings.info().n_outputs(Loss::Mse), 2);
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
