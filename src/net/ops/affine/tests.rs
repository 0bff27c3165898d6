//! Gains and shifts: output and derivatives against candle, kernels against their fallback.

use candle_core::{Result, Tensor};

use super::{Affine, composed, kernel};
use crate::net::builder::{Builder, Scalar};
use crate::net::dispatch::testing::{I, K, N, same, tensor};
use crate::net::oracle;
use crate::net::simd::Dual;

pub(super) fn reference(op: Affine, x: &Tensor, params: &[Tensor]) -> Result<Tensor> {
    let x = match op.gain {
        Some(gain) => x.broadcast_mul(&params[gain])?,
        None => x.clone(),
    };
    op.shift.map_or_else(|| Ok(x.clone()), |shift| x.broadcast_add(&params[shift]))
}

#[test]
fn a_gain_and_a_shift_of_each_feature_have_exact_derivatives() {
    let mut net = Builder::new(4);
    let x = net.affine("first", 0);
    let x = net.linear("a", x, 3);
    net.affine("last", x);
    let reference = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
        let x = x.broadcast_mul(&w[0])?.broadcast_add(&w[1])?.matmul(&w[2].t()?)?;
        x.broadcast_mul(&w[3])?.broadcast_add(&w[4])
    };
    oracle::check(&net.finish(), None, Some(&reference));
}

#[test]
fn one_gain_and_one_shift_for_all_features_have_exact_derivatives() {
    let mut net = Builder::new(4);
    let x = net.scalar("first", 0, Scalar::Shift);
    let x = net.linear("a", x, 3);
    let x = net.scalar("gain", x, Scalar::Gain);
    let x = net.linear("b", x, 2);
    net.scalar("last", x, Scalar::Shift);
    let reference = |w: &[candle_core::Tensor], x: &candle_core::Tensor| {
        let x = x.broadcast_add(&w[0])?.matmul(&w[1].t()?)?.broadcast_mul(&w[2])?;
        x.matmul(&w[3].t()?)?.broadcast_add(&w[4])
    };
    oracle::check(&net.finish(), None, Some(&reference));
}

#[test]
fn affine_kernels_equal_their_composed_fallbacks() {
    let (x, g) = (tensor(&[N, I], 0.1), tensor(&[N, I], 0.2));
    let (gain, shift) = (tensor(&[I], 0.3), tensor(&[I], 0.4));
    let (dx, dg) = (tensor(&[N, K, I], 0.5), tensor(&[N, K, I], 0.6));
    let (dgain, dshift) = (tensor(&[K, I], 0.7), tensor(&[K, I], 0.8));
    let gains = Dual { value: &gain, tangent: &dgain };
    macro_rules! check {
        ($($name:ident($($arg:expr),*) $(, $part:tt)*;)+) => {$(
            let (a, b) = (kernel::$name($($arg),*).unwrap(), composed::$name($($arg),*).unwrap());
            check!(@ a b stringify!($name) $(, $part)*);
        )+};
        (@ $a:ident $b:ident $name:expr) => { same($name, &$a, &$b) };
        (@ $a:ident $b:ident $name:expr $(, $part:tt)+) => {
            $(same($name, &$a.$part, &$b.$part);)+
        };
    }
    check! {
        affine(&x, &gain, &shift);
        affine_backward(&g, &x, &gain), 0, 1, 2;
        affine_tangent(&x, Some(&dx), gains, &dshift);
        affine_tangent(&x, None, gains, &dshift);
        affine_tangent_backward(&dg, &g, &x, Some(&dx), gains), 0, 1, 2;
        affine_tangent_backward(&dg, &g, &x, None, gains), 0, 1, 2;
        row_sums(&g);
        row_sums(&dg);
    }
}
