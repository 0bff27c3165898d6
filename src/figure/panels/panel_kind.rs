//! The kinds of panels: one row each, from which titles, axes, layout, keys and words on the command
//! line follow.

use crate::quantity::{self as q, Quantity};

/// The declaration of a panel.
#[derive(Clone, Copy, Debug)]
pub struct PanelDeclaration {
    /// Title in the header.
    pub title: &'static str,
    /// Label of the vertical axis, unless values are divided by a limit.
    pub axis_label: &'static str,
    /// Its word on the command line.
    pub word: &'static str,
    /// What it shows, without a full stop.
    pub sentence: &'static str,
    /// The digit of the key that shows or hides it.
    pub digit: char,
    /// Default share of the height, relative to the other panels.
    pub weight: f32,
    /// When it is shown.
    pub shown: Shown,
    /// Scale of the vertical axis, unless the user chooses one.
    pub scale: DefaultScale,
    /// The values that the fitted range includes.
    pub range: FittedRange,
    /// The limit above which it is shaded; only panels of curvatures have one.
    pub limit: Option<Quantity>,
    /// Whether its lines have names at their ends.
    pub has_end_labels: bool,
}

/// When a panel is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Until the user hides it.
    Usually,
    /// The same, with a run whose limit applies to the preconditioned Hessian.
    IfPreconditioned,
    /// When the user asks for it.
    OnRequest,
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
    /// Linear, but logarithmic if the values in view of the main line of the current run are far apart.
    OfValues,
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

/// Declares `PanelKind` from rows, top to bottom: what a panel shows, as help on the command line,
/// and how it differs from `USUAL` or `CURVATURE`.
macro_rules! panels {
    ($($(#[doc = $doc:literal])+ $Name:ident { $($declaration:tt)* })+) => {
        /// The kinds of panels.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PanelKind { $($(#[doc = $doc])+ $Name),+ }

        impl PanelKind {
            /// All panels, top to bottom.
            pub const ALL: [Self; [$(stringify!($Name)),+].len()] = [$(Self::$Name),+];

            /// The declaration of the panel.
            #[must_use]
            pub fn declaration(self) -> PanelDeclaration {
                match self {
                    $(Self::$Name => PanelDeclaration {
                        sentence: concat!($($doc),+).trim_matches([' ', '.']),
                        $($declaration)*
                    }),+
                }
            }
        }
    };
}

/// A panel of quantities without a limit.
const USUAL: PanelDeclaration = PanelDeclaration {
    title: "",
    axis_label: "",
    word: "",
    sentence: "",
    digit: ' ',
    weight: 1.0,
    shown: Shown::Usually,
    scale: DefaultScale::Log,
    range: FittedRange::ButRunaways,
    limit: None,
    has_end_labels: false,
};

/// A panel of eigenvalues and their limit.
const CURVATURE: PanelDeclaration = PanelDeclaration {
    scale: DefaultScale::OfValues,
    range: FittedRange::NearTheEdge,
    limit: Some(q::EFFECTIVE_THRESHOLD),
    has_end_labels: true,
    ..USUAL
};

panels! {
    /// Largest eigenvalue of the preconditioned Hessian, for runs whose limit applies to it.
    Preconditioned {
        title: "Preconditioned sharpness",
        axis_label: "λ₁(P⁻¹H)",
        word: q::PRECONDITIONED_SHARPNESS.name(),
        digit: '5',
        weight: 1.5,
        shown: Shown::IfPreconditioned,
        has_end_labels: false,
        ..CURVATURE
    }

    /// Hessian eigenvalues and the stability threshold.
    Sharpness {
        title: "Sharpness",
        axis_label: "eigenvalue λ",
        word: q::SHARPNESS.name(),
        digit: '1',
        weight: 1.9,
        ..CURVATURE
    }

    /// Curvature along the update over the slope there, its mean, and the limit 2/η.
    AlongUpdate {
        title: "Curvature along the update",
        axis_label: "λ dir",
        word: "along_update",
        digit: '6',
        weight: 1.2,
        shown: Shown::OnRequest,
        scale: DefaultScale::Linear,
        range: FittedRange::NearTheMean,
        limit: Some(q::DIRECTIONAL_THRESHOLD),
        ..CURVATURE
    }

    /// Training and test loss.
    Loss {
        title: "Loss",
        axis_label: "loss L",
        word: q::LOSS.name(),
        digit: '2',
        weight: 1.1,
        ..USUAL
    }

    /// Learning rate, nominal and effective.
    LearningRate {
        title: "Learning rate",
        axis_label: "rate η",
        word: q::LEARNING_RATE.name(),
        digit: '3',
        weight: 0.75,
        scale: DefaultScale::OfRates,
        ..USUAL
    }

    /// Gradient norm and clip level.
    GradNorm {
        title: "Gradient norm",
        axis_label: "norm ‖g‖",
        word: q::GRAD_NORM.name(),
        digit: '4',
        ..USUAL
    }
}

impl PanelKind {
    /// The panels of a picture unless the user chooses others: all but the optional ones.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| !kind.is_optional()).collect()
    }

    /// Whether it is hidden until the user asks for it.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self.declaration().shown == Shown::OnRequest
    }

    /// Whether every run has it.
    #[must_use]
    pub fn is_of_every_run(self) -> bool {
        self.declaration().shown != Shown::IfPreconditioned
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
