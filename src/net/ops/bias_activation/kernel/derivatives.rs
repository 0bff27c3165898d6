//! Activation functions with their first and second derivatives.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use crate::config::Activation;
use crate::net::simd::Real;

/// φ(z), φ′(z), φ″(z). At 0, relu and elu have their left-hand derivatives (relu: 0, as in
/// `PyTorch`).
#[inline(always)]
pub(super) fn derivatives<T: Real>(activation: Activation, z: T) -> (T, T, T) {
    match activation {
        Activation::Tanh => {
            let a = z.tanh();
            let p = T::ONE - a * a;
            (a, p, T::of(-2.0) * a * p)
        }
        Activation::Relu => {
            if z > T::ZERO {
                (z, T::ONE, T::ZERO)
            } else {
                (T::ZERO, T::ZERO, T::ZERO)
            }
        }
        Activation::Gelu => {
            // φ = z·Φ, φ′ = Φ + z·n, φ″ = (2 − z²)·n with n the normal density.
            let half = T::of(0.5);
            let cdf = half * (T::ONE + (z * T::of(std::f64::consts::FRAC_1_SQRT_2)).erf());
            let density = T::of(0.398_942_280_401_432_7) * (-(half * z * z)).exp();
            (z * cdf, cdf + z * density, (T::of(2.0) - z * z) * density)
        }
        Activation::Silu => {
            // s′ = s(1 − s): φ′ = s + z·s′, φ″ = s′·(2 + z·(1 − 2s)).
            let s = sigmoid(z);
            let ds = s * (T::ONE - s);
            (z * s, s + z * ds, ds * (T::of(2.0) + z * (T::ONE - T::of(2.0) * s)))
        }
        Activation::Elu => {
            if z > T::ZERO {
                (z, T::ONE, T::ZERO)
            } else {
                let e = z.exp();
                (z.exp_m1(), e, e)
            }
        }
        Activation::Softplus => {
            let s = sigmoid(z);
            let positive = if z > T::ZERO { z } else { T::ZERO };
            (positive + (-z.abs()).exp().ln_1p(), s, s * (T::ONE - s))
        }
        Activation::Linear => (z, T::ONE, T::ZERO),
    }
}

/// 1/(1 + e^−z) without overflow.
#[inline(always)]
fn sigmoid<T: Real>(z: T) -> T {
    let e = (-z.abs()).exp();
    if z < T::ZERO { e / (T::ONE + e) } else { T::ONE / (T::ONE + e) }
}
