//! Cuts lines at two heights.
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
}
