//! Follows the extreme eigenvalues of a run's Hessian from one measurement to the next.
//! Carries eigenvectors between calls; does not know when it is asked, nor by whom.

use super::block::{BlockOptions, solve_block};
use super::lanczos::{LanczosOptions, lanczos};
use super::operator::{Halt, Negated, Operator};
use super::tracking::{Tracked, follow};
use super::vectors::{Pair, dot, norm};
use crate::config::ProbeSettings;
use crate::random::{Purpose, Stream};
use crate::sample::{Curvature, Eigenvalue, Solved};

/// Guard vectors carried beyond the wanted ones: top eigenvalues cluster and cross at the edge.
const N_GUARDS: usize = 2;

/// Rounds every warm measurement makes: one leaves a median error above 0.5 %.
const MIN_ROUNDS: usize = 2;

/// Rounds after which a warm measurement reports what it has, converged or not.
const MAX_WARM_ROUNDS: usize = 3;

/// The same while the residual is above [`super::block::ROUGH`]: between two steps of a network with rectifiers
/// the Hessian can change so much that three rounds leave the eigenvalue a tenth too small.
const MAX_ROUGH_ROUNDS: usize = 6;

/// The same for the first measurement, which has no eigenvectors to start from.
const MAX_COLD_ROUNDS: usize = 16;

/// Products an audit takes at least: ten have been seen to settle on λ₂.
const MIN_AUDIT_STEPS: usize = 40;

/// Products an audit may take.
const MAX_AUDIT_STEPS: usize = 80;

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
    seed: u64,
    top: Vec<Tracked>,
    bottom: Vec<Pair>,
    next_identity: u32,
}

impl Probe {
    /// A probe that has seen nothing; its random vectors are functions of `seed` and step.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, top: Vec::new(), bottom: Vec::new(), next_identity: 0 }
    }

    /// The largest eigenvalues, the curvature along the gradient and its alignment with u₁.
    ///
    /// # Errors
    /// See [`Halt`]; after an error the probe is as it was before.
    pub fn measure(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
    ) -> Result<Curvature, Halt> {
        let n_kept = settings.top_k + N_GUARDS;
        let mut counted = Counted { inner: operator, gradient: at.gradient, along: None };
        let carried = self.top.iter().take(n_kept).map(|tracked| tracked.pair.vector.clone());
        let mut start = vec![at.gradient.to_vec()];
        start.extend(carried);
        start.push(self.random(Purpose::Probe, at.step, at.gradient.len()));
        let is_cold = self.top.len() < settings.top_k;
        let options = BlockOptions {
            n_wanted: settings.top_k,
            n_kept,
            tolerance: settings.tolerance,
            min_rounds: MIN_ROUNDS,
            max_rounds: if is_cold { MAX_COLD_ROUNDS } else { MAX_WARM_ROUNDS },
            max_rough_rounds: if is_cold { MAX_COLD_ROUNDS } else { MAX_ROUGH_ROUNDS },
        };
        let found = solve_block(&mut counted, start, options)?;
        let gradient_curvature = counted.along;
        self.top = follow(&self.top, found.pairs, &mut self.next_identity);
        let length = norm(at.gradient);
        let gradient_alignment = self
            .top
            .first()
            .filter(|_| length > 0.0)
            .map(|tracked| (dot(at.gradient, &tracked.pair.vector) / length).abs());
        let top = self.top.iter().take(settings.top_k);
        Ok(Curvature {
            top: top.map(|t| eigenvalue(&t.pair, 1.0, t.identity, settings.tolerance)).collect(),
            hvps: found.hvps,
            gradient_curvature,
            gradient_alignment,
            ..Curvature::default()
        })
    }

    /// The smallest eigenvalue, by the same method on −H.
    ///
    /// # Errors
    /// See [`Halt`]; after an error the probe is as it was before.
    pub fn smallest(
        &mut self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
    ) -> Result<Solved, Halt> {
        let mut start: Vec<Vec<f64>> = self.bottom.iter().map(|pair| pair.vector.clone()).collect();
        start.push(self.random(Purpose::Min, at.step, at.gradient.len()));
        let options = BlockOptions {
            n_wanted: 1,
            n_kept: 1 + N_GUARDS,
            tolerance: settings.tolerance,
            min_rounds: MIN_ROUNDS,
            max_rounds: MAX_COLD_ROUNDS,
            max_rough_rounds: MAX_COLD_ROUNDS,
        };
        let found = solve_block(&mut Negated(operator), start, options)?;
        let Some(first) = found.pairs.first() else { return Err(Halt::NotFinite) };
        let eigenvalue = eigenvalue(first, -1.0, 0, settings.tolerance);
        self.bottom = found.pairs;
        Ok(Solved { eigenvalue, hvps: found.hvps })
    }

    /// The largest eigenvalue again, from a random vector, without looking at what is carried.
    ///
    /// # Errors
    /// See [`Halt`].
    pub fn audit(
        &self,
        operator: &mut dyn Operator,
        settings: &ProbeSettings,
        at: Moment<'_>,
    ) -> Result<Solved, Halt> {
        let start = self.random(Purpose::Audit, at.step, at.gradient.len());
        // Ten times finer than what it checks.
        let options = LanczosOptions {
            tolerance: 0.1 * settings.tolerance,
            min_steps: MIN_AUDIT_STEPS,
            max_steps: MAX_AUDIT_STEPS,
        };
        let (pair, hvps) = lanczos(operator, start, options)?;
        Ok(Solved { eigenvalue: eigenvalue(&pair, 1.0, 0, options.tolerance), hvps })
    }

    /// Share of the top eigenvector's squared norm in each of these ranges of its elements; empty
    /// while there is none.
    #[must_use]
    pub fn shares(&self, ranges: &[std::ops::Range<usize>]) -> Vec<f64> {
        let Some(top) = self.top.first() else { return Vec::new() };
        let vector = &top.pair.vector;
        let total = dot(vector, vector);
        ranges
            .iter()
            .map(|range| dot(&vector[range.clone()], &vector[range.clone()]) / total)
            .collect()
    }

    /// The tracked top eigenvectors, with values and identities, largest first.
    pub fn tracked(&self) -> impl Iterator<Item = (u32, &Pair)> {
        self.top.iter().map(|tracked| (tracked.identity, &tracked.pair))
    }

    /// A vector of random signs.
    fn random(&self, purpose: Purpose, step: u64, n: usize) -> Vec<f64> {
        let mut stream = Stream::new(self.seed, purpose, step);
        let mut vector = Vec::with_capacity(n);
        while vector.len() < n {
            let bits = stream.next_u64();
            let wanted = (n - vector.len()).min(64);
            vector.extend((0..wanted).map(|i| if bits >> i & 1 == 0 { 1.0 } else { -1.0 }));
        }
        vector
    }
}

fn eigenvalue(pair: &Pair, sign: f64, identity: u32, tolerance: f64) -> Eigenvalue {
    Eigenvalue {
        value: sign * pair.value,
        residual: pair.residual,
        is_converged: pair.residual <= tolerance,
        identity,
    }
}

/// An operator that notes gᵀHg/‖g‖² when it passes by: the gradient is the first vector applied.
struct Counted<'a> {
    inner: &'a mut dyn Operator,
    gradient: &'a [f64],
    along: Option<f64>,
}

impl Operator for Counted<'_> {
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
}
