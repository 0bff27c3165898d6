//! The largest eigenpairs from random vectors alone: block Lanczos with full reorthogonalisation.
//! Pure. It makes the first measurement of a run and checks later, warm-started ones.
//!
//! A Krylov space of a single vector contains one copy of a multiple eigenvalue, and may converge to
//! λ₂ if the vector's component along u₁ happens to be small. A block wider than every multiplicity
//! finds all copies, and its components along u₁ are never all small (Golub & Van Loan, §10.3.6).

use super::block::{BlockSolution, judge, solution};
use super::estimate::Limits;
use super::operator::Operator;
use super::space::Space;
use crate::net::Halt;

/// When an audit stops, and what it returns.
#[derive(Clone, Copy, Debug)]
pub struct AuditOptions {
    /// Number of wanted eigenpairs: those checked against the tolerance.
    pub n_wanted: usize,
    /// Number of eigenpairs to return; those beyond `n_wanted` are guards.
    pub n_kept: usize,
    /// Estimated relative error at which an eigenpair is accurate enough.
    pub tolerance: f64,
}

/// Smallest number of rounds: in earlier ones a small residual can belong to a smaller eigenvalue
/// than the one sought.
const MIN_ROUNDS: usize = 4;

/// Number of products after which the best eigenpairs so far are returned. The second is for networks
/// of more than [`LARGE`] parameters, whose products take long.
const MAX_PRODUCTS: usize = 320;
const MAX_PRODUCTS_OF_LARGE: usize = 60;

/// Networks with more parameters than this have slow products: measurements make fewer of them and
/// carry fewer vectors.
pub(super) const LARGE: usize = 60_000;

/// Memory limit of the space in bytes. When it is reached, the search continues from the best vectors
/// (thick restart).
const MEMORY: usize = 1 << 29;

/// Size of the projected eigenproblem above which solving it costs more than the products with a small
/// network.
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

/// Number of products after which an audit of an operator of this dimension stops.
pub(super) fn max_products(dim: usize) -> usize {
    if dim > LARGE { MAX_PRODUCTS_OF_LARGE } else { MAX_PRODUCTS }
}

/// Largest number of vectors in the space, each stored with its product: at least two blocks more
/// than a restart keeps; otherwise limited by memory and by the cost of the projected eigenproblem.
pub(super) fn most_vectors(dim: usize, width: usize, n_kept: usize) -> usize {
    let affordable = MEMORY / (2 * size_of::<f64>() * dim.max(1));
    let least = width.max(n_kept) + 2 * width;
    affordable.clamp(least, least.max(ENOUGH))
}
