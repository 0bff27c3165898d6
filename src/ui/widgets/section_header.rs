//! The header of a section that opens and closes: a triangle, a title, and closed a line that says what
//! is inside.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Align2, Color32, FontId, Frame, Margin, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind,
    TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use crate::paint::theme;

/// Width of the column of triangles in points, at the default size.
const TRIANGLE: f32 = 18.0;

/// Height of the summary as a part of that of a control.
const SUMMARY_HEIGHT: f32 = 0.74;

/// A section's header.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct SectionHeader<'a> {
    /// Its title.
    pub(in crate::ui) title: &'a str,
    /// What it says while it is closed.
    pub(in crate::ui) summary: &'a str,
    /// A sign after the title; can be empty.
    pub(in crate::ui) sign: &'a str,
}

/// The width that a summary has room for.
pub(in crate::ui) fn summary_width(ui: &Ui) -> f32 {
    ui.available_width() - TRIANGLE * theme::factor(ui.style())
}

/// Draws the contents of an open section.
pub(in crate::ui) fn indented<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let unit = theme::factor(ui.style());
    #[expect(clippy::cast_possible_truncation, reason = "a margin of a few points")]
    let (left, below) = ((0.4 * TRIANGLE * unit) as i8, (6.0 * unit) as i8);
    let frame = Frame::NONE.inner_margin(Margin { left, bottom: below, ..Margin::ZERO });
    frame.show(ui, contents).inner
}

impl SectionHeader<'_> {
    /// Draws the header; a click on it opens or closes the section.
    pub(in crate::ui) fn show(self, ui: &mut Ui, is_open: bool) -> Response {
        let row = ui.spacing().interact_size.y;
        let height = if is_open { row } else { row * (1.0 + SUMMARY_HEIGHT) };
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
        let state = if is_open { "open" } else { "closed" };
        let name = format!("{}, {state}: {}", self.title, self.summary);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        let top = rect.with_max_y(rect.top() + row);
        let color = ui.style().interact(&response).text_color();
        triangle(ui, top, color, is_open);
        let left = rect.left() + TRIANGLE * theme::factor(ui.style());
        let title = TextStyle::Body.resolve(ui.style());
        let strong = ui.visuals().strong_text_color();
        let weak = ui.visuals().weak_text_color();
        let small = TextStyle::Small.resolve(ui.style());
        let at = pos2(left, top.center().y);
        let drawn = ui.painter().text(at, Align2::LEFT_CENTER, self.title, title.clone(), strong);
        let at = pos2(drawn.right() + 6.0, top.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, self.sign, title, weak);
        if !is_open {
            let galley =
                ui.painter().layout_job(elided(self.summary, small, weak, rect.right() - left));
            ui.painter().galley(pos2(left, top.bottom() - 2.0), galley, weak);
        }
        if response.has_focus() {
            let stroke = ui.visuals().selection.stroke;
            ui.painter().rect_stroke(rect, 3.0, stroke, StrokeKind::Inside);
        }
        if is_open { response } else { response.on_hover_text(self.summary) }
    }
}

/// Paints a triangle that points down if the section is open, else to the right.
fn triangle(ui: &Ui, row: Rect, color: Color32, is_open: bool) {
    let unit = theme::factor(ui.style());
    let centre = pos2(row.left() + 0.4 * TRIANGLE * unit, row.center().y);
    let corners = if is_open {
        [vec2(-4.5, -2.5), vec2(4.5, -2.5), vec2(0.0, 3.5)]
    } else {
        [vec2(-2.5, -4.5), vec2(3.5, 0.0), vec2(-2.5, 4.5)]
    };
    let points = corners.map(|corner| centre + corner * unit).to_vec();
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
}

fn elided(text: &str, font: FontId, color: Color32, width: f32) -> LayoutJob {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    job
}
