//! f32 and f64 with branch-free elementary functions that vectorize.
//!
//! The functions consist of additions, multiplications, divisions and selections, so loops over
//! slices compile to vector instructions. The elementary functions use no fused multiply-add and
//! give the same bits on every machine. Their errors are tested against libm.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use candle_core::WithDType;

/// f32 or f64, with the functions that kernels need.
pub(crate) trait Real:
    WithDType + std::ops::Neg<Output = Self> + std::ops::AddAssign + std::iter::Sum + Send + Sync
{
    const ZERO: Self;
    const ONE: Self;
    fn of(x: f64) -> Self;
    fn wide(self) -> f64;
    fn abs(self) -> Self;
    /// self·a + sum, rounded once; slow without a hardware instruction.
    fn fused(self, a: Self, sum: Self) -> Self;
    /// eˣ; 0 below the smallest normal number.
    fn exp(self) -> Self;
    /// eˣ − 1.
    fn exp_m1(self) -> Self;
    /// ln(1 + x) for x in [0, 1].
    fn ln_1p(self) -> Self;
    fn tanh(self) -> Self;
    fn erf(self) -> Self;
}

/// 1/2!, 1/3!, …: (eʳ − 1 − r)/r².
const EXP_TERMS: [f64; 12] = {
    let (mut terms, mut factorial, mut k) = ([0.0; 12], 1.0, 0);
    while k < terms.len() {
        factorial *= k as f64 + 2.0;
        terms[k] = 1.0 / factorial;
        k += 1;
    }
    terms
};

/// 1/3, 1/5, …: (artanh(s) − s)/s³ in s².
const ARTANH_TERMS: [f64; 16] = {
    let (mut terms, mut k) = ([0.0; 16], 0);
    while k < terms.len() {
        terms[k] = 1.0 / (2.0 * k as f64 + 3.0);
        k += 1;
    }
    terms
};

macro_rules! real {
    (
        $type:ident, $bits:ident, $mantissa_bits:literal, magic $magic:literal,
        ln2 $ln2_high:literal + $ln2_low:literal, exp on $low:literal to $high:literal,
        terms $exp_terms:literal, $artanh_terms:literal, $erf:path
    ) => {
        impl Real for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;

            #[inline(always)]
            #[allow(clippy::cast_possible_truncation, reason = "rounding to f32 is the point")]
            fn of(x: f64) -> Self {
                x as $type
            }

            #[inline(always)]
            fn wide(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn abs(self) -> Self {
                $type::abs(self)
            }

            #[inline(always)]
            fn fused(self, a: Self, sum: Self) -> Self {
                self.mul_add(a, sum)
            }

            #[inline(always)]
            fn exp(self) -> Self {
                let (p, half) = exp_parts(self);
                let value = 2.0 * (half * p + half);
                let value = if self > $high { $type::INFINITY } else { value };
                if self < $low { 0.0 } else { value }
            }

            #[inline(always)]
            fn exp_m1(self) -> Self {
                let (p, half) = exp_parts(self);
                let value = 2.0 * (half * p + (half - 0.5));
                if self > $high { $type::INFINITY } else { value }
            }

            #[inline(always)]
            fn ln_1p(self) -> Self {
                // ln(1 + x) = 2·artanh(x/(2 + x)), of an argument of at most 1/3.
                let s = self / (2.0 + self);
                let s2 = s * s;
                let mut sum = 0.0;
                for k in (0..$artanh_terms).rev() {
                    sum = sum * s2 + Self::of(ARTANH_TERMS[k]);
                }
                2.0 * (s + s * s2 * sum)
            }

            #[inline(always)]
            fn tanh(self) -> Self {
                // tanh(x) = t/(t + 1) with t = (e^2x − 1)/2, at |x|; from 20 on it is 1.
                let x = self.abs();
                let x = if x > 20.0 { 20.0 } else { x };
                let (p, half) = exp_parts(2.0 * x);
                let t = half * p + (half - 0.5);
                (t / (t + 1.0)).copysign(self)
            }

            #[inline(always)]
            fn erf(self) -> Self {
                $erf(self)
            }
        }

        /// (eʳ − 1, 2ⁿ/2) with x = n·ln 2 + r and |r| ≤ ½ ln 2, after clamping x to the range of
        /// exp.
        impl Parts for $type {
            #[inline(always)]
            fn exp_parts(self) -> (Self, Self) {
                let x = if self > $high { $high } else { self };
                let x = if x < $low { $low } else { x };
                // Adding 1.5·2^mantissa rounds to a whole number and leaves it in the lowest bits.
                let shifted = x * std::$type::consts::LOG2_E + $magic;
                let n = shifted - $magic;
                let r = (x - n * $ln2_high) - n * $ln2_low;
                let mut sum = 0.0;
                for k in (0..$exp_terms).rev() {
                    sum = sum * r + Self::of(EXP_TERMS[k]);
                }
                let bias = ($type::MAX_EXP - 2) as $bits;
                let exponent = shifted.to_bits().wrapping_add(bias) << $mantissa_bits;
                (r + r * r * sum, $type::from_bits(exponent))
            }
        }
    };
}

/// Range reduction shared by exp, expm1 and tanh.
trait Parts: Sized {
    fn exp_parts(self) -> (Self, Self);
}

#[inline(always)]
fn exp_parts<T: Parts>(x: T) -> (T, T) {
    x.exp_parts()
}

