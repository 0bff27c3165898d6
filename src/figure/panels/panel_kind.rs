//! The kinds of panels: one declaration each, from which titles, axes, layout, keys and words on the
//! command line follow.

use crate::quantity::{self as q, Quantity};

/// The kinds of panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanelKind {
    /// The largest eigenvalue of the preconditioned Hessian and its stability threshold.
    Preconditioned,
    /// Eigenvalues of the Hessian and the stability threshold.
    Sharpness,
    /// The curvature along the update over the slope there, its mean, and its limit 2/η.
    AlongUpdate,
    /// Losses: training, test and probe.
    Loss,
    /// Nominal and effective learning rate.
    LearningRate,
    /// Norm of the gradient, and the clip level.
    GradNorm,
}

/// The declaration of a panel.
#[derive(Clone, Copy, Debug)]
pub struct PanelDeclaration {
    /// Title in the header.
    pub title: &'static str,
    /// Label of the vertical axis, unless values are divided by a limit.
    pub axis_label: &'static str,
    /// Its word on the command line.
    pub word: &'static str,
    /// What it shows, as help on the command line.
    pub sentence: &'static str,
    /// The digit of the key that shows or hides it.
    pub digit: char,
    /// Default share of the height, relative to the other panels.
    pub weight: f32,
    /// Scale of the vertical axis, unless the user chooses one.
    pub scale: DefaultScale,
    /// The values that the fitted range includes.
    pub range: FittedRange,
    /// The limit above which it is shaded, if it shows a curvature with a limit.
    pub limit: Option<Quantity>,
    /// Whether it is hidden until the user asks for it.
    pub is_optional: bool,
    /// Whether every run has it, not only one whose limit applies to the preconditioned Hessian.
    pub is_of_every_run: bool,
    /// Whether its lines have names at their ends.
    pub has_end_labels: bool,
}

/// The scale of a vertical axis unless the user chooses one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultScale {
    /// Linear.
    Linear,
    /// Logarithmic.
    Log,
    /// Linear, but logarithmic if the learning rates of the run are far apart.
    OfRates,
}

/// The values that a fitted range includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FittedRange {
    /// All except runaways, and the limits near them.
    NearTheEdge,
    /// The same of the main line, if that has values; others are wild.
    NearTheMean,
    /// All except those of ghosts far above the current run.
    ButRunaways,
}

/// A panel of quantities without a limit, which every run has.
const USUAL: PanelDeclaration = PanelDeclaration {
    title: "",
    axis_label: "",
    word: "",
    sentence: "",
    digit: ' ',
    weight: 1.0,
    scale: DefaultScale::Log,
    range: FittedRange::ButRunaways,
    limit: None,
    is_optional: false,
    is_of_every_run: true,
    has_end_labels: false,
};

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

    /// The declaration of the panel.
    #[must_use]
    pub fn declaration(self) -> PanelDeclaration {
        match self {
            Self::Preconditioned => PanelDeclaration {
                title: "Preconditioned sharpness",
                axis_label: "λ₁(P⁻¹H)",
                word: q::PRECONDITIONED_SHARPNESS.name(),
                sentence: "Largest eigenvalue of the preconditioned Hessian, for runs whose limit applies to it",
                digit: '5',
                weight: 1.5,
                scale: DefaultScale::Linear,
                range: FittedRange::NearTheEdge,
                limit: Some(q::EFFECTIVE_THRESHOLD),
                is_of_every_run: false,
                ..USUAL
            },
            Self::Sharpness => PanelDeclaration {
                title: "Sharpness",
                axis_label: "eigenvalue λ",
                word: q::SHARPNESS.name(),
                sentence: "Hessian eigenvalues and the stability threshold",
                digit: '1',
                weight: 1.9,
                scale: DefaultScale::Linear,
                range: FittedRange::NearTheEdge,
                limit: Some(q::EFFECTIVE_THRESHOLD),
                has_end_labels: true,
                ..USUAL
            },
            Self::AlongUpdate => PanelDeclaration {
                title: "Curvature along the update",
                axis_label: "λ dir",
                word: "along_update",
                sentence: "Curvature along the update over the slope there, its mean, and the limit 2/η",
                digit: '6',
                weight: 1.2,
                scale: DefaultScale::Linear,
                range: FittedRange::NearTheMean,
                limit: Some(q::DIRECTIONAL_THRESHOLD),
                is_optional: true,
                has_end_labels: true,
                ..USUAL
            },
            Self::Loss => PanelDeclaration {
                title: "Loss",
                axis_label: "loss L",
                word: q::LOSS.name(),
                sentence: "Training and test loss",
                digit: '2',
                weight: 1.1,
                ..USUAL
            },
            Self::LearningRate => PanelDeclaration {
                title: "Learning rate",
                axis_label: "rate η",
                word: q::LEARNING_RATE.name(),
                sentence: "Learning rate, nominal and effective",
                digit: '3',
                weight: 0.75,
                scale: DefaultScale::OfRates,
                ..USUAL
            },
            Self::GradNorm => PanelDeclaration {
                title: "Gradient norm",
                axis_label: "norm ‖g‖",
                word: q::GRAD_NORM.name(),
                sentence: "Gradient norm and clip level",
                digit: '4',
                ..USUAL
            },
        }
    }

    /// The panels of a picture unless the user chooses others: all but the optional ones.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| !kind.is_optional()).collect()
    }

    /// Whether it is hidden until the user asks for it.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self.declaration().is_optional
    }

    /// Title in the header.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.declaration().title
    }

    /// Default share of the height, relative to the other panels.
    #[must_use]
    pub fn weight(self) -> f32 {
        self.declaration().weight
    }
}
