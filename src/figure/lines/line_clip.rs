//! Clips lines to a range of heights or of steps.

use super::trace::Point;

/// The parts of a piece between two heights, cut at the crossings. Painters use single precision,
/// so points far outside the plot must not reach them.
#[must_use]
pub fn clip(piece: Vec<Point>, limits: [f64; 2]) -> Vec<Vec<Point>> {
    let is_inside = |point: &Point| (limits[0]..=limits[1]).contains(&point[1]);
    if piece.iter().all(is_inside) {
        return if piece.is_empty() { Vec::new() } else { vec![piece] };
    }
    parts(&piece, limits)
}

/// The part of a piece with ascending steps that lies between two steps, and the same length again
/// on either side. A dashed line costs one shape per dash, so one that extends over thousands of
/// screens must be cut.
#[must_use]
pub fn clip_steps(piece: Vec<Point>, [first, last]: [f64; 2]) -> Vec<Point> {
    let (low, high) = (first - (last - first), last + (last - first));
    let is_within = |end: Option<&Point>| end.is_none_or(|end| (low..=high).contains(&end[0]));
    if is_within(piece.first()) && is_within(piece.last()) {
        return piece;
    }
    let transposed: Vec<Point> = piece.iter().map(|[x, y]| [*y, *x]).collect();
    parts(&transposed, [low, high]).into_iter().flatten().map(|[y, x]| [x, y]).collect()
}

fn parts(piece: &[Point], limits: [f64; 2]) -> Vec<Vec<Point>> {
    let mut parts = Vec::new();
    let mut part: Vec<Point> = Vec::new();
    for pair in piece.windows(2) {
        let Some([a, b]) = clip_segment([pair[0], pair[1]], limits) else {
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
    let clamped = |point: Point| {
        if point[1] < low {
            [at(low), low]
        } else if point[1] > high {
            [at(high), high]
        } else {
            point
        }
    };
    Some([clamped(a), clamped(b)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_cuts_segments_at_the_edge_and_drops_what_lies_beyond() {
        let piece = [[0.0, 0.0], [1.0, 10.0], [2.0, 0.0]];
        let parts = clip(piece.to_vec(), [0.0, 5.0]);
        assert_eq!(parts, [vec![[0.0, 0.0], [0.5, 5.0]], vec![[1.5, 5.0], [2.0, 0.0]]]);
        assert!(clip(piece.to_vec(), [20.0, 30.0]).is_empty());
    }

    #[test]
    fn a_long_line_is_cut_to_the_neighbourhood_of_the_visible_steps() {
        let piece: Vec<Point> = (0..1000).map(|i| [f64::from(i), f64::from(i)]).collect();
        let near = clip_steps(piece.clone(), [500.5, 500.625]);
        assert_eq!(near, [[500.375, 500.375], [500.75, 500.75]]);
        assert_eq!(clip_steps(piece.clone(), [-10.0, 2000.0]), piece);
        assert!(clip_steps(piece, [5000.0, 5001.0]).is_empty());
        assert_eq!(clip_steps(vec![[3.0, f64::MAX]], [2.0, 4.0]), [[3.0, f64::MAX]]);
    }
}
