//! What opens over the plots while the pointer is at an edge of the window.

use eframe::egui::{Area, Context, Frame, Id, Order, Popup, Rect, Ui, pos2};

use crate::paint::theme;

/// Distance in points from the edge at which it opens, at the default size.
const REACH: f32 = 7.0;

/// An edge of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::ui) enum Edge {
    /// The bar is there.
    Top,
    /// The status line is there.
    Bottom,
}

/// Draws contents at an edge of a space, over the plots, while the pointer is there or a menu of it is
/// open; fades them in and out. Returns what they returned.
pub(in crate::ui) fn show_at_edge<R>(
    ctx: &Context,
    edge: Edge,
    space: Rect,
    contents: impl FnOnce(&mut Ui) -> R,
) -> Option<R> {
    let id = Id::unique(("present", edge));
    let before = ctx.data(|data| data.get_temp::<Option<Rect>>(id)).flatten();
    let reach = REACH * theme::factor(&ctx.global_style());
    let at_edge = match edge {
        Edge::Top => space.with_max_y(space.top() + reach),
        Edge::Bottom => space.with_min_y(space.bottom() - reach),
    };
    let pointer = ctx.input(|input| input.pointer.hover_pos());
    let is_over = |rect: Rect| pointer.is_some_and(|at| rect.contains(at));
    let is_pressed = ctx.input(|input| input.pointer.any_down());
    // A drag that passes the edge opens nothing.
    let is_wanted = match before {
        Some(rect) => is_over(rect.union(at_edge)) || Popup::is_any_open(ctx),
        None => is_over(at_edge) && !is_pressed,
    };
    let opacity = ctx.animate_bool(id, is_wanted);
    if !is_wanted {
        ctx.data_mut(|data| data.insert_temp::<Option<Rect>>(id, None));
    }
    if opacity <= 0.0 {
        return None;
    }
    let style = ctx.global_style();
    let frame = Frame::side_top_panel(&style).shadow(style.visuals.popup_shadow);
    let frame = frame.stroke(style.visuals.window_stroke);
    let corner = match (edge, before) {
        (Edge::Top, _) => space.min,
        (Edge::Bottom, Some(rect)) => pos2(space.left(), space.bottom() - rect.height()),
        (Edge::Bottom, None) => pos2(space.left(), space.bottom()),
    };
    let area = Area::new(id.with("area")).order(Order::Middle).fixed_pos(corner).constrain(true);
    let shown = area.fade_in(false).show(ctx, |ui| {
        ui.multiply_opacity(opacity);
        frame.show(ui, |ui| {
            let width = space.width() - frame.total_margin().sum().x;
            ui.set_min_width(width);
            ui.set_max_width(width);
            contents(ui)
        })
    });
    if is_wanted {
        ctx.data_mut(|data| data.insert_temp(id, Some(shown.response.rect)));
    }
    Some(shown.inner.inner)
}
