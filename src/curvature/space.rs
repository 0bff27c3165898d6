//! The space searched by a solve: an orthonormal basis with its products, and its Ritz pairs.
//! Does not choose where to search next.

use nalgebra::DMatrix;

use super::operator::Operator;
use super::vectors::{Pair, add_scaled, add_sums, dot, independent, norm, overlaps, small_eigen};
use crate::net::Halt;

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

    /// Residuals ‖Au − θu‖ of unit vectors u in the space, from inner products: accurate to 1e-8 of the
    /// largest eigenvalue in magnitude.
    ///
    /// # Errors
    /// Only an interruption.
    pub(super) fn residuals(
        &self,
        operator: &dyn Operator,
        pairs: &[Pair],
    ) -> Result<Vec<f64>, Halt> {
        let ask = || operator.is_interrupted();
        let vectors: Vec<&[f64]> = pairs.iter().map(|pair| &*pair.vector).collect();
        let squares = overlaps(&self.products, &self.products, &ask)?;
        let rows = overlaps(&self.basis, &vectors, &ask)?;
        let residual = |(pair, c): (&Pair, &Vec<f64>)| {
            let of_products = form(c, |i, j| squares[i][j]);
            let of_basis = form(c, |i, j| self.entry(i, j));
            (of_products - 2.0 * pair.value * of_basis + pair.value.powi(2)).max(0.0).sqrt()
        };
        Ok(pairs.iter().zip(&rows).map(residual).collect())
    }

    /// Curvature vᵀAv/‖v‖² along a vector v in the space; `None` if v is 0.
    pub(super) fn along(&self, v: &[f64]) -> Option<f64> {
        let length = norm(v);
        let c: Vec<f64> = self.basis.iter().map(|q| dot(q, v) / length).collect();
        (length > 0.0).then(|| form(&c, |i, j| self.entry(i, j)))
    }

    /// An element of `QᵀAQ`.
    fn entry(&self, i: usize, j: usize) -> f64 {
        self.projected[i.max(j)][i.min(j)]
    }

    /// The `n` leading Ritz pairs, largest value first.
    ///
    /// # Errors
    /// Only an interruption.
    pub(super) fn ritz(&self, operator: &dyn Operator, n: usize) -> Result<Vec<Ritz>, Halt> {
        let m = self.len();
        let matrix = DMatrix::from_fn(m, m, |i, j| self.entry(i, j));
        let (values, rows): (Vec<f64>, Vec<Vec<f64>>) =
            small_eigen(matrix).into_iter().take(n).unzip();
        let sums = |of: &[Vec<f64>]| -> Result<Vec<Vec<f64>>, Halt> {
            let mut sums = vec![vec![0.0; of.first().map_or(0, Vec::len)]; rows.len()];
            add_sums(&mut sums, &rows, of, &|| operator.is_interrupted())?;
            Ok(sums)
        };
        let pairs = sums(&self.basis)?.into_iter().zip(sums(&self.products)?).zip(values);
        let ritz = |((vector, mut rest), value): ((Vec<f64>, Vec<f64>), f64)| {
            add_scaled(&mut rest, -value, &vector);
            let residual = norm(&rest) / value.abs().max(f64::MIN_POSITIVE);
            Ritz { pair: Pair { value, vector, residual }, rest }
        };
        Ok(pairs.map(ritz).collect())
    }

    /// Reduces the basis to the `n` leading Ritz vectors and their products.
    ///
    /// # Errors
    /// Only an interruption.
    pub(super) fn shrink(&mut self, operator: &dyn Operator, n: usize) -> Result<(), Halt> {
        let kept = self.ritz(operator, n)?;
        let value = |i: usize, j: usize| if i == j { kept[i].pair.value } else { 0.0 };
        self.projected = (0..kept.len()).map(|i| (0..=i).map(|j| value(i, j)).collect()).collect();
        let with_product = |Ritz { pair, rest: mut product }| {
            add_scaled(&mut product, pair.value, &pair.vector);
            (pair.vector, product)
        };
        (self.basis, self.products) = kept.into_iter().map(with_product).unzip();
        Ok(())
    }
}

/// cᵀMc for a matrix M given by its elements.
fn form(c: &[f64], element: impl Fn(usize, usize) -> f64) -> f64 {
    let row = |i: usize| (0..c.len()).map(|j| element(i, j) * c[j]).sum::<f64>();
    (0..c.len()).map(|i| c[i] * row(i)).sum()
}
