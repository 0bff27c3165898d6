//! Markers of points and cells.

use eframe::egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2, vec2};

/// A marker of points or cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// ●
    Disc,
    /// ○
    Ring,
    /// ✕
    Cross,
    /// ▬
    Bar,
    /// ■
    Square,
    /// ◆
    Diamond,
    /// ◇
    HollowDiamond,
    /// ▲
    Up,
    /// ▼
    Down,
    /// ▽
    HollowDown,
    /// +
    Plus,
    /// ✳
    Star,
}

/// Draws a marker, with a thin edge in another colour that separates it from what is behind.
pub(super) fn paint(
    painter: &Painter,
    sign: Marker,
    centre: Pos2,
    radius: f32,
    color: Color32,
    edge: Color32,
) {
    let thin = Stroke::new(radius * 0.16, edge);
    let line = Stroke::new(radius * 0.42, color);
    let polygon = |corners: &[(f32, f32)], fill: Color32, stroke: Stroke| {
        let corners = corners.iter().map(|(x, y)| centre + vec2(*x, *y) * radius).collect();
        painter.add(Shape::convex_polygon(corners, fill, stroke));
    };
    let arms = |tilts: &[f32]| {
        for tilt in tilts {
            let arm = Vec2::angled(tilt.to_radians()) * radius;
            painter.line_segment([centre - arm, centre + arm], line);
        }
    };
    let none = Color32::TRANSPARENT;
    match sign {
        Marker::Disc => {
            painter.circle(centre, radius * 0.92, color, thin);
        }
        Marker::Ring => {
            painter.circle(centre, radius * 0.78, none, line);
        }
        Marker::Cross => arms(&[45.0, -45.0]),
        Marker::Plus => arms(&[0.0, 90.0]),
        Marker::Star => arms(&[90.0, 30.0, -30.0]),
        Marker::Bar => arms(&[0.0]),
        Marker::Square => polygon(&square(0.82), color, thin),
        Marker::Diamond => polygon(&DIAMOND, color, thin),
        Marker::HollowDiamond => polygon(&DIAMOND.map(|(x, y)| (x * 0.8, y * 0.8)), none, line),
        Marker::Up => polygon(&DOWN.map(|(x, y)| (x, -y)), color, thin),
        Marker::Down => polygon(&DOWN, color, thin),
        Marker::HollowDown => polygon(&DOWN.map(|(x, y)| (x * 0.8, y * 0.8)), none, line),
    }
}

const DIAMOND: [(f32, f32); 4] = [(1.1, 0.0), (0.0, 1.1), (-1.1, 0.0), (0.0, -1.1)];

const DOWN: [(f32, f32); 3] = [(0.0, 1.1), (-1.0, -0.65), (1.0, -0.65)];

fn square(half: f32) -> [(f32, f32); 4] {
    [(-half, -half), (half, -half), (half, half), (-half, half)]
}
