//! Draws grids of coloured cells and boundaries between them.

use eframe::egui::emath::GuiRounding as _;
use eframe::egui::epaint::StrokeKind;
use eframe::egui::{Align2, Color32, Rect, Shape, Vec2, pos2, vec2};

use crate::figure::chart::{Boundary, Cells, Chart, Class, Grid, Outcome, Unplaced, significant};

use super::area::Plot;
use super::bar;
use super::canvas::Canvas;
use super::chart_markers;
use super::class_style::{class_style, fill, unplaced_marker};
use super::colours::ink_on;

/// Distance between hatching lines, in points on screen.
const HATCH: f32 = 7.0;

/// Draws all cells.
pub(super) fn draw(canvas: &Canvas, chart: &Chart, plot: &Plot, cells: &Cells) {
    match cells {
        Cells::Outcomes(grid) => {
            for (column, row, cell) in grid.iter() {
                match cell {
                    Some(found) => outcome(canvas, place(canvas, plot, column, row), *found),
                    None => missing(canvas, place(canvas, plot, column, row)),
                }
            }
        }
        Cells::Numbers(grid) => numbers(canvas, chart, plot, grid),
    }
}

/// The rectangle of a cell; gaps between cells are whole pixels, so they look equal.
fn place(canvas: &Canvas, plot: &Plot, column: usize, row: usize) -> Rect {
    let (x, y) = (column as f64, row as f64);
    let corners = [plot.at([x - 0.5, y - 0.5]), plot.at([x + 0.5, y + 0.5])];
    let pixels = canvas.painter.pixels_per_point();
    let rect = Rect::from_two_pos(corners[0], corners[1]).round_to_pixels(pixels);
    let gap = (canvas.factor * pixels).round().max(1.0);
    let (before, after) = ((gap / 2.0).floor() / pixels, (gap / 2.0).ceil() / pixels);
    Rect::from_min_max(rect.min + Vec2::splat(before), rect.max - Vec2::splat(after))
}

/// Draws a cell of an outcome with its marker.
pub(super) fn outcome(canvas: &Canvas, rect: Rect, outcome: Outcome) {
    let back = fill(canvas.palette, outcome);
    canvas.painter.rect_filled(rect, 0.0, back);
    let radius = (0.3 * rect.width().min(rect.height())).min(7.0 * canvas.factor);
    if let Some(marker) = class_style(canvas.palette, Class::Outcome(outcome)).marker {
        chart_markers::paint(&canvas.painter, marker, rect.center(), radius, ink_on(back), back);
    }
}

/// Draws a cell that was not run, hatched.
pub(super) fn missing(canvas: &Canvas, rect: Rect) {
    canvas.painter.rect_filled(rect, 0.0, canvas.palette.plot);
    let stroke = canvas.stroke(0.9, canvas.palette.grey);
    let apart = HATCH * canvas.factor;
    // Lines x − y = d, aligned across cells.
    let mut d = ((rect.left() - rect.bottom()) / apart).ceil() * apart;
    while d < rect.right() - rect.top() {
        let from = pos2(rect.left().max(rect.top() + d), rect.top().max(rect.left() - d));
        let to = pos2(rect.right().min(rect.bottom() + d), rect.bottom().min(rect.right() - d));
        canvas.painter.line_segment([from, to], stroke);
        d += apart;
    }
}

/// Draws a cell whose number has no colour: a marker on the background.
fn unplaced(canvas: &Canvas, rect: Rect, what: Unplaced) {
    let palette = canvas.palette;
    canvas.painter.rect_filled(rect, 0.0, palette.card);
    let radius = (0.3 * rect.width().min(rect.height())).min(6.0 * canvas.factor);
    chart_markers::paint(
        &canvas.painter,
        unplaced_marker(what),
        rect.center(),
        radius,
        palette.text,
        palette.card,
    );
}

/// Draws cells with numbers: coloured, with the digits if all fit.
fn numbers(canvas: &Canvas, chart: &Chart, plot: &Plot, grid: &Grid<Option<f64>>) {
    let range = chart.colour_range().unwrap_or([0.0, 1.0]);
    let scale = chart.colour_bar.scale;
    let written =
        |value: f64, color: Color32| canvas.line(&significant(value, 2), &canvas.small, color);
    let room = place(canvas, plot, 0, 0).size() - vec2(4.0, 2.0) * canvas.factor;
    let fits = |value: f64| {
        let size = written(value, Color32::BLACK).size();
        size.x <= room.x && size.y <= room.y
    };
    let mut values = grid.iter().filter_map(|(.., cell)| *cell);
    let is_written = values.all(fits);
    for (column, row, cell) in grid.iter() {
        let rect = place(canvas, plot, column, row);
        let Some(value) = *cell else {
            missing(canvas, rect);
            continue;
        };
        match bar::colour(scale, range, value) {
            Ok(back) => {
                canvas.painter.rect_filled(rect, 0.0, back);
                if is_written {
                    let galley = written(value, ink_on(back));
                    canvas.put(&galley, Align2::CENTER_CENTER, rect.center());
                }
            }
            Err(what) => unplaced(canvas, rect, what),
        }
    }
}

/// Draws a boundary as a line with a margin, visible on every colour.
pub(super) fn boundary(canvas: &Canvas, plot: &Plot, boundary: &Boundary) {
    let inside = canvas.within(plot.rect.expand(2.0 * canvas.factor));
    let lines: Vec<Vec<_>> = boundary
        .lines
        .iter()
        .map(|line| line.iter().map(|corner| plot.at(*corner)).collect())
        .collect();
    for (width, color) in border(canvas) {
        canvas.divide();
        for line in &lines {
            inside.painter.line(line.clone(), canvas.stroke(width, color));
        }
    }
    canvas.divide();
}

/// Width and colour of the strokes of a boundary, from back to front.
fn border(canvas: &Canvas) -> [(f32, Color32); 2] {
    [(6.0, canvas.palette.plot), (3.0, canvas.palette.strong)]
}

/// Draws a sample of a boundary, for a legend.
pub(super) fn boundary_sample(canvas: &Canvas, rect: Rect) {
    let ends = vec![rect.left_center(), rect.right_center()];
    let (width, color) = border(canvas)[1];
    canvas.painter.line(ends, canvas.stroke(width, color));
}

/// Draws the outline of a sample in a legend.
pub(super) fn outline(canvas: &Canvas, rect: Rect) {
    let stroke = canvas.stroke(0.8, canvas.palette.frame);
    canvas.painter.add(Shape::Rect(eframe::egui::epaint::RectShape::stroke(
        rect,
        0.0,
        stroke,
        StrokeKind::Middle,
    )));
}

/// Draws a sample of a cell without a colour, for a legend.
pub(super) fn unplaced_sample(canvas: &Canvas, rect: Rect, what: Unplaced) {
    unplaced(canvas, rect, what);
    outline(canvas, rect);
}
