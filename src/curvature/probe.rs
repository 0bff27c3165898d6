//! Follows the extreme eigenvalues of a run's Hessian from one measurement to the next.
//! Carries eigenvectors between calls; does not know when it is asked, nor by whom.

use super::audit::LARGE;
use super::end::{AUDIT_TOLERANCE, Checked, End, SMALL, Wanted};
use super::moment::Moment;
use super::operator::{Negated, Operator};
use super::tracking::Tracked;
use super::vectors::{Pair, dot, norm};
use crate::config::ProbeSettings;
use crate::net::Halt;
use crate::random::{Purpose, Stream};
use crate::sample::{AlongUpdate, Curvature, Doubt, Eigenvalue, Followed, Solved};

/// Random vectors of an audit beyond the outputs of the network: where its last layer is 0, or it
/// is linear, eigenvalues come in as many copies as it has outputs.
const BEYOND_OUTPUTS: usize = 2;

/// Random vectors of a warm solve where the Hessian has moved far.
pub(super) const N_FRESH: usize = 2;

/// The eigenvectors of a run that are carried from one measurement to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    dice: Dice,
    top: End,
    bottom: End,
}

impl Probe {
    /// A probe that has seen nothing, for a network of so many outputs; its random vectors are
    /// functions of `seed` and step.
    #[must_use]
    pub fn new(seed: u64, n_outputs: usize) -> Self {
        Self { dice: Dice { seed, n_outputs }, top: End::default(), bottom: End::default() }
    }

    /// The largest eigenvalues, the curvature along the gradient and its alignment with u₁: by an
    /// audit at first and where more eigenvalues are wanted than before, else from what is carried.
    ///
    /// # Errors
    /// See [`Halt`]; after an error the probe is as it was before.
    pub fn measure(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
    ) -> Result<Curvature, Halt> {
        let (wanted, dice) = (self.wanted(settings, settings.top_k), self.dice);
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
            let random = dice.block(Purpose::Audit, at, wanted);
            let hvps = self.top.begin(operator, wanted, at, random)?;
            (hvps + u32::try_from(along.iter().flatten().count()).unwrap_or(0), along)
        } else {
            let fresh = || dice.throw(Purpose::Probe, at, N_FRESH);
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
        self.tell(settings, at, &mut curvature);
        Ok(curvature)
    }

