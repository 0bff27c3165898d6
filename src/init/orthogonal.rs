//! Random matrices with orthonormal rows or columns, uniform under the Haar measure.

use crate::net::{Halt, check_interrupted};
use crate::random::Stream;

/// Fills `place` with a row-major matrix of `n_rows` rows: with orthonormal rows if there are no
/// more rows than columns, else with orthonormal columns (arXiv 1312.6120).
///
/// The matrix, or its transpose, is the Q of the QR decomposition of a normal matrix with positive
/// diagonal of R, which makes Q Haar-distributed (arXiv math-ph/0609050).
pub(super) fn fill(
    place: &mut [f64],
    n_rows: usize,
    stream: &mut Stream,
    is_interrupted: &dyn Fn() -> bool,
) -> Result<(), Halt> {
    let n_columns = place.len() / n_rows.max(1);
    if n_columns == 0 {
        return Ok(());
    }
    let (n_vectors, length) = (n_rows.min(n_columns), n_rows.max(n_columns));
    let mut vectors = vec![0.0; n_vectors * length];
    for vector in vectors.chunks_exact_mut(length) {
        check_interrupted(is_interrupted)?;
        vector.fill_with(|| stream.normal());
    }
    orthonormalise(&mut vectors, length, is_interrupted)?;
    if n_rows <= n_columns {
        place.copy_from_slice(&vectors);
    } else {
        for (row, values) in place.chunks_exact_mut(n_columns).enumerate() {
            for (column, value) in values.iter_mut().enumerate() {
                *value = vectors[column * length + row];
            }
        }
    }
    Ok(())
}

/// Gram–Schmidt on consecutive vectors of this length, with a second pass for orthogonality to
/// rounding error. Dividing by the positive norm makes R's diagonal positive.
fn orthonormalise(
    vectors: &mut [f64],
    length: usize,
    is_interrupted: &dyn Fn() -> bool,
) -> Result<(), Halt> {
    for start in (0..vectors.len()).step_by(length) {
        check_interrupted(is_interrupted)?;
        let (done, rest) = vectors.split_at_mut(start);
        let current = &mut rest[..length];
        for _ in 0..2 {
            for earlier in done.chunks_exact(length) {
                let overlap = dot(earlier, current);
                for (x, q) in current.iter_mut().zip(earlier) {
                    *x -= overlap * q;
                }
            }
        }
        let norm = dot(current, current).sqrt();
        for x in current {
            *x /= norm;
        }
    }
    Ok(())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
