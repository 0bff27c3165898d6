//! What a trainer tells of itself: settings, state and sizes.
//! Changes nothing.

use candle_core::Tensor;

use super::trainer::Trainer;
use crate::config::{LiveSettings, RunConfig};
use crate::net::{Batch, Objective};

impl Trainer {
    /// The configuration it was built from.
    #[must_use]
    pub fn config(&self) -> &RunConfig {
        &self.config
    }

    /// The live settings in force.
    #[must_use]
    pub fn live(&self) -> &LiveSettings {
        &self.live
    }

    /// Number of updates made so far.
    #[must_use]
    pub fn steps_taken(&self) -> u64 {
        self.step
    }

    /// Whether all steps have been taken.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.step >= self.config.n_steps
    }

    /// The parameters, flat `[N]`.
    #[must_use]
    pub fn params(&self) -> &Tensor {
        &self.params
    }

    /// The buffers, in the order of the program's table.
    #[must_use]
    pub fn buffers(&self) -> &[Tensor] {
        &self.buffers
    }

    /// The loss as a function of the parameters.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The examples the curvature is measured on.
    #[must_use]
    pub fn probe_set(&self) -> &Batch {
        &self.probe_set
    }

    /// Training examples.
    #[must_use]
    pub fn n_train(&self) -> usize {
        self.train.inputs.dims().first().copied().unwrap_or(0)
    }

    /// Test examples.
    #[must_use]
    pub fn n_test(&self) -> usize {
        self.test.as_ref().and_then(|test| test.inputs.dims().first().copied()).unwrap_or(0)
    }

    /// Examples the curvature is measured on.
    #[must_use]
    pub fn n_probe(&self) -> usize {
        self.probe_set.inputs.dims().first().copied().unwrap_or(0)
    }

    /// Hash of the data in use.
    #[must_use]
    pub fn data_hash(&self) -> &str {
        &self.data_hash
    }
}
