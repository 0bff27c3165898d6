//! Largest eigenpairs by a warm-started block Krylov method with Rayleigh-Ritz.
//! Pure: everything it needs comes in, everything it found goes out.
//!
//! Each round applies the operator to a block and adds the result to an orthonormal basis Q; the
//! Ritz pairs of `QᵀAQ` approximate the extreme eigenpairs (Golub & Van Loan, §10.3). A plain warm
//! start can lock onto an eigenvector that is no longer the top one, so the caller's first block
//! should carry guard vectors, the gradient and a random direction.

use nalgebra::DMatrix;

use super::operator::{Halt, Operator};
use super::vectors::{Pair, add_scaled, combine, dot, norm, orthonormalise, small_eigen};

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct BlockOptions {
    /// Number of eigenpairs that must meet the tolerance.
    pub n_wanted: usize,
    /// Number of eigenpairs to return, at least `n_wanted`; the rest are guards.
    pub n_kept: usize,
    /// Residual ‖Au − λu‖/|λ| to reach.
    pub tolerance: f64,
    /// Rounds that are made in any case.
    pub min_rounds: usize,
    /// Rounds after which the best found is returned, converged or not.
    pub max_rounds: usize,
    /// The same while a wanted residual is above one in a hundred: the eigenvalue is not known then.
    pub max_rough_rounds: usize,
}

/// A residual whose square, relative to the distance of other eigenvalues, may be an error of more
/// than one in a thousand.
pub(super) const ROUGH: f64 = 1e-2;

/// What a solve found and what it cost.
#[derive(Clone, Debug)]
pub struct BlockSolution {
    /// Ritz pairs, largest value first.
    pub pairs: Vec<Pair>,
    /// Products with the operator.
    pub hvps: u32,
}

/// The space searched so far: orthonormal vectors and their products.
struct Space {
    basis: Vec<Vec<f64>>,
    products: Vec<Vec<f64>>,
    /// `QᵀAQ`, row by row (lower triangle).
    projected: Vec<Vec<f64>>,
}

/// The largest eigenpairs of `operator`, searched from the vectors of `start`.
///
/// # Errors
/// See [`Halt`].
pub fn solve_block(
    operator: &mut dyn Operator,
    start: Vec<Vec<f64>>,
    options: BlockOptions,
) -> Result<BlockSolution, Halt> {
    let mut space = Space { basis: Vec::new(), products: Vec::new(), projected: Vec::new() };
    let mut block = start;
    let mut ritz = Vec::new();
    for round in 1..=options.max_rounds.max(options.max_rough_rounds) {
        if space.extend(operator, std::mem::take(&mut block))? == 0 {
            break;
        }
        ritz = space.ritz(options.n_kept);
        let wanted = || ritz.iter().take(options.n_wanted).map(|(pair, _)| pair.residual);
        let is_converged = wanted().all(|residual| residual <= options.tolerance);
        let is_rough = wanted().any(|residual| residual > ROUGH);
        let most = if is_rough { options.max_rough_rounds } else { options.max_rounds };
        if (is_converged && round >= options.min_rounds) || round >= most {
            break;
        }
        // The residuals of the leading pairs span the next Krylov block.
        block = ritz.iter().map(|(_, residual)| residual.clone()).collect();
    }
    let pairs = ritz.into_iter().map(|(pair, _)| pair).collect();
    #[expect(clippy::cast_possible_truncation, reason = "a few dozen vectors")]
    let hvps = space.basis.len() as u32;
    Ok(BlockSolution { pairs, hvps })
}

impl Space {
    /// Adds the independent part of a block; returns how many vectors that were.
    fn extend(&mut self, operator: &mut dyn Operator, block: Vec<Vec<f64>>) -> Result<usize, Halt> {
        let before = self.basis.len();
        for vector in block {
            if self.basis.len() < operator.dim()
                && let Some(q) = orthonormalise(vector, &self.basis)
            {
                self.basis.push(q);
            }
        }
        if self.basis.len() == before {
            return Ok(0);
        }
        self.products.extend(operator.apply(&self.basis[before..])?);
        for i in before..self.basis.len() {
            let row = (0..=i).map(|j| dot(&self.basis[j], &self.products[i])).collect();
            self.projected.push(row);
        }
        Ok(self.basis.len() - before)
    }

    /// The leading Ritz pairs with their residual vectors Au − λu.
    fn ritz(&self, n: usize) -> Vec<(Pair, Vec<f64>)> {
        let m = self.basis.len();
        let matrix = DMatrix::from_fn(m, m, |i, j| self.projected[i.max(j)][i.min(j)]);
        small_eigen(matrix)
            .into_iter()
            .take(n)
            .map(|(value, coefficients)| {
                let vector = combine(coefficients.iter().copied(), &self.basis);
                let mut residual = combine(coefficients, &self.products);
                add_scaled(&mut residual, -value, &vector);
                let relative = norm(&residual) / value.abs().max(f64::MIN_POSITIVE);
                (Pair { value, vector, residual: relative }, residual)
            })
            .collect()
    }
}
