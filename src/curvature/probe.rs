//! Follows the extreme eigenvalues of a run's Hessian from one measurement to the next.
//! Carries eigenvectors between calls; does not know at which steps it is called, nor by whom.

use super::audit::LARGE;
use super::end::{AUDIT_TOLERANCE, Checked, End, SMALL, Wanted};
use super::moment::Moment;
use super::operator::{Negated, Operator};
use super::random_vectors::{BEYOND_OUTPUTS, N_FRESH, RandomVectors};
use super::tracking::Tracked;
use super::vectors::{Pair, dot, norm};
use crate::config::ProbeSettings;
use crate::net::Halt;
use crate::random::Purpose;
use crate::sample::{AlongUpdate, Curvature, Doubt, Eigenvalue, Followed, Solved};

/// Measures a run's extreme eigenvalues and carries the eigenvectors. A probe stays usable after a
/// measurement fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    random: RandomVectors,
    top: End,
    bottom: End,
}

impl Probe {
    /// A probe without eigenvectors, for a network with `n_outputs` outputs. Its random vectors are
    /// functions of `seed` and step.
    #[must_use]
    pub fn new(seed: u64, n_outputs: usize) -> Self {
        let random = RandomVectors { seed, n_outputs };
        Self { random, top: End::default(), bottom: End::default() }
    }

    /// Measures the largest eigenvalues, the curvature along gradient and update, and the alignment of
    /// the gradient with u₁. The first measurement is an audit, and so is each that wants more
    /// eigenvalues than the one before; the others start from the carried eigenvectors.
    ///
    /// # Errors
    /// See [`Halt`].
    pub fn measure(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
    ) -> Result<Curvature, Halt> {
        let (wanted, random) = (self.wanted(settings, settings.top_k), self.random);
        let (gradient, update) = (at.gradient, at.update.filter(|update| norm(update) > 0.0));
        let is_parallel = update.is_some_and(|update| are_parallel(update, gradient));
        let has_gradient = update.is_none()
            || is_parallel
            || !self.top.is_predicting(wanted, operator.dim())
            || self.top.is_cold(wanted);
        let own = update.filter(|_| !is_parallel);
        let directions: Vec<&[f64]> =
            has_gradient.then_some(gradient).into_iter().chain(own).collect();
        let (hvps, along) = if self.top.is_cold(wanted) {
            let along = along(operator, &directions)?;
            let block = random.block(Purpose::Audit, at, wanted);
            let hvps = self.top.start(operator, wanted, at, block)?;
            (hvps + u32::try_from(along.iter().flatten().count()).unwrap_or(0), along)
        } else {
            let fresh = || random.signs(Purpose::Probe, at, N_FRESH);
            self.top.follow(operator, wanted, at.location, &directions, &fresh)?
        };
        let of_gradient = has_gradient.then(|| along.first().copied().flatten()).flatten();
        let of_update = if own.is_some() { along.last().copied().flatten() } else { of_gradient };
        let along_update = update.zip(of_update).map(|(update, curvature)| AlongUpdate {
            curvature: curvature * dot(update, update),
            slope: dot(gradient, update),
        });
        let mut curvature = Curvature {
            hvps,
            gradient_curvature: of_gradient,
            along_update,
            ..Curvature::default()
        };
        self.fill(settings, at, &mut curvature);
        Ok(curvature)
    }

    /// Repeats the last measurement of the same operator from random vectors alone. If this finds
    /// larger eigenvalues, corrects `curvature` and adds doubts to it. Returns the audited sharpness.
    ///
    /// # Errors
    /// See [`Halt`].
    pub fn audit(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
        curvature: &mut Curvature,
    ) -> Result<Solved, Halt> {
        let wanted = self.wanted(settings, settings.top_k);
        let tolerance = AUDIT_TOLERANCE * settings.tolerance;
        if self.top.was_audited_at(at.step)
            && let Some((tracked, error)) = self.top.tracked.first().zip(self.top.errors.first())
        {
            // The measurement was an audit itself.
            let eigenvalue = eigenvalue(tracked, *error, tolerance);
            return Ok(Solved { eigenvalue, hvps: 0 });
        }
        let block = self.random.block(Purpose::Audit, at, wanted);
        let checked = self.top.check(operator, wanted, at, block)?;
        let of = |i: usize| Followed::Largest(u8::try_from(i + 1).unwrap_or(u8::MAX));
        curvature.doubts.extend(doubts(&checked, at.step, of));
        self.fill(settings, at, curvature);
        let (pair, error) = &checked.first;
        let Pair { value, residual, .. } = *pair;
        Ok(Solved { eigenvalue: estimated(value, residual, *error, tolerance), hvps: checked.hvps })
    }

