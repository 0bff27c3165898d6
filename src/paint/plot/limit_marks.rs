//! Marks of limits that are out of range: a broken line at the edge of the plot, with the value.

use eframe::egui::{FontId, Pos2, Rect, Stroke, TextStyle, Ui, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

use crate::figure::{Break, Line, Panel};
use crate::paint::style::{ghost_look, look, theme};
use crate::text;

use super::items::{Shown, on_axis};

/// Marks at one edge at most.
const MOST: usize = 4;

/// Paints the marks of one plot, stacked at its upper right corner, or at the lower one for limits
/// below the range.
pub(in crate::paint) fn paint(
    ui: &Ui,
    panel: &Panel,
    shown: &Shown<'_>,
    transform: &PlotTransform,
) {
    let frame = shown.frame;
    let is_shown = |line: &Line| shown.lines.iter().any(|other| std::ptr::eq(*other, line));
    let breaks = panel.breaks(frame.height, frame.steps, is_shown);
    let taken = if breaks.is_empty() { Vec::new() } else { covered(panel, shown, transform) };
    for side in [true, false] {
        let marks = breaks.iter().filter(|mark| mark.is_above == side).take(MOST);
        for (row, mark) in marks.enumerate() {
            paint_mark(ui, mark, row, *transform.frame(), &taken);
        }
    }
}

/// Bounding boxes of the segments of the current run's measured lines, which marks must not hide.
fn covered(panel: &Panel, shown: &Shown<'_>, transform: &PlotTransform) -> Vec<Rect> {
    let own = shown.lines.iter().filter(|line| line.ghost.is_none() && !line.role.is_limit());
    let place = |at: [f64; 2]| transform.position_from_point(&PlotPoint::from(at));
    let pieces = own.flat_map(|line| &line.trace.pieces);
    let places =
        pieces.map(|piece| on_axis(panel, piece).into_iter().map(place).collect::<Vec<Pos2>>());
    let stretches = places.flat_map(|places| {
        let stretch = |pair: &[Pos2]| Rect::from_two_pos(pair[0], pair[pair.len() - 1]);
        places.windows(2).map(stretch).collect::<Vec<_>>()
    });
    stretches.collect()
}

/// The rectangle moved left to the first position that hides no segment; unmoved if there is none.
fn free(size: Rect, frame: Rect, taken: &[Rect]) -> Rect {
    let n_places = ((frame.width() - size.width()) / (0.5 * size.width())).max(0.0).ceil();
    let mut places = std::iter::successors(Some(0.0_f32), |at| Some(at + 1.0))
        .take_while(|at| *at <= n_places)
        .map(|at| size.translate(vec2(-0.5 * at * size.width(), 0.0)))
        .filter(|place| place.left() > frame.left());
    let is_free = |place: &Rect| !taken.iter().any(|stretch| stretch.intersects(*place));
    places.find(is_free).unwrap_or(size)
}

/// The text of a mark: `2/η = 1000 ▲`.
fn words(mark: &Break<'_>) -> String {
    let whose = mark.line.ghost.as_ref().map(|ghost| format!(" of {}", ghost.short_name()));
    let number = text::number(text::rounded(mark.value, 3));
    let side = if mark.is_above { "▲" } else { "▼" };
    format!("{}{} = {number} {side}", mark.line.name, whose.unwrap_or_default())
}

fn paint_mark(ui: &Ui, mark: &Break<'_>, row: usize, frame: Rect, taken: &[Rect]) {
    let factor = theme::factor(ui.style());
    let palette = theme::colours(ui.visuals());
    let look = match &mark.line.ghost {
        Some(ghost) => ghost_look(ui.style(), ghost.place),
        None => look(ui.style(), mark.line),
    };
    let body = TextStyle::Body.resolve(ui.style());
    let font = FontId::new(body.size * 0.92, body.family);
    let color = palette.ink(look.color);
    let galley = ui.painter().layout_no_wrap(words(mark), font, color);
    let (gap, size) = (4.0 * factor, galley.size());
    let zigzag = 22.0 * factor;
    let down = gap + (size.y + 2.0) * row as f32;
    let top = if mark.is_above { frame.top() + down } else { frame.bottom() - down - size.y };
    let corner = pos2(frame.right() - gap, top + size.y);
    let whole = Rect::from_min_max(pos2(corner.x - size.x - zigzag - gap, top), corner);
    let whole = free(whole, frame, taken);
    let at = pos2(whole.right() - size.x, top);
    let painter = ui.painter().with_clip_rect(frame);
    painter.rect_filled(whole.expand2(vec2(2.0, 0.0)), 2.0, palette.plot);
    // A line with a zigzag break.
    let (left, middle, tall) = (whole.left(), whole.center().y, 0.3 * size.y);
    let corners = [0.0, 0.3, 0.42, 0.58, 0.7, 1.0].map(|share| left + share * zigzag);
    let heights = [0.0, 0.0, -tall, tall, 0.0, 0.0];
    let points = corners.iter().zip(heights).map(|(x, y)| pos2(*x, middle + y)).collect();
    painter.line(points, Stroke::new(look.width, look.color));
    painter.galley(at, galley, color);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Role, Trace};

    #[test]
    fn a_mark_says_which_limit_and_how_high() {
        let line = Line::new(Role::Threshold, "2/η".to_owned(), None, Trace::default());
        let told = |value, is_above| words(&Break { line: &line, value, is_above });
        assert_eq!([told(1234.5, true), told(0.5, false)], ["2/η = 1230 ▲", "2/η = 0.5 ▼"]);
    }

    #[test]
    fn a_mark_stands_at_the_right_unless_a_line_is_there() {
        let rect = |x: f32, width: f32| Rect::from_min_size(pos2(x, 4.0), vec2(width, 10.0));
        let (frame, mark) = (rect(0.0, 400.0), rect(330.0, 60.0));
        assert_eq!(free(mark, frame, &[]), mark);
        let moved = free(mark, frame, &[rect(300.0, 100.0)]);
        assert!(moved.right() < 300.0 && moved.right() > 240.0, "{moved:?}");
        assert_eq!(free(mark, frame, &[rect(0.0, 400.0)]), mark, "nowhere is free");
        assert_eq!(free(mark, rect(300.0, 100.0), &[rect(300.0, 100.0)]), mark);
    }
}
