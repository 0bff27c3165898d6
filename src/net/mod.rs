//! Networks as programs over ops with four passes each, and their losses.
//! Knows nothing of optimizers, solvers or runs.

mod params;

pub use params::{ParamSpec, Role};
