//! The largest eigenvalues of the Hessian of a loss of one's own: the solver sees only an operator.
//!
//! Here it is logistic regression on 300 points; products cost two passes over the data.
//! `cargo run --release --example own_spectrum`

#![allow(clippy::print_stdout, reason = "an example tells what it found")]

use eoscope::curvature::{BlockOptions, Operator, Start, solve_block};
use eoscope::net::Halt;

/// H = Σ s(1 − s)·x·xᵀ/n with s = σ(x·w).
struct Logistic {
    points: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Logistic {
    fn product(&self, v: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; v.len()];
        for x in &self.points {
            let s = 1.0 / (1.0 + (-dot(x, &self.weights)).exp());
            let scale = s * (1.0 - s) * dot(x, v) / self.points.len() as f64;
            sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += scale * x);
        }
        sum
    }
}

impl Operator for Logistic {
    fn dim(&self) -> usize {
        self.weights.len()
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        Ok(vectors.iter().map(|v| self.product(v)).collect())
    }
}

fn main() -> Result<(), Halt> {
    let dim = 40;
    // Coordinates that fall off, in an order without pattern.
    let number = |i: usize, j: usize| ((i * i + i * j + 3 * j) as f64 * 0.618).sin();
    let point = |i: usize| (0..dim).map(|j| number(i, j) / (1.0 + j as f64)).collect();
    let points: Vec<Vec<f64>> = (0..300).map(point).collect();
    let mut hessian = Logistic { points, weights: vec![0.1; dim] };

    let random = |k: usize| (0..dim).map(|j| number(j, 1000 + k)).collect::<Vec<f64>>();
    let fresh = || (0..4).map(random).collect();
    let random: Vec<Vec<f64>> = fresh();
    let directions: Vec<&[f64]> = random.iter().map(Vec::as_slice).collect();
    let start = Start { directions: &directions, carried: &[], fresh: &fresh };
    let options = BlockOptions {
        n_wanted: 3,
        n_kept: 5,
        n_guarded: 2,
        is_thorough: false,
        tolerance: 1e-6,
        shift: 0.0,
        min_rounds: 2,
        max_rounds: 40,
    };
    let found = solve_block(&mut hessian, start, options)?;
    for (pair, error) in found.pairs.iter().zip(&found.errors) {
        println!("λ = {:.6}, relative error about {error:.1e}", pair.value);
    }
    println!("{} Hessian-vector products", found.hvps);
    Ok(())
}
