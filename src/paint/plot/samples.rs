//! Short samples of lines, for legends, tables and lists.

use eframe::egui::{Color32, Pos2, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::figure::Line;
use crate::paint::style::{LineStyle, line_style, run_style, theme};

use super::line_markers;

/// Paints a sample in a style.
pub(in crate::paint) fn sample(ui: &Ui, ends: [Pos2; 2], line_style: LineStyle) {
    let stroke = Stroke::new(line_style.width, line_style.color);
    match line_style.dash {
        Some(dash) => {
            ui.painter().extend(Shape::dashed_line(&ends, stroke, dash, dash * 0.618));
        }
        None => {
            ui.painter().line_segment(ends, stroke);
        }
    }
    line_markers::paint(ui.painter(), ends[0].lerp(ends[1], 0.5), line_style);
}

/// Paints the diamond of values drawn as points, left of a position.
pub(in crate::paint) fn diamond(ui: &Ui, right: Pos2, line_style: LineStyle) {
    let r = line_style.width * 2.2;
    let centre = pos2(right.x - r - 2.0 * theme::factor(ui.style()), right.y);
    let corners = [vec2(0.0, r), vec2(-r, 0.0), vec2(0.0, -r), vec2(r, 0.0)];
    let corners = corners.iter().map(|corner| centre + *corner).collect();
    ui.painter().add(Shape::convex_polygon(corners, line_style.color, Stroke::NONE));
}

/// Paints a sample of a line, or its marker if it is drawn as points.
pub(in crate::paint) fn line_sample(ui: &Ui, ends: [Pos2; 2], line: &Line) {
    let line_style = line_style(ui.style(), line);
    if line.look.is_points() {
        diamond(ui, ends[1], line_style);
    } else {
        sample(ui, ends, line_style);
    }
}

/// Shows a sample of a run's lines, for lists outside the plots: in a ghost's style, or that of the
/// current run.
pub fn run_sample(ui: &mut Ui, style: Option<usize>) {
    let factor = theme::factor(ui.style());
    let size = vec2(sample_width(factor), 12.0 * factor);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    sample(ui, [rect.left_center(), rect.right_center()], run_style(ui.style(), style));
}

/// The colour of a run's lines: in a ghost's style, or that of the current run.
#[must_use]
pub fn run_color(ui: &Ui, style: Option<usize>) -> Color32 {
    run_style(ui.style(), style).color
}

pub(in crate::paint) fn sample_width(factor: f32) -> f32 {
    26.0 * factor
}
