//! Markers at the edge of a plot for values that have no place on the axis.

use egui_plot::{MarkerShape, PlotPoints, PlotUi, Points};

use crate::figure::Line;
use crate::paint::style::LineStyle;

use super::view_range::ViewRange;

/// Radius of an off-scale marker in points.
const RADIUS: f32 = 6.0;

/// Fraction of the height, from either edge, for rows of markers; further ones overlap.
const MAX_SHARE: f32 = 0.45;

/// Rows of markers at most.
const MAX_ROWS: usize = 20;

/// The off-scale markers of one plot so far.
#[derive(Debug, Default)]
pub(in crate::paint) struct OffScaleMarkers {
    /// Horizontal position in points, row from the edge, and whether that is the lower edge.
    taken: Vec<(f32, usize, bool)>,
}

impl OffScaleMarkers {
    /// Adds markers: ✕ for NaN and ▲ for +∞ at the top, ▼ for −∞ and a hollow ▽ for
    /// values ≤ 0 at the bottom. A marker moves to the next row if another line has one there.
    pub(in crate::paint) fn add(
        &mut self,
        plot: &mut PlotUi<'_>,
        line: &Line,
        line_style: LineStyle,
        range: ViewRange,
        factor: f32,
    ) {
        let before = self.taken.len();
        let height = plot.transform().frame().height();
        for off_scale in &line.trace.off_scale {
            let is_low = off_scale.value <= 0.0;
            let x = plot.transform().position_from_point_x(off_scale.step);
            let row = row(&self.taken[..before], x, is_low, RADIUS * 2.0 * factor, height);
            self.taken.push((x, row, is_low));
            let share = 0.04 + f64::from(RADIUS * 2.0 * factor / height.max(1.0)) * row as f64;
            let place = if is_low { share } else { 1.0 - share };
            let y = range.height[0] + place * range.span();
            let shape = match off_scale.value {
                value if value.is_nan() => MarkerShape::Cross,
                _ if is_low => MarkerShape::Down,
                _ => MarkerShape::Up,
            };
            let points = Points::new("", PlotPoints::from(vec![[off_scale.step, y]]));
            let is_filled = off_scale.value.is_infinite();
            let points = points.shape(shape).filled(is_filled).color(line_style.color);
            plot.points(points.radius(RADIUS * factor).allow_hover(false));
        }
    }
}

/// The first row without a marker close to `x`; row 0 if there is no room.
fn row(taken: &[(f32, usize, bool)], x: f32, is_low: bool, size: f32, height: f32) -> usize {
    let near = |row: usize| {
        taken
            .iter()
            .any(|(other, of, low)| *low == is_low && *of == row && (other - x).abs() < size)
    };
    let has_room = |row: &usize| (*row as f32 + 1.0) * size <= MAX_SHARE * height;
    (0..MAX_ROWS).take_while(has_room).find(|row| !near(*row)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_several_lines_at_one_step_are_in_rows_while_there_is_room() {
        let mut taken = Vec::new();
        let mut put = |x: f32, is_low| {
            let row = row(&taken, x, is_low, 12.0, 100.0);
            taken.push((x, row, is_low));
            row
        };
        assert_eq!([put(50.0, false), put(52.0, false), put(48.0, false)], [0, 1, 2]);
        assert_eq!([put(90.0, false), put(50.0, true)], [0, 0]);
        assert_eq!(put(50.0, false), 0, "no room for a fourth row");
    }
}
