//! The plots of a picture, and what their fitted ranges take in.
//! Does not know which lines are drawn in which.

use crate::figure::axes::Scale;
use crate::figure::lines::{Line, Point};

use super::marks::Stretch;

/// One plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Which one.
    pub kind: PanelKind,
    /// Vertical axis.
    pub scale: Scale,
    /// What is on the vertical axis; none of these quantities has a unit.
    pub axis_label: String,
    /// What the fitted range takes in.
    pub fitted: Fitted,
    /// Lines, most important first; the current run's before those of ghosts.
    pub lines: Vec<Line>,
    /// One short sentence for its header.
    pub note: Option<String>,
    /// The newest ratio in view of the curvature to the limit that bound at its step; `None` in
    /// plots of other things, and where no limit did.
    pub ratio: Option<Point>,
    /// Where the gradient was clipped.
    pub clipped: Vec<Stretch>,
    /// The limit that bound the current run, in pieces: the region above it is shaded. Empty where
    /// no limit is known.
    pub unstable: Vec<Vec<Point>>,
}

/// What the fitted range of a panel takes in; a view state, never a value dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitted {
    /// The current run, but for runaways.
    Current,
    /// All runs, but for runaways.
    Beside,
    /// Every value of every run, however far out.
    Whole,
}

/// The plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanelKind {
    /// The largest eigenvalue of the Hessian as the optimizer scales it, and the stability threshold:
    /// only of runs whose threshold is for that.
    Preconditioned,
    /// Hessian eigenvalues and the stability threshold.
    Sharpness,
    /// Training and test loss.
    Loss,
    /// Learning rate, nominal and effective.
    LearningRate,
    /// Gradient norm and clip level.
    GradNorm,
}

impl PanelKind {
    /// All panels, top to bottom.
    pub const ALL: [Self; 5] =
        [Self::Preconditioned, Self::Sharpness, Self::Loss, Self::LearningRate, Self::GradNorm];

    /// Name for the header.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Preconditioned => "Preconditioned sharpness",
            Self::Sharpness => "Sharpness",
            Self::Loss => "Loss",
            Self::LearningRate => "Learning rate",
            Self::GradNorm => "Gradient norm",
        }
    }

    /// Usual label of the vertical axis.
    #[must_use]
    pub fn axis_label(self) -> &'static str {
        match self {
            Self::Preconditioned => "λ₁(P⁻¹H)",
            Self::Sharpness => "eigenvalue λ",
            Self::Loss => "loss L",
            Self::LearningRate => "rate η",
            Self::GradNorm => "norm ‖g‖",
        }
    }

    /// Share of the height, relative to the others.
    #[must_use]
    pub fn weight(self) -> f32 {
        match self {
            Self::Preconditioned => 1.5,
            Self::Sharpness => 1.9,
            Self::Loss => 1.1,
            Self::LearningRate => 0.75,
            Self::GradNorm => 1.0,
        }
    }
}
