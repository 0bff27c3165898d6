//! Largest eigenpairs by a warm-started block Krylov method with Rayleigh-Ritz.
//! Pure: the result depends on the arguments alone.
//!
//! Each round applies the operator to a block and adds the result to an orthonormal basis Q; the
//! Ritz pairs of `QᵀAQ` approximate the extreme eigenpairs (Golub & Van Loan, §10.3). A plain warm
//! start can lock onto an eigenvector that is no longer the top one, so the caller's first block
//! should carry guard vectors and the gradient.

use super::estimate::{Estimate, Level, Limits, estimates};
use super::operator::Operator;
use super::space::{Ritz, Space};
use super::vectors::{Pair, norm};
use crate::net::Halt;

/// When a solve stops, and what it returns.
#[derive(Clone, Copy, Debug)]
pub struct BlockOptions {
    /// Number of eigenpairs that must meet the tolerance.
    pub n_wanted: usize,
    /// Number of eigenpairs to return: the wanted ones, then guards.
    pub n_kept: usize,
    /// Number of guards that further rounds refine if their residuals are large.
    pub n_guarded: usize,
    /// Whether the second round always adds random vectors; otherwise it does only if the operator has
    /// changed much.
    pub is_thorough: bool,
    /// Estimated relative error to reach.
    pub tolerance: f64,
    /// Added to eigenvalues where they serve as a scale: −λ of the other end of the spectrum if that
    /// is negative, else 0.
    pub shift: f64,
    /// Smallest number of rounds.
    pub min_rounds: usize,
    /// Largest number of rounds; the best eigenpairs so far are returned then, converged or not.
    pub max_rounds: usize,
}

/// The result of a solve and its cost.
#[derive(Clone, Debug)]
pub struct BlockSolution {
    /// Ritz pairs, largest value first.
    pub pairs: Vec<Pair>,
    /// Au − θu of each pair.
    pub rests: Vec<Vec<f64>>,
    /// Estimated relative errors of the wanted eigenvalues.
    pub errors: Vec<f64>,
    /// Curvature dᵀAd/‖d‖² along each direction d of the start; `None` if d is 0.
    pub along: Vec<Option<f64>>,
    /// Number of rounds.
    pub n_rounds: usize,
    /// Number of products with the operator.
    pub hvps: u32,
}

/// Guards with larger residuals are refined too: the gap is measured from them, and a copy of an
/// eigenvalue hidden by an inaccurate guard would never be found.
const ROUGH_GUARD: f64 = 1e-2;

/// Fraction of the tolerance that errors must meet after a single round. Its space contains no
/// residuals; a second round makes nearly every error far smaller than this.
const SINGLE_ROUND: f64 = 0.5;

/// A wanted eigenpair is not refined further once its error is below this fraction of the tolerance.
const WELL_SETTLED: f64 = 0.1;

/// H has changed much if the residual of a carried eigenvector exceeds this fraction of the smallest
/// wanted eigenvalue. The guards of the last solve then say little about the eigenvalues below them.
const FAR: f64 = 0.5;

/// Smallest number of rounds if H has changed much.
const FAR_ROUNDS: usize = 3;

/// The vectors from which a solve starts.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// Starting vectors along which the curvature is returned too, for example the gradient.
    pub directions: &'a [&'a [f64]],
    /// Eigenpairs of an operator expected to be close to this one.
    pub carried: &'a [Pair],
    /// Generates random vectors; called if that operator turns out not to be close.
    pub fresh: &'a dyn Fn() -> Vec<Vec<f64>>,
}

