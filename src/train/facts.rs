//! Read access to a trainer: settings, state and sizes.

use candle_core::Tensor;

use super::trainer::Trainer;
use crate::config::{LiveSettings, RunConfig};
use crate::net::{Batch, Objective};

impl Trainer {
    /// The configuration of the run.
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

    /// All parameters, flat, shape `[N]`.
    #[must_use]
    pub fn params(&self) -> &Tensor {
        &self.params
    }

    /// The buffers, in the order of [`crate::net::Program::buffers`].
    #[must_use]
    pub fn buffers(&self) -> &[Tensor] {
        &self.buffers
    }

    /// The loss as a function of the parameters.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The probe set: the examples on which the curvature is measured, as arranged at present.
    #[must_use]
    pub fn probe_set(&self) -> &Batch {
        &self.examples.probe
    }

    /// Number of training examples.
    #[must_use]
    pub fn n_train(&self) -> usize {
        self.examples.train.inputs.dims().first().copied().unwrap_or(0)
    }

    /// Number of test examples.
    #[must_use]
    pub fn n_test(&self) -> usize {
        self.examples
            .test
            .as_ref()
            .and_then(|test| test.inputs.dims().first().copied())
            .unwrap_or(0)
    }

    /// Number of examples in the probe set.
    #[must_use]
    pub fn n_probe(&self) -> usize {
        self.examples.probe.inputs.dims().first().copied().unwrap_or(0)
    }

    /// Hash of the data as loaded, whatever their arrangement.
    #[must_use]
    pub fn data_hash(&self) -> &str {
        &self.data_hash
    }
}
