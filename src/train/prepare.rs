//! The tuning of the drawn weights, before step 0: an iteration at a time, as steps are.
//! Does not know how sizes are found (`init` does).

use super::error::TrainError;
use super::measure::Hooks;
use super::trainer::{Trainer, tensor};
use crate::init::TuningContext;
use crate::net::Halt;
use crate::sample::Preparation;

/// What became of an iteration.
#[derive(Clone, Debug, PartialEq)]
pub enum Prepared {
    /// Measured and, but for the last one, moved.
    Iterated(Preparation),
    /// The hooks asked to stop; nothing has changed.
    Interrupted,
}

impl Trainer {
    /// Measures what the tuning makes small, then changes the sizes of the weights; `None` once they
    /// are those that training starts from.
    ///
    /// # Errors
    /// A value that is not finite, or when the engine cannot compute.
    pub fn prepare(&mut self, hooks: Hooks<'_>) -> Result<Option<Prepared>, TrainError> {
        let Some(tuner) = self.tuner.as_mut().filter(|tuner| !tuner.is_over()) else {
            return Ok(None);
        };
        let context = TuningContext {
            objective: &self.objective,
            buffers: &self.buffers,
            train: &self.train,
            is_interrupted: hooks.is_interrupted,
        };
        match tuner.iterate(context) {
            Ok(told) => {
                self.params = tensor(tuner.weights(), self.params.dtype())?;
                Ok(Some(Prepared::Iterated(told)))
            }
            Err(Halt::Interrupted) => Ok(Some(Prepared::Interrupted)),
            Err(Halt::NotFinite) => Err(TrainError::Tuning {
                method: self.config.init.tuning.title(),
                iteration: tuner.n_done(),
            }),
            Err(halt @ Halt::Engine(_)) => Err(halt.into()),
        }
    }

    /// All iterations that are left; false when interrupted.
    pub(super) fn prepare_fully(&mut self, hooks: Hooks<'_>) -> Result<bool, TrainError> {
        while let Some(prepared) = self.prepare(hooks)? {
            if prepared == Prepared::Interrupted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the weights are those that training starts from.
    #[must_use]
    pub fn is_prepared(&self) -> bool {
        self.tuner.as_ref().is_none_or(crate::init::Tuner::is_over)
    }

    /// Ends the tuning with the iterations done so far, as if the configuration had asked for no
    /// more of them, and gives their number; `None` where none was left.
    pub fn cut_preparation(&mut self) -> Option<u64> {
        self.tuner.as_mut()?.cut_short()
    }
}