/// The largest eigenpairs of `operator`, searched from `start`.
///
/// # Errors
/// See [`Halt`].
pub fn solve_block(
    operator: &mut dyn Operator,
    start: Start<'_>,
    options: BlockOptions,
) -> Result<BlockSolution, Halt> {
    let Start { directions, carried, fresh } = start;
    let mut block: Vec<Vec<f64>> = directions.iter().map(|d| d.to_vec()).collect();
    block.extend(carried.iter().map(|pair| pair.vector.clone()));
    let limits = Limits { rounding: operator.rounding(), tolerance: options.tolerance };
    let (mut space, mut min_rounds) = (Space::default(), options.min_rounds);
    let mut n_improved = options.n_wanted + options.n_guarded;
    let (mut ritz, mut known, mut n_rounds) = (Vec::new(), Vec::new(), 0);
    let mut n_random = 0;
    for round in 1.. {
        let n_before = space.len();
        let n_new = space.extend(operator, std::mem::take(&mut block))?;
        if n_new == 0 {
            break;
        }
        n_rounds = round;
        ritz = space.ritz(operator, options.n_kept)?;
        let share = if round == 1 { SINGLE_ROUND } else { 1.0 };
        let limits = Limits { tolerance: share * options.tolerance, ..limits };
        known = judge(&ritz, options.n_wanted, limits);
        let wanted = &ritz[..known.len()];
        let is_new = round == 1
            && (options.is_thorough || is_far(operator, &space, carried, wanted, options.shift)?);
        if is_new {
            min_rounds = min_rounds.max(FAR_ROUNDS);
            n_improved = options.n_kept;
            block = fresh();
            n_random = if options.is_thorough { block.len() } else { 0 };
        } else if round < min_rounds {
            // The Krylov space of the random vectors: none of them is among the leading Ritz vectors.
            block = space.products_of(n_before..n_before + n_random.min(n_new));
        }
        let is_settled = known.iter().all(|estimate| estimate.is_settled);
        if (is_settled && round >= min_rounds) || round >= options.max_rounds {
            break;
        }
        let is_open = |known: &Estimate| known.error > WELL_SETTLED * options.tolerance;
        let is_rough = |i: usize, ritz: &Ritz| match known.get(i) {
            Some(known) if round < min_rounds || is_open(known) => true,
            Some(_) | None => i < n_improved && ritz.pair.residual > ROUGH_GUARD,
        };
        // The residuals span the next Krylov block.
        let rough = ritz.iter().enumerate().filter(|(i, ritz)| is_rough(*i, ritz));
        block.extend(rough.map(|(_, ritz)| ritz.rest.clone()));
    }
    let along = directions.iter().map(|d| space.along(d)).collect();
    Ok(BlockSolution { along, n_rounds, ..solution(ritz, &known, space.len()) })
}

/// Whether a carried eigenvector is far from an eigenvector of the operator.
fn is_far(
    operator: &dyn Operator,
    space: &Space,
    carried: &[Pair],
    wanted: &[Ritz],
    shift: f64,
) -> Result<bool, Halt> {
    let least = wanted.last().map_or(0.0, |ritz| (ritz.pair.value + shift).abs());
    let moved = space.residuals(operator, carried)?;
    let is_far =
        |(pair, moved): (&Pair, f64)| moved > (FAR * least) + pair.residual * pair.value.abs();
    Ok(carried.iter().zip(moved).any(is_far))
}

/// Error estimates of the wanted Ritz pairs.
pub(super) fn judge(ritz: &[Ritz], n_wanted: usize, limits: Limits) -> Vec<Estimate> {
    let level = |ritz: &Ritz| Level { value: ritz.pair.value, residual: norm(&ritz.rest) };
    estimates(&ritz.iter().map(level).collect::<Vec<_>>(), n_wanted, limits)
}

pub(super) fn solution(ritz: Vec<Ritz>, known: &[Estimate], n_products: usize) -> BlockSolution {
    #[expect(clippy::cast_possible_truncation, reason = "some hundred vectors")]
    let hvps = n_products as u32;
    let errors = known.iter().map(|estimate| estimate.error).collect();
    let (pairs, rests) = ritz.into_iter().map(|ritz| (ritz.pair, ritz.rest)).unzip();
    BlockSolution { pairs, rests, errors, along: Vec::new(), n_rounds: 0, hvps }
}
