//! Turns the lines of a panel into plot items.
//! Does not choose ranges, colours or places on the page.

use egui_plot::{FilledArea, LineStyle, MarkerShape, PlotPoint, PlotPoints, PlotUi, Points, VLine};

use crate::figure::{Axis, Figure, Line, Panel, Point, Role, clip, clip_steps};

use super::shapes;
use super::theme::{self, Look};

/// What is in view of a panel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// First and last step.
    pub(super) steps: [f64; 2],
    /// Lowest and highest place on the vertical axis.
    pub(super) height: [f64; 2],
}

impl Frame {
    fn span(self) -> f64 {
        self.height[1] - self.height[0]
    }
}

/// What stands for a line in hover labels.
pub(super) fn full_name(line: &Line) -> String {
    line.ghost
        .as_ref()
        .map_or_else(|| line.name.clone(), |ghost| format!("{} ({})", line.name, ghost.name))
}

/// Everything inside the axes of a panel, from back to front.
pub(super) fn add(plot: &mut PlotUi<'_>, figure: &Figure, panel: &Panel, shown: &Shown<'_>) {
    let style = plot.ctx().global_style();
    let palette = theme::colours(&style.visuals);
    let factor = theme::factor(&style);
    for line in shown.lines.iter().filter(|l| l.role == Role::Threshold && l.ghost.is_none()) {
        shade_above(plot, panel, line, shown.frame);
    }
    for mark in &figure.marks {
        let vline = VLine::new("", mark.place).color(palette.weak).width(1.2 * factor);
        plot.vline(vline.allow_hover(false));
    }
    // The first line is the most important one, so it comes last.
    let (above, below): (Vec<&Line>, Vec<&Line>) =
        shown.lines.iter().rev().partition(|line| line.role.is_on_top() && line.ghost.is_none());
    for line in below.into_iter().chain(above) {
        let look = theme::look(&style, line);
        add_line(plot, panel, line, (look, shown));
        shapes::add(plot, panel, line, (look, shown.frame));
        add_lost(plot, line, look, (shown.frame, factor));
    }
}

/// The lines to draw, and where.
pub(super) struct Shown<'a> {
    /// Lines that are not hidden.
    pub(super) lines: Vec<&'a Line>,
    /// What is in view.
    pub(super) frame: Frame,
    /// Whether dense lines may be drawn as bands of one logical point: fast, and too coarse for print.
    pub(super) is_banded: bool,
}

fn on_axis(panel: &Panel, piece: &[Point]) -> Vec<Point> {
    piece.iter().filter_map(|[x, y]| Some([*x, panel.scale.to_axis(*y)?])).collect()
}

fn add_line(plot: &mut PlotUi<'_>, panel: &Panel, line: &Line, (look, shown): (Look, &Shown<'_>)) {
    let name = full_name(line);
    let room = shown.frame.span();
    let limits = [shown.frame.height[0] - room, shown.frame.height[1] + room];
    let style = look.dash.map_or(LineStyle::Solid, |length| LineStyle::Dashed { length });
    for piece in &line.trace.pieces {
        let piece = on_axis(panel, piece);
        if line.role == Role::Audit {
            let points = Points::new(name.clone(), PlotPoints::from(piece));
            plot.points(
                points.shape(MarkerShape::Diamond).color(look.color).radius(look.width * 2.2),
            );
            continue;
        }
        let piece = clip_steps(&piece, shown.frame.steps);
        for part in clip(&piece, limits) {
            if part.len() == 1 {
                let points = Points::new(name.clone(), PlotPoints::from(part));
                plot.points(points.color(look.color).radius(look.width * 0.9));
                continue;
            }
            let drawn = egui_plot::Line::new(name.clone(), PlotPoints::from(part));
            let drawn = drawn.color(look.color).width(look.width).style(style);
            plot.line(drawn.allow_band(shown.is_banded));
        }
    }
}

/// Values without a place on the axis: ✕ at the top for NaN, ▲ there for +∞, ▼ at the bottom for ≤ 0.
fn add_lost(plot: &mut PlotUi<'_>, line: &Line, look: Look, (frame, factor): (Frame, f32)) {
    for lost in &line.trace.lost {
        let is_low = lost.value <= 0.0;
        let place = if is_low { 0.04 } else { 0.96 };
        let y = frame.height[0] + place * frame.span();
        let shape = match lost.value {
            value if value.is_nan() => MarkerShape::Cross,
            _ if is_low => MarkerShape::Down,
            _ => MarkerShape::Up,
        };
        let points = Points::new(lost_name(line), PlotPoints::from(vec![[lost.step, y]]));
        let is_filled = shape != MarkerShape::Cross;
        plot.points(points.shape(shape).filled(is_filled).color(look.color).radius(6.0 * factor));
    }
}

fn lost_name(line: &Line) -> String {
    format!("{} has no place on this axis", full_name(line))
}

fn shade_above(plot: &mut PlotUi<'_>, panel: &Panel, line: &Line, frame: Frame) {
    let fill = theme::unstable_fill(theme::colours(&plot.ctx().global_style().visuals));
    let top = frame.height[1] + frame.span();
    let bottom = frame.height[0] - frame.span();
    for piece in &line.trace.pieces {
        for part in clip(&on_axis(panel, piece), [f64::NEG_INFINITY, top]) {
            let xs: Vec<f64> = part.iter().map(|point| point[0]).collect();
            let low: Vec<f64> = part.iter().map(|point| point[1].max(bottom)).collect();
            let high = vec![top; xs.len()];
            plot.add(FilledArea::new("", &xs, &low, &high).fill_color(fill).allow_hover(false));
        }
    }
}

/// The hover label near a line: the true value nearest to the pointer, not the drawn vertex.
pub(super) fn label((axis, panel): (Axis, &Panel), name: &str, at: PlotPoint) -> Option<String> {
    if let Some(line) = panel.lines.iter().find(|line| full_name(line) == name) {
        let [step, value] = line.trace.nearest(at.x)?;
        return Some(format!("{name} = {}\n{}", crate::text::number(value), axis.words(step)));
    }
    let line = panel.lines.iter().find(|line| lost_name(line) == name)?;
    let lost = line.trace.lost.iter().find(|lost| lost.step == at.x)?;
    let value = crate::text::number(lost.value);
    let at = axis.words(lost.step);
    Some(format!("{} = {value}: no place on this axis\n{at}", full_name(line)))
}
