//! What of the curvature is due at a step, measured and timed.
//! Knows settings and step; the probe knows how.

use std::cell::Cell;

use crate::config::{Decay, Interval, LiveSettings, ProbeSettings};
use crate::curvature::{HessianOperator, Moment, Probe, Scaled};
use crate::net::{Halt, Linearization, never};
use crate::sample::{Cost, Curvature, Doubt, Followed, Solved, Stage, Work};

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
}

impl Probes {
    /// Probes that have seen nothing, for a network of so many outputs.
    pub(super) fn new(seed: u64, n_outputs: usize) -> Self {
        let probe = Probe::new(seed, n_outputs);
        Self { raw: probe.clone(), scaled: probe }
    }

    /// Forgets what new settings change by decree: an operator that is another function of the run
    /// than the one that was followed, or one that was not followed for a while.
    pub(super) fn heed(&mut self, before: &LiveSettings, after: &LiveSettings) {
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
}

/// How the update that follows scales the Hessian; see [`Scaled`].
#[derive(Clone, Copy)]
pub(super) struct Scaling<'a> {
    /// P^-½, one factor for each parameter.
    pub(super) scales: &'a [f64],
    /// Coupled weight decay.
    pub(super) shift: f64,
}

/// One step's measurement of the curvature.
pub(super) struct Meter<'a> {
    pub(super) settings: &'a ProbeSettings,
    pub(super) step: u64,
    pub(super) hooks: Hooks<'a>,
    /// Elements of the parameter vector in each layer.
    pub(super) layers: &'a [std::ops::Range<usize>],
    /// Where a scaled Hessian decides about stability.
    pub(super) scaling: Option<Scaling<'a>>,
    pub(super) cost: &'a mut Cost,
}

impl Meter<'_> {
    /// Whether anything is due at this step; nothing is while the probe is off.
    pub(super) fn is_due(&self) -> bool {
        let settings = self.settings;
        settings.every != Interval::Off
            && [settings.every, settings.min_every]
                .iter()
                .any(|interval| interval.is_due(self.step))
    }

    /// All that is due, on the linearization of the probe set; `None` when nothing is, or the
    /// Hessian is not finite here.
    pub(super) fn measure(
        &mut self,
        probes: &mut Probes,
        at: &Linearization,
        gradient: &[f64],
    ) -> Result<Option<Curvature>, Halt> {
        if !self.is_due() {
            return Ok(None);
        }
        // A copy, so that an interruption half way leaves the probes as they were.
        let mut ahead = probes.clone();
        match self.measure_with(&mut ahead, at, gradient) {
            Ok(curvature) => {
                *probes = ahead;
                Ok(Some(curvature))
            }
            Err(Halt::NotFinite) => Ok(None),
            Err(halt) => Err(halt),
        }
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
        let moment = Moment { step: self.step, gradient };
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
            self.measure_scaled(&mut probes.scaled, &mut scaled, gradient, &mut curvature)?;
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
        gradient: &[f64],
        curvature: &mut Curvature,
    ) -> Result<(), Halt> {
        let gradient: Vec<f64> = gradient.iter().zip(operator.scales).map(|(g, s)| g * s).collect();
        let settings = ProbeSettings { top_k: 1, ..self.settings.clone() };
        let moment = Moment { step: self.step, gradient: &gradient };
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
