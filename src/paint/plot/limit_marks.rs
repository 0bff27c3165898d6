//! Marks of limits that are out of range: a broken line at the edge of the plot, with the value.

use std::sync::Arc;

use eframe::egui::{Color32, FontId, Galley, Rect, Stroke, TextStyle, Ui, pos2, vec2};
use egui_plot::PlotTransform;

use crate::figure::{LimitOutOfRange, Line, Panel};
use crate::paint::style::{ghost_style, line_style, theme};
use crate::text;

use super::covered::{covered, first_free};
use super::items::PlotContents;

/// Marks at one edge at most.
const MAX_MARKS: usize = 4;

/// Paints the marks of one plot, stacked at its upper right corner, or at the lower one for limits
/// below the range.
pub(in crate::paint) fn paint(
    ui: &Ui,
    panel: &Panel,
    contents: &PlotContents<'_>,
    transform: &PlotTransform,
) {
    let breaks = marks(panel, contents);
    let measured = |line: &Line| line.ghost.is_none() && !line.look.is_limit();
    let boxes = |counts: &dyn Fn(&Line) -> bool| {
        if breaks.is_empty() {
            return Vec::new();
        }
        covered(panel, contents, transform, contents.range.steps, counts)
    };
    let occupied = [boxes(&|_| true), boxes(&measured)];
    for side in [true, false] {
        let mut distance = gap(ui);
        for mark in breaks.iter().filter(|mark| mark.is_above == side) {
            distance += paint_mark(ui, mark, distance, *transform.frame(), &occupied) + 2.0;
        }
    }
}

/// The marks of one plot: at either edge as many as have room.
pub(super) fn marks<'a>(panel: &'a Panel, contents: &PlotContents<'_>) -> Vec<LimitOutOfRange<'a>> {
    let range = contents.range;
    let is_shown = |line: &Line| contents.lines.iter().any(|other| std::ptr::eq(*other, line));
    let found = panel.limits_out_of_range(range.height, range.steps, is_shown);
    let at_edge = |is_above: bool| {
        found.iter().filter(move |mark| mark.is_above == is_above).take(MAX_MARKS).copied()
    };
    at_edge(true).chain(at_edge(false)).collect()
}

/// The rectangle moved left to the first position that hides no curve, or else none of the current
/// run's; unmoved if there is none.
fn free(size: Rect, frame: Rect, occupied: &[Vec<Rect>; 2]) -> Rect {
    let n_places = ((frame.width() - size.width()) / (0.5 * size.width())).max(0.0).ceil();
    let places = || {
        std::iter::successors(Some(0.0_f32), |at| Some(at + 1.0))
            .take_while(|at| *at <= n_places)
            .map(|at| size.translate(vec2(-0.5 * at * size.width(), 0.0)))
            .filter(|place| place.left() > frame.left())
    };
    let [all, own] = occupied;
    first_free(places(), all).or_else(|| first_free(places(), own)).unwrap_or(size)
}

/// The text of a mark: `2/η = 1000 ▲`, or with earlier values `2/η = 1000, earlier up to 4000 ▲`.
fn text_of(mark: &LimitOutOfRange<'_>) -> String {
    let whose = mark.line.ghost.as_ref().map(|ghost| format!(" of {}", ghost.short_name()));
    let whose = whose.unwrap_or_default();
    let three = |value: f64| text::number(text::rounded(value, 3));
    let (side, end) = if mark.is_above { ("▲", "up") } else { ("▼", "down") };
    let furthest = three(mark.furthest);
    let values = match mark.newest.map(three) {
        Some(newest) if newest == furthest => format!(" = {newest}"),
        Some(newest) => format!(" = {newest}, earlier {end} to {furthest}"),
        None => format!(" earlier {end} to {furthest}"),
    };
    format!("{}{whose}{values} {side}", mark.line.name)
}

/// Distance of marks from the edges, and of their parts from each other.
fn gap(ui: &Ui) -> f32 {
    4.0 * theme::factor(ui.style())
}

/// Width of the broken line beside a text.
fn zigzag(ui: &Ui) -> f32 {
    22.0 * theme::factor(ui.style())
}

/// The text of a mark, in several rows if it is wider than a plot.
fn laid_out(ui: &Ui, text: String, color: Color32, width: f32) -> Arc<Galley> {
    let body = TextStyle::Body.resolve(ui.style());
    let font = FontId::new(body.size * 0.92, body.family);
    let room = width - zigzag(ui) - 3.0 * gap(ui);
    ui.painter().layout(text, font, color, room.max(1.0))
}

