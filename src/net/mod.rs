//! Networks as programs over ops with four passes each, and their losses. Independent of
//! optimizers, eigensolvers and runs.
//!
//! candle supplies tensors, dtypes, devices and, in tests, reference derivatives. Differentiation
//! is our own: exact Hessian-vector products for blocks of vectors, each at about the cost of a
//! gradient.
//!
//! | floor | duty |
//! |---|---|
//! | `halt` | why a computation ended without a result |
//! | `simd` | vectorized arithmetic on slices, shared by the kernels of all ops |
//! | `sliding_window` | geometry of a sliding window over an image |
//! | `passes` | the interface of an op: its four passes |
//! | [`ops`] | the ops, one folder each |
//! | `loss` | the loss functions |
//! | `engine` | programs; gradients and Hessian-vector products over a batch |
//! | `builder` | appends ops and parameters to a program |
//! | `architectures` | the networks |

mod architectures;
mod builder;
mod dispatch;
mod engine;
mod halt;
mod loss;
pub mod ops;
#[cfg(test)]
mod oracle;
mod passes;
mod simd;
mod sliding_window;

pub use architectures::Interface;
pub use engine::{
    Batch, BufferSpec, Layer, Linearization, Node, Objective, ParamSpec, Pass, Program, Role, Score,
};
pub(crate) use halt::check_interrupted;
pub use halt::{Halt, never};
#[cfg(test)]
pub(crate) use oracle::batch_norm_network;
pub use passes::{Op, Shape};
pub use simd::widen;
pub(crate) use simd::widest;
pub use sliding_window::{Filter, Image, Window};
