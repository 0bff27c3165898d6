//! The largest eigenpairs from nothing: block Lanczos from random vectors, fully reorthogonalised.
//! Pure. Begins a run's measurements and checks the warm-started ones.
//!
//! A single vector sees one copy of a multiple eigenvalue, and may settle on λ₂ where its share of
//! u₁ happens to be small. A block that is wider than any multiplicity sees all copies, and its
//! shares are never all small (Golub & Van Loan, §10.3.6).

use super::block::{BlockSolution, judge, solution};
use super::estimate::Limits;
use super::operator::Operator;
use super::space::Space;
use crate::net::Halt;

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct AuditOptions {
    /// Number of eigenpairs that must meet the tolerance.
    pub n_wanted: usize,
    /// Number of eigenpairs to return, more than `n_wanted`; the rest are guards.
    pub n_kept: usize,
    /// Estimated relative error to reach.
    pub tolerance: f64,
}

/// Rounds made in any case: before, a small residual can belong to a later eigenvalue.
const MIN_ROUNDS: usize = 4;

/// Products after which the best found is returned, and the same of a network of more parameters
/// than [`LARGE`], where each takes long.
const MAX_PRODUCTS: usize = 320;
const MAX_PRODUCTS_OF_LARGE: usize = 60;

/// Parameters from which on a measurement is held to the products that it has always taken.
pub(super) const LARGE: usize = 60_000;

/// Memory that the space may take, in bytes: when it is full, the search goes on from its best
/// vectors (thick restart).
const MEMORY: usize = 1 << 29;

/// Vectors beyond which their own eigenproblem would cost more than products with small networks.
const ENOUGH: usize = 160;

/// The largest eigenpairs of `operator`, searched from a block of random vectors.
///
/// # Errors
/// See [`Halt`].
pub fn audit(
    operator: &mut dyn Operator,
    start: Vec<Vec<f64>>,
    options: AuditOptions,
) -> Result<BlockSolution, Halt> {
    let limits = Limits { rounding: operator.rounding(), tolerance: options.tolerance };
    let width = start.len();
    let most = most_vectors(operator.dim(), width, options.n_kept);
    let (mut space, mut n_products) = (Space::default(), 0);
    let mut block = start;
    let budget = max_products(operator.dim());
    let mut round = 0;
    loop {
        round += 1;
        let n_new = space.extend(operator, block)?;
        n_products += n_new;
        let is_whole = n_new == 0 || space.len() == operator.dim();
        if is_whole || round >= MIN_ROUNDS {
            let ritz = space.ritz(operator, options.n_kept)?;
            let known = judge(&ritz, options.n_wanted, limits);
            let is_settled = known.iter().all(|estimate| estimate.is_settled);
            if is_whole || is_settled || n_products >= budget {
                return Ok(solution(ritz, &known, n_products));
            }
        }
        block = space.next_block(operator, n_new)?;
        if space.len() + block.len() > most {
            space.shrink(operator, width.max(options.n_kept))?;
        }
    }
}

/// Products after which an audit of an operator of this dimension gives what it has.
pub(super) fn max_products(dim: usize) -> usize {
    if dim > LARGE { MAX_PRODUCTS_OF_LARGE } else { MAX_PRODUCTS }
}

/// Vectors that the space may hold, each with its product: at least twice the block beside what a
/// restart keeps, at most what makes the small eigenproblems cheap.
pub(super) fn most_vectors(dim: usize, width: usize, n_kept: usize) -> usize {
    let affordable = MEMORY / (2 * size_of::<f64>() * dim.max(1));
    let least = width.max(n_kept) + 2 * width;
    affordable.clamp(least, least.max(ENOUGH))
}
