//! Networks as programs over ops with four passes each, and their losses.
//! Knows nothing of optimizers, solvers or runs.
//!
//! candle supplies tensors, dtypes, devices and, in tests, the oracle; the differentiation is ours
//! (exact Hessian-vector products for blocks of vectors at about the cost of a gradient each).

mod activation;
mod architectures;
mod builder;
mod composed;
mod dispatch;
mod kernels;
mod linearization;
mod loss;
mod objective;
mod ops;
#[cfg(test)]
mod oracle;
mod params;
mod program;
mod tape;
mod threads;
mod weights;

pub use kernels::widen;
pub use linearization::Linearization;
pub use objective::{Batch, Objective, Score};
pub use ops::{
    Add, Affine, BiasActivation, Concat, Linear, Multiply, Op, Over, Scale, SpectralScale,
    Standardise,
};
#[cfg(test)]
pub(crate) use oracle::batch_norm_network;
pub use params::{ParamSpec, Role};
pub use program::{BufferSpec, Node, Program, Shape};