real!(
    f32, u32, 23, magic 12_582_912.0, ln2 0.693_359_4 + -2.121_944_4e-4,
    exp on -86.9 to 88.722_83, terms 6, 8, erf_f32
);
real!(
    f64, u64, 52, magic 6_755_399_441_055_744.0,
    ln2 0.693_147_180_369_123_8 + 1.908_214_929_270_587_7e-10,
    exp on -708.0 to 709.782_712_893_384, terms 12, 16, candle_core::cpu::erf::erf_f64
);

/// erf in single precision: a polynomial below 0.93, 1 − e^polynomial above (N. Juffa).
#[inline(always)]
fn erf_f32(x: f32) -> f32 {
    const SMALL: [f32; 6] = [
        -5.967_617e-4,
        4.991_194e-3,
        -2.676_813_5e-2,
        1.128_199_25e-1,
        -3.761_253_4e-1,
        1.283_791_7e-1,
    ];
    const LARGE: [f32; 7] = [
        -1.728_534_7e-5,
        3.831_971_3e-4,
        -3.883_964_4e-3,
        2.425_462_2e-2,
        -1.067_778_8e-1,
        -6.348_467e-1,
        -1.287_175_1e-1,
    ];
    let (t, s) = (x.abs(), x * x);
    let mut small = 0.0;
    for c in SMALL {
        small = small * s + c;
    }
    let t = if t > 4.0 { 4.0 } else { t };
    let mut large = 0.0;
    for c in LARGE {
        large = large * t + c;
    }
    let large = (1.0 - Real::exp(large * t - t)).copysign(x);
    if t > 0.927_734_4 { large } else { small * x + x }
}

#[cfg(test)]
mod tests {
    use super::Real;

    /// Largest error over `xs`, in units of `ulp` relative to `exact`.
    fn worst<T: Real>(
        xs: impl Iterator<Item = f64>,
        ulp: f64,
        tiny: f64,
        ours: impl Fn(T) -> T,
        exact: impl Fn(f64) -> f64,
    ) -> f64 {
        xs.map(|x| {
            let x = T::of(x);
            let exact = exact(x.wide());
            (ours(x).wide() - exact).abs() / (ulp * exact.abs().max(tiny))
        })
        .fold(0.0, f64::max)
    }

    /// Test points up to `max`, with both signs: 1,000 per power of two from 2⁻⁴⁰, and an even
    /// grid.
    fn line(max: f64) -> impl Iterator<Item = f64> {
        let scales = (-40..12)
            .flat_map(|e| (0..1000).map(move |i| (1.0 + f64::from(i) / 1e3) * 2f64.powi(e)));
        let grid = (0..200_000).map(move |i| max * f64::from(i) / 2e5);
        scales.chain(grid).filter(move |x| *x <= max).flat_map(|x| [x, -x])
    }

    macro_rules! check {
        ($type:ident, exp to $exp:literal, bounds $e:literal $m:literal $l:literal $t:literal $r:literal) => {{
            let (ulp, tiny) = (f64::from($type::EPSILON) / 2.0, f64::from($type::MIN_POSITIVE));
            let all = |max| line(max);
            let bounds = [
                ("exp", worst::<$type>(all($exp), ulp, tiny, Real::exp, libm::exp), $e),
                ("exp_m1", worst::<$type>(all($exp), ulp, tiny, Real::exp_m1, libm::expm1), $m),
                (
                    "ln_1p",
                    worst::<$type>(all(1.0).map(f64::abs), ulp, tiny, Real::ln_1p, libm::log1p),
                    $l,
                ),
                ("tanh", worst::<$type>(all(40.0), ulp, tiny, Real::tanh, libm::tanh), $t),
                ("erf", worst::<$type>(all(10.0), ulp, tiny, Real::erf, libm::erf), $r),
            ];
            for (name, worst, bound) in bounds {
                println!("{} {name}: {worst:.2}", stringify!($type));
                assert!(
                    worst < bound,
                    "{} {name}: {worst} half units of the last place",
                    stringify!($type)
                );
            }
            for x in [0.0, -0.0, $type::MIN_POSITIVE, -$type::MIN_POSITIVE / 4.0] {
                assert_eq!(Real::tanh(x).to_bits(), x.to_bits());
                assert_eq!(Real::exp_m1(x), x);
                assert_eq!(Real::exp(x), 1.0);
            }
            let (infinity, nan) = ($type::INFINITY, $type::NAN);
            assert_eq!([Real::tanh(infinity), Real::tanh(-infinity)], [1.0, -1.0]);
            assert_eq!([Real::erf(infinity), Real::erf(-infinity)], [1.0, -1.0]);
            assert_eq!([Real::exp(infinity), Real::exp(-infinity)], [infinity, 0.0]);
            assert_eq!([Real::exp_m1(infinity), Real::exp_m1(-infinity)], [infinity, -1.0]);
            for f in [Real::tanh, Real::erf, Real::exp, Real::exp_m1, Real::ln_1p] {
                assert!(f(nan).is_nan());
            }
        }};
    }

    #[test]
    fn elementary_functions_agree_with_libm_to_a_few_ulps() {
        check!(f32, exp to 86.9, bounds 3.0 6.0 6.0 6.0 6.0);
        check!(f64, exp to 708.0, bounds 3.0 6.0 6.0 6.0 6.0);
    }
}
