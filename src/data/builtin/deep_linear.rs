//! Linear regression on whitened inputs, for deep linear networks (arXiv 2103.00065).

use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};
use crate::random::{Purpose, Stream};

/// Number of inputs and of outputs.
const N_DIMENSIONS: usize = 50;

/// A linear map of whitened inputs.
pub(super) struct DeepLinear;

impl Source for DeepLinear {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description:
                "Deep linear: regression of 50 numbers that depend linearly on 50 whitened inputs"
                    .into(),
            scaling: "XᵀX/n = 1".into(),
            default_lr: 0.005,
            default_n_train: N_DIMENSIONS,
            min_n_train: N_DIMENSIONS,
            max_n_train: 2000,
            n_test: 0,
            n_inputs: N_DIMENSIONS,
            shape: InputShape::Flat,
            n_positions: 1,
            answer: Answer::Values(N_DIMENSIONS),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        Ok(Split::train_only(deep_linear(request.n_train, request.seed)))
    }
}

/// X = √n·Q, so that XᵀX/n = 1, and Y = X·Aᵀ with standard normal A.
///
/// `n` is at least [`N_DIMENSIONS`]. Whitening couples the rows of X, so every example depends on
/// `n`.
fn deep_linear(n: usize, seed: u64) -> Examples {
    let mut stream = Stream::new(seed, Purpose::Data, 0);
    let answers: Vec<f64> = (0..N_DIMENSIONS * N_DIMENSIONS).map(|_| stream.normal()).collect();
    let columns = orthonormal(gaussian_columns(n, seed));
    let root = (n as f64).sqrt();
    let inputs: Vec<f64> =
        (0..n).flat_map(|i| columns.iter().map(move |column| root * column[i])).collect();
    let rows = inputs.chunks_exact(N_DIMENSIONS);
    let targets =
        rows.flat_map(|x| answers.chunks_exact(N_DIMENSIONS).map(|a| dot(a, x))).collect();
    Examples { n, inputs, targets, labels: None }
}

/// The columns of an n × d standard normal matrix, with one stream per row.
fn gaussian_columns(n: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut columns = vec![vec![0.0; n]; N_DIMENSIONS];
    for i in 0..n {
        let mut stream = Stream::new(seed, Purpose::Data, 1 + i as u64);
        for column in &mut columns {
            column[i] = stream.normal();
        }
    }
    columns
}

/// The Q of a QR decomposition by modified Gram–Schmidt with reorthogonalization, which is
/// orthogonal to rounding error. The order of summation is fixed, so Q has the same bits on every
/// platform.
fn orthonormal(mut columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for j in 0..columns.len() {
        let (done, rest) = columns.split_at_mut(j);
        let Some(column) = rest.first_mut() else { break };
        for q in done.iter().chain(done.iter()) {
            let along = dot(q, column);
            for (x, q) in column.iter_mut().zip(q) {
                *x -= along * q;
            }
        }
        let length = dot(column, column).sqrt();
        for x in column {
            *x /= length;
        }
    }
    columns
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_white_to_rounding_error() {
        for n in [50, 51, 200] {
            let examples = deep_linear(n, 1);
            let column = |j: usize| examples.inputs.iter().skip(j).step_by(N_DIMENSIONS);
            for i in 0..N_DIMENSIONS {
                for j in 0..N_DIMENSIONS {
                    let sum: f64 = column(i).zip(column(j)).map(|(a, b)| a * b).sum();
                    let wanted = f64::from(i == j);
                    assert!((sum / n as f64 - wanted).abs() < 1e-12, "n = {n}: ({i}, {j}) {sum}");
                }
            }
        }
    }

    #[test]
    fn targets_are_one_linear_map_of_the_inputs_with_normal_coefficients() {
        // A = YᵀX/n, because XᵀX/n = 1; the same A whatever n is.
        let map = |n: usize| -> Vec<f64> {
            let examples = deep_linear(n, 1);
            let mut map = vec![0.0; N_DIMENSIONS * N_DIMENSIONS];
            let rows = examples.inputs.chunks_exact(N_DIMENSIONS);
            for (x, y) in rows.zip(examples.targets.chunks_exact(N_DIMENSIONS)) {
                for (row, y) in map.chunks_exact_mut(N_DIMENSIONS).zip(y) {
                    row.iter_mut().zip(x).for_each(|(a, x)| *a += y * x / n as f64);
                }
            }
            map
        };
        let (few, more) = (map(50), map(120));
        assert!(few.iter().zip(&more).all(|(a, b)| (a - b).abs() < 1e-11));
        let power = few.iter().map(|a| a * a).sum::<f64>() / few.len() as f64;
        // Four standard errors of the variance of 2,500 normal numbers.
        assert!((power - 1.0).abs() < 4.0 * (2.0_f64 / 2500.0).sqrt(), "{power}");
    }
}
