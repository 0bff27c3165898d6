//! eoscope, the edge-of-stability scope: watch the curvature of the loss decide whether training
//! is stable, live.

pub mod config;
pub mod curvature;
pub mod data;
pub mod history;
pub mod init;
pub mod net;
pub mod optim;
pub mod protocol;
pub mod random;
pub mod runner;
pub mod sample;
pub mod text;
pub mod train;
pub mod workers;
