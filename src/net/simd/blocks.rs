//! Register-blocked products of a few rows with a block of columns, on strided factors without
//! packing.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined gets the vector instructions of its caller"
)]

use super::{Real, widest};

/// Bytes of sums held in registers: 12 of the 16 vector registers of 32 bytes.
const SUM_BYTES: usize = 384;

/// Strides of a factor, in elements, between rows, terms, and segments of terms.
#[derive(Clone, Copy)]
pub(crate) struct Strides {
    pub(crate) row: usize,
    pub(crate) term: usize,
    pub(crate) segment: usize,
}

/// Number of terms of each sum: `n_segments` × `n_terms`.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) n_segments: usize,
    pub(crate) n_terms: usize,
}

/// A strided factor of a product, starting at the first element of `data`.
#[derive(Clone, Copy)]
pub(crate) struct Factor<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) strides: Strides,
}

impl Strides {
    /// Number of elements from the first to the last one read for `n_rows` rows.
    fn extent(self, n_rows: usize, terms: Terms) -> usize {
        (n_rows - 1) * self.row
            + (terms.n_segments - 1) * self.segment
            + (terms.n_terms - 1) * self.term
            + 1
    }
}

/// Columns of a block: as many as fill two vectors of 32 bytes, or one vector if `n_cols` f32
/// columns fit into it.
pub(crate) fn width<T>(n_cols: usize) -> usize {
    if size_of::<T>() == 4 && n_cols > 8 { 16 } else { 8 }
}

/// Multiplies each of `n_rows` rows of `a` with `W` adjacent columns of `b` and calls `put` with
/// the row index and the sums. Terms are added in order, with fused multiply-adds if the CPU has
/// them.
pub(crate) fn sum_rows<T: Real, const W: usize>(
    n_rows: usize,
    a: Factor<'_, T>,
    b: Factor<'_, T>,
    terms: Terms,
    mut put: impl FnMut(usize, &[T; W]),
) {
    if is_fused() {
        widest(
            #[inline(always)]
            || sum_in_groups::<Fused, T, W>(n_rows, a, b, terms, &mut put),
        );
    } else {
        sum_in_groups::<Unfused, T, W>(n_rows, a, b, terms, &mut put);
    }
}

/// [`sum_rows`] in groups of as many rows as registers can hold.
#[inline(always)]
fn sum_in_groups<S: MulAdd, T: Real, const W: usize>(
    n_rows: usize,
    a: Factor<'_, T>,
    b: Factor<'_, T>,
    terms: Terms,
    put: &mut impl FnMut(usize, &[T; W]),
) {
    let n_together = (SUM_BYTES / (W * size_of::<T>())).min(8);
    let n_groups = n_rows.div_ceil(n_together);
    for group in 0..n_groups {
        let first = group * n_rows / n_groups;
        let a = Factor { data: &a.data[first * a.strides.row..], ..a };
        macro_rules! sum {
            ($n:literal) => {
                for (row, sums) in sums::<S, T, $n, W>(a, b, terms).iter().enumerate() {
                    put(first + row, sums);
                }
            };
        }
        match (group + 1) * n_rows / n_groups - first {
            1 => sum!(1),
            2 => sum!(2),
            3 => sum!(3),
            4 => sum!(4),
            5 => sum!(5),
            6 => sum!(6),
            7 if n_together > 6 => sum!(7),
            _ if n_together > 6 => sum!(8),
            _ => {}
        }
    }
}

/// The sums of `P` rows at a time.
#[expect(
    unsafe_code,
    reason = "the innermost loop skips bounds checks; both extents are checked before it"
)]
#[inline(always)]
fn sums<S: MulAdd, T: Real, const P: usize, const W: usize>(
    a: Factor<'_, T>,
    b: Factor<'_, T>,
    terms: Terms,
) -> [[T; W]; P] {
    let (Factor { data: a, strides: at }, Factor { data: b, strides: bt }) = (a, b);
    let mut sums = [[T::ZERO; W]; P];
    if terms.n_segments == 0 || terms.n_terms == 0 {
        return sums;
    }
    assert!(at.extent(P, terms) <= a.len(), "left factor too small");
    assert!(bt.extent(1, terms) + W - 1 <= b.len(), "right factor too small");
    for segment in 0..terms.n_segments {
        for term in 0..terms.n_terms {
            let (a_at, b_at) =
                (segment * at.segment + term * at.term, segment * bt.segment + term * bt.term);
            // SAFETY: both extents, which end at the last element read, lie inside their slices.
            let b = unsafe { &*b.as_ptr().add(b_at).cast::<[T; W]>() };
            for (row, sums) in sums.iter_mut().enumerate() {
                // SAFETY: as above.
                let a = unsafe { *a.get_unchecked(a_at + row * at.row) };
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = S::add(*sum, a, *b);
                }
            }
        }
    }
    sums
}

/// How a product is added to a sum.
trait MulAdd {
    fn add<T: Real>(sum: T, a: T, b: T) -> T;
}

/// Fused multiply-add: rounds once.
struct Fused;

/// Multiply, then add: rounds twice. Emulating a fused multiply-add would take a hundred times as
/// long.
struct Unfused;

impl MulAdd for Fused {
    #[inline(always)]
    fn add<T: Real>(sum: T, a: T, b: T) -> T {
        a.fused(b, sum)
    }
}

impl MulAdd for Unfused {
    #[inline(always)]
    fn add<T: Real>(sum: T, a: T, b: T) -> T {
        sum + a * b
    }
}

/// Whether the CPU has vector fused multiply-adds.
fn is_fused() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("fma") && std::arch::is_x86_feature_detected!("avx2")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        cfg!(target_arch = "aarch64")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(n: usize, salt: f64) -> Vec<f64> {
        (0..n).map(|i| ((i as f64 + salt) * 12.9898).sin()).collect()
    }

    #[test]
    fn sums_with_overlapping_strides_equal_those_of_their_terms() {
        let terms = Terms { n_segments: 2, n_terms: 5 };
        let (at, bt) =
            (Strides { row: 3, term: 1, segment: 11 }, Strides { row: 0, term: 9, segment: 50 });
        let (a, b) = (spread(90, 0.1), spread(120, 0.2));
        let factor_a = Factor { data: a.as_slice(), strides: at };
        let factor_b = Factor { data: b.as_slice(), strides: bt };
        for n_rows in 0..20 {
            let mut n_found = 0;
            let mut check = |row: usize, sums: &[f64; 8]| {
                n_found += 1;
                for (column, sum) in sums.iter().enumerate() {
                    let exact: f64 = (0..10)
                        .map(|i| (i / 5, i % 5))
                        .map(|(s, t)| a[row * 3 + s * 11 + t] * b[s * 50 + t * 9 + column])
                        .sum();
                    assert!((sum - exact).abs() < 1e-14, "{row}, {column}: {sum}, not {exact}");
                }
            };
            sum_rows::<f64, 8>(n_rows, factor_a, factor_b, terms, &mut check);
            sum_in_groups::<Unfused, f64, 8>(n_rows, factor_a, factor_b, terms, &mut check);
            assert_eq!(n_found, 2 * n_rows);
        }
    }

    #[test]
    #[should_panic(expected = "right factor too small")]
    fn strides_that_leave_their_slice_are_refused() {
        let strides = Strides { row: 1, term: 1, segment: 1 };
        let terms = Terms { n_segments: 1, n_terms: 2 };
        let (a, b) =
            (Factor { data: &[1.0; 2][..], strides }, Factor { data: &[1.0; 8][..], strides });
        sum_rows::<f64, 8>(1, a, b, terms, |_, _| ());
    }
}
