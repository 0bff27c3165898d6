//! Textbook ways to the largest eigenvalue, as a comparison; each returns its value and products.

use eoscope::curvature::{HessianOperator, LanczosOptions, Operator, lanczos};
use eoscope::random::{Purpose, Stream};
use nalgebra::{DMatrix, DVector};

/// What the warm ones carry from step to step.
pub(crate) struct Baselines {
    power: Vec<f64>,
    block: Vec<Vec<f64>>,
    step: u64,
}

/// Value of λ₁ and products spent.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) value: f64,
    pub(crate) n_products: u32,
}

/// Products of the warm power iteration.
const N_POWER: u32 = 5;

/// Relative change at which the power iteration of `PyHessian` ends (arXiv 1912.07145).
const PYHESSIAN_TOLERANCE: f64 = 1e-3;

/// Vectors in the block of LOBPCG.
const N_BLOCK: u32 = 2;

/// Residual and iterations at which LOBPCG ends.
const LOBPCG: (f64, u32) = (1e-2, 5);

pub(crate) const NAMES: [&str; 4] = [
    "cold Lanczos, residual 1e-3",
    "warm power iteration, 5",
    "PyHessian's rule",
    "warm LOBPCG, block 2",
];

impl Baselines {
    pub(crate) fn new(dim: usize) -> Self {
        let block = (1..=u64::from(N_BLOCK)).map(|index| random(dim, index)).collect();
        Self { power: random(dim, 0), block, step: 100 }
    }

    /// λ₁ by each of [`NAMES`].
    pub(crate) fn measure(&mut self, operator: &mut HessianOperator) -> [Found; 4] {
        self.step += 1;
        let dim = operator.dim();
        let options = LanczosOptions { tolerance: 1e-3, min_steps: 1, max_steps: 60 };
        let (pair, n_products) = lanczos(operator, random(dim, self.step), options).unwrap();
        let cold = Found { value: pair.value, n_products };
        let mut value = 0.0;
        for _ in 0..N_POWER {
            value = power(operator, &mut self.power);
        }
        let warm = Found { value, n_products: N_POWER };
        [cold, warm, pyhessian(operator, random(dim, self.step)), self.lobpcg(operator)]
    }

    /// Locally optimal block preconditioned conjugate gradients, without a preconditioner (Knyazev
    /// 2001), from the block of the step before.
    fn lobpcg(&mut self, operator: &mut HessianOperator) -> Found {
        let (tolerance, n_rounds) = LOBPCG;
        let mut space = orthonormal(std::mem::take(&mut self.block));
        let n = space.len();
        let mut products = operator.apply(&space).unwrap();
        let mut n_products = N_BLOCK;
        let mut before: Vec<Vec<f64>> = Vec::new();
        for round in 0.. {
            let m = space.len();
            let matrix = DMatrix::from_fn(m, m, |i, j| dot(&space[i], &products[j]));
            let eigen = ((&matrix + matrix.transpose()) * 0.5).symmetric_eigen();
            let mut order: Vec<usize> = (0..m).collect();
            order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
            let of = |i: usize, from: &[Vec<f64>]| {
                combine(&eigen.eigenvectors.column(order[i]).into_owned(), from)
            };
            let found: Vec<Vec<f64>> = (0..n).map(|i| of(i, &space)).collect();
            let images: Vec<Vec<f64>> = (0..n).map(|i| of(i, &products)).collect();
            let value = |i: usize| eigen.eigenvalues[order[i]];
            let rests: Vec<Vec<f64>> =
                (0..n).map(|i| minus(&images[i], &found[i], value(i))).collect();
            let residual = dot(&rests[0], &rests[0]).sqrt() / value(0).abs();
            if residual <= tolerance || round >= n_rounds {
                self.block = found;
                return Found { value: value(0), n_products };
            }
            let directions: Vec<Vec<f64>> = (0..before.len())
                .map(|i| minus(&found[i], &before[i], dot(&found[i], &before[i])))
                .collect();
            before.clone_from(&found);
            let all: Vec<_> = found.into_iter().chain(rests).chain(directions).collect();
            let kept = orthonormal(all);
            // A product for every vector that is new; those of the old ones are combinations.
            n_products += N_BLOCK;
            products = operator.apply(&kept).unwrap();
            space = kept;
        }
        unreachable!("the loop returns")
    }
}

/// Cold power iteration until the Rayleigh quotient changes by less than a thousandth.
fn pyhessian(operator: &mut HessianOperator, mut v: Vec<f64>) -> Found {
    let (mut before, mut n_products) = (f64::INFINITY, 0);
    loop {
        let value = power(operator, &mut v);
        n_products += 1;
        if ((value - before) / (before.abs() + 1e-6)).abs() < PYHESSIAN_TOLERANCE
            || n_products == 100
        {
            return Found { value, n_products };
        }
        before = value;
    }
}

/// v ← Hv/‖Hv‖; returns vᵀHv of the vector before.
fn power(operator: &mut HessianOperator, v: &mut Vec<f64>) -> f64 {
    let product = operator.apply(std::slice::from_ref(v)).unwrap().pop().unwrap();
    let value = dot(v, &product);
    let length = dot(&product, &product).sqrt();
    *v = product.into_iter().map(|x| x / length).collect();
    value
}

fn random(dim: usize, index: u64) -> Vec<f64> {
    let mut stream = Stream::new(7, Purpose::Test, index);
    let length = (dim as f64).sqrt();
    (0..dim).map(|_| stream.sign() / length).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn minus(a: &[f64], b: &[f64], c: f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - c * b).collect()
}

fn combine(coefficients: &DVector<f64>, vectors: &[Vec<f64>]) -> Vec<f64> {
    let mut sum = vec![0.0; vectors[0].len()];
    for (c, v) in coefficients.iter().zip(vectors) {
        for (s, x) in sum.iter_mut().zip(v) {
            *s += c * x;
        }
    }
    sum
}

fn orthonormal(vectors: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut kept: Vec<Vec<f64>> = Vec::new();
    for mut v in vectors {
        let before = dot(&v, &v).sqrt();
        for _ in 0..2 {
            for q in &kept {
                v = minus(&v, q, dot(q, &v));
            }
        }
        let length = dot(&v, &v).sqrt();
        if length > 1e-8 * before {
            kept.push(v.into_iter().map(|x| x / length).collect());
        }
    }
    kept
}
