//! Follows the extreme eigenvalues of a run's Hessian from one measurement to the next.
//! Carries eigenvectors between calls; does not know when it is asked, nor by whom.

use super::audit::LARGE;
use super::end::{AUDIT_TOLERANCE, Checked, End, Wanted};
use super::operator::{Negated, Operator};
use super::vectors::{Pair, dot, norm};
use crate::config::ProbeSettings;
use crate::net::Halt;
use crate::random::{Purpose, Stream};
use crate::sample::{Curvature, Doubt, Eigenvalue, Followed, Solved};

/// Random vectors of an audit beyond the outputs of the network: where its last layer is 0, or it
/// is linear, eigenvalues come in as many copies as it has outputs.
const BEYOND_OUTPUTS: usize = 2;

/// Random vectors of a warm solve where the Hessian has moved far.
pub(super) const N_FRESH: usize = 2;

/// Where a measurement is taken: the step (for its random vectors) and the gradient there.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Step of the iterate.
    pub step: u64,
    /// Gradient of the same loss at the same iterate.
    pub gradient: &'a [f64],
}

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
        let (wanted, dice) = (Wanted::of(settings, settings.top_k), self.dice);
        let (hvps, gradient_curvature) = if self.top.is_cold(wanted) {
            let along = along(operator, at.gradient)?;
            let random = dice.block(Purpose::Audit, at, wanted);
            let hvps = self.top.begin(operator, wanted, at.step, random)?;
            (hvps + u32::from(along.is_some()), along)
        } else {
            let mut noted = Noted { inner: operator, gradient: at.gradient, along: None };
            let fresh = || dice.throw(Purpose::Probe, at, N_FRESH);
            let hvps = self.top.follow(&mut noted, wanted, vec![at.gradient.to_vec()], &fresh)?;
            (hvps, noted.along)
        };
        let mut curvature = Curvature { hvps, gradient_curvature, ..Curvature::default() };
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
        let wanted = Wanted::of(settings, settings.top_k);
        let tolerance = AUDIT_TOLERANCE * settings.tolerance;
        if self.top.was_audited_at(at.step)
            && let Some((tracked, error)) = self.top.tracked.first().zip(self.top.errors.first())
        {
            // The measurement was itself an audit.
            let eigenvalue = eigenvalue(&tracked.pair, *error, tolerance);
            return Ok(Solved { eigenvalue, hvps: 0 });
        }
        let random = self.dice.block(Purpose::Audit, at, wanted);
        let checked = self.top.check(operator, wanted, at.step, random)?;
        let of = |i: usize| Followed::Largest(u8::try_from(i + 1).unwrap_or(u8::MAX));
        curvature.doubts.extend(doubts(&checked, at.step, of));
        self.tell(settings, at, curvature);
        let (pair, error) = &checked.first;
        Ok(Solved { eigenvalue: eigenvalue(pair, *error, tolerance), hvps: checked.hvps })
    }

    /// Puts what is carried of the upper end into this curvature.
    fn tell(&self, settings: &ProbeSettings, at: Moment<'_>, curvature: &mut Curvature) {
        let top = self.top.tracked.iter().zip(&self.top.errors);
        let told = top.map(|(tracked, error)| Eigenvalue {
            identity: tracked.identity,
            ..eigenvalue(&tracked.pair, *error, settings.tolerance)
        });
        curvature.top = told.collect();
        let length = norm(at.gradient);
        let first = self.top.tracked.first().filter(|_| length > 0.0);
        curvature.gradient_alignment =
            first.map(|tracked| (dot(at.gradient, &tracked.pair.vector) / length).abs());
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
        let (wanted, dice) = (Wanted::of(settings, 1), self.dice);
        let mut negated = Negated(operator);
        let random = || dice.block(Purpose::Min, at, wanted);
        let mut hvps = 0;
        if !self.bottom.is_cold(wanted) {
            let fresh = || dice.throw(Purpose::Min, at, N_FRESH);
            hvps = self.bottom.follow(&mut negated, wanted, fresh(), &Vec::new)?;
        }
        let is_lost = || negated.dim() <= LARGE && self.bottom.is_open(wanted, negated.rounding());
        if self.bottom.is_cold(wanted) || is_lost() {
            hvps += self.bottom.begin(&mut negated, wanted, at.step, random())?;
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
        let wanted = Wanted::of(settings, 1);
        let Some(before) = curvature.min.filter(|_| !self.bottom.was_audited_at(at.step)) else {
            return Ok(());
        };
        let random = self.dice.block(Purpose::Audit, at, wanted);
        let checked = self.bottom.check(&mut Negated(operator), wanted, at.step, random)?;
        let negated =
            |doubt: Doubt| Doubt { followed: -doubt.followed, audited: -doubt.audited, ..doubt };
        curvature.doubts.extend(doubts(&checked, at.step, |_| Followed::Smallest).map(negated));
        curvature.is_doubted |= self.bottom.is_doubted;
        curvature.min = Some(self.told_smallest(settings, before.hvps + checked.hvps)?);
        Ok(())
    }

    fn told_smallest(&self, settings: &ProbeSettings, hvps: u32) -> Result<Solved, Halt> {
        let first = self.bottom.tracked.first().zip(self.bottom.errors.first());
        let Some((tracked, error)) = first else { return Err(Halt::NotFinite) };
        let found = eigenvalue(&tracked.pair, *error, settings.tolerance);
        Ok(Solved { eigenvalue: Eigenvalue { value: -found.value, ..found }, hvps })
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
        let vector = &top.pair.vector;
        let total = dot(vector, vector);
        ranges
            .iter()
            .map(|range| dot(&vector[range.clone()], &vector[range.clone()]) / total)
            .collect()
    }

    /// The tracked top eigenvectors, with values and identities, largest first.
    pub fn tracked(&self) -> impl Iterator<Item = (u32, &Pair)> {
        self.top.tracked.iter().map(|tracked| (tracked.identity, &tracked.pair))
    }
}

fn eigenvalue(pair: &Pair, error: f64, tolerance: f64) -> Eigenvalue {
    Eigenvalue {
        value: pair.value,
        residual: pair.residual,
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

/// gᵀHg/‖g‖²; `None` where the gradient is 0.
fn along(operator: &mut dyn Operator, gradient: &[f64]) -> Result<Option<f64>, Halt> {
    let length = norm(gradient);
    if length == 0.0 {
        return Ok(None);
    }
    let unit: Vec<f64> = gradient.iter().map(|g| g / length).collect();
    let products = operator.apply(std::slice::from_ref(&unit))?;
    Ok(products.first().map(|product| dot(&unit, product)))
}

/// An operator that notes gᵀHg/‖g‖² when it passes by: the gradient is the first vector applied.
struct Noted<'a> {
    inner: &'a mut dyn Operator,
    gradient: &'a [f64],
    along: Option<f64>,
}

impl Operator for Noted<'_> {
    fn dim(&self) -> usize {
        self.inner.dim()
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        let products = self.inner.apply(vectors)?;
        if self.along.is_none()
            && let (Some(v), Some(hv)) = (vectors.first(), products.first())
            && norm(self.gradient) > 0.0
        {
            self.along = Some(dot(v, hv));
        }
        Ok(products)
    }

    fn rounding(&self) -> f64 {
        self.inner.rounding()
    }

    fn is_interrupted(&self) -> bool {
        self.inner.is_interrupted()
    }
}
