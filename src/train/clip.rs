//! The gradient as a step takes it.
//! Does not know which rule moves along it.

use super::trainer::{Trainer, norm};
use crate::config::ClipMode;
use crate::net::widen;
use crate::optim::clip::{Clipped, UnitWeights, clipped};

impl Trainer {
    /// What clipping leaves of a gradient `[N]` at the present parameters.
    pub(super) fn clip(&self, gradient: &[f64]) -> candle_core::Result<Clipped> {
        let first_norm = self.first.map_or_else(|| norm(gradient), |first| first.grad_norm);
        let clip = &self.live.clip;
        // The weights are a copy as long as the gradient: made only where they are read.
        let params =
            if clip.mode == ClipMode::Adaptive { widen(&self.params)? } else { Vec::new() };
        let weights = UnitWeights { params: &params, units: &self.units };
        Ok(clipped(clip, gradient, first_norm, weights))
    }
}
