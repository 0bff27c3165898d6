//! The quantities that are drawn in each panel, with role and error.

use crate::figure::lines::Role;
use crate::figure::panels::PanelKind;
use crate::quantity::{self, Quantity};

/// A quantity that is drawn in a panel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn {
    /// The quantity whose values are drawn.
    pub(super) quantity: Quantity,
    /// The role of the line, which determines its style.
    pub(super) role: Role,
    /// Its estimated error, drawn as a band: relative, but the standard error for a mean.
    pub(super) error: Option<Quantity>,
    /// Whether smoothing applies: not to settings, limits and single checks.
    pub(super) is_smoothed: bool,
}

impl Drawn {
    /// A setting, a limit or single checks, which a mean would falsify.
    pub(super) fn plain(quantity: Quantity, role: Role) -> Self {
        Self { quantity, role, error: None, is_smoothed: false }
    }

    /// A measured quantity, which smoothing applies to.
    fn noisy(quantity: Quantity, role: Role) -> Self {
        Self { is_smoothed: true, ..Self::plain(quantity, role) }
    }

    fn with_error(self, error: Quantity) -> Self {
        Self { error: Some(error), ..self }
    }
}

/// The quantities drawn in a panel, in the order of its legend.
pub(super) fn drawn(panel: PanelKind) -> Vec<Drawn> {
    use quantity as q;
    let limits = [
        Drawn::plain(q::STABILITY_THRESHOLD, Role::Threshold),
        Drawn::plain(q::EFFECTIVE_THRESHOLD, Role::EffectiveThreshold),
    ];
    match panel {
        PanelKind::Preconditioned => {
            let top = Drawn::noisy(q::PRECONDITIONED_SHARPNESS, Role::Preconditioned);
            let top = top.with_error(q::PRECONDITIONED_SHARPNESS_ERROR);
            [top].into_iter().chain(limits).collect()
        }
        PanelKind::Sharpness => {
            let first = (q::SHARPNESS, q::SHARPNESS_ERROR);
            let others = q::HESSIAN_EIG.all().zip(q::HESSIAN_EIG_ERROR.all());
            let eigenvalues = (1..).zip([first].into_iter().chain(others));
            let eigenvalues = eigenvalues.map(|(rank, (value, error))| {
                Drawn::noisy(value, Role::Eigenvalue(rank)).with_error(error)
            });
            let others = [
                Drawn::noisy(q::BATCH_SHARPNESS, Role::BatchSharpness)
                    .with_error(q::BATCH_SHARPNESS_ERROR),
                Drawn::noisy(q::HESSIAN_EIG_MIN, Role::Smallest)
                    .with_error(q::HESSIAN_EIG_MIN_ERROR),
                Drawn::plain(q::AUDIT_SHARPNESS, Role::Audit).with_error(q::AUDIT_ERROR),
            ];
            eigenvalues.chain(others).chain(limits).collect()
        }
        PanelKind::Loss => vec![
            Drawn::noisy(q::LOSS, Role::TrainLoss),
            Drawn::noisy(q::TEST_LOSS, Role::TestLoss),
            Drawn::noisy(q::PROBE_LOSS, Role::ProbeLoss),
        ],
        PanelKind::LearningRate => vec![
            Drawn::plain(q::LEARNING_RATE, Role::Rate),
            Drawn::plain(q::EFFECTIVE_LEARNING_RATE, Role::EffectiveRate),
        ],
        PanelKind::GradNorm => vec![
            Drawn::noisy(q::GRAD_NORM, Role::GradNorm),
            Drawn::plain(q::CLIP_LEVEL, Role::ClipLevel),
        ],
    }
}
