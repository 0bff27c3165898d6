//! The ops networks are made of, a folder each: the rule of its four passes, its fused kernels where it
//! has any, their twin from candle's operations, and what checks them.
//! Only ops differentiate; none knows the order they stand in.

pub mod add;
pub mod affine;
pub mod attention;
pub mod bias_activation;
pub mod concat;
pub mod conv;
pub mod gather;
pub mod linear;
pub mod mean_positions;
pub mod norm;
pub mod patches;
pub mod pool;
pub mod positions;
pub mod reshape;
pub mod spectral_scale;
pub mod standardise;
pub mod take;
