//! eoscope, the edge-of-stability scope: watch the curvature of the loss decide whether training
//! is stable, live.

pub mod config;
pub mod export;
pub mod figure;
pub mod history;
pub mod net;
pub mod paint;
pub mod protocol;
pub mod text;
pub mod ui;
