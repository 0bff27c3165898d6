//! Loads a task's examples.

use super::{DataError, Examples, InputShape, Request, Split, TaskSource};

/// A data set, scaled and ready for training.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Training examples.
    pub train: Examples,
    /// Test examples; `None` if the training examples are the whole task.
    pub test: Option<Examples>,
    /// Inputs per example.
    pub n_inputs: usize,
    /// Input layout.
    pub shape: InputShape,
    /// Predictions per example.
    pub n_positions: usize,
    /// Network outputs per prediction.
    pub n_outputs: usize,
    /// CRC-32 of all inputs and targets as eight hexadecimal digits.
    pub hash: String,
}

/// Loads the requested examples of a task.
///
/// Generated examples depend on the seed, as does the choice of those of the user's file; embedded
/// ones do not.
///
/// # Errors
/// The number of training examples is out of range, or a file cannot be read.
pub fn load(source: &TaskSource, request: &Request) -> Result<Task, DataError> {
    let info = source.info(&request.parameters, request.n_train)?;
    let (asked, n_outputs) = (request.n_train, request.n_outputs);
    if !info.n_train().contains(&asked) {
        let (least, available) = info.n_train().into_inner();
        return Err(DataError::Count { task: source.to_string(), asked, least, available });
    }
    let Split { train, test } = source.examples(request)?;
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
    use super::*;
    use crate::config::{Loss, TaskSpec};
    use crate::data::{BuiltinTask, TaskInfo};

    fn spec(task: BuiltinTask, n_train: usize) -> TaskSpec {
        TaskSpec { name: task.into(), n_train, ..TaskSpec::default() }
    }

    fn load(spec: &TaskSpec, loss: Loss, seed: u64) -> Result<Task, DataError> {
        super::load(&spec.name, &spec.request(loss, seed).unwrap())
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
    fn every_task_matches_its_metadata() {
        for (name, info) in BuiltinTask::ALL.iter().map(|task| (*task, task.info())) {
            for loss in Loss::ALL {
                if info.n_classes().is_none() && *loss == Loss::CrossEntropy {
                    continue;
                }
                for n_train in [info.min_n_train, info.default_n_train, info.max_n_train] {
                    let task = load(&spec(name, n_train), *loss, 1).unwrap();
                    let n_outputs = info.n_outputs(*loss);
                    assert_eq!((task.n_inputs, task.n_outputs), (info.n_inputs, n_outputs));
                    assert_eq!((task.shape, task.n_positions), (info.shape, info.n_positions));
                    assert_shapes(&task.train, n_train, &info, n_outputs);
                    assert_eq!(task.test.as_ref().map_or(0, |test| test.n), info.n_test);
                    if let Some(test) = &task.test {
                        assert_shapes(test, info.n_test, &info, n_outputs);
                    }
                    assert_eq!(task.train.labels.is_some(), info.n_classes().is_some());
                }
            }
        }
    }

    #[test]
    fn targets_agree_with_the_labels() {
        for (name, loss) in [
            (BuiltinTask::Digits, Loss::Mse),
            (BuiltinTask::Spirals, Loss::Mse),
            (BuiltinTask::Spirals, Loss::CrossEntropy),
            (BuiltinTask::Clusters, Loss::CrossEntropy),
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
    fn generated_tasks_depend_on_the_seed_and_embedded_ones_do_not() {
        for (name, info) in BuiltinTask::ALL.iter().map(|task| (*task, task.info())) {
            let n = info.min_n_train.max(info.max_n_train.min(20));
            let of = |seed| load(&spec(name, n), Loss::Mse, seed).unwrap();
            let (task, other) = (of(1), of(2));
            assert_eq!(task, of(1));
            let is_drawn = !matches!(
                name,
                BuiltinTask::Fashion
                    | BuiltinTask::Digits
                    | BuiltinTask::Chebyshev
                    | BuiltinTask::Point
            );
            assert_eq!(task != other, is_drawn, "{name}");
            assert_eq!(task.hash != other.hash, is_drawn, "{name}");
        }
    }

    #[test]
    fn the_examples_of_a_seed_never_change() {
        let pinned = [
            (BuiltinTask::Fashion, "0a9c3bca"),
            (BuiltinTask::Digits, "2ee99f8c"),
            (BuiltinTask::Mnist1d, "720b2bc0"),
            (BuiltinTask::Shapes, "b0eb19d6"),
            (BuiltinTask::ShapesGrey, "065cfede"),
            (BuiltinTask::Chebyshev, "2980b6e4"),
            (BuiltinTask::Spirals, "f2e7ca02"),
            (BuiltinTask::Clusters, "aec2bbf1"),
            (BuiltinTask::Teacher, "9c4054b9"),
            (BuiltinTask::TeacherClasses, "20ca7204"),
            (BuiltinTask::DeepLinear, "1c853f20"),
            (BuiltinTask::Sorting, "c51fe884"),
            (BuiltinTask::Point, "0d7fc8cf"),
        ];
        assert_eq!(pinned.map(|(name, _)| name), BuiltinTask::ALL);
        for (name, hash) in pinned {
            let task = load(&spec(name, name.info().default_n_train), Loss::Mse, 1).unwrap();
            assert_eq!(task.hash, hash, "{name}");
        }
    }

    #[test]
    fn a_sorting_task_has_the_configured_sizes() {
        for (length, symbols) in [(2, 2), (6, 3), (16, 10)] {
            let spec = TaskSpec { length, symbols, ..spec(BuiltinTask::Sorting, 2) };
            for loss in [Loss::Mse, Loss::CrossEntropy] {
                let task = load(&spec, loss, 1).unwrap();
                assert_eq!((task.n_inputs, task.n_positions), (2 * length - 1, length));
                assert_eq!(task.n_outputs, symbols);
                let shape = InputShape::Tokens { length: 2 * length - 1, vocabulary: symbols };
                assert_eq!(task.shape, shape);
                assert_shapes(&task.train, 2, &spec.info().unwrap(), symbols);
            }
        }
    }

    #[test]
    fn the_hash_is_eight_digits_and_changes_with_the_data() {
        let of = |degree| {
            let spec = TaskSpec { degree, ..spec(BuiltinTask::Chebyshev, 20) };
            load(&spec, Loss::Mse, 1).unwrap().hash
        };
        assert_eq!(of(3).len(), 8);
        assert_ne!(of(3), of(4));
    }

    #[test]
    fn too_few_and_too_many_examples_are_refused() {
        for n_train in [0, 1, 1501] {
            let error = load(&spec(BuiltinTask::Digits, n_train), Loss::Mse, 1).unwrap_err();
            let (task, least, available) = ("digits".to_owned(), 2, 1500);
            assert_eq!(error, DataError::Count { task, asked: n_train, least, available });
        }
    }
}
