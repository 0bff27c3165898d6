//! Draws the outline, ticks, tick labels and grid of a plot.

use eframe::egui::epaint::StrokeKind;
use eframe::egui::{Align2, pos2};

use crate::figure::Tick;

use super::area::Plot;
use super::canvas::Canvas;

/// Length of a tick and the gap before its label, in points on screen.
const TICK: [f32; 2] = [4.0, 3.0];

/// Length of a tick with the gap.
pub(super) fn tick(canvas: &Canvas) -> f32 {
    TICK.iter().sum::<f32>() * canvas.factor
}

/// Width of the widest tick label.
pub(super) fn widest(canvas: &Canvas, ticks: &[Tick]) -> f32 {
    let width = |tick: &Tick| canvas.line(&tick.label, &canvas.small, canvas.palette.text).size().x;
    ticks.iter().map(width).fold(0.0, f32::max)
}

/// Draws faint lines at labelled ticks.
pub(super) fn grid(canvas: &Canvas, plot: &Plot) {
    let stroke = canvas.stroke(1.0, canvas.palette.grid);
    let rect = plot.rect;
    for tick in plot.ticks[0].iter().filter(|tick| !tick.label.is_empty()) {
        canvas.painter.vline(across(plot, tick), rect.y_range(), stroke);
    }
    for tick in plot.ticks[1].iter().filter(|tick| !tick.label.is_empty()) {
        canvas.painter.hline(rect.x_range(), up(plot, tick), stroke);
    }
    canvas.divide();
}

/// Draws the outline, and ticks with labels outside it.
pub(super) fn frame(canvas: &Canvas, plot: &Plot) {
    let palette = canvas.palette;
    let stroke = canvas.stroke(1.0, palette.weak);
    let rect = plot.rect;
    canvas.divide();
    canvas.painter.rect_stroke(rect, 0.0, stroke, StrokeKind::Middle);
    let [length, room] = TICK.map(|points| points * canvas.factor);
    let tick_length = |tick: &Tick| if tick.label.is_empty() { length * 0.55 } else { length };
    for tick in &plot.ticks[0] {
        let x = across(plot, tick);
        canvas.painter.vline(x, rect.bottom()..=rect.bottom() + tick_length(tick), stroke);
    }
    for tick in &plot.ticks[1] {
        let y = up(plot, tick);
        canvas.painter.hline(rect.left() - tick_length(tick)..=rect.left(), y, stroke);
    }
    let label = |tick: &Tick| canvas.line(&tick.label, &canvas.small, palette.text);
    for tick in plot.ticks[0].iter().filter(|tick| !tick.label.is_empty()) {
        let at = pos2(across(plot, tick), rect.bottom() + length + room);
        canvas.put(&label(tick), Align2::CENTER_TOP, at);
    }
    for tick in plot.ticks[1].iter().filter(|tick| !tick.label.is_empty()) {
        let at = pos2(rect.left() - length - room, up(plot, tick));
        canvas.put(&label(tick), Align2::RIGHT_CENTER, at);
    }
}

fn across(plot: &Plot, tick: &Tick) -> f32 {
    plot.at([tick.place, plot.ranges[1][0]]).x
}

fn up(plot: &Plot, tick: &Tick) -> f32 {
    plot.at([plot.ranges[0][0], tick.place]).y
}
