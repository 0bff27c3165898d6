//! The focus ring.

use eframe::egui::{Response, Stroke, StrokeKind, Ui, vec2};

use super::theme;

/// Draws a ring around a widget that has the keyboard focus; returns whether it has.
pub(in crate::paint) fn show_focus(ui: &Ui, part: &Response) -> bool {
    let has_focus = part.has_focus();
    if has_focus {
        let stroke = Stroke::new(2.0, theme::colours(ui.visuals()).accent);
        // Not expanded upwards, where the topmost title has no room.
        ui.painter().rect_stroke(
            part.rect.expand2(vec2(3.0, 0.0)),
            3.0,
            stroke,
            StrokeKind::Inside,
        );
    }
    has_focus
}
