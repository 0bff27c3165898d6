//! Measures and times the curvatures due at a step.
//! Decides what is measured; the probe decides how.

mod batches;
#[cfg(test)]
mod running_statistics;

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::config::{Decay, Interval, LiveSettings, ProbeSettings};
use crate::curvature::{HessianOperator, Location, Moment, Probe, Scaled};
use crate::net::{Halt, Linearization, never};
use crate::sample::{AlongUpdate, Cost, Curvature, Doubt, Followed, Solved, Stage, Work};

/// Callbacks from the trainer to its driver.
#[derive(Clone, Copy)]
pub struct Hooks<'a> {
    /// Whether to interrupt the step; called at least once per Hessian-vector product.
    pub is_interrupted: &'a dyn Fn() -> bool,
    /// Milliseconds since some fixed moment.
    pub now_ms: &'a dyn Fn() -> f64,
    /// Receives the progress of a step.
    pub tell: &'a dyn Fn(Work),
}

impl Hooks<'_> {
    /// Callbacks that never interrupt, ignore progress and stop the clock at 0.
    #[must_use]
    pub fn none() -> Self {
        Self { is_interrupted: &never, now_ms: &|| 0.0, tell: &|_| () }
    }
}

/// The state carried between a run's measurements.
#[derive(Clone, Debug)]
pub(super) struct Probes {
    /// The probe of the Hessian.
    pub(super) raw: Probe,
    /// The probe of the Hessian as scaled by the update.
    pub(super) scaled: Probe,
    /// The circumstances of the newest measurement.
    before: Option<Circumstances>,
    /// The last measurements along the update, oldest first.
    along: VecDeque<AlongUpdate>,
}

/// Circumstances of a measurement that can indicate an abrupt change of the Hessian without any
/// product.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// The learning rate.
    pub(super) rate: f64,
    /// Loss on the probe set.
    pub(super) loss: f64,
    /// Stability limit of the governing curvature.
    pub(super) threshold: Option<f64>,
    /// Whether the curvature was near or above the limit; set after the measurement.
    pub(super) is_near: bool,
}

impl Circumstances {
    /// Smallest ratio of the curvature to its limit at which it is near the limit.
    const NEAR: f64 = 0.95;
    /// Relative change of the rate, and factor on the loss, above which the Hessian may have changed
    /// abruptly.
    const RATE: f64 = 0.1;
    const LOSS: f64 = 2.0;

    /// Whether the Hessian may have changed abruptly since `before`.
    fn are_far_from(self, before: Self) -> bool {
        (self.rate - before.rate).abs() > Self::RATE * before.rate
            || self.loss > Self::LOSS * before.loss
    }
}

impl Probes {
    /// Probes without eigenvectors, for a network with this many outputs.
    pub(super) fn new(seed: u64, n_outputs: usize) -> Self {
        let probe = Probe::new(seed, n_outputs);
        Self { raw: probe.clone(), scaled: probe, before: None, along: VecDeque::new() }
    }

    /// Adapts to new live settings, unless only the pace is new: the next measurement is a Krylov solve.
    /// Eigenvectors are dropped if the settings change the operator itself, or if measurements were
    /// switched on or off.
    pub(super) fn adapt(&mut self, before: &LiveSettings, after: &LiveSettings) {
        let at_pace = LiveSettings { pace: after.pace, ..before.clone() };
        if at_pace == *after {
            return;
        }
        self.refresh();
        let off = |live: &LiveSettings| {
            [live.probe.every, live.probe.min_every].map(|every| every == Interval::Off)
        };
        if off(before) != off(after) || before.data != after.data {
            self.raw.forget();
            self.scaled.forget();
        }
        let scaling = |live: &LiveSettings| {
            let is_coupled = live.decay == Decay::Coupled;
            (live.epsilon, live.freeze, if is_coupled { live.weight_decay } else { 0.0 })
        };
        if scaling(before) != scaling(after) {
            self.scaled.forget();
        }
    }

