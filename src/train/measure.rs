//! What of the curvature is due at a step, measured and timed.
//! Knows settings and step; the probe knows how.

use crate::config::{Interval, ProbeSettings};
use crate::curvature::{Halt, HessianOperator, Moment, Probe};
use crate::net::Linearization;
use crate::sample::{Cost, Curvature};

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

/// Why a measurement has no result.
pub(super) enum Stopped {
    Interrupted,
    Engine(candle_core::Error),
}

/// One step's measurement of the curvature.
pub(super) struct Meter<'a> {
    pub(super) settings: &'a ProbeSettings,
    pub(super) step: u64,
    pub(super) hooks: Hooks<'a>,
    /// Elements of the parameter vector in each layer.
    pub(super) layers: &'a [std::ops::Range<usize>],
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
        probe: &mut Probe,
        at: &Linearization,
        gradient: &[f64],
    ) -> Result<Option<Curvature>, Stopped> {
        if !self.is_due() {
            return Ok(None);
        }
        // A copy, so that an interruption half way leaves the probe as it was.
        let mut ahead = probe.clone();
        match self.measure_with(&mut ahead, at, gradient) {
            Ok(curvature) => {
                *probe = ahead;
                Ok(Some(curvature))
            }
            Err(Halt::NotFinite) => Ok(None),
            Err(Halt::Interrupted) => Err(Stopped::Interrupted),
            Err(Halt::Engine(error)) => Err(Stopped::Engine(error)),
        }
    }

    fn measure_with(
        &mut self,
        probe: &mut Probe,
        at: &Linearization,
        gradient: &[f64],
    ) -> Result<Curvature, Halt> {
        let mut operator = HessianOperator::new(at, self.hooks.is_interrupted);
        let moment = Moment { step: self.step, gradient };
        let now = self.hooks.now_ms;
        let begun = now();
        let mut curvature = if self.settings.every.is_due(self.step) {
            let measured = probe.measure(&mut operator, self.settings, moment)?;
            Curvature { layer_shares: probe.shares(self.layers), ..measured }
        } else {
            Curvature::default()
        };
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
}
