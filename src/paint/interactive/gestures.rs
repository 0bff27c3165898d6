//! Pointer gestures on one plot: pan, zoom, box zoom, fit.

use eframe::egui::{
    Color32, CursorIcon, PointerButton, Pos2, Rect, Response, Stroke, StrokeKind, Ui,
};
use egui_plot::PlotTransform;

use crate::paint::plot::ViewRange;

/// Points of scrolling that zoom by a factor of e.
const SCROLL_PER_E: f32 = 300.0;

/// Smaller boxes, in points, are ignored as accidental.
const LEAST_BOX: f32 = 3.0;

/// A gesture on one plot.
#[derive(Clone, Copy)]
pub(super) enum Gesture {
    /// Show everything.
    Fit,
    /// Show these steps.
    Steps([f64; 2]),
    /// Show these places of the vertical axis.
    Height([f64; 2]),
}

/// The gestures on a plot that was drawn with these ranges. Its vertical range can be panned if
/// the user chose it (`has_own_height`).
pub(super) fn gestures(
    ui: &Ui,
    response: &Response,
    transform: &PlotTransform,
    range: ViewRange,
    has_own_height: bool,
) -> Vec<Gesture> {
    if response.double_clicked() {
        return vec![Gesture::Fit];
    }
    let mut gestures = Vec::new();
    let ([x0, y0], [x1, y1]) = (transform.bounds().min(), transform.bounds().max());
    // Dragging an axis stretches it.
    if [x0, x1] != range.steps {
        gestures.push(Gesture::Steps([x0, x1]));
    }
    if [y0, y1] != range.height {
        gestures.push(Gesture::Height([y0, y1]));
    }
    if response.dragged_by(PointerButton::Primary) {
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        let [dx, dy] = transform.dvalue_dpos();
        let delta = response.drag_delta();
        let (x, y) = (f64::from(delta.x) * dx, f64::from(delta.y) * dy);
        if x != 0.0 {
            gestures.push(Gesture::Steps([x0 - x, x1 - x]));
        }
        if y != 0.0 && has_own_height {
            gestures.push(Gesture::Height([y0 - y, y1 - y]));
        }
    }
    gestures.extend(boxed(ui, response, transform).into_iter().flatten());
    let pointer = ui.input(|input| input.pointer.hover_pos());
    if let (true, Some(at)) = (response.contains_pointer(), pointer) {
        let (pinch, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta));
        let zoom = f64::from(pinch * (scroll.y / SCROLL_PER_E).exp());
        let shift = f64::from(scroll.x) * transform.dvalue_dpos()[0];
        if zoom != 1.0 || shift != 0.0 {
            let centre = transform.value_from_position(at).x;
            let moved = |x: f64| centre + (x - centre) / zoom - shift;
            gestures.push(Gesture::Steps([moved(x0), moved(x1)]));
        }
    }
    gestures
}

/// Draws the box of a right-drag while it lasts, and returns its ranges on release.
fn boxed(ui: &Ui, response: &Response, transform: &PlotTransform) -> Option<[Gesture; 2]> {
    let id = response.id.with("box");
    let (at, origin) = ui.input(|input| (input.pointer.latest_pos(), input.pointer.press_origin()));
    let frame = *transform.frame();
    if response.drag_started_by(PointerButton::Secondary) {
        let origin = frame.clamp(origin.or(at)?);
        ui.data_mut(|data| data.insert_temp(id, [origin; 2]));
    }
    let [origin, before]: [Pos2; 2] = ui.data(|data| data.get_temp(id))?;
    // Outside the window there is no pointer position.
    let at = at.map_or(before, |at| frame.clamp(at));
    let rect = Rect::from_two_pos(origin, at);
    if response.dragged_by(PointerButton::Secondary) {
        ui.data_mut(|data| data.insert_temp(id, [origin, at]));
        ui.ctx().set_cursor_icon(CursorIcon::ZoomIn);
        for (width, color) in [(4.0, Color32::DARK_BLUE), (2.0, Color32::WHITE)] {
            ui.painter().rect_stroke(rect, 0.0, Stroke::new(width, color), StrokeKind::Middle);
        }
    }
    if !response.drag_stopped() {
        return None;
    }
    ui.data_mut(|data| data.remove_temp::<[Pos2; 2]>(id));
    let corners = [rect.left_bottom(), rect.right_top()];
    let [low, high] = corners.map(|corner| transform.value_from_position(corner));
    (rect.width().min(rect.height()) >= LEAST_BOX)
        .then_some([Gesture::Steps([low.x, high.x]), Gesture::Height([low.y, high.y])])
}
