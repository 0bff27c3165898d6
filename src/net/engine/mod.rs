//! Runs a program of ops on batches: loss, gradient, and Hessian-vector products of blocks of vectors.
//! Knows no op but the sum of gradients, and no network.

mod chunks;
mod linearization;
mod objective;
mod params;
mod program;
mod spread;
mod tape;
mod threads;
mod weights;

pub use chunks::Pass;
pub use linearization::Linearization;
pub use objective::{Batch, Objective, Score};
pub use params::{ParamSpec, Role};
pub use program::{BufferSpec, Layer, Node, Program};
