//! Names at the right end of lines in the panels of a curvature and its limit, so they can be
//! distinguished without colour.

use std::sync::Arc;

use eframe::egui;
use eframe::egui::{Color32, FontId, Galley, Rect, TextStyle, Ui, pos2};
use egui_plot::{PlotPoint, PlotTransform};

use crate::figure::{Ghost, Line, Panel, Point, Scale};
use crate::paint::style::{ghost_style, line_style, theme};

use super::covered::{covered, first_free};
use super::items::PlotContents;
use super::limit_marks;

/// A line gets a name beside the newest end if it ends within this fraction of the view from it.
const MAX_BEHIND: f64 = 0.1;

/// The same for a line at clipped steps only, which may be rare, as a fraction of
/// [`MAX_BEHIND`].
const CLIPPED_BEHIND: f64 = 0.1;

/// A name is placed at the middle of a line's range over this last fraction of the view, because
/// lines at the edge of stability oscillate.
const TAIL: f64 = 0.03;

/// A name beside the end of a line.
struct End {
    text: Arc<Galley>,
    color: Color32,
    /// Vertical centre, before overlaps are resolved.
    y: f32,
}

/// A line that gets a name, and the step and height that the name belongs to.
struct Tail<'a> {
    line: &'a Line,
    at: [f64; 2],
}

/// The lines that get a name: those of the current run, and ghosts' limits with a value of their
/// own.
fn named_lines<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<&'a Line> {
    let mut limits = Vec::new();
    let mut is_named = |line: &&Line| {
        if !line.look.is_limit() || line.look.is_at_clipped_steps {
            return line.ghost.is_none() && !line.look.is_points();
        }
        if line.ghost.as_ref().is_some_and(Ghost::shares_style) {
            return false;
        }
        let limit =
            line.trace.pieces.last().and_then(|piece| piece.last()).map(|[_, value]| *value);
        let is_new = !limits.contains(&limit);
        limits.push(limit);
        line.ghost.is_none() || is_new
    };
    lines.filter(|line| is_named(line)).collect()
}

fn laid_out(ui: &Ui, name: &str) -> Arc<Galley> {
    let body = TextStyle::Body.resolve(ui.style());
    let font = FontId::new(body.size * 0.92, body.family);
    ui.painter().layout_no_wrap(name.to_owned(), font, Color32::PLACEHOLDER)
}

/// The name of a line that ends at this place, with an arrow if that is out of view.
fn named(line: &Line, place: f64, [low, high]: [f64; 2]) -> String {
    let name = match &line.ghost {
        Some(ghost) => format!("{} of {}", line.name, ghost.short_name()),
        None => line.name.clone(),
    };
    if place > high {
        format!("{name} ▲")
    } else if place < low {
        format!("{name} ▼")
    } else {
        name
    }
}

fn gap(ui: &Ui) -> f32 {
    4.0 * theme::factor(ui.style())
}

/// Width that the names need to the right of these plots.
pub(in crate::paint) fn room<'a>(ui: &Ui, panels: impl Iterator<Item = &'a Panel>) -> f32 {
    let panels = panels.filter(|panel| panel.kind.declaration().has_end_labels);
    let lines = panels.flat_map(|panel| named_lines(panel.lines.iter()));
    // Always with room for the arrow, so the layout does not change when a line leaves the view.
    let name = |line: &Line| named(line, f64::INFINITY, [0.0, 1.0]);
    let widest = lines.map(|line| laid_out(ui, &name(line)).size().x).fold(0.0, f32::max);
    widest + 2.0 * gap(ui)
}

/// Paints the names of the lines that end in view.
pub(in crate::paint) fn paint(
    ui: &Ui,
    panel: &Panel,
    contents: &PlotContents<'_>,
    transform: &PlotTransform,
) {
    if !panel.kind.declaration().has_end_labels {
        return;
    }
    let tails: Vec<Tail<'_>> = named_lines(contents.lines.iter().copied())
        .into_iter()
        .filter_map(|line| Some(Tail { line, at: tail(panel.scale, line, contents.range.steps)? }))
        .collect();
    let marks = limit_marks::marks(panel, contents);
    let is_marked = |line: &Line| marks.iter().any(|mark| std::ptr::eq(mark.line, line));
    let own = tails.iter().filter(|tail| tail.line.ghost.is_none());
    let Some(newest) = own.map(|tail| tail.at[0]).reduce(f64::max) else { return };
    let distance = (contents.range.steps[1] - contents.range.steps[0]) * MAX_BEHIND;
    let passing = |steps| covered(panel, contents, transform, steps, |_| true);
    let mut ends: Vec<End> = Vec::new();
    for Tail { line, at: [step, place] } in tails {
        let is_behind = newest - step > distance;
        if is_behind && line.ghost.is_none() {
            continue;
        }
        if line.look.is_at_clipped_steps && newest - step > distance * CLIPPED_BEHIND {
            // Steps are no longer clipped.
            continue;
        }
        let [low, high] = contents.range.height;
        if is_marked(line) && (place < low || place > high) {
            // The mark has its name and its value.
            continue;
        }
        let text = laid_out(ui, &named(line, place, [low, high]));
        let y = transform.position_from_point(&PlotPoint::new(step, place.max(low).min(high))).y;
        let end = End { text, color: ink(ui, line), y };
        if is_behind {
            paint_at_end_of_ghost(ui, transform, end, step, &passing([step, newest]));
        } else {
            ends.push(end);
        }
    }
    paint_column(ui, transform, ends, newest, &passing([newest, contents.range.steps[1]]));
}

