//! Single-threaded products of strided matrices inside slices, by the gemm crate.

use super::Real;

/// A strided matrix inside a slice.
#[derive(Clone, Copy)]
pub(crate) struct Mat<'a, T> {
    data: &'a [T],
    n_rows: usize,
    n_cols: usize,
    row_stride: usize,
    col_stride: usize,
}

impl<'a, T> Mat<'a, T> {
    /// A row-major matrix whose rows start `row_stride` elements apart.
    pub(crate) fn rows(data: &'a [T], n_rows: usize, n_cols: usize, row_stride: usize) -> Self {
        Self { data, n_rows, n_cols, row_stride, col_stride: 1 }
    }

    /// The transpose, sharing the data.
    pub(crate) fn transposed(self) -> Self {
        Self {
            n_rows: self.n_cols,
            n_cols: self.n_rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            ..self
        }
    }
}

/// Number of elements from the first to the last element of a strided matrix.
fn extent(n_rows: usize, n_cols: usize, row_stride: usize, col_stride: usize) -> usize {
    if n_rows == 0 || n_cols == 0 {
        0
    } else {
        (n_rows - 1) * row_stride + (n_cols - 1) * col_stride + 1
    }
}

/// Whether a product replaces or adds to its destination.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Into {
    Fresh,
    Sum,
}

/// a·b, row-major and contiguous.
#[expect(unsafe_code, reason = "the product is written into uninitialized memory")]
pub(crate) fn product<T: Real>(a: Mat<'_, T>, b: Mat<'_, T>) -> Vec<T> {
    let n = a.n_rows * b.n_cols;
    if a.n_cols == 0 {
        return vec![T::ZERO; n];
    }
    let mut dst = Vec::with_capacity(n);
    // SAFETY: there is room for n elements, and a product with terms writes all of them.
    unsafe {
        run(dst.as_mut_ptr(), b.n_cols, Into::Fresh, a, b);
        dst.set_len(n);
    }
    dst
}

/// dst (rows `row_stride` apart) = a·b, or dst += a·b.
#[expect(unsafe_code, reason = "gemm takes raw pointers; every extent is checked here first")]
pub(crate) fn multiply<T: Real>(
    dst: &mut [T],
    row_stride: usize,
    into: Into,
    a: Mat<'_, T>,
    b: Mat<'_, T>,
) {
    assert!(extent(a.n_rows, b.n_cols, row_stride, 1) <= dst.len(), "destination too small");
    // SAFETY: the destination lies inside its slice, which is borrowed exclusively.
    unsafe { run(dst.as_mut_ptr(), row_stride, into, a, b) }
}

/// # Safety
/// `dst` must be valid for writing the rows of a·b, `row_stride` elements apart, and initialized if
/// `into` is [`Into::Sum`].
#[expect(unsafe_code, reason = "gemm takes raw pointers; the extents of the factors are checked")]
unsafe fn run<T: Real>(dst: *mut T, row_stride: usize, into: Into, a: Mat<'_, T>, b: Mat<'_, T>) {
    let (m, k, n) = (a.n_rows, a.n_cols, b.n_cols);
    assert_eq!(k, b.n_rows, "inner dimensions");
    for mat in [&a, &b] {
        assert!(extent(mat.n_rows, mat.n_cols, mat.row_stride, mat.col_stride) <= mat.data.len());
    }
    // SAFETY: both factors lie inside their slices; the caller guarantees the destination.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            dst,
            1,
            row_stride.cast_signed(),
            into == Into::Sum,
            a.data.as_ptr(),
            a.col_stride.cast_signed(),
            a.row_stride.cast_signed(),
            b.data.as_ptr(),
            b.col_stride.cast_signed(),
            b.row_stride.cast_signed(),
            T::ONE,
            T::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
