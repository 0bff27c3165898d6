//! Grids of coloured cells and the borders between them.
//! Does not decide what is in a cell.

use eframe::egui::emath::GuiRounding as _;
use eframe::egui::epaint::StrokeKind;
use eframe::egui::{Align2, Color32, Rect, Shape, Vec2, pos2, vec2};

use crate::figure::chart::{Boundary, Cells, Chart, Class, Grid, Outcome, Unplaced, significant};

use super::area::Plot;
use super::bar;
use super::canvas::Canvas;
use super::colours::ink_on;
use super::looks::{fill, look, lost_sign};
use super::signs;

/// Distance of hatching lines, in points on screen.
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

/// A cell on the page; gaps between cells are of whole pixels, so that all look alike.
fn place(canvas: &Canvas, plot: &Plot, column: usize, row: usize) -> Rect {
    let (x, y) = (column as f64, row as f64);
    let corners = [plot.at([x - 0.5, y - 0.5]), plot.at([x + 0.5, y + 0.5])];
    let pixels = canvas.painter.pixels_per_point();
    let rect = Rect::from_two_pos(corners[0], corners[1]).round_to_pixels(pixels);
    let gap = (canvas.factor * pixels).round().max(1.0);
    let (before, after) = ((gap / 2.0).floor() / pixels, (gap / 2.0).ceil() / pixels);
    Rect::from_min_max(rect.min + Vec2::splat(before), rect.max - Vec2::splat(after))
}

/// A cell of an outcome with its sign.
pub(super) fn outcome(canvas: &Canvas, rect: Rect, outcome: Outcome) {
    let back = fill(canvas.palette, outcome);
    canvas.painter.rect_filled(rect, 0.0, back);
    let sign = look(canvas.palette, Class::Outcome(outcome)).sign;
    let radius = (0.3 * rect.width().min(rect.height())).min(7.0 * canvas.factor);
    signs::paint(&canvas.painter, sign, rect.center(), radius, ink_on(back), back);
}

/// A cell that was not run: hatched.
pub(super) fn missing(canvas: &Canvas, rect: Rect) {
    canvas.painter.rect_filled(rect, 0.0, canvas.palette.plot);
    let stroke = canvas.stroke(0.9, canvas.palette.grey);
    let apart = HATCH * canvas.factor;
    // Lines x − y = d, at the same places in all cells.
    let mut d = ((rect.left() - rect.bottom()) / apart).ceil() * apart;
    while d < rect.right() - rect.top() {
        let from = pos2(rect.left().max(rect.top() + d), rect.top().max(rect.left() - d));
        let to = pos2(rect.right().min(rect.bottom() + d), rect.bottom().min(rect.right() - d));
        canvas.painter.line_segment([from, to], stroke);
        d += apart;
    }
}

/// A cell whose number has no colour: its sign on the background.
fn lost(canvas: &Canvas, rect: Rect, what: Unplaced) {
    let palette = canvas.palette;
    canvas.painter.rect_filled(rect, 0.0, palette.card);
    let radius = (0.3 * rect.width().min(rect.height())).min(6.0 * canvas.factor);
    signs::paint(
        &canvas.painter,
        lost_sign(what),
        rect.center(),
        radius,
        palette.text,
        palette.card,
    );
}

/// Cells with numbers: coloured, and written where all of them fit.
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
            Err(what) => lost(canvas, rect, what),
        }
    }
}

/// A border as a line that is seen on every colour.
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

/// The lines above each other that a border is made of.
fn border(canvas: &Canvas) -> [(f32, Color32); 2] {
    [(6.0, canvas.palette.plot), (3.0, canvas.palette.strong)]
}

/// A piece of a border, for a legend.
pub(super) fn boundary_sample(canvas: &Canvas, rect: Rect) {
    let ends = vec![rect.left_center(), rect.right_center()];
    let (width, color) = border(canvas)[1];
    canvas.painter.line(ends, canvas.stroke(width, color));
}

/// The outline of something in a legend.
pub(super) fn outline(canvas: &Canvas, rect: Rect) {
    let stroke = canvas.stroke(0.8, canvas.palette.frame);
    canvas.painter.add(Shape::Rect(eframe::egui::epaint::RectShape::stroke(
        rect,
        0.0,
        stroke,
        StrokeKind::Middle,
    )));
}

/// A sign on a cell without colour, for a legend.
pub(super) fn lost_sample(canvas: &Canvas, rect: Rect, what: Unplaced) {
    lost(canvas, rect, what);
    outline(canvas, rect);
}
