//! The quantities that are drawn in each panel, with role and error.

use crate::figure::lines::Role;
use crate::figure::panels::PanelKind;
use crate::quantity::{self, Quantity};

/// A quantity that is drawn in a panel.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlottedQuantity {
    /// The quantity whose values are drawn.
    pub(super) quantity: Quantity,
    /// The role of the line, which determines its style.
    pub(super) role: Role,
    /// Its estimated error, drawn as a band: relative, but the standard error for a mean.
    pub(super) error: Option<Quantity>,
    /// Whether smoothing applies: not to settings, limits and single checks.
    pub(super) is_smoothed: bool,
}

impl PlottedQuantity {
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
pub(super) fn plotted_quantities(panel: PanelKind) -> Vec<PlottedQuantity> {
    use quantity as q;
    let limits = [
        PlottedQuantity::plain(q::STABILITY_THRESHOLD, Role::Threshold),
        PlottedQuantity::plain(q::EFFECTIVE_THRESHOLD, Role::EffectiveThreshold),
    ];
    match panel {
        PanelKind::Preconditioned => {
            let top = PlottedQuantity::noisy(q::PRECONDITIONED_SHARPNESS, Role::Preconditioned);
            let top = top.with_error(q::PRECONDITIONED_SHARPNESS_ERROR);
            [top].into_iter().chain(limits).collect()
        }
        PanelKind::Sharpness => {
            let first = (q::SHARPNESS, q::SHARPNESS_ERROR);
            let others = q::HESSIAN_EIG.all().zip(q::HESSIAN_EIG_ERROR.all());
            let eigenvalues = (1..).zip([first].into_iter().chain(others));
            let eigenvalues = eigenvalues.map(|(rank, (value, error))| {
                PlottedQuantity::noisy(value, Role::Eigenvalue(rank)).with_error(error)
            });
            let others = [
                PlottedQuantity::noisy(q::BATCH_SHARPNESS, Role::BatchSharpness)
                    .with_error(q::BATCH_SHARPNESS_ERROR),
                PlottedQuantity::noisy(q::HESSIAN_EIG_MIN, Role::Smallest)
                    .with_error(q::HESSIAN_EIG_MIN_ERROR),
                PlottedQuantity::plain(q::AUDIT_SHARPNESS, Role::Audit).with_error(q::AUDIT_ERROR),
            ];
            eigenvalues.chain(others).chain(limits).collect()
        }
        // A running mean of ratios would follow the wildest of them.
        PanelKind::AlongUpdate => vec![
            PlottedQuantity::plain(q::DIRECTIONAL_SHARPNESS_MEAN, Role::DirectionalMean),
            PlottedQuantity::plain(q::DIRECTIONAL_SHARPNESS, Role::Directional),
            PlottedQuantity::plain(q::DIRECTIONAL_THRESHOLD, Role::DirectionalThreshold),
        ],
        PanelKind::Loss => vec![
            PlottedQuantity::noisy(q::LOSS, Role::TrainLoss),
            PlottedQuantity::noisy(q::TEST_LOSS, Role::TestLoss),
            PlottedQuantity::noisy(q::PROBE_LOSS, Role::ProbeLoss),
        ],
        PanelKind::LearningRate => vec![
            PlottedQuantity::plain(q::LEARNING_RATE, Role::Rate),
            PlottedQuantity::plain(q::EFFECTIVE_LEARNING_RATE, Role::EffectiveRate),
        ],
        PanelKind::GradNorm => vec![
            PlottedQuantity::noisy(q::GRAD_NORM, Role::GradNorm),
            PlottedQuantity::plain(q::CLIP_LEVEL, Role::ClipLevel),
        ],
    }
}

/// The limit above which a panel is shaded; that of eigenvalues is unknown where parts of the
/// gradient are clipped.
pub(super) fn binding_limit(panel: PanelKind) -> Option<PlottedQuantity> {
    match panel {
        PanelKind::Preconditioned | PanelKind::Sharpness => {
            Some(PlottedQuantity::plain(quantity::EFFECTIVE_THRESHOLD, Role::Threshold))
        }
        PanelKind::AlongUpdate => Some(PlottedQuantity::plain(
            quantity::DIRECTIONAL_THRESHOLD,
            Role::DirectionalThreshold,
        )),
        PanelKind::Loss | PanelKind::LearningRate | PanelKind::GradNorm => None,
    }
}
