//! The random vectors from which audits start and which warm-started solves add: how many, and their
//! elements, as functions of seed, purpose and step.

use super::end::Wanted;
use super::moment::Moment;
use crate::random::{Purpose, Stream};

/// An audit starts from this many more random vectors than the network has outputs. If the last
/// layer is 0 or the network linear, each eigenvalue has as many copies as there are outputs.
pub(super) const BEYOND_OUTPUTS: usize = 2;

/// Number of random vectors added to a warm-started solve if the Hessian has changed much.
pub(super) const N_FRESH: usize = 2;

/// Generates the random vectors of a network's measurements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RandomVectors {
    pub(super) seed: u64,
    pub(super) n_outputs: usize,
}

impl RandomVectors {
    /// `n` vectors of random signs.
    pub(super) fn signs(self, purpose: Purpose, at: Moment<'_>, n: usize) -> Vec<Vec<f64>> {
        let mut stream = Stream::new(self.seed, purpose, at.step);
        let dim = at.gradient.len();
        let mut vector = || {
            let mut vector = Vec::with_capacity(dim);
            while vector.len() < dim {
                let bits = stream.next_u64();
                let wanted = (dim - vector.len()).min(64);
                vector.extend((0..wanted).map(|i| if bits >> i & 1 == 0 { 1.0 } else { -1.0 }));
            }
            vector
        };
        (0..n).map(|_| vector()).collect()
    }

    /// The random block from which an audit starts.
    pub(super) fn block(self, purpose: Purpose, at: Moment<'_>, wanted: Wanted) -> Vec<Vec<f64>> {
        self.signs(purpose, at, width(at.gradient.len(), self.n_outputs, wanted))
    }
}

/// Number of vectors in the random block of an audit, for an operator of dimension `dim` of a network
/// with `n_outputs` outputs: more than an eigenvalue of such a network has copies.
pub(super) fn width(dim: usize, n_outputs: usize, wanted: Wanted) -> usize {
    (n_outputs + BEYOND_OUTPUTS).max(wanted.n_kept()).min(dim)
}
