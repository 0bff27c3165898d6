//! Random teacher: regression of the output of a tanh network with random weights.
//!
//! The hyperbolic tangent comes from `libm`, so a seed gives the same targets on every platform.

use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};
use crate::random::{Purpose, Stream};

/// Number of inputs of the teacher.
pub(super) const N_INPUTS: usize = 10;
/// Number of hidden units of the teacher.
const N_HIDDEN: usize = 20;
/// Test examples.
pub(super) const N_TEST: usize = 1000;

/// The task of regressing a teacher's output.
pub(super) struct Teacher;

impl Source for Teacher {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description:
                "Random teacher: regression of the output of a random tanh network with ten inputs and 20 \
                 hidden units"
                    .into(),
            scaling: "targets by one factor to standard deviation 1 over the training examples"
                .into(),
            default_lr: 0.5,
            default_n_train: 500,
            min_n_train: 2,
            max_n_train: 10_000,
            n_test: N_TEST,
            n_inputs: N_INPUTS,
            shape: InputShape::Flat,
            n_positions: 1,
            answer: Answer::Values(1),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = values(request.n_train, request.seed);
        Ok(Split::with_test(train, test))
    }
}

/// The teacher f(x) = W₂·tanh(W₁x) with W₁ = 1.5·N(m × d)/√d and W₂ = N(k × m)/√m.
pub(super) struct Network {
    /// W₁, row-major m × d.
    first: Vec<f64>,
    /// W₂, row-major k × m.
    second: Vec<f64>,
}

/// `n_train` training and 1,000 test examples with one target each, scaled to standard deviation 1
/// over the training examples.
pub(super) fn values(n_train: usize, seed: u64) -> (Examples, Examples) {
    let teacher = Network::draw(1, seed);
    let [mut train, mut test] = inputs(n_train, seed).map(|inputs| {
        let targets: Vec<f64> = inputs.chunks_exact(N_INPUTS).flat_map(|x| teacher.of(x)).collect();
        Examples { n: targets.len(), inputs, targets, labels: None }
    });
    // y ← y/std(y)
    let mean = train.targets.iter().sum::<f64>() / train.n as f64;
    let squares: f64 = train.targets.iter().map(|y| (y - mean) * (y - mean)).sum();
    let deviation = (squares / train.n as f64).sqrt();
    for targets in [&mut train.targets, &mut test.targets] {
        for y in targets {
            *y /= deviation;
        }
    }
    (train, test)
}

/// Standard normal inputs of training and test examples, with one stream per example.
pub(super) fn inputs(n_train: usize, seed: u64) -> [Vec<f64>; 2] {
    // Stream 0 of the training data draws the teacher.
    [(n_train, Purpose::Data, 1), (N_TEST, Purpose::Test, 0)].map(|(n, purpose, first)| {
        let example = |i: usize| {
            let mut stream = Stream::new(seed, purpose, first + i as u64);
            [(); N_INPUTS].map(|()| stream.normal())
        };
        (0..n).flat_map(example).collect()
    })
}

impl Network {
    pub(super) fn draw(n_outputs: usize, seed: u64) -> Self {
        let mut stream = Stream::new(seed, Purpose::Data, 0);
        let mut weights = |n: usize, scale: f64, n_inputs: usize| -> Vec<f64> {
            let factor = scale / (n_inputs as f64).sqrt();
            (0..n * n_inputs).map(|_| factor * stream.normal()).collect()
        };
        let first = weights(N_HIDDEN, 1.5, N_INPUTS);
        let second = weights(n_outputs, 1.0, N_HIDDEN);
        Self { first, second }
    }

    /// The outputs at `x`.
    pub(super) fn of(&self, x: &[f64]) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let rows = self.first.chunks_exact(N_INPUTS);
        let hidden: Vec<f64> = rows.map(|row| libm::tanh(dot(row, x))).collect();
        self.second.chunks_exact(N_HIDDEN).map(|row| dot(row, &hidden)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_have_standard_deviation_one_over_the_training_examples() {
        for n in [2, 500, 3000] {
            let (train, test) = values(n, 1);
            assert_eq!((train.n, test.n), (n, N_TEST));
            let deviation = |y: &[f64]| {
                let mean = y.iter().sum::<f64>() / y.len() as f64;
                (y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / y.len() as f64).sqrt()
            };
            assert!((deviation(&train.targets) - 1.0).abs() < 1e-12);
            if n > 2 {
                let found = deviation(&test.targets);
                assert!((found - 1.0).abs() < 0.12, "{n}: {found}");
            }
        }
    }

    #[test]
    fn a_teacher_is_an_odd_function_and_saturates() {
        let teacher = Network::draw(1, 4);
        let x: Vec<f64> = (0..10).map(|i| 0.3 * f64::from(i) - 1.0).collect();
        let times = |factor: f64| {
            let x: Vec<f64> = x.iter().map(|x| factor * x).collect();
            teacher.of(&x)[0]
        };
        assert_eq!(times(-1.0), -times(1.0));
        assert_eq!(times(0.0), 0.0);
        assert!((times(1e6) - times(1e7)).abs() < 1e-12 && times(1e6) != 0.0);
    }

    #[test]
    fn weights_have_the_stated_variances() {
        let mut power = [0.0; 2];
        for seed in 0..50 {
            let teacher = Network::draw(10, seed);
            for (power, weights) in power.iter_mut().zip([&teacher.first, &teacher.second]) {
                *power += weights.iter().map(|w| w * w).sum::<f64>() / weights.len() as f64 / 50.0;
            }
        }
        // 1.5²/d and 1/m, of 10,000 numbers each.
        assert!((power[0] / 0.225 - 1.0).abs() < 0.06, "{power:?}");
        assert!((power[1] / 0.05 - 1.0).abs() < 0.06, "{power:?}");
    }
}
