//! One end of a spectrum, followed from one operator to the next by warm-started solves and by
//! audits at chosen steps. Does not know which end it is, nor who chooses the steps.

mod carrying;
mod wanted;

pub(super) use carrying::max_predicted;
pub(super) use wanted::{AUDIT_TOLERANCE, Wanted};

use std::sync::Arc;

use super::audit::audit;
use super::block::{BlockOptions, BlockSolution, Start, solve_block};
use super::moment::Moment;
use super::operator::Operator;
use super::prediction::{History, Location};
use super::tracking::{Tracked, follow};
use super::vectors::{Pair, normalised};
use crate::config::ProbeMethod;
use crate::net::Halt;
use carrying::{advance, is_hard, min_predicted, n_solved};

/// Smallest number of rounds of a warm-started Krylov solve: a single round leaves a median error
/// above 0.5 %.
const MIN_ROUNDS: usize = 2;

/// Largest number of rounds of a warm-started solve, converged or not: between two steps of a
/// network of rectified linear units the Hessian can change so much that three rounds leave λ₁ 10 %
/// too small.
pub(super) const MAX_ROUNDS: usize = 6;

/// Number of measurements from one Krylov solve to the next; the second is for operators of at most
/// [`SMALL`] dimensions.
const REFRESH_EVERY: u32 = 16;
const REFRESH_SMALL_EVERY: u32 = 4;

/// Up to this dimension products cost so little that more are made, to find eigenvalues that no
/// carried vector leads to.
pub(super) const SMALL: usize = 2_000;

/// The state carried from one measurement of an end to the next. A measurement that fails leaves it
/// unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct End {
    pub(super) tracked: Vec<Tracked>,
    /// The last measured points with their vectors, from which the next are predicted.
    history: History,
    /// Measurements since one that did not rely on predictions.
    n_predicted: u32,
    /// Rounds of the newest solve.
    n_rounds: usize,
    /// Estimated relative errors of the wanted pairs among them.
    pub(super) errors: Vec<f64>,
    next_identity: u32,
    /// Step of the newest audit.
    audited: Option<u64>,
    /// Step of the newest audit that did not contradict the tracked eigenpairs.
    agreed: u64,
    /// Whether the newest audit contradicted them.
    pub(super) is_doubted: bool,
}

/// The result of an audit of tracked eigenpairs.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    /// The largest eigenpair that the audit found, and its estimated relative error.
    pub(super) first: (Pair, f64),
    /// Index, tracked value and audited value of each eigenvalue that was tracked wrongly.
    pub(super) contradicted: Vec<(usize, [f64; 2])>,
    /// Step of the newest audit before it that did not contradict them.
    pub(super) agreed: u64,
    pub(super) hvps: u32,
}

impl End {
    /// Whether fewer eigenpairs are tracked than are wanted, so that only an audit can measure them.
    pub(super) fn is_cold(&self, wanted: Wanted) -> bool {
        wanted.n > self.errors.len()
    }

    /// Whether the error of an eigenvalue exceeds both the tolerance and the rounding error.
    pub(super) fn is_open(&self, wanted: Wanted, rounding: f64) -> bool {
        let size = self.tracked.iter().map(|tracked| tracked.value.abs()).fold(0.0, f64::max);
        let is_open = |(tracked, error): (&Tracked, &f64)| {
            *error > wanted.tolerance && error * tracked.value.abs() > 4.0 * rounding * size
        };
        self.tracked.iter().zip(&self.errors).any(is_open)
    }

    /// Whether the newest audit was at this step.
    pub(super) fn was_audited_at(&self, step: u64) -> bool {
        self.audited == Some(step)
    }

    /// Whether the next measurement of an operator of this dimension relies on predictions, so that
    /// one round may suffice; otherwise it is a Krylov solve.
    pub(super) fn is_predicting(&self, wanted: Wanted, dim: usize) -> bool {
        let every = if dim > SMALL { REFRESH_EVERY } else { REFRESH_SMALL_EVERY };
        wanted.method == ProbeMethod::Predict && self.n_predicted + 1 < every
    }

    /// Makes the next measurement a Krylov solve.
    pub(super) fn refresh(&mut self) {
        self.n_predicted = REFRESH_EVERY;
    }

    /// Measures the largest eigenpairs, starting from the carried vectors and `directions`, and from
    /// random vectors if the operator has changed much. Returns the number of products and the
    /// curvature along each direction.
    ///
    /// # Errors
    /// See [`Halt`].
    pub(super) fn follow(
        &mut self,
        operator: &mut dyn Operator,
        wanted: Wanted,
        at: &Location,
        directions: &[&[f64]],
        fresh: &dyn Fn() -> Vec<Vec<f64>>,
    ) -> Result<(u32, Vec<Option<f64>>), Halt> {
        let dim = operator.dim();
        let is_predicting = self.is_predicting(wanted, dim);
        let n_kept = n_solved(&self.tracked, self.n_rounds, wanted, dim);
        let carried = self.expected(operator, wanted, at)?;
        let options = BlockOptions {
            n_wanted: wanted.n,
            n_kept,
            n_guarded: if is_predicting { 1 } else { n_kept - wanted.n },
            is_thorough: dim <= SMALL && !is_predicting,
            tolerance: wanted.tolerance,
            shift: wanted.shift,
            min_rounds: if is_predicting { 1 } else { MIN_ROUNDS },
            max_rounds: MAX_ROUNDS,
        };
        let found = solve_block(operator, Start { directions, carried: &carried, fresh }, options)?;
        let (spent, n_rounds) = ((found.hvps, found.along.clone()), found.n_rounds);
        let found = advanced(found, wanted, n_rounds, operator)?;
        self.n_rounds = n_rounds;
        self.n_predicted = if is_predicting { self.n_predicted + 1 } else { 0 };
        if is_hard(self.n_rounds) {
            self.refresh();
        }
        self.carry(found, wanted, at);
        Ok(spent)
    }

