//! The loss along the update direction, evaluated on demand.

/// The loss along the update direction p from the current weights w.
pub struct Line<'a, E> {
    /// L(w).
    pub loss: f64,
    /// gᵀp, negative for a descent direction, and pᵀHp.
    pub slope_and_curvature: &'a mut dyn FnMut() -> Result<[f64; 2], E>,
    /// L(w + ηp) for a rate η.
    pub loss_at: &'a mut dyn FnMut(f64) -> Result<f64, E>,
}
