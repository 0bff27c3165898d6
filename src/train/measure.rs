//! What of the curvature is due at a step, measured and timed.
//! Knows settings and step; the probe knows how.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::config::{Decay, Interval, LiveSettings, ProbeSettings};
use crate::curvature::{HessianOperator, Location, Moment, Probe, Scaled};
use crate::net::{Halt, Linearization, never};
use crate::sample::{AlongUpdate, Cost, Curvature, Doubt, Followed, Solved, Stage, Work};

/// What the trainer asks of whoever drives it.
#[derive(Clone, Copy)]
pub struct Hooks<'a> {
    /// Whether to give up the step; asked at least once for every Hessian-vector product.
    pub is_interrupted: &'a dyn Fn() -> bool,
    /// Milliseconds since some fixed moment.
    pub now_ms: &'a dyn Fn() -> f64,
    /// Hears how far the work of a step is.
    pub tell: &'a dyn Fn(Work),
}

impl Hooks<'_> {
    /// Nobody interrupts or hears, and no time passes.
    #[must_use]
    pub fn none() -> Self {
        Self { is_interrupted: &never, now_ms: &|| 0.0, tell: &|_| () }
    }
}

/// The eigenvectors that are carried from one measurement to the next.
#[derive(Clone, Debug)]
pub(super) struct Probes {
    /// Of the Hessian.
    pub(super) raw: Probe,
    /// Of the Hessian as the update scales it.
    pub(super) scaled: Probe,
    /// The circumstances of the newest measurement.
    before: Option<Circumstances>,
    /// The last measurements along the updates, oldest first.
    along: VecDeque<AlongUpdate>,
}

/// Circumstances of a measurement from which an abrupt change of the Hessian can be suspected
/// without a product.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// The learning rate.
    pub(super) rate: f64,
    /// Loss on the probe set.
    pub(super) loss: f64,
    /// The limit of the governing curvature.
    pub(super) threshold: Option<f64>,
    /// Whether the curvature was near the limit or above it; known after the measurement.
    pub(super) is_near: bool,
}

impl Circumstances {
    /// Ratio to the limit from which on the curvature is near it.
    const NEAR: f64 = 0.95;
    /// Relative change of the rate, and factor on the loss, that may change the Hessian abruptly.
    const RATE: f64 = 0.1;
    const LOSS: f64 = 2.0;

    /// Whether the Hessian may have changed abruptly since `before`.
    fn are_far_from(self, before: Self) -> bool {
        (self.rate - before.rate).abs() > Self::RATE * before.rate
            || self.loss > Self::LOSS * before.loss
    }
}

impl Probes {
    /// Probes that have seen nothing, for a network of so many outputs.
    pub(super) fn new(seed: u64, n_outputs: usize) -> Self {
        let probe = Probe::new(seed, n_outputs);
        Self { raw: probe.clone(), scaled: probe, before: None, along: VecDeque::new() }
    }

    /// Adapts to new live settings: the next measurement relies on no prediction. Eigenvectors are
    /// dropped if the settings change the operator itself, or if it has not been measured for a
    /// while.
    pub(super) fn adapt(&mut self, before: &LiveSettings, after: &LiveSettings) {
        let at_pace = LiveSettings { pace: after.pace, ..before.clone() };
        if at_pace == *after {
            return;
        }
        self.refresh();
        let off = |live: &LiveSettings| {
            [live.probe.every, live.probe.min_every].map(|every| every == Interval::Off)
        };
        if off(before) != off(after) {
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

    /// Σ uᵀHu/Σ gᵀu of the last measurements, with this one.
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

/// How the update that follows scales the Hessian; see [`Scaled`].
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
    /// Where a scaled Hessian decides about stability.
    pub(super) scaling: Option<Scaling<'a>>,
    pub(super) cost: &'a mut Cost,
}

/// Whether anything is due at a step; nothing is while the probe is off.
pub(super) fn is_due(settings: &ProbeSettings, step: u64) -> bool {
    let intervals = [settings.every, settings.min_every];
    settings.every != Interval::Off && intervals.iter().any(|interval| interval.is_due(step))
}

impl Meter<'_> {
    /// All that is due, on the linearization of the probe set; `None` when the Hessian is not finite
    /// here.
    pub(super) fn measure(
        &mut self,
        probes: &mut Probes,
        at: &Linearization,
        gradient: &[f64],
    ) -> Result<Option<Curvature>, Halt> {
        // A copy, so that an interruption half way leaves the probes as they were.
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

    /// Stores the circumstances for the next measurement, which relies on no prediction if the
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
        let begin = |stage| now_at.set(Work { stage, n_done: 0 });
        let told = |n: u32| {
            let Work { stage, n_done } = now_at.get();
            now_at.set(Work { stage, n_done: n_done + n });
            (self.hooks.tell)(now_at.get());
        };
        let mut operator = HessianOperator::new(at, self.hooks.is_interrupted).telling(&told);
        let location = Location::new(vec![Arc::clone(self.params)]);
        let (step, update) = (self.step, Some(self.update));
        let moment = Moment { step, location: &location, gradient, update };
        let now = self.hooks.now_ms;
        let begun = now();
        let probe = &mut probes.raw;
        let is_due = self.settings.every.is_due(self.step);
        let mut curvature = if is_due {
            probe.measure(&mut operator, self.settings, moment)?
        } else {
            Curvature::default()
        };
        let measured = now();
        if is_due && self.is_audited(self.settings.every) {
            begin(Stage::Audit);
            let audited = probe.audit(&mut operator, self.settings, moment, &mut curvature)?;
            curvature.audit = Some(audited);
        }
        if is_due {
            curvature.layer_shares = probe.shares(self.layers);
        }
        let audited = now();
        self.cost.audit_ms = audited - measured;
        if is_due && let Some(scaling) = self.scaling {
            begin(Stage::Preconditioned);
            let inner = &mut operator;
            let mut scaled = Scaled { inner, scales: scaling.scales, shift: scaling.shift };
            let location = Location::new(vec![Arc::clone(self.params), Arc::clone(scaling.scales)]);
            let gradient: Vec<f64> =
                gradient.iter().zip(scaled.scales).map(|(g, s)| g * s).collect();
            let moment = Moment { step, location: &location, gradient: &gradient, update: None };
            self.measure_scaled(&mut probes.scaled, &mut scaled, moment, &mut curvature)?;
        }
        let scaled = now();
        self.cost.probe_ms = measured - begun + (scaled - audited);
        if self.settings.min_every.is_due(self.step) {
            begin(Stage::Smallest);
            curvature.min = Some(probe.smallest(&mut operator, self.settings, moment)?);
            if self.is_audited(self.settings.min_every) {
                probe.audit_smallest(&mut operator, self.settings, moment, &mut curvature)?;
            }
        }
        self.cost.min_ms = now() - scaled;
        Ok(curvature)
    }

    /// Whether what is measured this often is audited at this step: at the first measurement of
    /// every stretch between two audits.
    fn is_audited(&self, every: Interval) -> bool {
        match (self.settings.audit_every, every) {
            (Interval::Every(audit), Interval::Every(every)) => {
                self.step % audit.get() < every.get()
            }
            (Interval::Off, _) | (_, Interval::Off) => false,
        }
    }

    /// The largest eigenvalue of the scaled Hessian, put into `curvature`; a direction that a step
    /// takes is the scaled gradient there.
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
