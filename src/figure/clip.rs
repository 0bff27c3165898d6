//! Cuts lines at two heights, or at two steps.
//! Does not know what the heights mean.

use super::Point;

/// The parts of a piece between two heights, cut where it crosses them, so that nothing far outside
/// a plot reaches a painter whose coordinates are single precision.
#[must_use]
pub fn clip(piece: &[Point], [low, high]: [f64; 2]) -> Vec<Vec<Point>> {
    let is_inside = |point: &Point| (low..=high).contains(&point[1]);
    if let [only] = piece {
        return if is_inside(only) { vec![vec![*only]] } else { Vec::new() };
    }
    let mut parts = Vec::new();
    let mut part: Vec<Point> = Vec::new();
    for pair in piece.windows(2) {
        let Some([a, b]) = clip_segment([pair[0], pair[1]], [low, high]) else {
            if !part.is_empty() {
                parts.push(std::mem::take(&mut part));
            }
            continue;
        };
        if part.last() != Some(&a) {
            if !part.is_empty() {
                parts.push(std::mem::take(&mut part));
            }
            part.push(a);
        }
        part.push(b);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// The part of a piece, whose steps grow, between two steps and as much again on either side: of a
/// line that goes on for thousands of screens, a dashed one would cost a shape for each dash.
#[must_use]
pub fn clip_steps(piece: &[Point], [first, last]: [f64; 2]) -> Vec<Point> {
    let turned: Vec<Point> = piece.iter().map(|[x, y]| [*y, *x]).collect();
    let room = last - first;
    let parts = clip(&turned, [first - room, last + room]);
    parts.into_iter().flatten().map(|[y, x]| [x, y]).collect()
}

fn clip_segment([a, b]: [Point; 2], [low, high]: [f64; 2]) -> Option<[Point; 2]> {
    if a[1].max(b[1]) < low || a[1].min(b[1]) > high {
        return None;
    }
    let at = |y: f64| a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]);
    let bring = |point: Point| {
        if point[1] < low {
            [at(low), low]
        } else if point[1] > high {
            [at(high), high]
        } else {
            point
        }
    };
    Some([bring(a), bring(b)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_cuts_segments_at_the_edge_and_drops_what_lies_beyond() {
        let piece = [[0.0, 0.0], [1.0, 10.0], [2.0, 0.0]];
        let parts = clip(&piece, [0.0, 5.0]);
        assert_eq!(parts, [vec![[0.0, 0.0], [0.5, 5.0]], vec![[1.5, 5.0], [2.0, 0.0]]]);
        assert!(clip(&piece, [20.0, 30.0]).is_empty());
    }

    #[test]
    fn of_a_long_line_only_what_is_near_the_steps_in_view_is_left() {
        let piece: Vec<Point> = (0..1000).map(|i| [f64::from(i), f64::from(i)]).collect();
        let near = clip_steps(&piece, [500.5, 500.625]);
        assert_eq!(near, [[500.375, 500.375], [500.75, 500.75]]);
        assert_eq!(clip_steps(&piece, [-10.0, 2000.0]), piece);
        assert!(clip_steps(&piece, [5000.0, 5001.0]).is_empty());
        assert_eq!(clip_steps(&[[3.0, f64::MAX]], [2.0, 4.0]), [[3.0, f64::MAX]]);
    }
}