fn ink(ui: &Ui, line: &Line) -> Color32 {
    let line_style = match &line.ghost {
        Some(ghost) => ghost_style(ui.style(), ghost.style),
        None => line_style(ui.style(), line),
    };
    theme::colours(ui.visuals()).ink(line_style.color)
}

/// Paints a name at the end of a ghost that ends at this step, left of the others: beside it, or above
/// or below where no curve passes. Without such a place, the legend alone names it.
fn paint_at_end_of_ghost(
    ui: &Ui,
    transform: &PlotTransform,
    end: End,
    step: f64,
    occupied: &[Rect],
) {
    let (frame, size) = (*transform.frame(), end.text.size());
    let x = transform.position_from_point_x(step) + gap(ui);
    let shifts = [0.0, -0.6, 0.6, -1.2, 1.2, -2.0, 2.0];
    let places = shifts.into_iter().map(|rows| {
        let top = end.y - size.y / 2.0 + rows * size.y;
        Rect::from_min_size(pos2(x, top.max(frame.top())), size)
    });
    let inside = places.filter(|place| frame.contains_rect(*place));
    if let Some(place) = first_free(inside, occupied) {
        ui.painter().galley_with_override_text_color(place.min, end.text, end.color);
    }
}

/// Paints names one below another, right of the newest step.
fn paint_column(
    ui: &Ui,
    transform: &PlotTransform,
    mut ends: Vec<End>,
    newest: f64,
    occupied: &[Rect],
) {
    let frame = *transform.frame();
    let row = ends.iter().map(|end| end.text.size().y).fold(1.0, f32::max) * 0.92;
    ends.sort_by(|a, b| a.y.total_cmp(&b.y));
    let wanted: Vec<f32> = ends.iter().map(|end| end.y).collect();
    let middles = spread(&wanted, row, [frame.top(), frame.bottom()]);
    let x = transform.position_from_point(&PlotPoint::new(newest, 0.0)).x + gap(ui);
    let place = |x: f32, end: &End, middle: f32| {
        Rect::from_min_size(pos2(x, middle - end.text.size().y / 2.0), end.text.size())
    };
    // Beside the plot if a name would cross its outline, or lie on the curve of a longer run.
    let widest = ends.iter().map(|end| end.text.size().x).fold(0.0, f32::max);
    let is_free = |(end, middle): (&End, &f32)| {
        first_free(std::iter::once(place(x, end, *middle)), occupied).is_some()
    };
    let is_inside = x + widest + gap(ui) < frame.right() && ends.iter().zip(&middles).all(is_free);
    let x = if is_inside { x } else { frame.right() + gap(ui) };
    let background = theme::colours(ui.visuals()).plot;
    for (end, middle) in ends.into_iter().zip(middles) {
        let rect = place(x, &end, middle);
        let at = rect.min;
        if is_inside {
            ui.painter().rect_filled(rect.expand2(egui::vec2(1.0, -2.0)), 2.0, background);
        }
        ui.painter().galley_with_override_text_color(at, end.text, end.color);
    }
}

/// The last visible step of a line, or the end of the view if the line goes on beyond it, and the
/// middle of its range over the steps before; for a limit, which does not oscillate, its last place.
fn tail(scale: Scale, line: &Line, [first, last]: [f64; 2]) -> Option<[f64; 2]> {
    let visible = line.trace.points().filter(|[step, _]| (first..=last).contains(step));
    let visible = visible.filter_map(|[step, value]| Some([step, scale.to_axis(value)?]));
    let leaving = line.trace.pieces.iter().find_map(|piece| crossing(scale, piece, last));
    let places: Vec<[f64; 2]> = visible.chain(leaving).collect();
    let [newest, _] = *places.last()?;
    let since = if line.look.is_limit() { newest } else { newest - (last - first) * TAIL };
    let heights = places.iter().filter(|[step, _]| *step >= since).map(|[_, height]| *height);
    let low = heights.clone().fold(f64::INFINITY, f64::min);
    let high = heights.fold(f64::NEG_INFINITY, f64::max);
    (low <= high).then_some([newest, f64::midpoint(low, high)])
}

