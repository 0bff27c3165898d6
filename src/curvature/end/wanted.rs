//! The eigenvalues requested of one end of a spectrum, with tolerance and method.

use super::super::audit::AuditOptions;
use crate::config::{ProbeMethod, ProbeSettings};

/// Number of eigenvectors tracked beyond the wanted ones: eigenvalues cluster and cross at the edge
/// of stability, and the gap below the wanted ones is estimated from these guards.
const N_GUARDS: usize = 3;

/// Tolerance of an audit, as a fraction of the tolerance of the values it checks.
pub(in crate::curvature) const AUDIT_TOLERANCE: f64 = 0.1;

/// The eigenvalues wanted of an end, and how they are measured.
#[derive(Clone, Copy, Debug)]
pub(in crate::curvature) struct Wanted {
    /// Number of eigenvalues.
    pub(in crate::curvature) n: usize,
    /// Largest estimated relative error of each.
    pub(in crate::curvature) tolerance: f64,
    /// How they are followed.
    pub(in crate::curvature) method: ProbeMethod,
    /// Largest number of vectors carried when a cluster has to be widened: the number of eigenvalues
    /// that clusters of such networks have.
    pub(in crate::curvature) n_most: usize,
    /// A shift σ that makes all eigenvalues of A + σ positive. The power step is made with A + σ,
    /// because A would rotate vectors towards eigenvalues of larger magnitude at the other end.
    pub(in crate::curvature) shift: f64,
}

impl Wanted {
    /// The `n` largest eigenvalues of a network with one output, to the tolerance of the settings.
    pub(in crate::curvature) fn of(settings: &ProbeSettings, n: usize) -> Self {
        Self { n, tolerance: settings.tolerance, method: settings.method, n_most: 0, shift: 0.0 }
    }

    /// Number of eigenpairs carried, guards included.
    pub(in crate::curvature) fn n_kept(self) -> usize {
        self.n + N_GUARDS
    }

    /// The options of an audit of these eigenvalues.
    pub(super) fn audited(self) -> AuditOptions {
        let tolerance = AUDIT_TOLERANCE * self.tolerance;
        AuditOptions { n_wanted: self.n, n_kept: self.n_kept(), tolerance }
    }
}
