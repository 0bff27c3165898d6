//! Random teacher, classes: the class is the largest output of a tanh network with random weights.

use super::teacher::{N_INPUTS, N_TEST, Network, inputs};
use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};

/// Number of classes.
const N_CLASSES: usize = 10;

/// The task of classifying like a teacher.
pub(super) struct TeacherClasses;

impl Source for TeacherClasses {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description:
                "Random teacher, classes: the largest of ten outputs of a random tanh network"
                    .into(),
            scaling: "none".into(),
            default_lr: 0.3,
            default_n_train: 500,
            min_n_train: 2,
            max_n_train: 10_000,
            n_test: N_TEST,
            n_inputs: N_INPUTS,
            shape: InputShape::Flat,
            n_positions: 1,
            answer: Answer::Class(N_CLASSES),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = classes(request.n_train, request.seed);
        Ok(Split::with_test(train, test))
    }
}

/// `n_train` training and 1,000 test examples, labelled with the teacher's largest output.
fn classes(n_train: usize, seed: u64) -> (Examples, Examples) {
    let teacher = Network::draw(N_CLASSES, seed);
    let [train, test] = inputs(n_train, seed).map(|inputs| {
        let labels = inputs.chunks_exact(N_INPUTS).map(|x| largest(&teacher.of(x))).collect();
        Examples::classified(inputs, labels, N_CLASSES)
    });
    (train, test)
}

/// Index of the first maximum.
fn largest(y: &[f64]) -> u32 {
    let mut best = (0, f64::NEG_INFINITY);
    for (class, y) in (0..).zip(y) {
        if *y > best.1 {
            best = (class, *y);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_is_the_largest_output_and_every_class_occurs() {
        let (train, test) = classes(1000, 1);
        let teacher = Network::draw(N_CLASSES, 1);
        for examples in [&train, &test] {
            let labels = examples.labels.as_ref().unwrap();
            for (x, label) in examples.inputs.chunks_exact(N_INPUTS).zip(labels) {
                let y = teacher.of(x);
                assert!(y.iter().all(|other| *other <= y[*label as usize]));
            }
            let counts = (0..10).map(|c| labels.iter().filter(|label| **label == c).count());
            let counts: Vec<_> = counts.collect();
            assert!(counts.iter().all(|count| (20..300).contains(count)), "{counts:?}");
        }
    }

    #[test]
    fn both_tasks_have_the_same_inputs_and_the_first_do_not_depend_on_their_number() {
        let (few, test) = super::super::teacher::values(5, 1);
        let (more, same_test) = classes(50, 1);
        assert_eq!(few.inputs, more.inputs[..5 * N_INPUTS]);
        assert_eq!(test.inputs, same_test.inputs);
        assert_eq!(classes(5, 1).0.labels.unwrap(), more.labels.unwrap()[..5]);
        assert!(!more.inputs.chunks_exact(N_INPUTS).any(|x| x == &test.inputs[..N_INPUTS]));
    }
}