    /// The largest eigenvalues that were just measured with the same operator once more, from random
    /// vectors alone. Where that finds larger ones, `curvature` is corrected and says so; returned
    /// is the sharpness as audited.
    ///
    /// # Errors
    /// See [`Halt`]; after an error the probe is as it was before.
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
            // The measurement was itself an audit.
            let eigenvalue = eigenvalue(tracked, *error, tolerance);
            return Ok(Solved { eigenvalue, hvps: 0 });
        }
        let random = self.dice.block(Purpose::Audit, at, wanted);
        let checked = self.top.check(operator, wanted, at, random)?;
        let of = |i: usize| Followed::Largest(u8::try_from(i + 1).unwrap_or(u8::MAX));
        curvature.doubts.extend(doubts(&checked, at.step, of));
        self.tell(settings, at, curvature);
        let (pair, error) = &checked.first;
        let Pair { value, residual, .. } = *pair;
        Ok(Solved { eigenvalue: estimated(value, residual, *error, tolerance), hvps: checked.hvps })
    }

    /// Puts what is carried of the upper end into this curvature.
    fn tell(&self, settings: &ProbeSettings, at: Moment<'_>, curvature: &mut Curvature) {
        let top = self.top.tracked.iter().zip(&self.top.errors);
        let told = top.map(|(tracked, error)| Eigenvalue {
            identity: tracked.identity,
            ..eigenvalue(tracked, *error, settings.tolerance)
        });
        curvature.top = told.collect();
        let length = norm(at.gradient);
        let first = self.top.tracked.first().filter(|_| length > 0.0);
        curvature.gradient_alignment =
            first.map(|tracked| (dot(at.gradient, &tracked.vector) / length).abs());
        curvature.is_doubted = self.top.is_doubted;
    }

    /// The smallest eigenvalue, by the same method on −H; where what is carried does not lead to it,
    /// and products are cheap, by an audit.
    ///
    /// # Errors
    /// See [`Halt`]; after an error the probe is as it was before.
    pub fn smallest(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
    ) -> Result<Solved, Halt> {
        let (wanted, dice, dim) = (self.wanted_smallest(settings), self.dice, operator.dim());
        let mut negated = Negated(operator);
        let mut hvps = 0;
        if dim <= SMALL {
            // An audit costs next to nothing.
            self.bottom = End::default();
        }
        if !self.bottom.is_cold(wanted) {
            let fresh = || dice.throw(Purpose::Min, at, N_FRESH);
            let random = if self.bottom.is_predicting(wanted, dim) { Vec::new() } else { fresh() };
            let random: Vec<&[f64]> = random.iter().map(Vec::as_slice).collect();
            let of = at.location;
            (hvps, _) = self.bottom.follow(&mut negated, wanted, of, &random, &fresh)?;
        }
        let is_lost = || dim <= LARGE && self.bottom.is_open(wanted, negated.rounding());
        if self.bottom.is_cold(wanted) || is_lost() {
            let random = dice.block(Purpose::Min, at, wanted);
            hvps += self.bottom.begin(&mut negated, wanted, at, random)?;
        }
        self.told_smallest(settings, hvps)
    }

    /// The smallest eigenvalue that was just measured with the same operator, checked by an audit
    /// where that has not been one; contradictions are added to `curvature`.
    ///
    /// # Errors
    /// See [`Halt`]; after an error the probe is as it was before.
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
        let random = self.dice.block(Purpose::Audit, at, wanted);
        let checked = self.bottom.check(&mut Negated(operator), wanted, at, random)?;
        let negated =
            |doubt: Doubt| Doubt { followed: -doubt.followed, audited: -doubt.audited, ..doubt };
        curvature.doubts.extend(doubts(&checked, at.step, |_| Followed::Smallest).map(negated));
        curvature.is_doubted |= self.bottom.is_doubted;
        curvature.min = Some(self.told_smallest(settings, before.hvps + checked.hvps)?);
        Ok(())
    }

    fn wanted(&self, settings: &ProbeSettings, n: usize) -> Wanted {
        Wanted { n_most: self.dice.n_outputs + BEYOND_OUTPUTS, ..Wanted::of(settings, n) }
    }

    fn wanted_smallest(&self, settings: &ProbeSettings) -> Wanted {
        let shift = self.top.tracked.first().map_or(0.0, |top| top.value.max(0.0));
        Wanted { shift, ..self.wanted(settings, 1) }
    }

    fn told_smallest(&self, settings: &ProbeSettings, hvps: u32) -> Result<Solved, Halt> {
        let first = self.bottom.tracked.first().zip(self.bottom.errors.first());
        let Some((tracked, error)) = first else { return Err(Halt::NotFinite) };
        let found = eigenvalue(tracked, *error, settings.tolerance);
        Ok(Solved { eigenvalue: Eigenvalue { value: -found.value, ..found }, hvps })
    }

    /// Relies on no prediction at the next measurement: the operator may have changed abruptly.
    pub fn refresh(&mut self) {
        self.top.refresh();
        self.bottom.refresh();
    }

    /// Begins anew: what comes is another Hessian than what was followed.
    pub fn forget(&mut self) {
        (self.top, self.bottom) = (End::default(), End::default());
    }

    /// Share of the top eigenvector's squared norm in each of these ranges of its elements; empty
    /// while there is none.
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

    /// The tracked top eigenvectors, with values and identities, largest first.
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

/// What an audit at this step contradicts.
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

/// Where the random vectors come from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dice {
    seed: u64,
    n_outputs: usize,
}

impl Dice {
    /// `n` vectors of random signs.
    fn throw(self, purpose: Purpose, at: Moment<'_>, n: usize) -> Vec<Vec<f64>> {
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

    /// The random block of an audit, wider than the multiplicities of such networks.
    fn block(self, purpose: Purpose, at: Moment<'_>, wanted: Wanted) -> Vec<Vec<f64>> {
        self.throw(purpose, at, width(at.gradient.len(), self.n_outputs, wanted))
    }
}

/// Vectors in the random block of an audit, on an operator of this dimension of a network of so many
/// outputs.
pub(super) fn width(dim: usize, n_outputs: usize, wanted: Wanted) -> usize {
    (n_outputs + BEYOND_OUTPUTS).max(wanted.n_kept()).min(dim)
}

/// Squared sine of the angle between vectors that count as parallel.
const PARALLEL: f64 = 1e-10;

fn are_parallel(a: &[f64], b: &[f64]) -> bool {
    let (aa, bb, ab) = (dot(a, a), dot(b, b), dot(a, b));
    aa * bb - ab * ab <= PARALLEL * aa * bb
}

/// vᵀHv/‖v‖² of each of these; `None` where one is 0.
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
