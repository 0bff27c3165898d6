//! The panels of a figure.

use crate::figure::axes::Scale;
use crate::figure::lines::{Line, Point};

use super::marks::ClippedRange;

/// A panel: one plot of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Which panel.
    pub kind: PanelKind,
    /// Scale of the vertical axis.
    pub scale: Scale,
    /// Label of the vertical axis; none of the quantities has a unit.
    pub axis_label: String,
    /// What the fitted range includes.
    pub fit_to: FitTo,
    /// Lines, the most important first, and the current run's before those of ghosts.
    pub lines: Vec<Line>,
    /// A short note for its header.
    pub note: Option<String>,
    /// The newest visible ratio of the curvature to the limit that bound at its step; `None` in
    /// panels of other quantities and where no limit is known.
    pub ratio: Option<Point>,
    /// Step ranges in which the gradient was clipped.
    pub clipped: Vec<ClippedRange>,
    /// The limit that bound the current run, in pieces; the region above is shaded. Empty if no
    /// limit is known.
    pub unstable: Vec<Vec<Point>>,
}

/// What the fitted range of a panel includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitTo {
    /// The current run, except values far above its usual level.
    CurrentRun,
    /// All runs, except values and runs far above the usual level of the current one.
    AllRuns,
    /// Every value of every run, however far out.
    AllValues,
}

/// The kinds of panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanelKind {
    /// The largest eigenvalue of the preconditioned Hessian and its stability threshold; only for
    /// runs whose threshold applies to it.
    Preconditioned,
    /// Eigenvalues of the Hessian and the stability threshold.
    Sharpness,
    /// The curvature along the update over the slope there, its mean, and its limit 2/η; drawn on
    /// request only.
    AlongUpdate,
    /// Losses: training, test and probe.
    Loss,
    /// Nominal and effective learning rate.
    LearningRate,
    /// Norm of the gradient, and the clip level.
    GradNorm,
}

impl PanelKind {
    /// All panels, top to bottom.
    pub const ALL: [Self; 6] = [
        Self::Preconditioned,
        Self::Sharpness,
        Self::AlongUpdate,
        Self::Loss,
        Self::LearningRate,
        Self::GradNorm,
    ];

    /// The panels of a picture unless the user chooses others: all but the optional ones.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| !kind.is_optional()).collect()
    }

    /// Whether it is hidden until the user asks for it.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self == Self::AlongUpdate
    }

    /// Title in the header.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Preconditioned => "Preconditioned sharpness",
            Self::Sharpness => "Sharpness",
            Self::AlongUpdate => "Curvature along the update",
            Self::Loss => "Loss",
            Self::LearningRate => "Learning rate",
            Self::GradNorm => "Gradient norm",
        }
    }

    /// Label of the vertical axis, unless values are divided by a limit.
    #[must_use]
    pub fn axis_label(self) -> &'static str {
        match self {
            Self::Preconditioned => "λ₁(P⁻¹H)",
            Self::Sharpness => "eigenvalue λ",
            Self::AlongUpdate => "λ dir",
            Self::Loss => "loss L",
            Self::LearningRate => "rate η",
            Self::GradNorm => "norm ‖g‖",
        }
    }

    /// Default share of the height, relative to the other panels.
    #[must_use]
    pub fn weight(self) -> f32 {
        match self {
            Self::Preconditioned => 1.5,
            Self::Sharpness => 1.9,
            Self::AlongUpdate => 1.2,
            Self::Loss => 1.1,
            Self::LearningRate => 0.75,
            Self::GradNorm => 1.0,
        }
    }
}