    /// Σ uᵀHu/Σ gᵀu over the last measurements, the newest included; `None` without a newest one.
    fn mean_along(&mut self, newest: Option<AlongUpdate>) -> Option<f64> {
        self.along.extend(newest);
        let n_old = self.along.len().saturating_sub(AlongUpdate::WINDOW);
        self.along.drain(..n_old);
        let sum = |of: fn(&AlongUpdate) -> f64| self.along.iter().map(of).sum::<f64>();
        let sums = AlongUpdate { curvature: sum(|a| a.curvature), slope: sum(|a| a.slope) };
        newest.and_then(|_| sums.directional_sharpness())
    }

    fn refresh(&mut self) {
        self.raw.refresh();
        self.scaled.refresh();
    }
}

/// The scaling of the Hessian by the update that follows; see [`Scaled`].
#[derive(Clone, Copy)]
pub(super) struct Scaling<'a> {
    /// P^-½, one factor for each parameter.
    pub(super) scales: &'a Arc<[f64]>,
    /// Coupled weight decay.
    pub(super) shift: f64,
}

/// One step's measurement of the curvature.
pub(super) struct Meter<'a> {
    pub(super) settings: &'a ProbeSettings,
    pub(super) step: u64,
    pub(super) hooks: Hooks<'a>,
    /// The parameters.
    pub(super) params: &'a Arc<[f64]>,
    /// `u = (w_t − w_{t+1})/η`.
    pub(super) update: &'a [f64],
    pub(super) now: Circumstances,
    /// Elements of the parameter vector in each layer.
    pub(super) layers: &'a [std::ops::Range<usize>],
    /// The scaling, if the stability limit applies to the scaled Hessian.
    pub(super) scaling: Option<Scaling<'a>>,
    pub(super) cost: &'a mut Cost,
}

/// Whether any measurement is due at a step; never while the probe is off.
pub(super) fn is_due(settings: &ProbeSettings, step: u64) -> bool {
    let intervals = [settings.every, settings.min_every];
    settings.every != Interval::Off && intervals.iter().any(|interval| interval.is_due(step))
}

