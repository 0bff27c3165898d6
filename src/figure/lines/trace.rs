//! The drawn points of a line, in unbroken pieces.

/// A place on the horizontal axis (usually a step) and the value there.
pub type Point = [f64; 2];

/// A value without a place on the vertical axis: not finite, or ≤ 0 on a logarithmic one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OffScale {
    /// Place on the horizontal axis.
    pub step: f64,
    /// The value.
    pub value: f64,
}

/// A line in pieces, interrupted at values that cannot be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Unbroken pieces in order of step; a piece may be a single point.
    pub pieces: Vec<Vec<Point>>,
    /// Values that cannot be drawn, in order of step; at most as many of each kind as fit side by
    /// side.
    pub off_scale: Vec<OffScale>,
}

impl Trace {
    /// All points of all pieces.
    pub fn points(&self) -> impl Iterator<Item = Point> + '_ {
        self.pieces.iter().flatten().copied()
    }

    /// The points of every piece between two steps.
    pub(in crate::figure) fn pieces_between(
        &self,
        steps: [f64; 2],
    ) -> impl Iterator<Item = &[Point]> {
        self.pieces.iter().map(move |piece| between(piece, steps))
    }

    /// The same, but of a piece without a point there that crosses these steps, its neighbours.
    pub(in crate::figure) fn pieces_across(
        &self,
        steps: [f64; 2],
    ) -> impl Iterator<Item = &[Point]> {
        self.pieces.iter().map(move |piece| {
            let inside = between(piece, steps);
            let next = piece.partition_point(|point| point[0] < steps[0]);
            let crosses = inside.is_empty() && next > 0 && next < piece.len();
            if crosses { &piece[next - 1..=next] } else { inside }
        })
    }

    /// The drawn point nearest to a step; the earlier of two.
    #[must_use]
    pub fn nearest(&self, step: f64) -> Option<Point> {
        let beside = |piece: &Vec<Point>| {
            let after = piece.partition_point(|point| point[0] < step);
            [after.checked_sub(1), Some(after)].map(|at| piece.get(at?).copied())
        };
        let near = self.pieces.iter().flat_map(beside).flatten();
        near.min_by(|a, b| (a[0] - step).abs().total_cmp(&(b[0] - step).abs()))
    }
}

/// The entries between two steps; entries are in order of step, which comes first in each.
pub(in crate::figure) fn between<const N: usize>(
    entries: &[[f64; N]],
    [first, last]: [f64; 2],
) -> &[[f64; N]] {
    let start = entries.partition_point(|entry| entry[0] < first);
    let n = entries[start..].partition_point(|entry| entry[0] <= last);
    &entries[start..start + n]
}
