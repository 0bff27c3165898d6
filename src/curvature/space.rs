//! The space searched by a solve: an orthonormal basis with its products, and its Ritz pairs.
//! Does not choose where to search next.

use nalgebra::DMatrix;

use super::operator::Operator;
use super::sums::{add_sums, overlaps, project_out};
use super::vectors::{
    DEPENDENT, Pair, add_scaled, combine, dot, norm, orthonormalise, small_eigen,
};
use crate::net::{Halt, check_interrupted};

/// The space searched so far.
#[derive(Default)]
pub(super) struct Space {
    basis: Vec<Vec<f64>>,
    products: Vec<Vec<f64>>,
    /// `QᵀAQ`, row by row (lower triangle).
    projected: Vec<Vec<f64>>,
}

/// A Ritz pair with its residual vector Au − θu.
pub(super) struct Ritz {
    pub(super) pair: Pair,
    pub(super) rest: Vec<f64>,
}

impl Space {
    /// Number of vectors.
    pub(super) fn len(&self) -> usize {
        self.basis.len()
    }

    /// Adds the vectors of a block that are linearly independent of the basis and of each other, and
    /// returns their number.
    ///
    /// # Errors
    /// See [`Halt`].
    pub(super) fn extend(
        &mut self,
        operator: &mut dyn Operator,
        block: Vec<Vec<f64>>,
    ) -> Result<usize, Halt> {
        let before = self.len();
        for q in independent(block, &self.basis, &|| operator.is_interrupted())? {
            if self.len() < operator.dim() {
                self.basis.push(q);
            }
        }
        if self.len() == before {
            return Ok(0);
        }
        self.products.extend(operator.apply(&self.basis[before..])?);
        let ask = || operator.is_interrupted();
        let rows = overlaps(&self.basis, &self.products[before..], &ask)?;
        self.projected.extend((before + 1..).zip(rows).map(|(n, row)| row[..n].to_vec()));
        Ok(self.len() - before)
    }

    /// The components of the newest `n` products orthogonal to the space: the next Krylov block.
    ///
    /// # Errors
    /// If the operator is interrupted.
    pub(super) fn next_block(
        &self,
        operator: &dyn Operator,
        n: usize,
    ) -> Result<Vec<Vec<f64>>, Halt> {
        let newest = self.products[self.len().saturating_sub(n)..].to_vec();
        independent(newest, &self.basis, &|| operator.is_interrupted())
    }

    /// The products with the vectors at these places.
    pub(super) fn products_of(&self, places: std::ops::Range<usize>) -> Vec<Vec<f64>> {
        self.products[places].to_vec()
    }

    /// Residual ‖Au − θu‖ of a vector u in the space.
    pub(super) fn distance(&self, u: &[f64], theta: f64) -> f64 {
        let coefficients: Vec<f64> = self.basis.iter().map(|q| dot(q, u)).collect();
        let mut rest = combine(coefficients, &self.products);
        add_scaled(&mut rest, -theta, u);
        norm(&rest)
    }

    /// Curvature vᵀAv/‖v‖² along a vector v in the space; `None` if v is 0.
    pub(super) fn along(&self, v: &[f64]) -> Option<f64> {
        let length = norm(v);
        let c: Vec<f64> = self.basis.iter().map(|q| dot(q, v) / length).collect();
        let entry = |i: usize, j: usize| self.projected[i.max(j)][i.min(j)];
        let row = |i: usize| (0..c.len()).map(|j| entry(i, j) * c[j]).sum::<f64>();
        (length > 0.0).then(|| (0..c.len()).map(|i| c[i] * row(i)).sum())
    }

    /// The `n` leading Ritz pairs, largest value first.
    ///
    /// # Errors
    /// Only an interruption.
    pub(super) fn ritz(&self, operator: &dyn Operator, n: usize) -> Result<Vec<Ritz>, Halt> {
        Ok(self.rotated(operator, n)?.into_iter().map(|(ritz, _)| ritz).collect())
    }

    /// Reduces the basis to the `n` leading Ritz vectors and their products.
    ///
    /// # Errors
    /// Only an interruption.
    pub(super) fn shrink(&mut self, operator: &dyn Operator, n: usize) -> Result<(), Halt> {
        let kept = self.rotated(operator, n)?;
        let value = |i: usize, j: usize| if i == j { kept[i].0.pair.value } else { 0.0 };
        self.projected = (0..kept.len()).map(|i| (0..=i).map(|j| value(i, j)).collect()).collect();
        (self.basis, self.products) = kept.into_iter().map(|(r, p)| (r.pair.vector, p)).unzip();
        Ok(())
    }

    /// The leading Ritz pairs with the products of their vectors.
    fn rotated(&self, operator: &dyn Operator, n: usize) -> Result<Vec<(Ritz, Vec<f64>)>, Halt> {
        let m = self.len();
        let matrix = DMatrix::from_fn(m, m, |i, j| self.projected[i.max(j)][i.min(j)]);
        let (values, rows): (Vec<f64>, Vec<Vec<f64>>) =
            small_eigen(matrix).into_iter().take(n).unzip();
        let sums = |of: &[Vec<f64>]| -> Result<Vec<Vec<f64>>, Halt> {
            let mut sums = vec![vec![0.0; of.first().map_or(0, Vec::len)]; rows.len()];
            add_sums(&mut sums, &rows, of, &|| operator.is_interrupted())?;
            Ok(sums)
        };
        let pairs = sums(&self.basis)?.into_iter().zip(sums(&self.products)?).zip(values);
        let pairs = pairs
            .map(|((vector, product), value)| {
                let mut rest = product.clone();
                add_scaled(&mut rest, -value, &vector);
                let residual = norm(&rest) / value.abs().max(f64::MIN_POSITIVE);
                (Ritz { pair: Pair { value, vector, residual }, rest }, product)
            })
            .collect();
        Ok(pairs)
    }
}

/// Orthonormalises a block against a basis and leaves out its linearly dependent vectors.
fn independent(
    mut block: Vec<Vec<f64>>,
    basis: &[Vec<f64>],
    ask: &dyn Fn() -> bool,
) -> Result<Vec<Vec<f64>>, Halt> {
    // Gram-Schmidt twice, without dependent vectors the second time, as in [`orthonormalise`].
    for _ in 0..2 {
        block = block.into_iter().filter_map(|v| orthonormalise(v, &[])).collect();
        project_out(&mut block, basis, ask)?;
        block.retain(|v| norm(v) >= DEPENDENT);
    }
    let mut kept: Vec<Vec<f64>> = Vec::new();
    for v in block {
        check_interrupted(ask)?;
        kept.extend(orthonormalise(v, &kept));
    }
    Ok(kept)
}
