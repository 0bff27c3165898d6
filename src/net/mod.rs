//! Networks as programs over ops with four passes each, and their losses.
//! Knows nothing of optimizers, solvers or runs.
//!
//! candle supplies tensors, dtypes, devices and, in tests, the oracle; the differentiation is ours
//! (exact Hessian-vector products for blocks of vectors at about the cost of a gradient each).
//!
//! | floor | duty |
//! |---|---|
//! | `halt` | why a computation has no result |
//! | `simd` | number crunching that knows no op |
//! | `window` | how a window moves over an image |
//! | `passes` | what an op is: four passes |
//! | [`ops`] | the ops there are, a folder each, none of which the engine knows by name |
//! | `loss` | the losses at the end of a network |
//! | `engine` | programs over ops, the passes over a batch, Hessian-vector products |
//! | `builder` | how a program is written, op by op |
//! | `architectures` | the networks there are |

mod architectures;
mod builder;
mod engine;
mod halt;
mod loss;
pub mod ops;
#[cfg(test)]
mod oracle;
mod passes;
mod simd;
mod twins;
mod window;

pub use architectures::Interface;
pub use engine::{
    Batch, BufferSpec, Layer, Linearization, Node, Objective, ParamSpec, Pass, Program, Role, Score,
};
pub(crate) use halt::go_on;
pub use halt::{Halt, never};
#[cfg(test)]
pub(crate) use oracle::batch_norm_network;
pub use passes::{Op, Shape};
pub use simd::widen;
pub(crate) use simd::widest;
pub use window::{Filter, Image, Window};
