//! Tasks: embedded sets and generators, each with its scaling.
//! Knows nothing of networks, training or where files lie.

mod embedded;
mod error;
mod generated;
pub mod idx;
mod linear;
mod mnist1d;
pub mod sampling;
mod scaling;
mod shapes;
mod sorting;
mod teacher;

pub use error::DataError;

use shapes::Colours;

use crate::config::{InputShape, Loss, TaskName, TaskSpec};

/// A data set, scaled and ready for training.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Training examples.
    pub train: Examples,
    /// Test examples; `None` where the training points are the whole task.
    pub test: Option<Examples>,
    /// Numbers an example has.
    pub n_inputs: usize,
    /// How they lie.
    pub shape: InputShape,
    /// Predictions an example asks for.
    pub n_positions: usize,
    /// Network outputs a prediction.
    pub n_outputs: usize,
    /// CRC-32 of all inputs and targets, eight hexadecimal digits: equal for equal data.
    pub hash: String,
}

/// Inputs with what the network should answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    /// Number of examples.
    pub n: usize,
    /// Row-major n × `n_inputs`.
    pub inputs: Vec<f64>,
    /// Row-major n × (`n_positions` × `n_outputs`): one-hot 0/1, regression values, or −1 for class
    /// 0 and +1 for class 1 where two classes share one output.
    pub targets: Vec<f64>,
    /// Row-major n × `n_positions`: classes from 0; `None` for regression.
    pub labels: Option<Vec<u32>>,
}

impl Examples {
    /// Targets from classes: ±1 for one output, one-hot for more.
    fn classified(inputs: Vec<f64>, labels: Vec<u32>, n_outputs: usize) -> Self {
        let targets = if n_outputs == 1 {
            labels.iter().map(|label| if *label == 0 { -1.0 } else { 1.0 }).collect()
        } else {
            let mut targets = vec![0.0; labels.len() * n_outputs];
            for (row, label) in targets.chunks_exact_mut(n_outputs).zip(&labels) {
                row[*label as usize] = 1.0;
            }
            targets
        };
        Self { n: labels.len(), inputs, targets, labels: Some(labels) }
    }
}

/// The task that `spec` asks for, with targets in the form that `loss` takes.
///
/// Generated examples depend on `seed`; embedded ones do not.
///
/// # Errors
/// Too few training examples, or more than there are; cross-entropy on a regression; an embedded
/// file that cannot be read.
pub fn load(spec: &TaskSpec, loss: Loss, seed: u64) -> Result<Task, DataError> {
    let info = spec.info();
    let n_train = spec.n_train;
    if !info.n_train().contains(&n_train) {
        let (least, available) = info.n_train().into_inner();
        return Err(DataError::Count { task: spec.name, asked: n_train, least, available });
    }
    if loss == Loss::CrossEntropy && info.n_classes().is_none() {
        return Err(DataError::NoClasses { task: spec.name });
    }
    let n_outputs = info.n_outputs(loss);
    let with_test = |(train, test)| (train, Some(test));
    let (train, test) = match spec.name {
        TaskName::Fashion => with_test(embedded::fashion(n_train)?),
        TaskName::Digits => with_test(embedded::digits(n_train)?),
        TaskName::Mnist1d => with_test(mnist1d::mnist1d(n_train, seed)),
        TaskName::Shapes => with_test(shapes::shapes(n_train, Colours::Rgb, seed)),
        TaskName::ShapesGrey => with_test(shapes::shapes(n_train, Colours::Grey, seed)),
        TaskName::Chebyshev => (generated::chebyshev(n_train, spec.degree), None),
        TaskName::Spirals => with_test(generated::spirals(n_train, n_outputs, seed)),
        TaskName::Teacher => with_test(teacher::values(n_train, seed)),
        TaskName::TeacherClasses => with_test(teacher::classes(n_train, seed)),
        TaskName::DeepLinear => (linear::deep_linear(n_train, seed), None),
        TaskName::Sorting => with_test(sorting::sorting(spec, seed)?),
        TaskName::Point => (generated::point(), None),
        TaskName::Clusters => with_test(generated::clusters(n_train, spec.separation, seed)),
    };
    let hash = hash(&train, test.as_ref());
    let (n_inputs, shape, n_positions) = (info.n_inputs, info.shape, info.n_positions);
    Ok(Task { train, test, n_inputs, shape, n_positions, n_outputs, hash })
}

fn hash(train: &Examples, test: Option<&Examples>) -> String {
    let mut crc = flate2::Crc::new();
    for examples in [Some(train), test].into_iter().flatten() {
        for numbers in [&examples.inputs, &examples.targets] {
            let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
            crc.update(&bytes);
        }
    }
    format!("{:08x}", crc.sum())
}

#[cfg(test)]
mod tests {
    use super::{DataError, Examples, load};
    use crate::config::{InputShape, Loss, TASKS, TaskInfo, TaskName, TaskSpec};

    fn spec(name: TaskName, n_train: usize) -> TaskSpec {
        TaskSpec { name, n_train, ..TaskSpec::default() }
    }

    fn assert_shapes(examples: &Examples, n: usize, info: &TaskInfo, n_outputs: usize) {
        assert_eq!(examples.n, n);
        assert_eq!(examples.inputs.len(), n * info.n_inputs);
        assert_eq!(examples.targets.len(), n * info.n_positions * n_outputs);
        assert!(examples.inputs.iter().chain(&examples.targets).all(|x| x.is_finite()));
        if let Some(labels) = &examples.labels {
            assert_eq!(labels.len(), n * info.n_positions);
            let n_classes = info.n_classes().unwrap();
            assert!(labels.iter().all(|label| (*label as usize) < n_classes));
        }
    }

