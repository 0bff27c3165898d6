//! Tuning of the initial weights before step 0, one iteration at a time; the methods are in `init`.

use super::error::TrainError;
use super::measure::Hooks;
use super::trainer::{Trainer, tensor};
use crate::init::TuningContext;
use crate::net::Halt;
use crate::sample::Preparation;

/// Result of an iteration.
#[derive(Clone, Debug, PartialEq)]
pub enum Prepared {
    /// Measured, and moved unless it was the last iteration.
    Iterated(Preparation),
    /// Interrupted; nothing has changed.
    Interrupted,
}

impl Trainer {
    /// Measures the objective of the tuning, then rescales the weights; `None` when the tuning is
    /// over.
    ///
    /// # Errors
    /// A value is not finite, or the computation fails.
    pub fn prepare(&mut self, hooks: Hooks<'_>) -> Result<Option<Prepared>, TrainError> {
        let Some(tuner) = self.tuner.as_mut().filter(|tuner| !tuner.is_over()) else {
            return Ok(None);
        };
        let context = TuningContext {
            objective: &self.objective,
            buffers: &self.buffers,
            train: &self.examples.train,
            is_interrupted: hooks.is_interrupted,
        };
        match tuner.iterate(context) {
            Ok(record) => {
                self.params = tensor(tuner.weights(), self.params.dtype())?;
                Ok(Some(Prepared::Iterated(record)))
            }
            Err(Halt::Interrupted) => Ok(Some(Prepared::Interrupted)),
            Err(Halt::NotFinite) => Err(TrainError::Tuning {
                method: self.config.init.tuning.title(),
                iteration: tuner.n_done(),
            }),
            Err(halt @ Halt::Engine(_)) => Err(halt.into()),
        }
    }

    /// Runs all remaining iterations; false when interrupted.
    pub(super) fn prepare_fully(&mut self, hooks: Hooks<'_>) -> Result<bool, TrainError> {
        while let Some(prepared) = self.prepare(hooks)? {
            if prepared == Prepared::Interrupted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the tuning is over, or there is none.
    #[must_use]
    pub fn is_prepared(&self) -> bool {
        self.tuner.as_ref().is_none_or(crate::init::Tuner::is_over)
    }

    /// Ends the tuning after the iterations done so far, as if the configuration had asked for that
    /// many; returns their number, or `None` if the tuning was over.
    pub fn cut_preparation(&mut self) -> Option<u64> {
        self.tuner.as_mut()?.cut_short()
    }
}
