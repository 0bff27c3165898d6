//! Curvature dynamics aware tuning (CDAT): the rate from slope and curvature along the update.

/// Keeps the quotient finite if numerator and denominator vanish; far below any real curvature.
const EPSILON: f64 = 1e-20;

/// η = σ·n/d with n = max(−gᵀp, 0) and d = |pᵀHp| + ε (arXiv 2407.06183, without averaging over
/// steps); no cap, as published.
#[must_use]
pub fn rate(sigma: f64, slope: f64, curvature: f64) -> f64 {
    let n = (-slope).max(0.0);
    let d = curvature.abs() + EPSILON;
    sigma * n / d
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn the_rate_is_sigma_times_the_step_to_the_bottom_of_the_quadratic() {
        // p = −g on ½(3x² + y²) at (1, 2): gᵀp = −13, pᵀHp = 31.
        assert!((rate(1.0, -13.0, 31.0) - 13.0 / 31.0).abs() < 1e-15);
        assert_eq!(rate(2.0, -13.0, 31.0), 2.0 * rate(1.0, -13.0, 31.0));
    }

    #[test]
    fn negative_curvature_counts_by_magnitude_and_an_ascent_direction_has_rate_zero() {
        assert_eq!(rate(1.5, -4.0, -2.0), 3.0);
        assert_eq!(rate(1.5, 4.0, 2.0), 0.0);
        assert_eq!(rate(1.5, 0.0, 0.0), 0.0);
    }
}
