//! Which vectors are carried to the next measurement: how many, and how they are improved first.

use super::super::audit::LARGE;
use super::super::block::BlockSolution;
use super::super::tracking::Tracked;
use super::super::vectors::{add_scaled, orthonormalise};
use super::wanted::Wanted;

/// Smallest and largest number of vectors carried from which others are predicted.
const MIN_PREDICTED: usize = 3;
const MAX_PREDICTED: usize = 6;

/// Eigenvalues above this fraction of the largest are carried too, because they may overtake it.
const NEAR: f64 = 0.8;

/// Vectors whose eigenvalue is below this fraction of the largest are not multiplied: the product
/// would rotate them towards other eigenvectors.
const LOW: f64 = 0.1;

/// Number of vectors added to a solve in which all carried vectors belong to one cluster.
const N_WIDER: usize = 2;

/// Largest number of rounds of a solve after which the next measurement may rely on predictions. A
/// solve that takes more shows that the Hessian changes too much between measurements: the next one
/// is a Krylov solve with all guards.
const EASY_ROUNDS: usize = 2;

/// Whether a solve took so many rounds that predictions do not save products.
pub(super) fn is_hard(n_rounds: usize) -> bool {
    n_rounds > EASY_ROUNDS
}

/// Number of eigenpairs of the next solve, guards included. It is increased after a hard solve of
/// `n_rounds` if all tracked eigenvalues are one cluster, which may have more.
pub(super) fn n_solved(tracked: &[Tracked], n_rounds: usize, wanted: Wanted, dim: usize) -> usize {
    let largest = tracked.first().map_or(0.0, |first| first.value);
    let is_cluster = tracked.iter().all(|tracked| tracked.value >= NEAR * largest);
    if is_hard(n_rounds) && is_cluster && dim <= LARGE {
        wanted.n_kept().max((tracked.len() + N_WIDER).min(wanted.n_most))
    } else {
        wanted.n_kept()
    }
}

/// Smallest number of vectors carried if `n` eigenvalues are wanted: theirs and one guard.
pub(super) fn min_predicted(n: usize) -> usize {
    MIN_PREDICTED.max(n + 1)
}

/// Largest number of vectors carried if `n` eigenvalues are wanted of an operator of this dimension;
/// equal to the smallest if vectors are long.
pub(in crate::curvature) fn max_predicted(dim: usize, n: usize) -> usize {
    let least = min_predicted(n);
    if dim > LARGE { least } else { MAX_PREDICTED.max(least) }
}

/// Makes one step of the power method: replaces the vectors by their products, which the solution
/// already has, and orthonormalises them. Keeps at least `n_least` vectors, and those whose
/// eigenvalues are near the largest.
pub(super) fn advance(found: &mut BlockSolution, wanted: Wanted, n_least: usize) {
    let largest = found.pairs.first().map_or(0.0, |pair| pair.value);
    let n_near = found.pairs.iter().filter(|pair| pair.value >= NEAR * largest).count();
    let dim = found.pairs.first().map_or(0, |pair| pair.vector.len());
    let n = n_near.min(max_predicted(dim, wanted.n)).max(n_least).min(found.pairs.len());
    found.pairs.truncate(n);
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(n);
    for (pair, rest) in found.pairs.iter_mut().zip(&found.rests) {
        let mut vector = std::mem::take(&mut pair.vector);
        let shifted = pair.value + wanted.shift;
        if shifted > LOW * (largest + wanted.shift) {
            add_scaled(&mut vector, 1.0 / shifted, rest);
        }
        rows.extend(orthonormalise(vector, &rows));
    }
    for (pair, row) in found.pairs.iter_mut().zip(rows) {
        pair.vector = row;
    }
    found.pairs.retain(|pair| !pair.vector.is_empty());
}
