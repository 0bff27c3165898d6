//! The panel of a single quantity: its declaration follows from that of the quantity.

use crate::quantity::{self as q, Quantity};

use super::panel_declaration::{DefaultScale, PanelDeclaration, Shown, USUAL};

/// Losses, which fall by decades.
const LOSSES: [Quantity; 2] = [q::TEST_LOSS, q::PROBE_LOSS];

/// Fractions between 0 and 1, to be read against these two.
const FRACTIONS: [Quantity; 5] =
    [q::ACCURACY, q::TEST_ACCURACY, q::CLIP_SCALE, q::CLIPPED_FRACTION, q::GRADIENT_ALIGNMENT];

/// Its declaration: hidden until the user asks for it, with one line.
pub(super) fn declaration(quantity: Quantity) -> PanelDeclaration {
    PanelDeclaration {
        title: quantity.label(),
        axis_label: quantity.symbol(),
        unit: quantity.unit(),
        word: quantity.name(),
        sentence: quantity.sentence().trim_end_matches('.'),
        weight: 0.9,
        shown: Shown::OnRequest,
        scale: scale(quantity),
        ..USUAL
    }
}

fn scale(quantity: Quantity) -> DefaultScale {
    if LOSSES.contains(&quantity) {
        DefaultScale::Log
    } else if FRACTIONS.contains(&quantity) {
        DefaultScale::Linear
    } else {
        DefaultScale::OfValues
    }
}
