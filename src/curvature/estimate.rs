//! Estimated errors of Ritz values: how far each may lie below its eigenvalue.
//! Knows values and residuals only; eigenvectors that were missed altogether are found by audits.
//!
//! A residual ‖Au − θu‖ bounds the distance from θ to *some* eigenvalue, not to the one that θ
//! approximates. Let the rest of the spectrum lie below μ < θᵢ. Then λᵢ − θᵢ is at most
//! 2s²/(g + √(g² + 4s²)) with g = θᵢ − μ and s² the sum of the squared residuals of the Ritz levels
//! above μ (quadratic residual bound; R. Mathias, SIAM J. Matrix Anal. Appl. 19, 1998): min(s, s²/g)
//! up to a factor of 2. μ is estimated as the value of the next Ritz pair, a guard, plus its residual.
//! Eigenvalues of one cluster have no such gap between them, so all levels down to the first wide
//! enough gap are treated together.

/// Ratio of the estimate to the bound, because μ itself is an estimate.
const MARGIN: f64 = 2.0;

/// A Ritz value θ and the norm of its residual Au − θu.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) value: f64,
    pub(super) residual: f64,
}

/// The estimated error of one eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    /// Estimated error relative to |θ|.
    pub(super) error: f64,
    /// Whether the error meets the tolerance, or rounding keeps further rounds from reducing it.
    pub(super) is_settled: bool,
}

/// The limits an estimate is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Relative rounding error of the operator.
    pub(super) rounding: f64,
    /// Relative error to reach.
    pub(super) tolerance: f64,
}

/// Estimated errors of the first `n` levels. Levels are sorted by value, largest first; those after
/// `n` are guards.
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

/// Estimate of λᵢ − θᵢ.
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
    // Without any gap, the error may be as large as the spread of the whole cluster.
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
        // No guard below the cluster: equal copies with tiny residuals are accurate, distinct
        // eigenvalues are not.
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
