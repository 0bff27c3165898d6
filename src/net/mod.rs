//! Networks as programs over ops with four passes each, and their losses.
//! Knows nothing of optimizers, solvers or runs.
//!
//! candle supplies tensors, dtypes, devices and, in tests, the oracle; the differentiation is ours
//! (exact Hessian-vector products for blocks of vectors at about the cost of a gradient each).

mod activation;
mod composed;
mod dispatch;
mod kernels;
mod linearization;
mod loss;
mod objective;
mod op;
mod params;
mod program;
mod tape;
mod threads;

pub use kernels::widen;
pub use linearization::Linearization;
pub use objective::{Batch, Objective, Score};
pub use op::Op;
pub use params::{ParamSpec, Role};
pub use program::{BufferSpec, Node, Program};
