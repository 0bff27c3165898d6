//! One end of a spectrum, followed from one operator to the next: audits, and warm solves between.
//! Does not know which end it is, nor when it is asked.

use super::audit::{AuditOptions, audit};
use super::block::{BlockOptions, BlockSolution, Start, solve_block};
use super::operator::Operator;
use super::tracking::{Tracked, follow};
use super::vectors::Pair;
use crate::config::ProbeSettings;
use crate::net::Halt;

/// Eigenvectors followed beyond the wanted ones: eigenvalues cluster and cross at the edge, and the
/// gap below the wanted ones is read from them.
const N_GUARDS: usize = 3;

/// Rounds every warm solve makes: one leaves a median error above 0.5 %.
const MIN_ROUNDS: usize = 2;

/// Rounds after which a warm solve reports what it has, converged or not: between two steps of a
/// network with rectifiers the Hessian can change so much that three leave λ₁ a tenth too small.
pub(super) const MAX_ROUNDS: usize = 6;

/// An audit is this much finer than what it checks.
pub(super) const AUDIT_TOLERANCE: f64 = 0.1;

/// What is wanted of an end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Eigenvalues.
    pub(super) n: usize,
    /// Estimated relative error to reach.
    pub(super) tolerance: f64,
}

impl Wanted {
    /// So many eigenvalues to the tolerance in force.
    pub(super) fn of(settings: &ProbeSettings, n: usize) -> Self {
        Self { n, tolerance: settings.tolerance }
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
        let size = self.tracked.iter().map(|tracked| tracked.pair.value.abs()).fold(0.0, f64::max);
        let is_open = |(tracked, error): (&Tracked, &f64)| {
            *error > wanted.tolerance && error * tracked.pair.value.abs() > 4.0 * rounding * size
        };
        self.tracked.iter().zip(&self.errors).any(is_open)
    }

    /// Whether the newest audit was at this step.
    pub(super) fn was_audited_at(&self, step: u64) -> bool {
        self.audited == Some(step)
    }

    /// The leading eigenpairs from what is carried and from these directions, and from random
    /// vectors where the operator has moved far; returns the products spent.
    ///
    /// # Errors
    /// See [`Halt`]; after an error all is as before.
    pub(super) fn follow(
        &mut self,
        operator: &mut dyn Operator,
        wanted: Wanted,
        directions: Vec<Vec<f64>>,
        fresh: &dyn Fn() -> Vec<Vec<f64>>,
    ) -> Result<u32, Halt> {
        let carried: Vec<&Pair> = self.tracked.iter().map(|tracked| &tracked.pair).collect();
        let carried = &carried[..carried.len().min(wanted.n_kept())];
        let options = BlockOptions {
            n_wanted: wanted.n,
            n_kept: wanted.n_kept(),
            tolerance: wanted.tolerance,
            min_rounds: MIN_ROUNDS,
            max_rounds: MAX_ROUNDS,
        };
        let found = solve_block(operator, Start { directions, carried, fresh }, options)?;
        let hvps = found.hvps;
        self.carry(found);
        Ok(hvps)
    }

    /// Begins with an audit from these random vectors; returns the products spent.
    ///
    /// # Errors
    /// See [`Halt`]; after an error all is as before.
    pub(super) fn begin(
        &mut self,
        operator: &mut dyn Operator,
        wanted: Wanted,
        step: u64,
        random: Vec<Vec<f64>>,
    ) -> Result<u32, Halt> {
        let found = audit(operator, random, wanted.audited())?;
        let hvps = found.hvps;
        // Not where what is carried is known better.
        let worst = |errors: &[f64]| errors.iter().copied().fold(0.0, f64::max);
        if self.is_cold(wanted) || worst(&found.errors) < worst(&self.errors) {
            self.carry(found);
        }
        (self.audited, self.agreed, self.is_doubted) = (Some(step), step, false);
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
        step: u64,
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
            let (low, high) = (tracked.pair.value, pair.value);
            let excess = (high - low) / high.abs().max(f64::MIN_POSITIVE);
            let rounding = operator.rounding() * first.value.abs() / high.abs();
            is_better |= excess > wanted.tolerance.max(rounding);
            if excess > error.max(wanted.tolerance).max(rounding) {
                checked.contradicted.push((i, [low, high]));
            }
        }
        if is_better {
            self.carry(found);
        }
        self.audited = Some(step);
        self.is_doubted = !checked.contradicted.is_empty();
        if !self.is_doubted {
            self.agreed = step;
        }
        Ok(checked)
    }

    /// Carries on from these.
    fn carry(&mut self, found: BlockSolution) {
        self.errors = found.errors;
        self.tracked = follow(&self.tracked, found.pairs, &mut self.next_identity);
    }
}
