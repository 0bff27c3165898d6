//! Why a run could not start or go on, each as one sentence.
//! Divergence is not among them: it is a result.

use thiserror::Error;

use crate::config::ConfigError;
use crate::cost::CostError;
use crate::data::DataError;
use crate::net::Halt;

/// A run that could not start or go on.
#[derive(Debug, Error)]
pub enum TrainError {
    /// The configuration is refused.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The data cannot be had.
    #[error("{0}")]
    Data(#[from] DataError),
    /// It takes more than there is.
    #[error("{0}")]
    Cost(#[from] CostError),
    /// The tuning of the initial weights met NaN or infinity.
    #[error(
        "{method} met a value that is not finite in its iteration {iteration}, so that there are no \
         weights to train from; use a smaller init.scale, or init.tuning = \"none\""
    )]
    Tuning {
        /// What was tuning.
        method: &'static str,
        /// Iterations done before.
        iteration: u64,
    },
    /// Somebody asked to stop before the run had started.
    #[error("stopped before it had started")]
    Interrupted,
    /// The engine could not compute.
    #[error("the computation failed: {0}; try a smaller network or fewer examples")]
    Engine(#[from] candle_core::Error),
}

impl From<Halt> for TrainError {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Interrupted => Self::Interrupted,
            Halt::NotFinite => Self::Engine(candle_core::Error::msg(halt)),
            Halt::Engine(error) => Self::Engine(error),
        }
    }
}
