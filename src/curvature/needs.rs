//! What measurements take: vectors held at once, and products of the first one.
//! Does not measure.

use super::audit::{max_products, most_vectors};
use super::end::{MAX_ROUNDS, Wanted, max_predicted};
use super::prediction::n_points;
use super::probe::{N_FRESH, width};
use crate::config::{Interval, ProbeMethod, ProbeSettings};

/// Vectors on the way into a product and out of it, where they are too large to go all at once.
const UNDER_WAY: usize = 4;

/// Products of a first measurement of the largest eigenvalues, in blocks; of the smallest one.
/// Medians over the presets.
const FIRST_BLOCKS: usize = 6;
const FIRST_BLOCKS_OF_MIN: usize = 11;

/// Vectors of f64 that measurements hold at once at most, on an operator of this dimension of a
/// network of so many outputs; `is_scaled` where a scaled Hessian is measured beside it.
#[must_use]
pub fn n_vectors(dim: usize, n_outputs: usize, settings: &ProbeSettings, is_scaled: bool) -> usize {
    let ends = ends(settings, is_scaled);
    let of_end = |wanted: &Wanted| {
        let (width, n_kept) = (width(dim, n_outputs, *wanted), wanted.n_kept());
        let audited = most_vectors(dim, width, n_kept).min(max_products(dim) + width);
        let followed = n_kept + 1 + N_FRESH + (MAX_ROUNDS - 1) * n_kept;
        // Each with its product; the next block, and the pairs that are found.
        2 * audited.max(followed) + width + 2 * n_kept
    };
    let largest = ends.iter().map(of_end).max().unwrap_or(0);
    let carried: usize = ends.iter().map(|wanted| n_carried(dim, *wanted)).sum();
    if ends.is_empty() { 0 } else { largest + carried + UNDER_WAY }
}

/// Vectors that are carried of one end from measurement to measurement: those of the remembered
/// points, and where each of them is.
fn n_carried(dim: usize, wanted: Wanted) -> usize {
    match wanted.method {
        ProbeMethod::Krylov => wanted.n_kept(),
        ProbeMethod::Predict => n_points(dim) * (max_predicted(dim, wanted.n) + 1),
    }
}

/// Vectors of the largest block that is multiplied; 0 where nothing is measured.
#[must_use]
pub fn n_multiplied(dim: usize, n_outputs: usize, settings: &ProbeSettings) -> usize {
    ends(settings, false).into_iter().map(|wanted| width(dim, n_outputs, wanted)).max().unwrap_or(0)
}

/// Products that a run's first measurement takes, about; 0 where nothing is measured.
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

/// What is followed: the largest eigenvalues, that of the scaled Hessian, the smallest.
fn ends(settings: &ProbeSettings, is_scaled: bool) -> Vec<Wanted> {
    if settings.every == Interval::Off {
        return Vec::new();
    }
    let scaled = is_scaled.then_some(1);
    let smallest = (settings.min_every != Interval::Off).then_some(1);
    let all = [Some(settings.top_k), scaled, smallest].into_iter().flatten();
    all.map(|n| Wanted::of(settings, n)).collect()
}
