//! Which vectors are carried to the next measurement: how many, and how they are improved first.

use super::super::audit::LARGE;
use super::super::block::BlockSolution;
use super::super::tracking::Tracked;
use super::super::vectors::{Pair, add_scaled, orthonormal};
use super::wanted::Wanted;
use crate::net::Halt;

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
///
/// # Errors
/// Only if interrupted.
pub(super) fn advance(
    found: &mut BlockSolution,
    wanted: Wanted,
    n_least: usize,
    ask: &dyn Fn() -> bool,
) -> Result<(), Halt> {
    let largest = found.pairs.first().map_or(0.0, |pair| pair.value);
    let n_near = found.pairs.iter().filter(|pair| pair.value >= NEAR * largest).count();
    let dim = found.pairs.first().map_or(0, |pair| pair.vector.len());
    let n = n_near.min(max_predicted(dim, wanted.n)).max(n_least).min(found.pairs.len());
    found.pairs.truncate(n);
    let mut rows = Vec::with_capacity(n);
    for (pair, rest) in found.pairs.iter_mut().zip(&found.rests) {
        let mut vector = std::mem::take(&mut pair.vector);
        let shifted = pair.value + wanted.shift;
        if shifted > LOW * (largest + wanted.shift) {
            add_scaled(&mut vector, 1.0 / shifted, rest);
        }
        rows.push(vector);
    }
    // A vector that depends on those before it is dropped with its eigenvalue.
    let kept = found.pairs.drain(..).zip(orthonormal(rows, ask)?);
    let kept = kept.filter_map(|(pair, row)| row.map(|vector| Pair { vector, ..pair }));
    found.pairs = kept.collect();
    found.errors.truncate(found.pairs.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ProbeSettings;

    fn solution(vectors: [[f64; 4]; 3]) -> BlockSolution {
        let pair = |(value, vector): (f64, [f64; 4])| Pair {
            value,
            vector: vector.to_vec(),
            residual: 0.0,
        };
        BlockSolution {
            pairs: [3.0, 2.0, 1.0].into_iter().zip(vectors).map(pair).collect(),
            rests: vec![vec![0.0, 0.0, 0.0, 0.3]; 3],
            errors: vec![1e-3; 2],
            along: Vec::new(),
            n_rounds: 1,
            hvps: 3,
        }
    }

    fn values(found: &BlockSolution) -> Vec<f64> {
        found.pairs.iter().map(|pair| pair.value).collect()
    }

    #[test]
    fn vectors_become_their_orthonormal_products_and_stay_with_their_eigenvalues() {
        let wanted = Wanted::of(&ProbeSettings::default(), 2);
        let units = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];
        let mut found = solution(units);
        advance(&mut found, wanted, 3, &|| false).unwrap();
        assert_eq!(values(&found), [3.0, 2.0, 1.0]);
        let first = &found.pairs[0].vector;
        assert!((first[3] / first[0] - 0.3 / 3.0).abs() < 1e-12, "u + r/θ");
        // The second vector is the first again.
        let mut found = solution([units[0], units[0], units[2]]);
        found.rests = vec![vec![0.0; 4]; 3];
        advance(&mut found, wanted, 3, &|| false).unwrap();
        assert_eq!((values(&found), found.errors.len()), (vec![3.0, 1.0], 2));
        assert_eq!(found.pairs[1].vector, [0.0, 0.0, 1.0, 0.0]);
    }
}
