//! The plot items of a panel: shading, marks, bands and lines.

use egui_plot::{FilledArea, MarkerShape, PlotPoints, PlotUi, Points, VLine};

use crate::figure::{Extent, Figure, Line, Panel, Point, clip, clip_steps};
use crate::paint::style::{LineStyle, line_style, theme};

use super::envelope::Envelope;
use super::line_markers;
use super::off_scale::OffScaleMarkers;
use super::view_range::ViewRange;

/// Adds everything inside the axes of a panel, from back to front.
pub(in crate::paint) fn add(
    plot: &mut PlotUi<'_>,
    figure: &Figure,
    panel: &Panel,
    contents: &PlotContents<'_>,
) {
    let style = plot.ctx().global_style();
    let palette = theme::colours(&style.visuals);
    let factor = theme::factor(&style);
    if contents.lines.iter().any(|line| line.look.is_limit() && line.ghost.is_none()) {
        for piece in &panel.unstable {
            shade_above(plot, panel, piece, contents.range);
        }
    }
    for mark in &figure.marks {
        let vline = VLine::new("", mark.place).color(palette.weak).width(1.2 * factor);
        plot.vline(vline.allow_hover(false));
    }
    // The first line is the most important one, so it is drawn last.
    let (above, below): (Vec<&Line>, Vec<&Line>) =
        contents.lines.iter().rev().partition(|line| line.look.is_on_top && line.ghost.is_none());
    let mut off_scale = OffScaleMarkers::default();
    for line in below.into_iter().chain(above) {
        let line_style = line_style(&style, line);
        add_line(plot, panel, line, line_style, contents);
        line_markers::add(plot, panel, line, line_style, contents.range);
        off_scale.add(plot, line, line_style, contents.range, factor);
    }
}

/// The visible lines of a panel, and how they are drawn.
pub(in crate::paint) struct PlotContents<'a> {
    /// Lines that the user has not hidden.
    pub(in crate::paint) lines: Vec<&'a Line>,
    /// Ranges of both axes.
    pub(in crate::paint) range: ViewRange,
    /// Whether dense lines may be drawn as one extent per logical point: fast, but too coarse for
    /// print.
    pub(in crate::paint) is_banded: bool,
}

pub(in crate::paint) fn on_axis(panel: &Panel, piece: &[Point]) -> Vec<Point> {
    piece.iter().filter_map(|[x, y]| Some([*x, panel.scale.to_axis(*y)?])).collect()
}

/// Adds a line with its bands; with a running mean, its values are faint in the background.
fn add_line(
    plot: &mut PlotUi<'_>,
    panel: &Panel,
    line: &Line,
    line_style: LineStyle,
    contents: &PlotContents<'_>,
) {
    for band in &line.bands {
        add_band(plot, panel, band, line_style, contents.range);
    }
    if line.smooth.is_empty() {
        add_pieces(plot, panel, line, &line.trace.pieces, line_style, contents);
        return;
    }
    let faint = LineStyle {
        color: line_style.color.gamma_multiply(0.35),
        width: line_style.width * 0.6,
        ..line_style
    };
    add_pieces(plot, panel, line, &line.trace.pieces, faint, contents);
    add_pieces(plot, panel, line, &line.smooth, line_style, contents);
}

fn add_pieces(
    plot: &mut PlotUi<'_>,
    panel: &Panel,
    line: &Line,
    pieces: &[Vec<Point>],
    line_style: LineStyle,
    contents: &PlotContents<'_>,
) {
    let room = contents.range.span();
    let limits = [contents.range.height[0] - room, contents.range.height[1] + room];
    let style = line_style
        .dash
        .map_or(egui_plot::LineStyle::Solid, |length| egui_plot::LineStyle::Dashed { length });
    for piece in pieces {
        let piece = on_axis(panel, piece);
        if line.look.is_points() {
            let points = Points::new("", PlotPoints::from(piece)).shape(MarkerShape::Diamond);
            let points = points.color(line_style.color).radius(line_style.width * 2.2);
            plot.points(points.allow_hover(false));
            continue;
        }
        let piece = clip_steps(piece, contents.range.steps);
        for part in clip(piece, limits) {
            if part.len() == 1 {
                let points = Points::new("", PlotPoints::from(part)).color(line_style.color);
                plot.points(points.radius(line_style.width * 0.9).allow_hover(false));
                continue;
            }
            let width = f64::from(plot.transform().frame().width());
            let room = contents.range.steps[1] - contents.range.steps[0];
            let columns = (part[part.len() - 1][0] - part[0][0]) / room * width;
            if contents.is_banded && line_style.dash.is_none() && part.len() as f64 > columns {
                plot.add(Envelope::new(part, line_style.color, line_style.width));
                continue;
            }
            let drawn = egui_plot::Line::new("", PlotPoints::from(part));
            let drawn = drawn.color(line_style.color).width(line_style.width).style(style);
            plot.line(drawn.allow_band(false).allow_hover(false));
        }
    }
}

/// Adds a band if it is at least a pixel tall; its lower end may have no place on a log axis.
fn add_band(
    plot: &mut PlotUi<'_>,
    panel: &Panel,
    band: &[Extent],
    line_style: LineStyle,
    range: ViewRange,
) {
    let limits = [range.height[0] - range.span(), range.height[1] + range.span()];
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
    plot.add(area.fill_color(line_style.color.gamma_multiply(0.25)).allow_hover(false));
}

fn shade_above(plot: &mut PlotUi<'_>, panel: &Panel, limit: &[Point], range: ViewRange) {
    let fill = theme::unstable_fill(theme::colours(&plot.ctx().global_style().visuals));
    let top = range.height[1] + range.span();
    let bottom = range.height[0] - range.span();
    for part in clip(on_axis(panel, limit), [f64::NEG_INFINITY, top]) {
        let xs: Vec<f64> = part.iter().map(|point| point[0]).collect();
        let low: Vec<f64> = part.iter().map(|point| point[1].max(bottom)).collect();
        let high = vec![top; xs.len()];
        plot.add(FilledArea::new("", &xs, &low, &high).fill_color(fill).allow_hover(false));
    }
}
