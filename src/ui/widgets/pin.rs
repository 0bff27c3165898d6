//! The pin beside a control, which puts the control into the strip of Present.

use eframe::egui::{Color32, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, vec2};

use crate::config::Setting;
use crate::paint::theme;

/// Width in points of the column of pins, at the default size.
const WIDTH: f32 = 18.0;

/// Whether a control is pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum PinState {
    /// It is.
    Pinned,
    /// It is not, and there is room for it.
    Free,
    /// It is not, and as many others are as there is room for.
    Full,
}

/// Width of the column of pins.
pub(in crate::ui) fn width(ui: &Ui) -> f32 {
    WIDTH * theme::factor(ui.style())
}

/// Draws controls in the width that the column of pins leaves.
pub(in crate::ui) fn beside<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let width = ui.available_width() - width(ui);
    let shown = ui.scope(|ui| {
        ui.set_max_width(width);
        contents(ui)
    });
    shown.inner
}

/// Shows the pin of a setting at a place; returns whether it was clicked.
pub(in crate::ui) fn show(ui: &mut Ui, place: Rect, setting: &Setting, state: PinState) -> bool {
    let builder = UiBuilder::new().id_salt(("pin", setting.key)).max_rect(place);
    let mut ui = ui.new_child(builder);
    if state == PinState::Full {
        ui.disable();
    }
    let (rect, response) = ui.allocate_exact_size(place.size(), Sense::click());
    let verb = if state == PinState::Pinned { "Unpin" } else { "Pin" };
    let name = format!("{verb} {}", setting.label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
    paint(&ui, rect, state, &response);
    let is_clicked = response.clicked();
    response
        .on_hover_text(match state {
            PinState::Pinned => "Take it out of the strip beside the plots of Present (P).",
            PinState::Free | PinState::Full => {
                "Put it into the strip beside the plots of Present (P)."
            }
        })
        .on_disabled_hover_text(
            "Three controls are pinned: remove a pin to make room for this one.",
        );
    is_clicked
}

/// Paints a pin: a head, filled where it is pinned, and a needle.
fn paint(ui: &Ui, rect: Rect, state: PinState, response: &Response) {
    let palette = theme::colours(ui.visuals());
    let unit = theme::factor(ui.style());
    let is_marked = response.hovered() || response.has_focus();
    let color = match state {
        PinState::Pinned => palette.accent,
        PinState::Free if is_marked => palette.strong,
        PinState::Free | PinState::Full => palette.weak.gamma_multiply(0.55),
    };
    let stroke = Stroke::new(1.2 * unit, color);
    let head = rect.center() - vec2(0.0, 2.5 * unit);
    let radius = 3.2 * unit;
    let fill = if state == PinState::Pinned { color } else { Color32::TRANSPARENT };
    ui.painter().circle(head, radius, fill, stroke);
    let foot = head + vec2(0.0, radius);
    ui.painter().line_segment([foot, foot + vec2(0.0, 5.5 * unit)], stroke);
    if response.has_focus() {
        let ring = ui.visuals().selection.stroke;
        let kind = eframe::egui::StrokeKind::Inside;
        ui.painter().rect_stroke(rect, 3.0, ring, kind);
    }
}