    /// Fills in the tracked largest eigenvalues and the alignment of the gradient with u₁.
    fn fill(&self, settings: &ProbeSettings, at: Moment<'_>, curvature: &mut Curvature) {
        let top = self.top.tracked.iter().zip(&self.top.errors);
        let eigenvalues = top.map(|(tracked, error)| Eigenvalue {
            identity: tracked.identity,
            ..eigenvalue(tracked, *error, settings.tolerance)
        });
        curvature.top = eigenvalues.collect();
        let length = norm(at.gradient);
        let first = self.top.tracked.first().filter(|_| length > 0.0);
        curvature.gradient_alignment =
            first.map(|tracked| (dot(at.gradient, &tracked.vector) / length).abs());
        curvature.is_doubted = self.top.is_doubted;
    }

    /// Measures the smallest eigenvalue as the largest of −H. The first measurement is an audit, and so
    /// are all measurements of small operators. Unless the operator is large, an audit also follows a
    /// solve that misses the tolerance.
    ///
    /// # Errors
    /// See [`Halt`].
    pub fn smallest(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
    ) -> Result<Solved, Halt> {
        let (wanted, dim) = (self.wanted_smallest(settings), operator.dim());
        let vectors = self.random;
        let mut negated = Negated(operator);
        let mut hvps = 0;
        if dim <= SMALL {
            // An audit costs little.
            self.bottom = End::default();
        }
        if !self.bottom.is_cold(wanted) {
            let fresh = || vectors.signs(Purpose::Min, at, N_FRESH);
            let random = if self.bottom.is_predicting(wanted, dim) { Vec::new() } else { fresh() };
            let random: Vec<&[f64]> = random.iter().map(Vec::as_slice).collect();
            let of = at.location;
            (hvps, _) = self.bottom.follow(&mut negated, wanted, of, &random, &fresh)?;
        }
        let is_lost = || dim <= LARGE && self.bottom.is_open(wanted, negated.rounding());
        if self.bottom.is_cold(wanted) || is_lost() {
            let block = vectors.block(Purpose::Min, at, wanted);
            hvps += self.bottom.start(&mut negated, wanted, at, block)?;
        }
        self.solved_smallest(settings, hvps)
    }

    /// Audits the smallest eigenvalue of the operator last measured, unless it was measured by an
    /// audit. Corrects `curvature` and adds contradictions to it.
    ///
    /// # Errors
    /// See [`Halt`].
    pub fn audit_smallest(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
        curvature: &mut Curvature,
    ) -> Result<(), Halt> {
        let wanted = self.wanted_smallest(settings);
        let Some(before) = curvature.min.filter(|_| !self.bottom.was_audited_at(at.step)) else {
            return Ok(());
        };
        let block = self.random.block(Purpose::Audit, at, wanted);
        let checked = self.bottom.check(&mut Negated(operator), wanted, at, block)?;
        let negated =
            |doubt: Doubt| Doubt { followed: -doubt.followed, audited: -doubt.audited, ..doubt };
        curvature.doubts.extend(doubts(&checked, at.step, |_| Followed::Smallest).map(negated));
        curvature.is_doubted |= self.bottom.is_doubted;
        curvature.min = Some(self.solved_smallest(settings, before.hvps + checked.hvps)?);
        Ok(())
    }

