//! Eigenvectors extrapolated along a run, from the last measured points to the next.
//!
//! At the edge of stability an iterate lies almost in the affine hull of the previous ones, and the
//! eigenvectors are smooth functions of the iterate. The coefficients that express the iterate by
//! previous iterates therefore approximately express its eigenvectors by theirs.

use std::collections::VecDeque;
use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use super::audit::LARGE;
use super::vectors::{CHUNK, add_sums, dot, overlaps};
use crate::net::{Halt, check_interrupted};

/// Number of remembered points; the second is for networks of more than [`LARGE`] parameters.
const N_POINTS: usize = 5;
const N_POINTS_OF_LARGE: usize = 3;

/// Ridge that keeps coefficients small if points lie close together, relative to the squared distance
/// between the two newest points.
const RIDGE: f64 = 0.01;

/// Smallest norm of a vector's projection onto an older block at which the vector's change is
/// extrapolated.
const KNOWN: f64 = 0.8;

/// The point that determines an operator: the parameters, and the scales of a scaled Hessian. The
/// operator is a smooth function of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Location(Vec<Arc<[f64]>>);

impl Location {
    /// The point with these coordinates, in parts whose scales may differ.
    #[must_use]
    pub fn new(parts: Vec<Arc<[f64]>>) -> Self {
        Self(parts)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| Arc::ptr_eq(a, b))
    }

    /// Whether it has as many coordinates as another one, part by part.
    fn is_like(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(a, b)| a.len() == b.len())
    }
}

/// The orthonormal vectors carried from one point, largest eigenvalue first.
#[derive(Clone, Debug, PartialEq)]
struct Point {
    location: Location,
    rows: Vec<Arc<[f64]>>,
}

/// The last measured points, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History(VecDeque<Point>);

impl History {
    /// Forgets all points.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a point, or replaces the newest if that is the same point. Removes all others if they have
    /// other numbers of coordinates.
    pub(super) fn push(&mut self, location: &Location, rows: Vec<Arc<[f64]>>) {
        if self.0.front().is_some_and(|point| point.location.is_same(location)) {
            self.0.pop_front();
        }
        if self.0.front().is_some_and(|point| !point.location.is_like(location)) {
            self.0.clear();
        }
        let dim = rows.first().map_or(0, |row| row.len());
        self.0.push_front(Point { location: location.clone(), rows });
        self.0.truncate(n_points(dim));
    }

    /// The vectors of the newest point, extrapolated to `to`; empty without a point.
    ///
    /// # Errors
    /// If it is interrupted.
    pub(super) fn predict(
        &self,
        to: &Location,
        ask: &dyn Fn() -> bool,
    ) -> Result<Vec<Vec<f64>>, Halt> {
        let Some(newest) = self.0.front() else { return Ok(Vec::new()) };
        let older = || self.0.iter().skip(1);
        let (n, dim) = (newest.rows.len(), newest.rows.first().map_or(0, |row| row.len()));
        let coefficients = self.coefficients(to, ask)?;
        let all: Vec<&[f64]> =
            self.0.iter().flat_map(|point| point.rows.iter().map(|row| &**row)).collect();
        let mut rows = vec![vec![0.0; all.len()]; n];
        for (i, row) in rows.iter_mut().enumerate() {
            row[i] = 1.0;
        }
        let mut offset = n;
        for (point, a) in older().zip(coefficients) {
            for (i, turned) in aligned(&newest.rows, &point.rows, ask)?.into_iter().enumerate() {
                let Some(turned) = turned else { continue };
                rows[i][i] -= a;
                for (j, t) in turned.into_iter().enumerate() {
                    rows[i][offset + j] += a * t;
                }
            }
            offset += point.rows.len();
        }
        let mut predicted = vec![vec![0.0; dim]; n];
        add_sums(&mut predicted, &rows, &all, ask)?;
        Ok(predicted)
    }

