//! What of the curvature is due at a step, measured and timed.
//! Knows settings and step; the probe knows how.

use crate::config::{Interval, ProbeSettings};
use crate::curvature::{Halt, HessianOperator, Moment, Probe, Scaled};
use crate::net::Linearization;
use crate::sample::{Cost, Curvature, Solved};

/// What the trainer asks of whoever drives it.
#[derive(Clone, Copy)]
pub struct Hooks<'a> {
    /// Whether to give up the step; asked at least once for every Hessian-vector product.
    pub is_interrupted: &'a dyn Fn() -> bool,
    /// Milliseconds since some fixed moment.
    pub now_ms: &'a dyn Fn() -> f64,
}

impl Hooks<'_> {
    /// Nobody interrupts and no time passes.
    #[must_use]
    pub fn none() -> Self {
        Self { is_interrupted: &|| false, now_ms: &|| 0.0 }
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

/// How the update that follows scales the Hessian; see [`Scaled`].
#[derive(Clone, Copy)]
pub(super) struct Scaling<'a> {
    /// P^-½, one factor for each parameter.
    pub(super) scales: &'a [f64],
    /// Coupled weight decay.
    pub(super) shift: f64,
}

/// Why a measurement has no result.
pub(super) enum Stopped {
    Interrupted,
    Engine(candle_core::Error),
}

impl From<candle_core::Error> for Stopped {
    fn from(error: candle_core::Error) -> Self {
        Self::Engine(error)
    }
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
            && [settings.every, settings.min_every, settings.audit_every]
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
    ) -> Result<Option<Curvature>, Stopped> {
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
            Err(Halt::Interrupted) => Err(Stopped::Interrupted),
            Err(Halt::Engine(error)) => Err(Stopped::Engine(error)),
        }
    }

    fn measure_with(
        &mut self,
        probes: &mut Probes,
        at: &Linearization,
        gradient: &[f64],
    ) -> Result<Curvature, Halt> {
        let mut operator = HessianOperator::new(at, self.hooks.is_interrupted);
        let moment = Moment { step: self.step, gradient };
        let now = self.hooks.now_ms;
        let begun = now();
        let probe = &mut probes.raw;
        let mut curvature = if self.settings.every.is_due(self.step) {
            let measured = probe.measure(&mut operator, self.settings, moment)?;
            Curvature { layer_shares: probe.shares(self.layers), ..measured }
        } else {
            Curvature::default()
        };
        if self.settings.every.is_due(self.step)
            && let Some(scaling) = self.scaling
        {
            let inner = &mut operator;
            let mut scaled = Scaled { inner, scales: scaling.scales, shift: scaling.shift };
            curvature.preconditioned =
                Some(self.measure_scaled(&mut probes.scaled, &mut scaled, gradient)?);
        }
        let measured = now();
        self.cost.probe_ms = measured - begun;
        if self.settings.min_every.is_due(self.step) {
            curvature.min = Some(probe.smallest(&mut operator, self.settings, moment)?);
        }
        let bottom = now();
        self.cost.min_ms = bottom - measured;
        if self.settings.audit_every.is_due(self.step) {
            curvature.audit = Some(probe.audit(&mut operator, self.settings, moment)?);
        }
        self.cost.audit_ms = now() - bottom;
        Ok(curvature)
    }

    /// The largest eigenvalue of the scaled Hessian; a direction that a step takes is the scaled
    /// gradient there.
    fn measure_scaled(
        &self,
        probe: &mut Probe,
        operator: &mut Scaled<HessianOperator>,
        gradient: &[f64],
    ) -> Result<Solved, Halt> {
        let gradient: Vec<f64> = gradient.iter().zip(operator.scales).map(|(g, s)| g * s).collect();
        let settings = ProbeSettings { top_k: 1, ..self.settings.clone() };
        let moment = Moment { step: self.step, gradient: &gradient };
        let found = probe.measure(operator, &settings, moment)?;
        let eigenvalue = found.top.first().copied().ok_or(Halt::NotFinite)?;
        Ok(Solved { eigenvalue, hvps: found.hvps })
    }
}
