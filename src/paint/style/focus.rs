//! A frame around what has the keyboard.
//! Does not take keys.

use eframe::egui::{Response, Stroke, StrokeKind, Ui, vec2};

use super::theme;

/// A frame around what has the keyboard; whether this has it.
pub(in crate::paint) fn show_focus(ui: &Ui, part: &Response) -> bool {
    let has_focus = part.has_focus();
    if has_focus {
        let stroke = Stroke::new(2.0, theme::colours(ui.visuals()).accent);
        // Not above what it surrounds: the uppermost title has no room there.
        ui.painter().rect_stroke(
            part.rect.expand2(vec2(3.0, 0.0)),
            3.0,
            stroke,
            StrokeKind::Inside,
        );
    }
    has_focus
}
