//! Networks as programs over ops with four passes each, and their losses.
//! Knows nothing of optimizers, solvers or runs.
//!
//! candle supplies tensors, dtypes, devices and, in tests, the oracle; the differentiation is ours
//! (exact Hessian-vector products for blocks of vectors at about the cost of a gradient each).

mod activation;
mod architectures;
mod builder;
mod chunks;
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
mod spread;
mod tape;
mod threads;
#[cfg(test)]
mod twin;
mod weights;
mod window;

pub use architectures::Interface;
pub use chunks::Pass;
pub(crate) use kernels::widest;
pub use kernels::{Mask, widen};
pub use linearization::Linearization;
pub use objective::{Batch, Objective, Score};
pub use ops::{
    Add, Affine, Attention, BiasActivation, Concat, Conv, Gather, Linear, MeanPositions, Norm, Op,
    Over, Patches, Pool, Positions, Reshape, SpectralScale, Standardise, Take,
};
#[cfg(test)]
pub(crate) use oracle::batch_norm_network;
pub use params::{ParamSpec, Role};
pub use program::{BufferSpec, Layer, Node, Program, Shape};
pub use window::{Filter, Image, Window};
