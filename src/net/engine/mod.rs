//! Runs programs on batches: loss, gradient, and Hessian-vector products for blocks of vectors.

mod chunks;
mod linearization;
mod objective;
mod params;
mod program;
mod tape;
mod variances;
mod waves;
mod weight_standardisation;

pub use chunks::Pass;
pub use linearization::Linearization;
pub use objective::{Batch, Objective, Score};
pub use params::{ParamSpec, Role};
pub use program::{BufferSpec, Layer, Node, Program};
