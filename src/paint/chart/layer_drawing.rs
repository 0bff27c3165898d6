//! Draws points, curves and references of a chart, and their legend samples.

use eframe::egui::epaint::{BandPoint, BandShape};
use eframe::egui::{Pos2, Rangef, Rect, Shape, Stroke, pos2};

use crate::figure::chart::{AxisSpec, Chart, Class, Curve, Points, Reference, Unplaced};

use super::area::Plot;
use super::canvas::Canvas;
use super::chart_markers;
use super::class_style::{ClassStyle, class_style, reference_dash, unplaced_marker};

/// Radius of a marker and width of a curve, in points on screen.
const RADIUS: f32 = 4.6;
const WIDTH: f32 = 2.0;

/// Markers along a curve, at most.
const N_MARKERS: usize = 24;

/// Distance from the edge, as a fraction of the plot, of markers for values without a place.
const EDGE: f64 = 0.025;

/// The position of a point, or a position at the edge and the reason if it has no place.
fn place(chart: &Chart, plot: &Plot, [x, y]: [f64; 2]) -> Result<Pos2, (Pos2, Unplaced)> {
    let on = |axis: &AxisSpec, value: f64, [from, to]: [f64; 2]| match axis.place(value) {
        Ok(place) => (place, None),
        Err(what) => {
            let share = if what.is_high() { 1.0 - EDGE } else { EDGE };
            (from + share * (to - from), Some(what))
        }
    };
    let (across, why_x) = on(&chart.x, x, plot.ranges[0]);
    let (up, why_y) = on(&chart.y, y, plot.ranges[1]);
    let at = plot.at([across, up]);
    match why_y.or(why_x) {
        None => Ok(at),
        Some(what) => Err((at, what)),
    }
}

/// Draws points; those without a place get a special marker at the edge.
pub(super) fn points(canvas: &Canvas, chart: &Chart, plot: &Plot, points: &Points) {
    let style = class_style(canvas.palette, points.class);
    let inside = canvas.within(plot.rect.expand(RADIUS * canvas.factor));
    for at in &points.places {
        marker(&inside, style, place(chart, plot, *at), points.size);
    }
    canvas.divide();
}

fn marker(canvas: &Canvas, style: ClassStyle, place: Result<Pos2, (Pos2, Unplaced)>, size: f32) {
    let (at, marker) = match place {
        Ok(at) => match style.marker {
            Some(marker) => (at, marker),
            None => return,
        },
        Err((at, what)) => (at, unplaced_marker(what)),
    };
    let radius = RADIUS * canvas.factor * size;
    chart_markers::paint(&canvas.painter, marker, at, radius, style.color, canvas.palette.plot);
}

/// Draws a curve over its band, with gaps at points without a place.
pub(super) fn curve(canvas: &Canvas, chart: &Chart, plot: &Plot, curve: &Curve) {
    let style = class_style(canvas.palette, curve.class);
    let inside = canvas.within(plot.rect);
    band(&inside, chart, plot, curve, style);
    let places: Vec<_> = curve.points.iter().map(|at| place(chart, plot, *at)).collect();
    canvas.divide();
    for piece in places.split(Result::is_err) {
        let piece: Vec<Pos2> = piece.iter().filter_map(|place| place.ok()).collect();
        line(&inside, &piece, stroke(canvas, style), style.dash);
    }
    canvas.divide();
    let every = places.len().div_ceil(N_MARKERS).max(1);
    let around = canvas.within(plot.rect.expand(RADIUS * canvas.factor));
    for (i, place) in places.iter().enumerate() {
        if i % every == 0 || place.is_err() {
            marker(&around, style, *place, 1.0);
        }
    }
    canvas.divide();
}