    /// The coefficients aᵢ in `to` − w₀ ≈ Σ aᵢ(wᵢ − w₀), where w₀ is the newest point.
    fn coefficients(&self, to: &Location, ask: &dyn Fn() -> bool) -> Result<Vec<f64>, Halt> {
        let m = self.0.len() - 1;
        let mut products: DMatrix<f64> = DMatrix::zeros(m + 1, m + 1);
        for part in 0..to.0.len() {
            let of_part = self.differences(to, part, ask)?;
            // Each part is divided by its last squared change, because scales differ.
            let scale = of_part[(0, 0)];
            if scale > 0.0 {
                products += of_part / scale;
            }
        }
        let ridge = RIDGE * products[(0, 0)];
        let matrix = products.view((0, 0), (m, m)) + DMatrix::identity(m, m) * ridge;
        let wanted: DVector<f64> = products.view((0, m), (m, 1)).column(0).into_owned();
        let solved = matrix.cholesky().map(|factors| factors.solve(&wanted));
        let is_usable = |a: &DVector<f64>| a.iter().all(|a| a.is_finite());
        Ok(solved.filter(is_usable).map_or(vec![0.0; m], |a| a.iter().copied().collect()))
    }

    /// Gram matrix of wᵢ − w₀ for i = 1…m and, last, `to` − w₀, in one part of the coordinates.
    fn differences(
        &self,
        to: &Location,
        part: usize,
        ask: &dyn Fn() -> bool,
    ) -> Result<DMatrix<f64>, Halt> {
        let points: Vec<&[f64]> =
            self.0.iter().map(|point| &point.location).chain([to]).map(|l| &*l.0[part]).collect();
        let (origin, others) = (points[0], &points[1..]);
        let mut products = DMatrix::zeros(others.len(), others.len());
        let mut buffers = vec![Vec::with_capacity(CHUNK); others.len()];
        for start in (0..origin.len()).step_by(CHUNK) {
            check_interrupted(ask)?;
            let chunk = start..(start + CHUNK).min(origin.len());
            for (buffer, point) in buffers.iter_mut().zip(others) {
                buffer.clear();
                let pairs = point[chunk.clone()].iter().zip(&origin[chunk.clone()]);
                buffer.extend(pairs.map(|(x, o)| x - o));
            }
            for i in 0..buffers.len() {
                for j in 0..=i {
                    products[(i, j)] += dot(&buffers[i], &buffers[j]);
                }
            }
        }
        products.fill_upper_triangle_with_lower_triangle();
        Ok(products)
    }
}

/// Number of remembered points for an operator of this dimension.
pub(super) fn n_points(dim: usize) -> usize {
    if dim > LARGE { N_POINTS_OF_LARGE } else { N_POINTS }
}

