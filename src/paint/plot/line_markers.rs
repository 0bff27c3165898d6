//! Markers along lines, to distinguish them without colour.

use eframe::egui;
use eframe::egui::{Pos2, Shape, Stroke, vec2};
use egui_plot::{MarkerShape, PlotPoints, PlotUi, Points};

use crate::figure::{Line, Marker, Panel};
use crate::paint::style::{LineStyle, theme};

use super::view_range::ViewRange;

/// Markers along the visible part of a line, at most.
const N_MARKERS: usize = 9;

/// Radius of a marker in points, for lines up to 1.5 points wide.
const RADIUS: f32 = 3.2;

/// Radius of the cleared disc behind a marker, relative to the marker's.
const HALO: f32 = 1.25;

fn shape(marker: Marker) -> MarkerShape {
    match marker {
        Marker::Circle => MarkerShape::Circle,
        Marker::Square => MarkerShape::Square,
        Marker::Plus => MarkerShape::Plus,
        Marker::Left => MarkerShape::Left,
        Marker::Right => MarkerShape::Right,
        Marker::Star => MarkerShape::Asterisk,
        Marker::Diamond => MarkerShape::Diamond,
        Marker::Up => MarkerShape::Up,
    }
}

/// Offset of a kind of marker along its line, as a fraction of the distance between markers.
fn offset(marker: Marker) -> f64 {
    match marker {
        Marker::Circle => 0.1,
        Marker::Square => 0.27,
        Marker::Plus => 0.43,
        Marker::Left => 0.6,
        Marker::Star => 0.77,
        Marker::Right => 0.93,
        Marker::Diamond => 0.02,
        Marker::Up => 0.35,
    }
}

/// Adds the markers of a line; different lines have them at different steps.
pub(in crate::paint) fn add(
    plot: &mut PlotUi<'_>,
    panel: &Panel,
    line: &Line,
    line_style: LineStyle,
    range: ViewRange,
) {
    let Some(marker) = line_style.marker else { return };
    let [first, last] = range.steps;
    let apart = (last - first) / N_MARKERS as f64;
    let offset = apart * offset(marker);
    // At multiples of the distance, so markers move with the line while the view is panned.
    let start = (first / apart).floor();
    let wanted = (0..=N_MARKERS).map(|i| (start + i as f64) * apart + offset);
    let places = wanted.filter(|step| (first..=last).contains(step)).filter_map(|step| {
        let [place, value] = line.trace.nearest(step)?;
        ((place - step).abs() < 0.4 * apart).then_some(())?;
        Some([place, panel.scale.to_axis(value)?])
    });
    let mut places: Vec<[f64; 2]> = places.collect();
    places.dedup();
    let is_filled = !matches!(marker, Marker::Plus | Marker::Star);
    // Cleared behind, or a marker on a dense line would look like a bulge.
    let halo = Points::new("", PlotPoints::from(places.clone()));
    let behind = theme::colours(&plot.ctx().global_style().visuals).plot;
    plot.points(halo.color(behind).radius(HALO * radius(line_style)).allow_hover(false));
    let points = Points::new("", PlotPoints::from(places));
    let points = points.shape(shape(marker)).filled(is_filled).color(line_style.color);
    plot.points(points.radius(radius(line_style)).allow_hover(false));
}

/// Radius of a marker in points: the same for all screen widths, larger for thick lines.
fn radius(line_style: LineStyle) -> f32 {
    RADIUS * (line_style.width / 1.5).clamp(1.0, 4.0)
}

/// Paints one marker, for a legend.
pub(in crate::paint) fn paint(painter: &egui::Painter, centre: Pos2, line_style: LineStyle) {
    let Some(marker) = line_style.marker else { return };
    let r = radius(line_style);
    let at = |x: f32, y: f32| centre + vec2(x, y) * r;
    let stroke = Stroke::new(r / 2.5, line_style.color);
    let cross = |tilts: &[f32]| {
        for tilt in tilts {
            let arm = egui::Vec2::angled(tilt.to_radians()) * r;
            painter.line_segment([centre - arm, centre + arm], stroke);
        }
    };
    let filled = |corners: Vec<Pos2>| {
        painter.add(Shape::convex_polygon(corners, line_style.color, Stroke::NONE));
    };
    match marker {
        Marker::Circle => {
            painter.circle_filled(centre, r, line_style.color);
        }
        Marker::Square => {
            let half = std::f32::consts::FRAC_1_SQRT_2;
            filled(vec![at(-half, -half), at(half, -half), at(half, half), at(-half, half)]);
        }
        Marker::Left => filled(vec![at(-1.0, 0.0), at(0.5, -0.87), at(0.5, 0.87)]),
        Marker::Right => filled(vec![at(1.0, 0.0), at(-0.5, 0.87), at(-0.5, -0.87)]),
        Marker::Up => filled(vec![at(0.0, -1.0), at(0.87, 0.5), at(-0.87, 0.5)]),
        Marker::Diamond => filled(vec![at(1.0, 0.0), at(0.0, 1.0), at(-1.0, 0.0), at(0.0, -1.0)]),
        Marker::Plus => cross(&[0.0, 90.0]),
        Marker::Star => cross(&[90.0, 30.0, -30.0]),
    }
}
