//! The icons of a run's card, painted, as the fonts have none of them.

use eframe::egui::{
    Color32, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use crate::paint::theme;

/// Side of an icon in points, before scaling.
const SIDE: f32 = 18.0;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    /// An open eye: drawn.
    Open,
    /// A closed eye: not drawn.
    Closed,
    /// A pin with a filled head.
    Pinned,
    /// A pin with an empty head.
    Unpinned,
    /// A cross.
    Cross,
}

/// Shows an icon as a button of this name; returns whether it was clicked.
pub(super) fn button(ui: &mut Ui, icon: Icon, name: &str, tooltip: &str) -> bool {
    let side = SIDE * theme::factor(ui.style());
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let palette = theme::colours(ui.visuals());
    let color = match icon {
        _ if response.hovered() || response.has_focus() => palette.strong,
        Icon::Open | Icon::Cross => palette.text,
        Icon::Pinned => palette.accent,
        Icon::Closed | Icon::Unpinned => palette.weak.gamma_multiply(0.75),
    };
    paint(ui.painter(), rect, icon, Stroke::new(side / 14.0, color));
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 3.0, ui.visuals().selection.stroke, StrokeKind::Inside);
    }
    let is_clicked = response.clicked();
    response.on_hover_text(tooltip);
    is_clicked
}

fn paint(painter: &Painter, rect: Rect, icon: Icon, stroke: Stroke) {
    let unit = rect.width() / 18.0;
    let centre = rect.center();
    let at = |x: f32, y: f32| centre + vec2(x, y) * unit;
    match icon {
        Icon::Open => {
            lid(painter, centre, -4.0 * unit, stroke);
            lid(painter, centre, 4.0 * unit, stroke);
            painter.circle_filled(centre, 2.0 * unit, stroke.color);
        }
        Icon::Closed => {
            lid(painter, centre, 4.0 * unit, stroke);
            for x in [-4.0, 0.0, 4.0_f32] {
                let y = 4.0 - x * x * 0.06;
                painter.line_segment([at(x, y), at(x * 1.2, y + 2.5)], stroke);
            }
        }
        Icon::Pinned | Icon::Unpinned => {
            let fill = if icon == Icon::Pinned { stroke.color } else { Color32::TRANSPARENT };
            painter.circle(at(0.0, -2.5), 3.2 * unit, fill, stroke);
            painter.line_segment([at(0.0, 0.7), at(0.0, 6.2)], stroke);
        }
        Icon::Cross => {
            painter.line_segment([at(-3.5, -3.5), at(3.5, 3.5)], stroke);
            painter.line_segment([at(-3.5, 3.5), at(3.5, -3.5)], stroke);
        }
    }
}

/// Paints a lid of an eye: a parabola from corner to corner that bulges by `height`.
fn lid(painter: &Painter, centre: Pos2, height: f32, stroke: Stroke) {
    let half = height.abs() * 1.7;
    let points = (-6..=6_i8).map(|i| {
        let t = f32::from(i) / 6.0;
        pos2(centre.x + t * half, centre.y + height * (1.0 - t * t))
    });
    painter.add(Shape::line(points.collect(), stroke));
}
