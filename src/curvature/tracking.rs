//! Matches the eigenvectors of one measurement with those of the next, by overlap.
//! Does not compute eigenvectors.

use std::sync::Arc;

use super::vectors::{Pair, dot};

/// Smallest overlap |⟨u, u′⟩| of vectors that count as the same eigenvector.
const SAME: f64 = 0.5;

/// An eigenpair followed over a run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tracked {
    pub(super) value: f64,
    /// The unit vector carried to the next measurement.
    pub(super) vector: Arc<[f64]>,
    pub(super) residual: f64,
    pub(super) identity: u32,
}

impl Tracked {
    /// The eigenpair, with a copy of the vector.
    pub(super) fn pair(&self) -> Pair {
        Pair { value: self.value, vector: self.vector.to_vec(), residual: self.residual }
    }
}

/// Gives each new pair the identity of the old one it overlaps most, and aligns its sign. A pair that
/// overlaps no old one gets the next unused identity.
pub(super) fn follow(old: &[Tracked], new: Vec<Pair>, next_identity: &mut u32) -> Vec<Tracked> {
    let mut overlaps: Vec<(f64, usize, usize)> = Vec::new();
    for (i, tracked) in old.iter().enumerate() {
        for (j, pair) in new.iter().enumerate() {
            overlaps.push((dot(&tracked.vector, &pair.vector), i, j));
        }
    }
    overlaps.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let mut names: Vec<Option<(u32, f64)>> = vec![None; new.len()];
    let mut is_taken = vec![false; old.len()];
    for (overlap, i, j) in overlaps {
        if overlap.abs() >= SAME && !is_taken[i] && names[j].is_none() {
            names[j] = Some((old[i].identity, overlap.signum()));
            is_taken[i] = true;
        }
    }
    new.into_iter()
        .zip(names)
        .map(|(mut pair, name)| {
            let (identity, sign) = name.unwrap_or_else(|| {
                *next_identity += 1;
                (*next_identity - 1, 1.0)
            });
            if sign < 0.0 {
                pair.vector.iter_mut().for_each(|x| *x = -*x);
            }
            let Pair { value, vector, residual } = pair;
            Tracked { value, vector: vector.into(), residual, identity }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(value: f64, vector: [f64; 3]) -> Pair {
        Pair { value, vector: vector.to_vec(), residual: 0.0 }
    }

    #[test]
    fn identities_stay_with_their_vectors_when_eigenvalues_cross() {
        let mut next = 0;
        let first =
            follow(&[], vec![pair(3.0, [1.0, 0.0, 0.0]), pair(2.0, [0.0, 1.0, 0.0])], &mut next);
        assert_eq!(first.iter().map(|t| t.identity).collect::<Vec<_>>(), [0, 1]);
        let crossed = vec![pair(3.5, [0.1, -0.99, 0.0]), pair(3.0, [0.99, 0.1, 0.0])];
        let second = follow(&first, crossed, &mut next);
        assert_eq!(second.iter().map(|t| t.identity).collect::<Vec<_>>(), [1, 0]);
        assert!(second[0].vector[1] > 0.0, "signs are aligned");
        let third = follow(&second, vec![pair(4.0, [0.0, 0.0, 1.0])], &mut next);
        assert_eq!(third[0].identity, 2);
    }
}
