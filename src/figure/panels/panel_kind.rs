//! The kinds of panels: one row for each group of quantities, and any single quantity.

use crate::quantity::{self as q, Quantity};

use super::panel_declaration::{DefaultScale, FittedRange, PanelDeclaration, Shown, USUAL};
use super::quantity_panel;

/// Declares `PanelKind` from rows, top to bottom: what a group shows, as help on the command line,
/// and how it differs from `USUAL` or `CURVATURE`.
macro_rules! panels {
    ($($(#[doc = $doc:literal])+ $Name:ident { $($declaration:tt)* })+) => {
        /// The kinds of panels: groups of quantities, and single quantities.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PanelKind {
            $($(#[doc = $doc])+ $Name,)+
            /// A single quantity.
            Quantity(Quantity),
        }

        impl PanelKind {
            /// The panels of several quantities, top to bottom.
            pub const GROUPS: [Self; [$(stringify!($Name)),+].len()] = [$(Self::$Name),+];

            /// The declaration of the panel.
            #[must_use]
            pub fn declaration(self) -> PanelDeclaration {
                match self {
                    $(Self::$Name => PanelDeclaration {
                        sentence: concat!($($doc),+).trim_matches([' ', '.']),
                        $($declaration)*
                    },)+
                    Self::Quantity(quantity) => quantity_panel::declaration(quantity),
                }
            }
        }
    };
}

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
        digit: Some('5'),
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
        digit: Some('1'),
        weight: 1.9,
        ..CURVATURE
    }

    /// Curvature along the update over the slope there, its mean, and the limit 2/η.
    AlongUpdate {
        title: "Curvature along the update",
        axis_label: "λ dir",
        word: "along_update",
        digit: Some('6'),
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
        digit: Some('2'),
        weight: 1.1,
        ..USUAL
    }

    /// Learning rate, nominal and effective.
    LearningRate {
        title: "Learning rate",
        axis_label: "rate η",
        word: q::LEARNING_RATE.name(),
        digit: Some('3'),
        weight: 0.75,
        scale: DefaultScale::OfRates,
        ..USUAL
    }

    /// Gradient norm and clip level.
    GradNorm {
        title: "Gradient norm",
        axis_label: "norm ‖g‖",
        word: q::GRAD_NORM.name(),
        digit: Some('4'),
        ..USUAL
    }
}

impl PanelKind {
    /// The panel of a quantity: the group that bears its name, else one of its own.
    #[must_use]
    pub fn of(quantity: Quantity) -> Self {
        let bears = |group: &Self| group.declaration().word == quantity.name();
        Self::GROUPS.into_iter().find(bears).unwrap_or(Self::Quantity(quantity))
    }

    /// All panels: the groups, then every quantity that no group bears the name of.
    pub fn all() -> impl Iterator<Item = Self> {
        let quantities = Quantity::all().map(Self::of);
        let single = quantities.filter(|kind| matches!(kind, Self::Quantity(_)));
        Self::GROUPS.into_iter().chain(single)
    }

    /// The panel with this title.
    #[must_use]
    pub fn titled(title: &str) -> Option<Self> {
        Self::all().find(|kind| kind.title() == title)
    }

    /// These panels, top to bottom: the groups, then single quantities in the given order, each once.
    #[must_use]
    pub fn in_order(panels: &[Self]) -> Vec<Self> {
        let mut ordered: Vec<Self> =
            Self::GROUPS.into_iter().filter(|group| panels.contains(group)).collect();
        for panel in panels {
            if !ordered.contains(panel) {
                ordered.push(*panel);
            }
        }
        ordered
    }

    /// The panels of a picture unless the user chooses others: all but the optional ones.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        Self::GROUPS.into_iter().filter(|kind| !kind.is_optional()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_words_name_one_panel_each_and_every_quantity_has_one() {
        for kind in PanelKind::all() {
            assert_eq!(PanelKind::titled(kind.title()), Some(kind));
            let with_word = PanelKind::all()
                .filter(|other| other.declaration().word == kind.declaration().word);
            assert_eq!(with_word.count(), 1, "{}", kind.title());
            assert!(!kind.declaration().sentence.ends_with('.'), "{}", kind.title());
        }
        for quantity in Quantity::all() {
            let kind = PanelKind::of(quantity);
            assert!(PanelKind::all().any(|other| other == kind));
            assert_eq!(kind.declaration().word, quantity.name());
        }
    }

    #[test]
    fn groups_come_first_and_quantities_in_the_order_of_asking() {
        let [time, accuracy] = [q::STEP_MS, q::ACCURACY].map(PanelKind::of);
        let asked = [time, PanelKind::Loss, accuracy, PanelKind::Sharpness, time];
        let wanted = [PanelKind::Sharpness, PanelKind::Loss, time, accuracy];
        assert_eq!(PanelKind::in_order(&asked), wanted);
    }
}
