//! Where curves pass in a plot, so that names are placed beside them.

use eframe::egui::{Pos2, Rect};
use egui_plot::{PlotPoint, PlotTransform};

use crate::figure::{Line, Panel, clip_steps};

use super::items::{PlotContents, on_axis};

/// Bounding boxes of the segments between two steps of the visible lines that are accepted by `counts`.
pub(super) fn covered(
    panel: &Panel,
    contents: &PlotContents<'_>,
    transform: &PlotTransform,
    steps: [f64; 2],
    counts: impl Fn(&Line) -> bool,
) -> Vec<Rect> {
    let lines = contents.lines.iter().filter(|line| counts(line));
    let place = |at: [f64; 2]| transform.position_from_point(&PlotPoint::from(at));
    let pieces = lines.flat_map(|line| &line.trace.pieces);
    let segments = pieces.flat_map(|piece| {
        let piece = clip_steps(on_axis(panel, piece), steps);
        let places: Vec<Pos2> = piece.into_iter().map(place).collect();
        let segment = |pair: &[Pos2]| Rect::from_two_pos(pair[0], pair[pair.len() - 1]);
        places.windows(2).map(segment).collect::<Vec<_>>()
    });
    segments.filter(|segment| segment.intersects(*transform.frame())).collect()
}

/// The first of these places that no curve crosses.
pub(super) fn first_free(
    mut places: impl Iterator<Item = Rect>,
    occupied: &[Rect],
) -> Option<Rect> {
    places.find(|place| !occupied.iter().any(|segment| segment.intersects(*place)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{pos2, vec2};

    #[test]
    fn a_place_that_a_curve_crosses_is_passed_over() {
        let size = vec2(40.0, 10.0);
        let at = |y: f32| Rect::from_min_size(pos2(0.0, y), size);
        let curve = Rect::from_two_pos(pos2(-5.0, 4.0), pos2(90.0, 8.0));
        let places = || [0.0, 5.0, 12.0, 40.0].into_iter().map(at);
        assert_eq!(first_free(places(), &[curve]), Some(at(12.0)));
        assert_eq!(first_free(places(), &[]), Some(at(0.0)));
        assert_eq!(first_free(places(), &[curve, at(12.0), at(40.0)]), None);
    }
}