    #[test]
    fn every_task_is_what_the_catalogue_says() {
        for info in &TASKS {
            for loss in Loss::ALL {
                if info.n_classes().is_none() && *loss == Loss::CrossEntropy {
                    continue;
                }
                for n_train in [info.min_n_train, info.default_n_train, info.max_n_train] {
                    let task = load(&spec(info.name, n_train), *loss, 1).unwrap();
                    let n_outputs = info.n_outputs(*loss);
                    assert_eq!((task.n_inputs, task.n_outputs), (info.n_inputs, n_outputs));
                    assert_eq!((task.shape, task.n_positions), (info.shape, info.n_positions));
                    assert_shapes(&task.train, n_train, info, n_outputs);
                    assert_eq!(task.test.as_ref().map_or(0, |test| test.n), info.n_test);
                    if let Some(test) = &task.test {
                        assert_shapes(test, info.n_test, info, n_outputs);
                    }
                    assert_eq!(task.train.labels.is_some(), info.n_classes().is_some());
                }
            }
        }
    }

    #[test]
    fn targets_agree_with_the_labels() {
        for (name, loss) in [
            (TaskName::Digits, Loss::Mse),
            (TaskName::Spirals, Loss::Mse),
            (TaskName::Spirals, Loss::CrossEntropy),
            (TaskName::Clusters, Loss::CrossEntropy),
        ] {
            let task = load(&spec(name, 50), loss, 1).unwrap();
            let labels = task.train.labels.unwrap();
            for (row, label) in task.train.targets.chunks_exact(task.n_outputs).zip(labels) {
                if task.n_outputs == 1 {
                    assert_eq!(row[0], 2.0 * f64::from(label) - 1.0);
                } else {
                    let wanted = |k| if k == label as usize { 1.0 } else { 0.0 };
                    assert!(row.iter().enumerate().all(|(k, x)| *x == wanted(k)), "{name}");
                }
            }
        }
    }

    #[test]
    fn generated_tasks_follow_the_seed_and_embedded_ones_do_not() {
        for info in &TASKS {
            let n = info.min_n_train.max(info.max_n_train.min(20));
            let of = |seed| load(&spec(info.name, n), Loss::Mse, seed).unwrap();
            let (task, other) = (of(1), of(2));
            assert_eq!(task, of(1));
            let is_drawn = !matches!(
                info.name,
                TaskName::Fashion | TaskName::Digits | TaskName::Chebyshev | TaskName::Point
            );
            assert_eq!(task != other, is_drawn, "{}", info.name);
            assert_eq!(task.hash != other.hash, is_drawn, "{}", info.name);
        }
    }

    #[test]
    fn the_examples_of_a_seed_never_change() {
        let pinned = [
            (TaskName::Fashion, "0a9c3bca"),
            (TaskName::Digits, "2ee99f8c"),
            (TaskName::Mnist1d, "720b2bc0"),
            (TaskName::Shapes, "b0eb19d6"),
            (TaskName::ShapesGrey, "065cfede"),
            (TaskName::Chebyshev, "2980b6e4"),
            (TaskName::Spirals, "f2e7ca02"),
            (TaskName::Clusters, "aec2bbf1"),
            (TaskName::Teacher, "9c4054b9"),
            (TaskName::TeacherClasses, "20ca7204"),
            (TaskName::DeepLinear, "1c853f20"),
            (TaskName::Sorting, "c51fe884"),
            (TaskName::Point, "0d7fc8cf"),
        ];
        assert_eq!(pinned.map(|(name, _)| name), TaskName::ALL);
        for (name, hash) in pinned {
            let task = load(&spec(name, name.info().default_n_train), Loss::Mse, 1).unwrap();
            assert_eq!(task.hash, hash, "{name}");
        }
    }

    #[test]
    fn a_sorting_task_is_as_large_as_its_settings_say() {
        for (length, symbols) in [(2, 2), (6, 3), (16, 10)] {
            let spec = TaskSpec { length, symbols, ..spec(TaskName::Sorting, 2) };
            for loss in [Loss::Mse, Loss::CrossEntropy] {
                let task = load(&spec, loss, 1).unwrap();
                assert_eq!((task.n_inputs, task.n_positions), (2 * length - 1, length));
                assert_eq!(task.n_outputs, symbols);
                let shape = InputShape::Tokens { length: 2 * length - 1, vocabulary: symbols };
                assert_eq!(task.shape, shape);
                assert_shapes(&task.train, 2, &spec.info(), symbols);
            }
        }
    }

    #[test]
    fn the_hash_is_eight_digits_and_changes_with_the_data() {
        let of = |degree| {
            let spec = TaskSpec { degree, ..spec(TaskName::Chebyshev, 20) };
            load(&spec, Loss::Mse, 1).unwrap().hash
        };
        assert_eq!(of(3).len(), 8);
        assert_ne!(of(3), of(4));
    }

    #[test]
    fn too_many_examples_and_cross_entropy_on_a_regression_are_refused() {
        for n_train in [0, 1, 1501] {
            let error = load(&spec(TaskName::Digits, n_train), Loss::Mse, 1).unwrap_err();
            let (task, least, available) = (TaskName::Digits, 2, 1500);
            assert_eq!(error, DataError::Count { task, asked: n_train, least, available });
        }
        let error = load(&spec(TaskName::Chebyshev, 20), Loss::CrossEntropy, 1).unwrap_err();
        assert_eq!(error, DataError::NoClasses { task: TaskName::Chebyshev });
    }
}