/// Draws the band of a curve; an infinite edge extends beyond the plot.
fn band(canvas: &Canvas, chart: &Chart, plot: &Plot, curve: &Curve, style: ClassStyle) {
    let edge = |value: f64| match chart.y.place(value) {
        Ok(place) => Some(place),
        Err(Unplaced::Nan | Unplaced::NoCategory) => None,
        Err(what) => {
            let [from, to] = plot.ranges[1];
            Some(if what.is_high() { to + (to - from) } else { from - (to - from) })
        }
    };
    let point = |([x, _], [low, high]): (&[f64; 2], &[f64; 2])| {
        let x = chart.x.place(*x).ok()?;
        let (low, high) = (plot.at([x, edge(*low)?]), plot.at([x, edge(*high)?]));
        Some(BandPoint::new(low.x, Rangef::new(high.y.min(low.y), high.y.max(low.y))))
    };
    let points: Vec<_> = curve.points.iter().zip(&curve.band).map(point).collect();
    for piece in points.split(Option::is_none) {
        let mut piece: Vec<BandPoint> = piece.iter().copied().flatten().collect();
        if piece.len() > 1 {
            piece.sort_by(|a, b| a.x.total_cmp(&b.x));
            let fill = style.color.gamma_multiply(0.18);
            let band = BandShape::new(sharpened(&piece), fill, Stroke::NONE);
            canvas.painter.add(Shape::Band(band));
        }
    }
}

/// A band with additional points: egui fades a band towards points where it is thinner than a
/// pixel, and the fade should start close to them.
fn sharpened(band: &[BandPoint]) -> Vec<BandPoint> {
    const THIN: f32 = 1.5;
    let mut points: Vec<BandPoint> = band.first().copied().into_iter().collect();
    for pair in band.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let (from, to) = (a.y.span(), b.y.span());
        if from.min(to) < THIN && from.max(to) > THIN {
            let at = (THIN - from) / (to - from);
            let between = |from: f32, to: f32| from + at * (to - from);
            let y = Rangef::new(between(a.y.min, b.y.min), between(a.y.max, b.y.max));
            points.push(BandPoint::new(between(a.x, b.x), y));
        }
        points.push(b);
    }
    points
}

fn stroke(canvas: &Canvas, style: ClassStyle) -> Stroke {
    canvas.stroke(WIDTH, style.color)
}

fn line(canvas: &Canvas, places: &[Pos2], stroke: Stroke, dash: Option<[f32; 2]>) {
    if places.len() < 2 {
        return;
    }
    match dash {
        None => {
            canvas.painter.line(places.to_vec(), stroke);
        }
        Some([dash, gap]) => {
            let lengths = [dash * stroke.width, gap * stroke.width];
            canvas.painter.extend(Shape::dashed_line(places, stroke, lengths[0], lengths[1]));
        }
    }
}

/// Draws a reference line; `i` is its index among the references of the chart.
pub(super) fn reference(
    canvas: &Canvas,
    chart: &Chart,
    plot: &Plot,
    reference: &Reference,
    i: usize,
) {
    let inside = canvas.within(plot.rect);
    let places: Vec<_> = reference.points.iter().map(|at| place(chart, plot, *at)).collect();
    canvas.divide();
    for piece in places.split(Result::is_err) {
        let piece: Vec<Pos2> = piece.iter().filter_map(|place| place.ok()).collect();
        line(&inside, &piece, reference_stroke(canvas), Some(reference_dash(i)));
    }
    canvas.divide();
}

fn reference_stroke(canvas: &Canvas) -> Stroke {
    canvas.stroke(1.8, canvas.palette.strong)
}

/// Draws the marker of points, for a legend.
pub(super) fn points_sample(canvas: &Canvas, class: Class, at: Pos2) {
    marker(canvas, class_style(canvas.palette, class), Ok(at), 1.0);
}

/// Draws a sample of a curve with its marker, for a legend.
pub(super) fn curve_sample(canvas: &Canvas, class: Class, rect: Rect) {
    let style = class_style(canvas.palette, class);
    line(canvas, &ends(rect), stroke(canvas, style), style.dash);
    marker(canvas, style, Ok(rect.center()), 1.0);
}

/// Draws a sample of a reference line, for a legend.
pub(super) fn reference_sample(canvas: &Canvas, i: usize, rect: Rect) {
    line(canvas, &ends(rect), reference_stroke(canvas), Some(reference_dash(i)));
}

fn ends(rect: Rect) -> [Pos2; 2] {
    [pos2(rect.left(), rect.center().y), pos2(rect.right(), rect.center().y)]
}
