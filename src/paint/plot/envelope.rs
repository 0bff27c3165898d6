//! A dense line drawn as its vertical extent in every screen column: fast, without gaps, and at
//! least a column wide where it is steep.

use std::ops::RangeInclusive;

use eframe::egui::epaint::{BandPoint, BandShape};
use eframe::egui::{Color32, Pos2, Rangef, Shape, Ui};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotPoint, PlotTransform};

use crate::figure::Point;

/// A plot item for a line with ascending steps.
pub(in crate::paint) struct Envelope {
    base: PlotItemBase,
    line: Vec<Point>,
    color: Color32,
    width: f32,
}

impl Envelope {
    /// A line of a colour and a width in points.
    pub(in crate::paint) fn new(line: Vec<Point>, color: Color32, width: f32) -> Self {
        Self { base: PlotItemBase::new(String::new()), line, color, width }
    }
}

impl PlotItem for Envelope {
    fn shapes(&self, _ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = transform.frame();
        let place = |[x, y]: &Point| transform.position_from_point(&PlotPoint::new(*x, *y));
        let line: Vec<Pos2> = self.line.iter().map(place).collect();
        let room = [frame.left().floor() - 2.0, frame.right() + 2.0];
        let columns = columns(&line, room, self.width);
        if columns.len() > 1 {
            shapes.push(BandShape::filled(columns, self.color).into());
        }
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        self.color
    }

    fn allow_hover(&self) -> bool {
        false
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

/// The vertical extent of a stroke in columns one point apart from `left` to `right`. Each column
/// includes the line up to half a point on either side, so neighbouring columns overlap.
fn columns(line: &[Pos2], [left, right]: [f32; 2], width: f32) -> Vec<BandPoint> {
    let half = (0.5 * width).max(0.5);
    let n = count(right - left) + 1;
    let mut spans = vec![Rangef::NOTHING; n];
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if b.x + half < left || a.x - half > right {
            continue;
        }
        let height = |x: f32| {
            let share = if b.x > a.x { ((x - a.x) / (b.x - a.x)).clamp(0.0, 1.0) } else { 1.0 };
            a.y + share * (b.y - a.y)
        };
        let first = count((a.x - half - left).ceil());
        let last = count((b.x + half - left).floor()).min(n - 1);
        for (at, span) in spans.iter_mut().enumerate().take(last + 1).skip(first) {
            let x = left + at as f32;
            let (from, to) = (height(x - half), height(x + half));
            span.min = span.min.min(from).min(to);
            span.max = span.max.max(from).max(to);
            // A vertical segment has both ends in this column.
            if b.x <= a.x {
                span.min = span.min.min(a.y);
                span.max = span.max.max(a.y);
            }
        }
    }
    let filled = spans.into_iter().enumerate().filter(|(_, span)| span.min <= span.max);
    filled.map(|(at, span)| BandPoint::new(left + at as f32, span.expand(0.5 * width))).collect()
}

/// A non-negative number of whole columns.
fn count(x: f32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a screen's width")]
    let n = x.max(0.0) as usize;
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn neighbouring_columns_overlap_and_every_value_is_covered() {
        // Oscillates over 80 points every 0.7 points, with some vertical segments.
        let height = |i: u16| if i.is_multiple_of(2) { 10.0 } else { 90.0 - f32::from(i % 7) };
        let place = |i: u16| if i % 11 == 10 { f32::from(i - 1) * 0.7 } else { f32::from(i) * 0.7 };
        let line: Vec<Pos2> = (0..400).map(|i| pos2(place(i), height(i))).collect();
        let band = columns(&line, [-2.0, 300.0], 1.5);
        for pair in band.windows(2) {
            assert!((pair[1].x - pair[0].x - 1.0).abs() < 1e-4);
            assert!(pair[0].y.min < pair[1].y.max && pair[1].y.min < pair[0].y.max, "{pair:?}");
        }
        for point in &line {
            let near = band.iter().filter(|column| (column.x - point.x).abs() <= 0.75);
            assert!(near.clone().count() > 0, "{point:?}");
            for column in near {
                assert!(column.y.min < point.y && point.y < column.y.max, "{point:?} {column:?}");
            }
        }
    }

    #[test]
    fn a_steep_flank_is_as_wide_as_a_column_and_a_flat_line_as_thick_as_its_stroke() {
        let line = [pos2(0.0, 50.0), pos2(50.2, 50.0), pos2(50.4, 0.0), pos2(100.0, 0.0)];
        let band = columns(&line, [0.0, 100.0], 1.5);
        let tall = band.iter().filter(|column| column.y.span() > 50.0);
        assert!((1..=2).contains(&tall.count()));
        assert!(
            (band[20].y.span() - 1.5).abs() < 1e-4 && (band[20].y.center() - 50.0).abs() < 1e-4
        );
        assert_eq!(band.len(), 101);
    }

    #[test]
    fn points_outside_are_skipped() {
        let line = [pos2(-1e7, 0.0), pos2(-1e6, 5.0), pos2(1e6, 5.0), pos2(1e7, 0.0)];
        let band = columns(&line, [0.0, 100.0], 2.0);
        assert_eq!(band.len(), 101);
        assert!(band.iter().all(|column| (column.y.center() - 5.0).abs() < 1e-3));
    }
}
