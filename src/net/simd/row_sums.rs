//! Sums of rows and of products, accumulated in f64.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use super::Real;

/// sums += x.
#[inline(always)]
pub(crate) fn add_row<T: Real>(sums: &mut [f64], x: &[T]) {
    for (sum, x) in sums.iter_mut().zip(x) {
        *sum += x.wide();
    }
}

/// sums += x∘y.
#[inline(always)]
pub(crate) fn add_products<T: Real>(sums: &mut [f64], x: &[T], y: &[T]) {
    for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
        *sum += x.wide() * y.wide();
    }
}

/// The sum, accumulated in four interleaved parts.
#[inline(always)]
pub(crate) fn total(x: &[f64]) -> f64 {
    let mut parts = [0.0; 4];
    let fours = x.chunks_exact(4);
    let rest: f64 = fours.remainder().iter().sum();
    for four in fours {
        for (part, x) in parts.iter_mut().zip(four) {
            *part += x;
        }
    }
    (parts[0] + parts[1]) + (parts[2] + parts[3]) + rest
}