/// Paints a mark at a distance from its edge; returns its height.
fn paint_mark(
    ui: &Ui,
    mark: &LimitOutOfRange<'_>,
    distance: f32,
    frame: Rect,
    occupied: &[Vec<Rect>; 2],
) -> f32 {
    let palette = theme::colours(ui.visuals());
    let line_style = match &mark.line.ghost {
        Some(ghost) => ghost_style(ui.style(), ghost.style),
        None => line_style(ui.style(), mark.line),
    };
    let color = palette.ink(line_style.color);
    let galley = laid_out(ui, text_of(mark), color, frame.width());
    let (gap, zigzag, size) = (gap(ui), zigzag(ui), galley.size());
    let top =
        if mark.is_above { frame.top() + distance } else { frame.bottom() - distance - size.y };
    let corner = pos2(frame.right() - gap, top + size.y);
    let whole = Rect::from_min_max(pos2(corner.x - size.x - zigzag - gap, top), corner);
    let whole = free(whole, frame, occupied);
    let at = pos2(whole.right() - size.x, top);
    let painter = ui.painter().with_clip_rect(frame);
    painter.rect_filled(whole.expand2(vec2(2.0, 0.0)), 2.0, palette.plot);
    // A line with a zigzag break.
    let (left, middle, tall) =
        (whole.left(), whole.center().y, 0.3 * size.y / galley.rows.len().max(1) as f32);
    let corners = [0.0, 0.3, 0.42, 0.58, 0.7, 1.0].map(|share| left + share * zigzag);
    let heights = [0.0, 0.0, -tall, tall, 0.0, 0.0];
    let points = corners.iter().zip(heights).map(|(x, y)| pos2(*x, middle + y)).collect();
    painter.line(points, Stroke::new(line_style.width, line_style.color));
    painter.galley(at, galley, color);
    size.y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{FitTo, Ghost, Look, PanelKind, Trace};
    use crate::paint::plot::ViewRange;
    use crate::quantity::STABILITY_THRESHOLD;
    use eframe::egui::{Context, RawInput};

    #[test]
    fn a_mark_wider_than_its_plot_gets_rows() {
        let ctx = Context::default();
        theme::install(&ctx);
        let output = ctx.run_ui(RawInput::default(), |ui| {
            let text = "2/η of 001_0-01_2 = 200, earlier up to 4000 ▲";
            let whole = laid_out(ui, text.to_owned(), Color32::BLACK, 1000.0);
            assert_eq!(whole.rows.len(), 1);
            let width = 0.5 * whole.size().x;
            let narrow = laid_out(ui, text.to_owned(), Color32::BLACK, width);
            assert!(narrow.rows.len() > 1 && narrow.size().x < width, "{:?}", narrow.size());
        });
        drop(output);
    }

    fn limit_line(ghost: Option<Ghost>, trace: Trace) -> Line {
        Line::new(STABILITY_THRESHOLD, Look::limit(2.0), "2/η".to_owned(), ghost, trace)
    }

    #[test]
    fn a_mark_shows_the_name_and_value_of_the_limit() {
        let line = limit_line(None, Trace::default());
        let text = |newest, furthest, is_above| {
            text_of(&LimitOutOfRange { line: &line, newest, furthest, is_above })
        };
        assert_eq!(text(Some(1234.5), 1234.6, true), "2/η = 1230 ▲");
        assert_eq!(text(Some(0.5), 0.5, false), "2/η = 0.5 ▼");
        assert_eq!(text(Some(1234.5), 4000.0, true), "2/η = 1230, earlier up to 4000 ▲");
        assert_eq!(text(None, 0.25, false), "2/η earlier down to 0.25 ▼");
    }

    #[test]
    fn ghosts_have_marks_while_there_is_room_at_the_edge() {
        let line = |at: usize| {
            let limit = 100.0 * at as f64;
            let trace = Trace { pieces: vec![vec![[0.0, limit]]], off_scale: Vec::new() };
            let ghost = (at > 0).then(|| Ghost { name: format!("run {at}"), style: at });
            limit_line(ghost, trace)
        };
        let mut panel = Panel::of_lines(PanelKind::Sharpness, (0..8).map(line).collect());
        panel.fit_to = FitTo::AllRuns;
        let range = ViewRange { steps: [0.0, 1.0], height: [-9.0, 9.0] };
        let lines = panel.lines.iter().collect();
        let contents = PlotContents { lines, range, is_banded: false };
        let marks = marks(&panel, &contents);
        let names = marks.iter().filter_map(|mark| mark.line.ghost.as_ref());
        let names: Vec<&str> = names.map(|ghost| ghost.name.as_str()).collect();
        assert_eq!(names, ["run 1", "run 2", "run 3", "run 4"]);
    }

    #[test]
    fn a_mark_is_at_the_right_unless_it_would_hide_a_line() {
        let rect = |x: f32, width: f32| Rect::from_min_size(pos2(x, 4.0), vec2(width, 10.0));
        let (frame, mark) = (rect(0.0, 400.0), rect(330.0, 60.0));
        let free = |frame: Rect, all: &[Rect], own: &[Rect]| {
            free(mark, frame, &[all.to_vec(), own.to_vec()])
        };
        assert_eq!(free(frame, &[], &[]), mark);
        let moved = free(frame, &[rect(300.0, 100.0)], &[]);
        assert!(moved.right() < 300.0 && moved.right() > 240.0, "{moved:?}");
        let everywhere = [rect(0.0, 400.0)];
        assert_eq!(free(frame, &everywhere, &everywhere), mark, "nowhere is free");
        let moved = free(frame, &everywhere, &[rect(300.0, 100.0)]);
        assert!(moved.right() < 300.0, "rather over former runs: {moved:?}");
        assert_eq!(free(rect(300.0, 100.0), &[rect(300.0, 100.0)], &[]), mark);
    }
}
