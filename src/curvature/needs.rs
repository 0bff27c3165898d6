//! Estimates of what measurements need: the number of vectors in memory, and the number of products
//! of the first measurement. Does not measure.

use super::audit::{max_products, most_vectors};
use super::end::{MAX_ROUNDS, Wanted, max_predicted};
use super::prediction::n_points;
use super::random_vectors::{N_FRESH, width};
use crate::config::{Interval, ProbeMethod, ProbeSettings};

/// Number of vectors multiplied at a time if they are too large to multiply together, inputs and
/// outputs counted.
const UNDER_WAY: usize = 4;

/// Number of blocks multiplied by the first measurement of the largest eigenvalues, and of the
/// smallest one: medians over the presets.
const FIRST_BLOCKS: usize = 6;
const FIRST_BLOCKS_OF_MIN: usize = 11;

/// Largest number of f64 vectors that measurements hold in memory at once, for an operator of
/// dimension `dim` and a network with `n_outputs` outputs. `is_scaled`: a scaled Hessian is measured
/// too.
#[must_use]
pub fn n_vectors(dim: usize, n_outputs: usize, settings: &ProbeSettings, is_scaled: bool) -> usize {
    let ends = ends(settings, is_scaled);
    let of_end = |wanted: &Wanted| {
        let (width, n_kept) = (width(dim, n_outputs, *wanted), wanted.n_kept());
        let audited = most_vectors(dim, width, n_kept).min(max_products(dim) + width);
        let followed = n_kept + 1 + N_FRESH + (MAX_ROUNDS - 1) * n_kept;
        // Vectors with their products, the next block, and the Ritz pairs with their residuals.
        2 * audited.max(followed) + width + 2 * n_kept
    };
    let largest = ends.iter().map(of_end).max().unwrap_or(0);
    let carried: usize = ends.iter().map(|wanted| n_carried(dim, *wanted)).sum();
    if ends.is_empty() { 0 } else { largest + carried + UNDER_WAY }
}

/// Number of vectors carried between measurements of one end: for predictions, the eigenvectors and
/// the parameters of each remembered point.
fn n_carried(dim: usize, wanted: Wanted) -> usize {
    match wanted.method {
        ProbeMethod::Krylov => wanted.n_kept(),
        ProbeMethod::Predict => n_points(dim) * (max_predicted(dim, wanted.n) + 1),
    }
}

/// Number of vectors in the largest block multiplied; 0 if nothing is measured.
#[must_use]
pub fn n_multiplied(dim: usize, n_outputs: usize, settings: &ProbeSettings) -> usize {
    ends(settings, false).into_iter().map(|wanted| width(dim, n_outputs, wanted)).max().unwrap_or(0)
}

/// Approximate number of products of a run's first measurement; 0 without measurements.
#[must_use]
pub fn n_first_products(
    dim: usize,
    n_outputs: usize,
    settings: &ProbeSettings,
    is_scaled: bool,
) -> usize {
    let n_largest = 1 + usize::from(is_scaled);
    let blocks = |at: usize| if at < n_largest { FIRST_BLOCKS } else { FIRST_BLOCKS_OF_MIN };
    let of = |(at, wanted): (usize, Wanted)| {
        (blocks(at) * width(dim, n_outputs, wanted)).min(max_products(dim))
    };
    ends(settings, is_scaled).into_iter().enumerate().map(of).sum()
}

/// The ends followed: the largest eigenvalues, the largest of the scaled Hessian, the smallest.
fn ends(settings: &ProbeSettings, is_scaled: bool) -> Vec<Wanted> {
    if settings.every == Interval::Off {
        return Vec::new();
    }
    let scaled = is_scaled.then_some(1);
    let smallest = (settings.min_every != Interval::Off).then_some(1);
    let all = [Some(settings.top_k), scaled, smallest].into_iter().flatten();
    all.map(|n| Wanted::of(settings, n)).collect()
}
