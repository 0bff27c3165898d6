//! Fits contents into limited space by scrolling.

use eframe::egui::{Context, Id, Memory, ScrollArea, Ui};

use crate::paint::theme;

/// Height of a window's title and margins, in points at the default scale.
const FRAME_HEIGHT: f32 = 66.0;

/// The largest fraction of the height left free above a window.
const MAX_ABOVE: f32 = 0.12;

/// Margin around a control that is scrolled into view, in points.
const AROUND: f32 = 8.0;

/// Distance of a window from the top edge: `wanted`, or less where space is short.
pub(in crate::ui) fn top(ctx: &Context, wanted: f32) -> f32 {
    wanted.min(MAX_ABOVE * ctx.content_rect().height())
}

/// Limits a wanted width to the available one.
pub(in crate::ui) fn width(ctx: &Context, wanted: f32) -> f32 {
    wanted.min(ctx.content_rect().width() - 40.0)
}

/// Draws scrolling contents below `top`, as high as the window allows.
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

/// Scrolls to a newly focused control. Call after drawing the scrolled contents.
pub(in crate::ui) fn follow_focus(ui: &Ui) {
    let focused = ui.memory(Memory::focused);
    let key = ui.scope_id().with("focused");
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<Option<Id>>(key).flatten();
        data.insert_temp(key, focused);
        before
    });
    // A control pressed with the pointer is visible and must not move.
    if focused == before || ui.input(|input| input.pointer.any_down()) {
        return;
    }
    let Some(control) = focused.and_then(|id| ui.ctx().read_response(id)) else { return };
    let is_inside = control.layer_id == ui.layer_id() && ui.min_rect().intersects(control.rect);
    if is_inside && !ui.clip_rect().contains_rect(control.rect) {
        ui.scroll_to_rect(control.rect.expand(AROUND), None);
    }
}
