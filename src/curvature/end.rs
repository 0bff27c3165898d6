//! One end of a spectrum, followed from one operator to the next: audits, and warm solves between.
//! Does not know which end it is, nor when it is asked.

use std::sync::Arc;

use super::audit::{AuditOptions, LARGE, audit};
use super::block::{BlockOptions, BlockSolution, Start, solve_block};
use super::moment::Moment;
use super::operator::Operator;
use super::prediction::{History, Location};
use super::tracking::{Tracked, follow};
use super::vectors::{Pair, add_scaled, orthonormalise};
use crate::config::{ProbeMethod, ProbeSettings};
use crate::net::Halt;

/// Eigenvectors followed beyond the wanted ones: eigenvalues cluster and cross at the edge, and the
/// gap below the wanted ones is read from them.
const N_GUARDS: usize = 3;

/// Rounds every warm solve makes: one leaves a median error above 0.5 %.
const MIN_ROUNDS: usize = 2;

/// Rounds after which a warm solve reports what it has, converged or not: between two steps of a
/// network with rectifiers the Hessian can change so much that three leave λ₁ a tenth too small.
pub(super) const MAX_ROUNDS: usize = 6;

/// Vectors that are carried at least and at most where they are predicted.
const MIN_PREDICTED: usize = 3;
const MAX_PREDICTED: usize = 6;

/// Eigenvalues above this fraction of the largest are carried, too, for they may cross it.
const NEAR: f64 = 0.8;

/// Below this fraction of the largest eigenvalue a product would turn its vector towards others.
const LOW: f64 = 0.1;

/// Measurements from one that does not rely on predictions to the next, and the same on operators
/// of at most [`SMALL`] dimensions.
const REFRESH_EVERY: u32 = 16;
const REFRESH_SMALL_EVERY: u32 = 4;

/// Dimensions up to which products cost next to nothing, so that more are spent on looking for
/// eigenvalues that no carried vector leads to.
pub(super) const SMALL: usize = 2_000;

/// Vectors that are carried in addition where all of them belong to one cluster.
const N_WIDER: usize = 2;

/// Rounds after which predictions are worth their products. Where a solve takes more, the Hessian
/// changes too much between measurements: the next one is a Krylov solve with all guards.
const EASY_ROUNDS: usize = 2;

/// An audit is this much finer than what it checks.
pub(super) const AUDIT_TOLERANCE: f64 = 0.1;

/// What is wanted of an end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Eigenvalues.
    pub(super) n: usize,
    /// Estimated relative error to reach.
    pub(super) tolerance: f64,
    /// How they are followed.
    pub(super) method: ProbeMethod,
    /// Vectors that are carried at most: as many as a cluster has eigenvalues in such networks.
    pub(super) n_most: usize,
    /// σ that makes all eigenvalues of A + σ positive: products are carried with A + σ, as those
    /// with A would turn vectors towards eigenvalues of larger magnitude at the other end.
    pub(super) shift: f64,
}

impl Wanted {
    /// So many eigenvalues to the tolerance in force; the largest ones, of a network with one output.
    pub(super) fn of(settings: &ProbeSettings, n: usize) -> Self {
        Self { n, tolerance: settings.tolerance, method: settings.method, n_most: 0, shift: 0.0 }
    }

    /// Eigenpairs carried, guards included.
    pub(super) fn n_kept(self) -> usize {
        self.n + N_GUARDS
    }

    /// The same of an audit.
    fn audited(self) -> AuditOptions {
        let tolerance = AUDIT_TOLERANCE * self.tolerance;
        AuditOptions { n_wanted: self.n, n_kept: self.n_kept(), tolerance }
    }
}

/// What is carried of one end of a spectrum.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct End {
    pub(super) tracked: Vec<Tracked>,
    /// Where they were measured, and before.
    history: History,
    /// Measurements since one that did not rely on predictions.
    n_predicted: u32,
    /// Rounds that the newest solve took.
    n_rounds: usize,
    /// Estimated relative errors of the wanted ones.
    pub(super) errors: Vec<f64>,
    next_identity: u32,
    /// Step of the newest audit.
    audited: Option<u64>,
    /// Step of the newest audit that agreed with what was followed, or had nothing to agree with.
    agreed: u64,
    /// Whether the newest audit disagreed.
    pub(super) is_doubted: bool,
}

/// What an audit found, and where it contradicts what was followed.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    /// The leading eigenpair of the audit and its estimated relative error.
    pub(super) first: (Pair, f64),
    /// The places, from 0 on, of values that were followed wrongly, with value followed and found.
    pub(super) contradicted: Vec<(usize, [f64; 2])>,
    /// Step of the newest audit before that agreed.
    pub(super) agreed: u64,
    pub(super) hvps: u32,
}

impl End {
    /// Whether what is carried does not cover what is wanted, so that only an audit can measure it.
    pub(super) fn is_cold(&self, wanted: Wanted) -> bool {
        wanted.n > self.errors.len()
    }

