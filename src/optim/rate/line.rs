//! The line along which a rule looks for its rate.
//! Does not know what is moved along it.

/// The loss along the update direction p, from the present iterate w.
pub struct Line<'a, E> {
    /// L(w).
    pub loss: f64,
    /// gᵀp, negative where p leads down, and pᵀHp.
    pub slope_and_curvature: &'a mut dyn FnMut() -> Result<[f64; 2], E>,
    /// L(w + ηp) of a rate η.
    pub loss_at: &'a mut dyn FnMut(f64) -> Result<f64, E>,
}
