//! Gradient clipping in a step.

use super::trainer::{Trainer, norm};
use crate::config::ClipMode;
use crate::net::widen;
use crate::optim::gradient_clipping::{Clipped, UnitWeights, clipped};

impl Trainer {
    /// Clips a gradient, shape `[N]`, at the current parameters.
    pub(super) fn clip(&self, gradient: &[f64]) -> candle_core::Result<Clipped> {
        let first_norm = self.first.map_or_else(|| norm(gradient), |first| first.grad_norm);
        let clip = &self.live.clip;
        // Copying the weights takes as much memory as the gradient: only if they are read.
        let params =
            if clip.mode == ClipMode::Adaptive { widen(&self.params)? } else { Vec::new() };
        let weights = UnitWeights { params: &params, units: &self.units };
        Ok(clipped(clip, gradient, first_norm, weights))
    }
}
