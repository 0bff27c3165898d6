//! How far Ritz values may lie below the eigenvalues they stand for.
//! Knows values and residuals only; whether an eigenvector was missed altogether, audits tell.
//!
//! A residual ‖Au − θu‖ bounds the distance from θ to *some* eigenvalue, not to the one that θ is
//! meant to be. Let the rest of the spectrum lie below μ < θᵢ. Then λᵢ − θᵢ is at most
//! 2s²/(g + √(g² + 4s²)) with g = θᵢ − μ and s² the sum of the squared residuals of the Ritz levels
//! above μ (quadratic residual bound; R. Mathias, SIAM J. Matrix Anal. Appl. 19, 1998): min(s, s²/g)
//! but for a factor of 2. μ is taken from the next Ritz pair, a guard: no higher than its value plus
//! its residual. Between eigenvalues of one cluster there is no such gap, so that the cluster is
//! taken together, down to the first gap that is wide enough.

/// The estimate is this many times the bound, for μ itself is an estimate.
const MARGIN: f64 = 2.0;

/// A Ritz value θ and the norm of its residual Au − θu.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) value: f64,
    pub(super) residual: f64,
}

/// What is known of one eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    /// Estimated error relative to |θ|.
    pub(super) error: f64,
    /// Whether it is at most the tolerance, or more rounds cannot make it smaller.
    pub(super) is_settled: bool,
}

/// What estimates are held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Relative rounding error of the operator.
    pub(super) rounding: f64,
    /// Relative error that is good enough.
    pub(super) tolerance: f64,
}

/// Estimates for the `n` leading ones of these, largest value first; the rest are guards.
pub(super) fn estimates(levels: &[Level], n: usize, limits: Limits) -> Vec<Estimate> {
    let Limits { rounding, tolerance } = limits;
    let size = levels.iter().map(|level| level.value.abs()).fold(0.0, f64::max);
    let floor = (rounding * size).max(f64::MIN_POSITIVE);
    (0..n.min(levels.len()))
        .map(|i| {
            let distance = below(levels, i);
            let scale = levels[i].value.abs().max(f64::MIN_POSITIVE);
            let error = (distance + floor) / scale;
            Estimate { error, is_settled: error <= tolerance || distance <= floor }
        })
        .collect()
}

/// The estimate of λᵢ − θᵢ.
fn below(levels: &[Level], i: usize) -> f64 {
    let square = |level: &Level| level.residual.powi(2);
    let mut squares: f64 = levels[..i].iter().map(square).sum();
    let mut best = f64::INFINITY;
    for (level, guard) in levels[i..].iter().zip(&levels[i + 1..]) {
        squares += square(level);
        let gap = levels[i].value - (guard.value + guard.residual);
        if gap > 0.0 {
            let root = (gap * gap + 4.0 * squares).sqrt();
            best = best.min(MARGIN * 2.0 * squares / (gap + root));
        }
    }
    // Without any gap, all of the cluster that is seen may be off by its width.
    let Some(last) = levels.last() else { return best };
    let all: f64 = levels.iter().map(square).sum();
    best.min(all.sqrt() + levels[i].value - last.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value and its relative residual.
    fn level(value: f64, residual: f64) -> Level {
        Level { value, residual: residual * value.abs() }
    }

    fn error(levels: &[Level], i: usize) -> f64 {
        estimates(levels, i + 1, Limits { rounding: 0.0, tolerance: 1e-3 })[i].error
    }

    #[test]
    fn a_wide_gap_makes_the_error_quadratic_in_the_residual() {
        let found = error(&[level(2.0, 1e-3), level(1.0, 0.0)], 0);
        assert!((found / (MARGIN * 2.0 * 1e-6) - 1.0).abs() < 1e-4, "{found}");
    }

    #[test]
    fn a_residual_as_large_as_the_gap_does_not_pass_for_a_small_error() {
        // λ₁ of a deep linear network: residual 9.4e-3, gap 9e-3, error 1.1e-2.
        let levels = [level(94.354, 9.4e-3), level(93.5, 9e-3), level(93.0, 1e-2)];
        assert!(error(&levels, 0) > 0.01);
    }

    #[test]
    fn a_guard_that_is_not_known_itself_makes_the_gap_narrow() {
        let known = error(&[level(1.0, 0.05), level(0.5, 0.0)], 0);
        let rough = error(&[level(1.0, 0.05), level(0.5, 0.8)], 0);
        assert!(rough > 3.0 * known, "{rough} {known}");
    }

    #[test]
    fn a_cluster_is_taken_together_down_to_the_first_gap() {
        let cluster = [level(1.0, 1e-3), level(1.0, 1e-3), level(1.0, 1e-3), level(0.5, 1e-3)];
        assert!(error(&cluster, 0) < 2e-5);
        // One copy more than are seen: equal copies with tiny residuals are as good as known, a
        // cluster with a width is not.
        assert!(error(&[level(1.0, 1e-9), level(1.0, 1e-9)], 0) < 1e-8);
        assert!(error(&[level(1.0, 1e-3), level(0.9995, 1e-3)], 0) > 1e-3);
    }

    #[test]
    fn what_is_zero_to_rounding_is_settled_but_not_known() {
        let levels = [level(1.0, 0.0), level(1e-15, 1.0), level(-1e-16, 1.0)];
        let found = estimates(&levels, 2, Limits { rounding: 1e-12, tolerance: 1e-3 })[1];
        assert!(found.is_settled && found.error > 1.0);
    }
}