impl Meter<'_> {
    /// Makes all measurements due, on the linearization of the probe set; `None` if the Hessian is not
    /// finite there.
    pub(super) fn measure(
        &mut self,
        probes: &mut Probes,
        at: &Linearization,
        gradient: &[f64],
    ) -> Result<Option<Curvature>, Halt> {
        // A copy, so that an interruption leaves the probes unchanged.
        let mut ahead = probes.clone();
        if ahead.before.is_some_and(|before| self.now.are_far_from(before)) {
            ahead.refresh();
        }
        match self.measure_with(&mut ahead, at, gradient) {
            Ok(mut curvature) => {
                self.remember(&mut ahead, &curvature);
                curvature.directional_mean = ahead.mean_along(curvature.along_update);
                *probes = ahead;
                Ok(Some(curvature))
            }
            Err(Halt::NotFinite) => Ok(None),
            Err(halt) => Err(halt),
        }
    }

    /// Stores the circumstances for the next measurement, and makes that a Krylov solve if the
    /// curvature has just come near its limit.
    fn remember(&self, probes: &mut Probes, curvature: &Curvature) {
        let ratio =
            curvature.governing().zip(self.now.threshold).map(|(found, limit)| found / limit);
        let was_near = probes.before.is_some_and(|before| before.is_near);
        let is_near = ratio.map_or(was_near, |ratio| ratio >= Circumstances::NEAR);
        if is_near && !was_near {
            probes.refresh();
        }
        probes.before = Some(Circumstances { is_near, ..self.now });
    }

    fn measure_with(
        &mut self,
        probes: &mut Probes,
        at: &Linearization,
        gradient: &[f64],
    ) -> Result<Curvature, Halt> {
        let now_at = Cell::new(Work { stage: Stage::Largest, n_done: 0 });
        let start = |stage| now_at.set(Work { stage, n_done: 0 });
        let report = |n: u32| {
            let Work { stage, n_done } = now_at.get();
            now_at.set(Work { stage, n_done: n_done + n });
            (self.hooks.tell)(now_at.get());
        };
        let mut operator = HessianOperator::new(at, self.hooks.is_interrupted).reporting(&report);
        let location = Location::new(vec![Arc::clone(self.params)]);
        let (step, update) = (self.step, Some(self.update));
        let moment = Moment { step, location: &location, gradient, update };
        let now = self.hooks.now_ms;
        let started = now();
        let probe = &mut probes.raw;
        let is_due = self.settings.every.is_due(self.step);
        let mut curvature = if is_due {
            probe.measure(&mut operator, self.settings, moment)?
        } else {
            Curvature::default()
        };
        let measured = now();
        if is_due && self.is_audited(self.settings.every) {
            start(Stage::Audit);
            let audited = probe.audit(&mut operator, self.settings, moment, &mut curvature)?;
            curvature.audit = Some(audited);
        }
        if is_due {
            curvature.layer_shares = probe.shares(self.layers);
        }
        let audited = now();
        self.cost.audit_ms = audited - measured;
        if is_due && let Some(scaling) = self.scaling {
            start(Stage::Preconditioned);
            let inner = &mut operator;
            let mut scaled = Scaled { inner, scales: scaling.scales, shift: scaling.shift };
            let location = Location::new(vec![Arc::clone(self.params), Arc::clone(scaling.scales)]);
            let gradient: Vec<f64> =
                gradient.iter().zip(scaled.scales).map(|(g, s)| g * s).collect();
            let moment = Moment { step, location: &location, gradient: &gradient, update: None };
            self.measure_scaled(&mut probes.scaled, &mut scaled, moment, &mut curvature)?;
        }
        let scaled = now();
        self.cost.probe_ms = measured - started + (scaled - audited);
        if self.settings.min_every.is_due(self.step) {
            start(Stage::Smallest);
            curvature.min = Some(probe.smallest(&mut operator, self.settings, moment)?);
            if self.is_audited(self.settings.min_every) {
                probe.audit_smallest(&mut operator, self.settings, moment, &mut curvature)?;
            }
        }
        self.cost.min_ms = now() - scaled;
        Ok(curvature)
    }

    /// Whether a measurement made at this interval is audited at this step. The first measurement of
    /// each audit interval is.
    fn is_audited(&self, every: Interval) -> bool {
        match (self.settings.audit_every, every) {
            (Interval::Every(audit), Interval::Every(every)) => {
                self.step % audit.get() < every.get()
            }
            (Interval::Off, _) | (_, Interval::Off) => false,
        }
    }

    /// Measures the largest eigenvalue of the scaled Hessian and adds it to `curvature`. The gradient
    /// of `moment` is the scaled one.
    fn measure_scaled(
        &self,
        probe: &mut Probe,
        operator: &mut Scaled<HessianOperator>,
        moment: Moment<'_>,
        curvature: &mut Curvature,
    ) -> Result<(), Halt> {
        let settings = ProbeSettings { top_k: 1, ..self.settings.clone() };
        let mut found = probe.measure(operator, &settings, moment)?;
        if self.is_audited(settings.every) {
            let audited = probe.audit(operator, &settings, moment, &mut found)?;
            found.hvps += audited.hvps;
        }
        let eigenvalue = found.top.first().copied().ok_or(Halt::NotFinite)?;
        curvature.preconditioned = Some(Solved { eigenvalue, hvps: found.hvps });
        let named = |doubt| Doubt { of: Followed::Preconditioned, ..doubt };
        curvature.doubts.extend(found.doubts.into_iter().map(named));
        curvature.is_doubted |= found.is_doubted;
        Ok(())
    }
}