    /// The carried eigenpairs; their vectors are extrapolated to this point if they are predicted.
    fn expected(
        &self,
        operator: &dyn Operator,
        wanted: Wanted,
        at: &Location,
    ) -> Result<Vec<Pair>, Halt> {
        let carried = self.tracked.iter().map(Tracked::pair);
        let predicted = self.history.predict(at, &|| operator.is_interrupted())?;
        if wanted.method == ProbeMethod::Krylov || predicted.is_empty() {
            return Ok(carried.collect());
        }
        let turned = |(pair, vector)| Some(Pair { vector: normalised(vector)?, ..pair });
        Ok(carried.zip(predicted).filter_map(turned).collect())
    }

    /// Measures the largest eigenpairs by an audit from `random`, without the carried vectors, and
    /// tracks what it finds unless the tracked eigenpairs are more accurate. Returns the number of
    /// products.
    ///
    /// # Errors
    /// See [`Halt`].
    pub(super) fn start(
        &mut self,
        operator: &mut dyn Operator,
        wanted: Wanted,
        at: Moment<'_>,
        random: Vec<Vec<f64>>,
    ) -> Result<u32, Halt> {
        let found = audit(operator, random, wanted.audited())?;
        let hvps = found.hvps;
        let worst = |errors: &[f64]| errors.iter().copied().fold(0.0, f64::max);
        if self.is_cold(wanted) || worst(&found.errors) < worst(&self.errors) {
            let found = advanced(found, wanted, self.n_rounds, operator)?;
            self.history.clear();
            self.carry(found, wanted, at.location);
        }
        self.n_predicted = 0;
        (self.audited, self.agreed, self.is_doubted) = (Some(at.step), at.step, false);
        Ok(hvps)
    }

    /// Audits the tracked eigenpairs on the operator last measured, from the vectors `random`, and
    /// replaces them by larger ones that the audit finds: a Ritz value never exceeds its eigenvalue.
    ///
    /// # Errors
    /// See [`Halt`].
    pub(super) fn check(
        &mut self,
        operator: &mut dyn Operator,
        wanted: Wanted,
        at: Moment<'_>,
        random: Vec<Vec<f64>>,
    ) -> Result<Checked, Halt> {
        let found = audit(operator, random, wanted.audited())?;
        let (Some(first), Some(error)) = (found.pairs.first(), found.errors.first()) else {
            return Err(Halt::NotFinite);
        };
        let mut checked = Checked {
            first: (first.clone(), *error),
            contradicted: Vec::new(),
            agreed: self.agreed,
            hvps: found.hvps,
        };
        let mut is_better = false;
        let followed = self.tracked.iter().zip(&self.errors).zip(&found.pairs);
        for (i, ((tracked, error), pair)) in followed.enumerate() {
            let (low, high) = (tracked.value, pair.value);
            let excess = (high - low) / high.abs().max(f64::MIN_POSITIVE);
            let rounding = operator.rounding() * first.value.abs() / high.abs();
            is_better |= excess > wanted.tolerance.max(rounding);
            if excess > error.max(wanted.tolerance).max(rounding) {
                checked.contradicted.push((i, [low, high]));
            }
        }
        if is_better {
            let found = advanced(found, wanted, self.n_rounds, operator)?;
            self.history.clear();
            self.carry(found, wanted, at.location);
            self.refresh();
        }
        self.audited = Some(at.step);
        self.is_doubted = !checked.contradicted.is_empty();
        if !self.is_doubted {
            self.agreed = at.step;
        }
        Ok(checked)
    }

    /// Replaces the tracked eigenpairs by those of a solution.
    fn carry(&mut self, found: BlockSolution, wanted: Wanted, at: &Location) {
        self.errors = found.errors;
        self.tracked = follow(&self.tracked, found.pairs, &mut self.next_identity);
        if wanted.method == ProbeMethod::Predict {
            let rows = self.tracked.iter().map(|tracked| Arc::clone(&tracked.vector)).collect();
            self.history.push(at, rows);
        } else {
            self.history.clear();
        }
    }
}

/// The solution with its vectors as they are carried, after a solve of `n_rounds`.
fn advanced(
    mut found: BlockSolution,
    wanted: Wanted,
    n_rounds: usize,
    operator: &dyn Operator,
) -> Result<BlockSolution, Halt> {
    if wanted.method == ProbeMethod::Predict {
        let n_all = found.pairs.len();
        let n_least = if is_hard(n_rounds) { n_all } else { min_predicted(wanted.n) };
        advance(&mut found, wanted, n_least, &|| operator.is_interrupted())?;
    }
    Ok(found)
}