/// Where a piece crosses a step on its way to a later one; `None` if it does not.
fn crossing(scale: Scale, piece: &[Point], step: f64) -> Option<[f64; 2]> {
    let next = piece.partition_point(|point| point[0] <= step);
    let [before, after] = [piece.get(next.checked_sub(1)?)?, piece.get(next)?];
    let [from, to] = [scale.to_axis(before[1])?, scale.to_axis(after[1])?];
    let share = (step - before[0]) / (after[0] - before[0]);
    Some([step, from + share * (to - from)])
}

/// Heights close to the wanted ones (ascending), at least a row apart, and within the limits if
/// there is room.
fn spread(wanted: &[f32], row: f32, [top, bottom]: [f32; 2]) -> Vec<f32> {
    // Clusters of touching names: the sum of the wanted heights of their first one, and their
    // number.
    let mut clusters: Vec<(f32, f32)> = Vec::new();
    let first = |(sum, n): (f32, f32)| {
        let lowest = (bottom - (n - 0.5) * row).max(top + 0.5 * row);
        (sum / n).clamp(top + 0.5 * row, lowest)
    };
    for y in wanted {
        let mut cluster = (*y, 1.0);
        while let Some(above) = clusters.pop() {
            if first(above) + above.1 * row <= first(cluster) {
                clusters.push(above);
                break;
            }
            cluster = (above.0 + cluster.0 - cluster.1 * above.1 * row, above.1 + cluster.1);
        }
        clusters.push(cluster);
    }
    let mut places = Vec::new();
    for cluster in clusters {
        let end = first(cluster) + (cluster.1 - 0.5) * row;
        let mut place = first(cluster);
        while place < end {
            places.push(place);
            place += row;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Hue, Look, Trace};
    use crate::quantity::SHARPNESS;

    const CURVE: Look = Look::curve(Hue::Blue, 2.0);

    #[test]
    fn a_ghosts_limit_has_a_name_only_if_its_value_differs() {
        let line = |look, value, ghost: Option<&str>| {
            let trace = Trace { pieces: vec![vec![[0.0, value]]], off_scale: Vec::new() };
            let ghost = ghost.map(|name| Ghost { name: name.to_owned(), style: 0 });
            Line::new(SHARPNESS, look, "2/η".to_owned(), ghost, trace)
        };
        let lines = [
            line(Look::limit(2.0), 20.0, None),
            line(CURVE, 9.0, Some("run 1: Learning rate 0.05")),
            line(Look::limit(2.0), 40.0, Some("run 1: Learning rate 0.05")),
            line(Look::limit(2.0), 20.0, Some("run 2: Seed 3")),
        ];
        let named_lines = named_lines(lines.iter());
        let names = named_lines.iter().map(|line| named(line, 1.0, [0.0, 2.0]));
        assert_eq!(names.collect::<Vec<_>>(), ["2/η", "2/η of run 1"]);
    }

    #[test]
    fn a_line_that_goes_on_beyond_the_view_ends_at_its_edge() {
        let points = |steps: std::ops::Range<u8>| -> Vec<Point> {
            steps.map(|step| [f64::from(step), f64::from(step * step)]).collect()
        };
        let line = |pieces: Vec<Vec<Point>>| {
            let trace = Trace { pieces, off_scale: Vec::new() };
            Line::new(SHARPNESS, CURVE, "λ₁".to_owned(), None, trace)
        };
        let of = |pieces, view| tail(Scale::Linear, &line(pieces), view);
        assert_eq!(of(vec![points(0..9)], [0.0, 8.0]), Some([8.0, 64.0]), "the whole line");
        assert_eq!(of(vec![points(0..9)], [0.0, 12.0]), Some([8.0, 64.0]));
        assert_eq!(of(vec![points(0..9)], [1.2, 4.5]), Some([4.5, 20.5]), "between 16 and 25");
        assert_eq!(of(vec![points(0..9)], [4.2, 4.5]), Some([4.5, 20.5]), "between two steps");
        assert_eq!(of(vec![points(0..5), points(7..9)], [1.2, 6.5]), Some([4.0, 16.0]), "a gap");
        assert_eq!(of(vec![points(0..5)], [5.0, 9.0]), None);
    }

    #[test]
    fn names_do_not_overlap_and_stay_close_to_their_lines() {
        let limits = [0.0, 200.0];
        assert_eq!(spread(&[20.0, 60.0, 150.0], 15.0, limits), [20.0, 60.0, 150.0]);
        assert_eq!(spread(&[100.0, 102.0], 15.0, limits), [93.5, 108.5]);
        for wanted in
            [[1.0, 2.0, 3.0, 199.0], [50.0, 51.0, 66.0, 67.0], [198.0, 199.0, 200.0, 200.0]]
        {
            let found = spread(&wanted, 15.0, limits);
            assert_eq!(found.len(), 4);
            assert!(found.windows(2).all(|pair| pair[1] - pair[0] >= 14.99), "{found:?}");
            assert!(found[0] >= 7.49 && found[3] <= 192.51, "{found:?}");
        }
        assert_eq!(spread(&[5.0; 6], 15.0, [0.0, 30.0]).len(), 6);
    }
}
