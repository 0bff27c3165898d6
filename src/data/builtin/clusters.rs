//! Gaussian clusters: ten classes in twenty dimensions.

use crate::data::scaling::Scaling;
use crate::data::{
    Answer, DataError, Examples, InputShape, Parameter, Parameters, Request, Source, Split,
    TaskInfo,
};
use crate::random::{Purpose, Stream};

/// Test examples.
const N_TEST: usize = 1000;
/// Clusters.
const N_CLUSTERS: usize = 10;
/// Input dimensions.
const N_DIMENSIONS: usize = 20;

/// The task of ten Gaussian clusters.
pub(super) struct Clusters;

impl Source for Clusters {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description: "Gaussian clusters: ten clouds in twenty dimensions".into(),
            scaling: "per-input mean and one global standard deviation over the training examples"
                .into(),
            default_lr: 0.3,
            default_n_train: 1000,
            min_n_train: 2,
            max_n_train: 10_000,
            n_test: N_TEST,
            n_inputs: N_DIMENSIONS,
            shape: InputShape::Flat,
            n_positions: 1,
            answer: Answer::Class(N_CLUSTERS),
            reads: vec![Parameter::Separation],
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = clusters(request.n_train, request.parameters.separation, request.seed);
        Ok(Split::with_test(train, test))
    }
}

/// Ten Gaussian clusters around random centres of scale `separation`, in cyclic class order;
/// training and test examples.
///
/// Centred per input and scaled by one standard deviation, both of the training examples.
fn clusters(n_train: usize, separation: f64, seed: u64) -> (Examples, Examples) {
    // μ_c = a·N_d
    let mut stream = Stream::new(seed, Purpose::Data, 0);
    let centres: Vec<f64> =
        (0..N_CLUSTERS * N_DIMENSIONS).map(|_| separation * stream.normal()).collect();
    // One stream per example, so the first examples do not depend on their number.
    let mut train = cloud(&centres, n_train, |i| Stream::new(seed, Purpose::Data, 1 + i));
    let mut test = cloud(&centres, N_TEST, |i| Stream::new(seed, Purpose::Test, i));
    let scaling = Scaling::per_input(&train, N_DIMENSIONS, 1.0);
    scaling.apply(&mut train);
    scaling.apply(&mut test);
    (labelled_in_turn(train), labelled_in_turn(test))
}

/// `x = μ_c + N_d` for `n` examples, unscaled.
fn cloud(centres: &[f64], n: usize, stream: impl Fn(u64) -> Stream) -> Vec<f64> {
    let mut inputs = Vec::with_capacity(n * N_DIMENSIONS);
    for (i, centre) in centres.chunks_exact(N_DIMENSIONS).cycle().take(n).enumerate() {
        let mut stream = stream(i as u64);
        inputs.extend(centre.iter().map(|mu| mu + stream.normal()));
    }
    inputs
}

fn labelled_in_turn(inputs: Vec<f64>) -> Examples {
    let n = inputs.len() / N_DIMENSIONS;
    let labels = (0_u32..10).cycle().take(n).collect();
    Examples::classified(inputs, labels, N_CLUSTERS)
}

#[cfg(test)]
mod tests {
    use super::clusters;

    #[test]
    fn clusters_are_centred_scaled_and_balanced_with_fresh_test_examples() {
        let (train, test) = clusters(1000, 1.0, 1);
        for input in 0..20 {
            let sum: f64 = train.inputs.iter().skip(input).step_by(20).sum();
            assert!(sum.abs() < 1e-9, "input {input}: {sum}");
        }
        let power = train.inputs.iter().map(|x| x * x).sum::<f64>() / 20_000.0;
        assert!((power - 1.0).abs() < 1e-12);
        let labels = train.labels.unwrap();
        assert!((0..10).all(|c| labels.iter().filter(|label| **label == c).count() == 100));
        assert_eq!(test.n, 1000);
        assert!(!train.inputs.chunks_exact(20).any(|x| x == &test.inputs[..20]));
    }

    #[test]
    fn cluster_centres_are_shared_by_train_and_test_and_separation_moves_them_apart() {
        // Share of the variance that lies between the classes: a²/(a² + 1), here of ten centres.
        for (a, low, high) in [(0.0, 0.0, 0.02), (1.0, 0.35, 0.6), (4.0, 0.9, 0.97)] {
            let (train, test) = clusters(1000, a, 3);
            let mean_of = |inputs: &[f64], c: usize, k: usize| {
                (0..100).map(|i| inputs[(10 * i + c) * 20 + k]).sum::<f64>() / 100.0
            };
            let mut between = 0.0;
            for c in 0..10 {
                for k in 0..20 {
                    let (m, m_test) = (mean_of(&train.inputs, c, k), mean_of(&test.inputs, c, k));
                    between += m * m / 200.0;
                    assert!((m - m_test).abs() < 0.7, "class {c}: {m}, {m_test}");
                }
            }
            assert!((low..high).contains(&between), "a = {a}: {between}");
        }
    }
}
