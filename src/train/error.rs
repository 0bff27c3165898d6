//! Reasons why a run cannot start or continue, each as one sentence. Divergence is a result, not an
//! error.

use thiserror::Error;

use crate::config::ConfigError;
use crate::config::settings::{SCALE, TUNING};
use crate::cost::CostError;
use crate::data::DataError;
use crate::net::Halt;

/// A run that cannot start or continue.
#[derive(Debug, Error)]
pub enum TrainError {
    /// The configuration is invalid.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The data cannot be loaded.
    #[error("{0}")]
    Data(#[from] DataError),
    /// The run needs more memory than is available.
    #[error("{0}")]
    Cost(#[from] CostError),
    /// The tuning of the initial weights produced NaN or infinity.
    #[error(
        "{method} met a value that is not finite in its iteration {iteration} and gives no \
         weights to train from; use a smaller {SCALE}, or {TUNING} = \"none\""
    )]
    Tuning {
        /// The tuning method.
        method: &'static str,
        /// Number of completed iterations.
        iteration: u64,
    },
    /// Interrupted before the run started.
    #[error("stopped before it started")]
    Interrupted,
    /// The computation failed.
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
