//! The plot items of a panel: shading, marks, bands and lines.

use egui_plot::{FilledArea, LineStyle, MarkerShape, PlotPoints, PlotUi, Points, VLine};

use crate::figure::{Extent, Figure, Line, Panel, Point, Role, clip, clip_steps};
use crate::paint::style::{Look, look, theme};

use super::envelope::Envelope;
use super::markers;
use super::off_scale::Marks;
use super::view_range::Frame;

/// Adds everything inside the axes of a panel, from back to front.
pub(in crate::paint) fn add(
    plot: &mut PlotUi<'_>,
    figure: &Figure,
    panel: &Panel,
    shown: &Shown<'_>,
) {
    let style = plot.ctx().global_style();
    let palette = theme::colours(&style.visuals);
    let factor = theme::factor(&style);
    if shown.lines.iter().any(|line| line.role.is_limit() && line.ghost.is_none()) {
        for piece in &panel.unstable {
            shade_above(plot, panel, piece, shown.frame);
        }
    }
    for mark in &figure.marks {
        let vline = VLine::new("", mark.place).color(palette.weak).width(1.2 * factor);
        plot.vline(vline.allow_hover(false));
    }
    // The first line is the most important one, so it is drawn last.
    let (above, below): (Vec<&Line>, Vec<&Line>) =
        shown.lines.iter().rev().partition(|line| line.role.is_on_top() && line.ghost.is_none());
    let mut marks = Marks::default();
    for line in below.into_iter().chain(above) {
        let look = look(&style, line);
        add_line(plot, panel, line, look, shown);
        markers::add(plot, panel, line, look, shown.frame);
        marks.add(plot, line, look, shown.frame, factor);
    }
}

/// The visible lines of a panel, and how they are drawn.
pub(in crate::paint) struct Shown<'a> {
    /// Lines that the user has not hidden.
    pub(in crate::paint) lines: Vec<&'a Line>,
    /// Ranges of both axes.
    pub(in crate::paint) frame: Frame,
    /// Whether dense lines may be drawn as one extent per logical point: fast, but too coarse for
    /// print.
    pub(in crate::paint) is_banded: bool,
}

pub(in crate::paint) fn on_axis(panel: &Panel, piece: &[Point]) -> Vec<Point> {
    piece.iter().filter_map(|[x, y]| Some([*x, panel.scale.to_axis(*y)?])).collect()
}

/// Adds a line with its bands; with a running mean, its values are faint in the background.
fn add_line(plot: &mut PlotUi<'_>, panel: &Panel, line: &Line, look: Look, shown: &Shown<'_>) {
    for band in &line.bands {
        add_band(plot, panel, band, look, shown.frame);
    }
    if line.smooth.is_empty() {
        add_pieces(plot, panel, line, &line.trace.pieces, look, shown);
        return;
    }
    let faint = Look { color: look.color.gamma_multiply(0.35), width: look.width * 0.6, ..look };
    add_pieces(plot, panel, line, &line.trace.pieces, faint, shown);
    add_pieces(plot, panel, line, &line.smooth, look, shown);
}

fn add_pieces(
    plot: &mut PlotUi<'_>,
    panel: &Panel,
    line: &Line,
    pieces: &[Vec<Point>],
    look: Look,
    shown: &Shown<'_>,
) {
    let room = shown.frame.span();
    let limits = [shown.frame.height[0] - room, shown.frame.height[1] + room];
    let style = look.dash.map_or(LineStyle::Solid, |length| LineStyle::Dashed { length });
    for piece in pieces {
        let piece = on_axis(panel, piece);
        if line.role == Role::Audit {
            let points = Points::new("", PlotPoints::from(piece)).shape(MarkerShape::Diamond);
            let points = points.color(look.color).radius(look.width * 2.2);
            plot.points(points.allow_hover(false));
            continue;
        }
        let piece = clip_steps(piece, shown.frame.steps);
        for part in clip(piece, limits) {
            if part.len() == 1 {
                let points = Points::new("", PlotPoints::from(part)).color(look.color);
                plot.points(points.radius(look.width * 0.9).allow_hover(false));
                continue;
            }
            let width = f64::from(plot.transform().frame().width());
            let room = shown.frame.steps[1] - shown.frame.steps[0];
            let columns = (part[part.len() - 1][0] - part[0][0]) / room * width;
            if shown.is_banded && look.dash.is_none() && part.len() as f64 > columns {
                plot.add(Envelope::new(part, look.color, look.width));
                continue;
            }
            let drawn = egui_plot::Line::new("", PlotPoints::from(part));
            let drawn = drawn.color(look.color).width(look.width).style(style);
            plot.line(drawn.allow_band(false).allow_hover(false));
        }
    }
}

/// Adds a band if it is at least a pixel tall; its lower end may have no place on a log axis.
fn add_band(plot: &mut PlotUi<'_>, panel: &Panel, band: &[Extent], look: Look, frame: Frame) {
    let limits = [frame.height[0] - frame.span(), frame.height[1] + frame.span()];
    let place = |value: f64, otherwise: f64| {
        panel.scale.to_axis(value).unwrap_or(otherwise).clamp(limits[0], limits[1])
    };
    let ends = band.iter().map(|[step, low, high]| {
        let low = place(*low, limits[0]);
        [*step, low, place(*high, low)]
    });
    let ends: Vec<Extent> = ends.collect();
    let pixel = plot.transform().dvalue_dpos()[1].abs();
    let tallest = ends.iter().map(|[_, low, high]| high - low).fold(0.0, f64::max);
    if tallest < pixel || ends.len() < 2 {
        return;
    }
    let column = |i: usize| -> Vec<f64> { ends.iter().map(|end| end[i]).collect() };
    let area = FilledArea::new("", &column(0), &column(1), &column(2));
    plot.add(area.fill_color(look.color.gamma_multiply(0.25)).allow_hover(false));
}

fn shade_above(plot: &mut PlotUi<'_>, panel: &Panel, limit: &[Point], frame: Frame) {
    let fill = theme::unstable_fill(theme::colours(&plot.ctx().global_style().visuals));
    let top = frame.height[1] + frame.span();
    let bottom = frame.height[0] - frame.span();
    for part in clip(on_axis(panel, limit), [f64::NEG_INFINITY, top]) {
        let xs: Vec<f64> = part.iter().map(|point| point[0]).collect();
        let low: Vec<f64> = part.iter().map(|point| point[1].max(bottom)).collect();
        let high = vec![top; xs.len()];
        plot.add(FilledArea::new("", &xs, &low, &high).fill_color(fill).allow_hover(false));
    }
}
