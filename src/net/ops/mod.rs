//! The ops of networks, one folder each: its four passes, its fused CPU kernels if it has any,
//! their fallback composed of candle operations, and its tests.

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
