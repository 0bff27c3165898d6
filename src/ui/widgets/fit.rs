//! Fits contents into too little space: they get a scroll bar, or another row.
//! Does not know what they are.

use eframe::egui::{Context, Id, Memory, ScrollArea, TextStyle, Ui};

use crate::paint::theme;

/// Height of a title and of what lies around the contents, in points at the usual size.
const FRAME_HEIGHT: f32 = 66.0;

/// The largest share of the height that is left free above.
const MAX_ABOVE: f32 = 0.12;

/// What is in view around a control that is scrolled to, in points.
const AROUND: f32 = 8.0;

/// How far below the upper edge a window begins: at `wanted`, or higher where space is short.
pub(in crate::ui) fn top(ctx: &Context, wanted: f32) -> f32 {
    wanted.min(MAX_ABOVE * ctx.content_rect().height())
}

/// The width it can have of the one wanted.
pub(in crate::ui) fn width(ctx: &Context, wanted: f32) -> f32 {
    wanted.min(ctx.content_rect().width() - 40.0)
}

/// Contents below `top`, as high as the window allows, whatever height egui begins with.
pub(in crate::ui) fn scrolled<R>(ui: &mut Ui, top: f32, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let frame = FRAME_HEIGHT * theme::factor(ui.style());
    let height = (ui.ctx().content_rect().height() - top - frame).max(60.0);
    let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
    let shown = area.show(ui, |ui| {
        let inner = contents(ui);
        follow_focus(ui);
        inner
    });
    shown.inner
}

/// Scrolls to the control that the keyboard has just gone to; at the end of what is scrolled.
pub(in crate::ui) fn follow_focus(ui: &Ui) {
    let focused = ui.memory(Memory::focused);
    let key = ui.scope_id().with("focused");
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<Option<Id>>(key).flatten();
        data.insert_temp(key, focused);
        before
    });
    // What is pressed with the pointer is in view, and must not move away under it.
    if focused == before || ui.input(|input| input.pointer.any_down()) {
        return;
    }
    let Some(control) = focused.and_then(|id| ui.ctx().read_response(id)) else { return };
    let is_inside = control.layer_id == ui.layer_id() && ui.min_rect().intersects(control.rect);
    if is_inside && !ui.clip_rect().contains_rect(control.rect) {
        ui.scroll_to_rect(control.rect.expand(AROUND), None);
    }
}

/// Begins another row, in one that wraps, where a name and its control do not fit: they stay together.
pub(in crate::ui) fn keep_together(ui: &mut Ui, width: f32) {
    let is_wrapped = ui.layout().main_wrap();
    if is_wrapped && ui.available_size_before_wrap().x < width * theme::factor(ui.style()) {
        ui.end_row();
        // The name in the middle of the row rather than at its top.
        ui.set_row_height(
            ui.spacing().interact_size.y.max(
                ui.text_style_height(&TextStyle::Button) + 2.0 * ui.spacing().button_padding.y,
            ),
        );
    }
}