    /// Whether an error is above the tolerance, and not for rounding alone.
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

    /// Whether the next measurement of an operator of this dimension relies on predictions; else it
    /// is a Krylov solve.
    pub(super) fn is_predicting(&self, wanted: Wanted, dim: usize) -> bool {
        let every = if dim > SMALL { REFRESH_EVERY } else { REFRESH_SMALL_EVERY };
        wanted.method == ProbeMethod::Predict && self.n_predicted + 1 < every
    }

    /// Whether the newest solve took so many rounds that predicting does not pay.
    fn is_hard(&self) -> bool {
        self.n_rounds > EASY_ROUNDS
    }

    /// Eigenpairs of the next solve, guards included: more where all carried ones are a cluster,
    /// which may have further eigenvalues.
    fn n_kept(&self, wanted: Wanted, dim: usize) -> usize {
        let largest = self.tracked.first().map_or(0.0, |first| first.value);
        let is_cluster = self.tracked.iter().all(|tracked| tracked.value >= NEAR * largest);
        if self.is_hard() && is_cluster && dim <= LARGE {
            wanted.n_kept().max((self.tracked.len() + N_WIDER).min(wanted.n_most))
        } else {
            wanted.n_kept()
        }
    }

    /// Lets the next measurement be a Krylov solve.
    pub(super) fn refresh(&mut self) {
        self.n_predicted = REFRESH_EVERY;
    }

    /// The leading eigenpairs from what is carried and from these directions, and from random
    /// vectors where the operator has moved far; returns the products spent and the curvature along
    /// each direction.
    ///
    /// # Errors
    /// See [`Halt`]; after an error all is as before.
    pub(super) fn follow(
        &mut self,
        operator: &mut dyn Operator,
        wanted: Wanted,
        at: &Location,
        directions: &[&[f64]],
        fresh: &dyn Fn() -> Vec<Vec<f64>>,
    ) -> Result<(u32, Vec<Option<f64>>), Halt> {
        let dim = operator.dim();
        let (is_predicting, n_kept) = (self.is_predicting(wanted, dim), self.n_kept(wanted, dim));
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
        let spent = (found.hvps, found.along.clone());
        self.n_rounds = found.n_rounds;
        self.n_predicted = if is_predicting { self.n_predicted + 1 } else { 0 };
        if self.is_hard() {
            self.refresh();
        }
        self.carry(found, wanted, at);
        Ok(spent)
    }

    /// The carried eigenpairs, as they should be here where they are predicted.
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
        let turned = |(pair, vector)| Some(Pair { vector: orthonormalise(vector, &[])?, ..pair });
        Ok(carried.zip(predicted).filter_map(turned).collect())
    }

    /// Begins with an audit from these random vectors; returns the products spent.
    ///
    /// # Errors
    /// See [`Halt`]; after an error all is as before.
    pub(super) fn begin(
        &mut self,
        operator: &mut dyn Operator,
        wanted: Wanted,
        at: Moment<'_>,
        random: Vec<Vec<f64>>,
    ) -> Result<u32, Halt> {
        let found = audit(operator, random, wanted.audited())?;
        let hvps = found.hvps;
        // Not where what is carried is known better.
        let worst = |errors: &[f64]| errors.iter().copied().fold(0.0, f64::max);
        if self.is_cold(wanted) || worst(&found.errors) < worst(&self.errors) {
            self.history.clear();
            self.carry(found, wanted, at.location);
        }
        self.n_predicted = 0;
        (self.audited, self.agreed, self.is_doubted) = (Some(at.step), at.step, false);
        Ok(hvps)
    }

    /// Checks what was followed to the same operator by an audit from these random vectors, and
    /// carries on from what that found where it is larger: Ritz values are never too large.
    ///
    /// # Errors
    /// See [`Halt`]; after an error all is as before.
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

    /// Carries on from these.
    fn carry(&mut self, mut found: BlockSolution, wanted: Wanted, at: &Location) {
        if wanted.method == ProbeMethod::Predict {
            let n_least = if self.is_hard() { found.pairs.len() } else { min_predicted(wanted.n) };
            advance(&mut found, wanted, n_least);
        }
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

/// Vectors that are carried at least where `n` eigenvalues are wanted: a guard beside them.
fn min_predicted(n: usize) -> usize {
    MIN_PREDICTED.max(n + 1)
}

/// The same at most, on an operator of this dimension: no more than needed where they are long.
pub(super) fn max_predicted(dim: usize, n: usize) -> usize {
    let least = min_predicted(n);
    if dim > LARGE { least } else { MAX_PREDICTED.max(least) }
}

/// Replaces the vectors by their products, which are there, made orthonormal: one more step of the
/// power method. Keeps `n_least` vectors, and those of eigenvalues near the largest.
fn advance(found: &mut BlockSolution, wanted: Wanted, n_least: usize) {
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
