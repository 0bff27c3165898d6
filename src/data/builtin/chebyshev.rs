//! Chebyshev: regression of a polynomial on evenly spaced points.
//!
//! Cosines come from `libm`, so the targets are the same on every platform.

use crate::data::{
    Answer, DataError, Examples, InputShape, Parameter, Parameters, Request, Source, Split,
    TaskInfo,
};

/// The polynomial `T_k`.
pub(super) struct Chebyshev;

impl Source for Chebyshev {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description:
                "Chebyshev: regression of the polynomial T_k on evenly spaced points of [−1, 1]"
                    .into(),
            scaling: "none".into(),
            default_lr: 0.2,
            default_n_train: 20,
            min_n_train: 2,
            max_n_train: 2000,
            n_test: 0,
            n_inputs: 1,
            shape: InputShape::Flat,
            n_positions: 1,
            answer: Answer::Values(1),
            reads: vec![Parameter::Degree],
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        Ok(Split::train_only(chebyshev(request.n_train, request.parameters.degree)))
    }
}

/// y = `T_k`(x) = cos(k·arccos x) on `n` evenly spaced points of [−1, 1], end points included.
fn chebyshev(n: usize, degree: u32) -> Examples {
    let last = n.saturating_sub(1).max(1) as f64;
    let inputs: Vec<f64> = (0..n).map(|i| (2.0 * i as f64 - last) / last).collect();
    let targets = inputs.iter().map(|x| libm::cos(f64::from(degree) * libm::acos(*x))).collect();
    Examples { n, inputs, targets, labels: None }
}

#[cfg(test)]
mod tests {
    use super::chebyshev;

    #[test]
    fn chebyshev_targets_are_the_polynomials_on_evenly_spaced_points() {
        let t = |k, x: f64| match k {
            1 => x,
            3 => 4.0 * x.powi(3) - 3.0 * x,
            4 => 8.0 * x.powi(4) - 8.0 * x * x + 1.0,
            6 => 32.0 * x.powi(6) - 48.0 * x.powi(4) + 18.0 * x * x - 1.0,
            _ => unreachable!(),
        };
        for k in [1, 3, 4, 6] {
            let examples = chebyshev(20, k);
            assert_eq!((examples.inputs[0], examples.inputs[19]), (-1.0, 1.0));
            for (i, (x, y)) in examples.inputs.iter().zip(&examples.targets).enumerate() {
                assert!((x - (-1.0 + 2.0 * i as f64 / 19.0)).abs() < 1e-15);
                assert!((y - t(k, *x)).abs() < 1e-13, "T{k}({x}) = {y}");
            }
        }
    }
}
