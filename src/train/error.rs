//! Why a run could not start or go on, each as one sentence.
//! Divergence is not among them: it is a result.

use thiserror::Error;

use crate::config::ConfigError;
use crate::data::DataError;

/// A run that could not start or go on.
#[derive(Debug, Error)]
pub enum TrainError {
    /// The configuration is refused.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The data cannot be had.
    #[error("{0}")]
    Data(#[from] DataError),
    /// The engine could not compute.
    #[error("the computation failed: {0}; try a smaller network or fewer examples")]
    Engine(#[from] candle_core::Error),
}