    fn wanted(&self, settings: &ProbeSettings, n: usize) -> Wanted {
        Wanted { n_most: self.random.n_outputs + BEYOND_OUTPUTS, ..Wanted::of(settings, n) }
    }

    fn wanted_smallest(&self, settings: &ProbeSettings) -> Wanted {
        let shift = self.top.tracked.first().map_or(0.0, |top| top.value.max(0.0));
        Wanted { shift, ..self.wanted(settings, 1) }
    }

    fn solved_smallest(&self, settings: &ProbeSettings, hvps: u32) -> Result<Solved, Halt> {
        let first = self.bottom.tracked.first().zip(self.bottom.errors.first());
        let Some((tracked, error)) = first else { return Err(Halt::NotFinite) };
        let found = eigenvalue(tracked, *error, settings.tolerance);
        Ok(Solved { eigenvalue: Eigenvalue { value: -found.value, ..found }, hvps })
    }

    /// Makes the next measurement a Krylov solve, because the operator may have changed abruptly.
    pub fn refresh(&mut self) {
        self.top.refresh();
        self.bottom.refresh();
    }

    /// Drops all eigenvectors, because the next Hessian is unrelated to the last.
    pub fn forget(&mut self) {
        (self.top, self.bottom) = (End::default(), End::default());
    }

    /// Share of the top eigenvector's squared norm in each of these ranges of its elements; empty
    /// before the first measurement.
    #[must_use]
    pub fn shares(&self, ranges: &[std::ops::Range<usize>]) -> Vec<f64> {
        let Some(top) = self.top.tracked.first() else { return Vec::new() };
        let vector = &top.vector;
        let total = dot(vector, vector);
        ranges
            .iter()
            .map(|range| dot(&vector[range.clone()], &vector[range.clone()]) / total)
            .collect()
    }

    /// The tracked eigenvectors of the largest eigenvalues with their identities, largest first.
    pub fn tracked(&self) -> impl Iterator<Item = (u32, &[f64])> {
        self.top.tracked.iter().map(|tracked| (tracked.identity, &*tracked.vector))
    }
}

fn eigenvalue(tracked: &Tracked, error: f64, tolerance: f64) -> Eigenvalue {
    estimated(tracked.value, tracked.residual, error, tolerance)
}

fn estimated(value: f64, residual: f64, error: f64, tolerance: f64) -> Eigenvalue {
    Eigenvalue {
        value,
        residual,
        error: Some(error),
        is_converged: error <= tolerance,
        identity: 0,
    }
}

/// A doubt for each eigenvalue that an audit at this step contradicts.
fn doubts(
    checked: &Checked,
    step: u64,
    of: impl Fn(usize) -> Followed,
) -> impl Iterator<Item = Doubt> {
    checked.contradicted.iter().map(move |(i, [followed, audited])| Doubt {
        of: of(*i),
        agreed: checked.agreed,
        step,
        followed: *followed,
        audited: *audited,
    })
}

/// Largest squared sine of the angle between vectors that count as parallel.
const PARALLEL: f64 = 1e-10;

fn are_parallel(a: &[f64], b: &[f64]) -> bool {
    let (aa, bb, ab) = (dot(a, a), dot(b, b), dot(a, b));
    aa * bb - ab * ab <= PARALLEL * aa * bb
}

/// Curvature vᵀHv/‖v‖² along each vector v; `None` if v is 0.
fn along(operator: &mut dyn Operator, vectors: &[&[f64]]) -> Result<Vec<Option<f64>>, Halt> {
    let unit = |v: &&[f64]| {
        let length = norm(v);
        (length > 0.0).then(|| v.iter().map(|x| x / length).collect::<Vec<f64>>())
    };
    let units: Vec<Option<Vec<f64>>> = vectors.iter().map(unit).collect();
    let block: Vec<Vec<f64>> = units.iter().flatten().cloned().collect();
    let mut products =
        if block.is_empty() { Vec::new() } else { operator.apply(&block)? }.into_iter();
    Ok(units.iter().map(|unit| Some(dot(unit.as_ref()?, &products.next()?))).collect())
}
