//! The declaration of a panel, of which title, axis, layout, key and word on the command line are parts.

use crate::quantity::Quantity;

/// The declaration of a panel.
#[derive(Clone, Copy, Debug)]
pub struct PanelDeclaration {
    /// Title in the header.
    pub title: &'static str,
    /// Label of the vertical axis, unless values are divided by a limit.
    pub axis_label: &'static str,
    /// Unit of the values, empty where there is none.
    pub unit: &'static str,
    /// Its word on the command line.
    pub word: &'static str,
    /// What it shows, without a full stop.
    pub sentence: &'static str,
    /// The digit of the key that shows or hides it, if it has one.
    pub digit: Option<char>,
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

/// A panel of quantities without a limit.
pub(super) const USUAL: PanelDeclaration = PanelDeclaration {
    title: "",
    axis_label: "",
    unit: "",
    word: "",
    sentence: "",
    digit: None,
    weight: 1.0,
    shown: Shown::Usually,
    scale: DefaultScale::Log,
    range: FittedRange::ButRunaways,
    limit: None,
    has_end_labels: false,
};
