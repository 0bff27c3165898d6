//! Random matrices with orthonormal rows or columns, uniform under the Haar measure.
//! Does not know of layers, scales or seeds.

use crate::net::{Halt, go_on};
use crate::random::Stream;

/// Writes an `n_rows` × (rest) row-major matrix over `place`: rows orthonormal where there are no
/// more rows than columns, columns orthonormal otherwise (arXiv 1312.6120).
///
/// The orthonormal side is the Q of a normal matrix's QR whose R has a positive diagonal, which is
/// what makes Q Haar-distributed (arXiv math-ph/0609050).
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
        go_on(is_interrupted)?;
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

/// Gram–Schmidt over the vectors of this length that lie one after another. Dividing by a norm, which
/// is positive, is the sign convention above; the second pass brings orthogonality to rounding error.
fn orthonormalise(
    vectors: &mut [f64],
    length: usize,
    is_interrupted: &dyn Fn() -> bool,
) -> Result<(), Halt> {
    for start in (0..vectors.len()).step_by(length) {
        go_on(is_interrupted)?;
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