/// Rotates an older block as close to the newest as possible (orthogonal Procrustes problem). Returns
/// the coefficients of each rotated vector in the older block; `None` if the newest vector's
/// projection onto the older block is too small.
fn aligned(
    newest: &[Arc<[f64]>],
    older: &[Arc<[f64]>],
    ask: &dyn Fn() -> bool,
) -> Result<Vec<Option<Vec<f64>>>, Halt> {
    let n = newest.len().min(older.len());
    // A row per newest vector.
    let shared = overlaps(&older[..n], &newest[..n], ask)?;
    let matrix = DMatrix::from_fn(n, n, |i, j| shared[i][j]);
    let svd = matrix.svd(true, true);
    let (Some(u), Some(v_t)) = (svd.u, svd.v_t) else { return Ok(Vec::new()) };
    let turned = u * v_t;
    let is_finite = turned.iter().all(|x| x.is_finite());
    let is_known = |row: &[f64]| is_finite && dot(row, row).sqrt() > KNOWN;
    let row = |i: usize| turned.row(i).iter().copied().collect();
    Ok(shared.iter().enumerate().map(|(i, c)| is_known(c).then(|| row(i))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::vectors::small_eigen;
    use super::*;

    const DIM: usize = 12;

    /// A symmetric matrix that depends smoothly on the point.
    fn matrix(w: &[f64]) -> DMatrix<f64> {
        DMatrix::from_fn(DIM, DIM, |i, j| {
            let (low, high) = (i.min(j) as f64, i.max(j) as f64);
            let diagonal = if i == j { 10.0 / (1.0 + low) } else { 0.0 };
            let move_by = |(k, x): (usize, &f64)| x * (1.3 * low + 0.7 * high + k as f64).sin();
            diagonal + w.iter().enumerate().map(move_by).sum::<f64>()
        })
    }

    /// The three leading eigenvectors there, the largest component of each positive.
    fn leading(w: &[f64]) -> Vec<Arc<[f64]>> {
        let pairs = small_eigen(matrix(w)).into_iter().take(3);
        let vectors = pairs.map(|(_, v)| {
            let sign = v.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
            v.iter().map(|x| x * sign.signum()).collect()
        });
        vectors.collect()
    }

    /// A drift with an oscillation as at the edge of stability.
    fn point(t: u32) -> [f64; 3] {
        let (sign, t) = (if t.is_multiple_of(2) { 1.0 } else { -1.0 }, f64::from(t));
        [0.1 * sign, 0.003 * t, 0.07 + 0.006 * t * sign]
    }

    fn at(w: [f64; 3]) -> Location {
        Location::new(vec![w.into()])
    }

    fn history(n: u32) -> History {
        let mut history = History::default();
        for t in 0..n {
            history.push(&at(point(t)), leading(&point(t)));
        }
        history
    }

    /// sin² of the angle between unit vectors.
    fn turned(a: &[f64], b: &[f64]) -> f64 {
        1.0 - dot(a, b).powi(2) / (dot(a, a) * dot(b, b))
    }

    #[test]
    fn vectors_of_an_oscillating_iterate_are_predicted_better_than_they_are_remembered() {
        let (history, next) = (history(8), point(8));
        let predicted = history.predict(&at(next), &|| false).unwrap();
        let (newest, truth) = (leading(&point(7)), leading(&next));
        let of = |i: usize| (turned(&predicted[i], &truth[i]), turned(&newest[i], &truth[i]));
        for (found, before) in (0..3).map(of) {
            assert!(found < 0.5 * before, "{found:.1e} instead of {before:.1e}");
        }
        let sums = (0..3).map(of).fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        assert!(sums.0 < 0.1 * sums.1, "{sums:?}");
    }

    #[test]
    fn a_single_point_predicts_what_was_there_and_none_predicts_nothing() {
        let predicted = history(1).predict(&at(point(5)), &|| false).unwrap();
        let remembered = leading(&point(0));
        assert!(predicted.iter().zip(&remembered).all(|(p, r)| p[..] == r[..]));
        assert!(history(0).predict(&at(point(0)), &|| false).unwrap().is_empty());
    }

    /// A vector outside the older blocks must not be extrapolated from them: it would vanish.
    #[test]
    fn a_vector_that_has_just_come_stays_as_it_was_found() {
        let mut history = history(4);
        let mut rows = leading(&point(4));
        // The last eigenvector is in no block so far.
        let newcomer: Vec<f64> = small_eigen(matrix(&point(4))).pop().unwrap().1;
        rows[1] = newcomer.clone().into();
        history.push(&at(point(4)), rows);
        let predicted = history.predict(&at(point(5)), &|| false).unwrap();
        assert!(predicted[1].iter().zip(&newcomer).all(|(p, n)| (p - n).abs() < 1e-12));
    }

    #[test]
    fn the_newest_points_are_remembered_and_the_same_point_once() {
        let mut history = history(9);
        assert_eq!(history.0.len(), N_POINTS);
        let again = at(point(20));
        history.push(&again, leading(&point(20)));
        history.push(&again.clone(), leading(&point(20)));
        assert!(history.0[1].location.is_like(&again) && !history.0[1].location.is_same(&again));
        // Another operator, with more coordinates.
        let wider = Location::new(vec![point(1).into(), point(2).into()]);
        history.push(&wider, leading(&point(1)));
        assert_eq!(history.0.len(), 1);
    }

    #[test]
    fn parts_on_scales_of_their_own_count_alike() {
        let mut history = History::default();
        let both = |t: u32| {
            let small: Vec<f64> = point(t).iter().map(|x| 1e-6 * x.exp()).collect();
            Location::new(vec![point(t).into(), small.into()])
        };
        for t in 0..6 {
            history.push(&both(t), leading(&point(t)));
        }
        let predicted = history.predict(&both(6), &|| false).unwrap();
        let truth = leading(&point(6));
        assert!(turned(&predicted[0], &truth[0]) < 0.5 * turned(&leading(&point(5))[0], &truth[0]));
    }
}
