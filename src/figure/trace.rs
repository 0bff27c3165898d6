//! Reduces a series to what can be seen, without hiding an extreme or a value that cannot be drawn.
//! Knows nothing of what the values mean.

use super::Scale;

/// A step and its value.
pub type Point = [f64; 2];

/// A value that has no place on its axis: not finite, or ≤ 0 on a logarithmic one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lost {
    /// Where.
    pub step: f64,
    /// What it was.
    pub value: f64,
}

/// A line in pieces: it is interrupted wherever a value cannot be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Unbroken stretches in order of step; a stretch may be a single point.
    pub pieces: Vec<Vec<Point>>,
    /// What could not be drawn, at most one of each bucket.
    pub lost: Vec<Lost>,
}

impl Trace {
    /// All points of all pieces.
    pub fn points(&self) -> impl Iterator<Item = Point> + '_ {
        self.pieces.iter().flatten().copied()
    }

    /// The drawn point nearest to a step.
    #[must_use]
    pub fn nearest(&self, step: f64) -> Option<Point> {
        self.points().min_by(|a, b| (a[0] - step).abs().total_cmp(&(b[0] - step).abs()))
    }
}

/// Where and how finely to look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// First and last step.
    pub(super) steps: [f64; 2],
    /// Buckets between them.
    pub(super) n_buckets: usize,
    /// The axis the values go on.
    pub(super) scale: Scale,
}

/// The values in a window, with the neighbour on either side so that lines run to the edge.
/// `None` interrupts the line without counting as lost.
pub(super) fn trace(values: impl Iterator<Item = (u64, Option<f64>)>, window: Window) -> Trace {
    let [first, last] = window.steps;
    let mut before = None;
    let mut sieve = Sieve::new(window);
    for (step, value) in values {
        let x = step as f64;
        if x < first {
            before = Some((x, value));
            continue;
        }
        if let Some((x, value)) = before.take() {
            sieve.push(x, value);
        }
        sieve.push(x, value);
        if x > last {
            break;
        }
    }
    if let Some((x, value)) = before {
        sieve.push(x, value);
    }
    sieve.finish()
}

/// Keeps all values while they are few, and the extremes of every bucket once they are many.
struct Sieve {
    window: Window,
    exact: Vec<(f64, Option<f64>)>,
    n_values: usize,
    buckets: Vec<Bucket>,
    lost: Vec<Lost>,
    last_lost_bucket: Option<usize>,
}

#[derive(Clone, Copy, Default)]
struct Bucket {
    extremes: Option<(Point, Point)>,
    has_gap: bool,
}

impl Sieve {
    fn new(window: Window) -> Self {
        let n_buckets = window.n_buckets.max(1);
        Self {
            window,
            exact: Vec::new(),
            n_values: 0,
            // One more at either end, for the neighbours outside the window.
            buckets: vec![Bucket::default(); n_buckets + 2],
            lost: Vec::new(),
            last_lost_bucket: None,
        }
    }

    fn index(&self, x: f64) -> usize {
        let [first, last] = self.window.steps;
        let n_inner = self.buckets.len() - 2;
        if x < first {
            return 0;
        }
        if x > last {
            return n_inner + 1;
        }
        let share = if last > first { (x - first) / (last - first) } else { 0.0 };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share in 0..=1 of a small count"
        )]
        let inner = (share * n_inner as f64) as usize;
        inner.min(n_inner - 1) + 1
    }

    fn push(&mut self, x: f64, value: Option<f64>) {
        let index = self.index(x);
        let drawable = value.filter(|value| self.window.scale.to_axis(*value).is_some());
        if let (Some(value), None) = (value, drawable)
            && self.last_lost_bucket != Some(index)
        {
            self.lost.push(Lost { step: x, value });
            self.last_lost_bucket = Some(index);
        }
        self.n_values += 1;
        if self.n_values <= 2 * self.buckets.len() {
            self.exact.push((x, drawable));
        }
        let bucket = &mut self.buckets[index];
        let Some(y) = drawable else {
            bucket.has_gap = true;
            return;
        };
        let (low, high) = bucket.extremes.get_or_insert(([x, y], [x, y]));
        if y < low[1] {
            *low = [x, y];
        }
        if y > high[1] {
            *high = [x, y];
        }
    }

    fn finish(self) -> Trace {
        let pieces = if self.n_values == self.exact.len() {
            split(self.exact.into_iter().map(|(x, value)| value.map(|y| [x, y])))
        } else {
            split(self.buckets.iter().flat_map(Bucket::points))
        };
        Trace { pieces, lost: self.lost }
    }
}

impl Bucket {
    /// Its extremes in order of step; one gap if it holds nothing that can be drawn.
    fn points(&self) -> impl Iterator<Item = Option<Point>> + use<> {
        let points = match self.extremes {
            None => [self.has_gap.then_some(None), None],
            Some((low, high)) if low == high => [Some(Some(low)), None],
            Some((low, high)) if low[0] < high[0] => [Some(Some(low)), Some(Some(high))],
            Some((low, high)) => [Some(Some(high)), Some(Some(low))],
        };
        points.into_iter().flatten()
    }
}

fn split(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let mut piece = Vec::new();
    for point in points {
        match point {
            Some(point) => piece.push(point),
            None if !piece.is_empty() => pieces.push(std::mem::take(&mut piece)),
            None => {}
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(steps: [f64; 2], n_buckets: usize, scale: Scale) -> Window {
        Window { steps, n_buckets, scale }
    }

    fn values(n: u64, f: impl Fn(u64) -> f64) -> Vec<(u64, Option<f64>)> {
        (0..n).map(|step| (step, Some(f(step)))).collect()
    }

    #[test]
    fn both_extremes_of_every_bucket_survive() {
        let all = values(10_000, |i| if i % 2 == 0 { i as f64 } else { -(i as f64) });
        let seen = trace(all.iter().copied(), window([0.0, 9999.0], 100, Scale::Linear));
        assert!(seen.points().count() <= 2 * 102);
        let kept: Vec<_> = seen.points().collect();
        for bucket in 0..100 {
            let steps = bucket * 100..(bucket + 1) * 100;
            let inside = kept.iter().filter(|p| (p[0] / 100.0).floor() == f64::from(bucket));
            let (low, high) =
                inside.fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(p[1]), h.max(p[1])));
            let want_high = f64::from(steps.clone().filter(|i| i % 2 == 0).max().unwrap());
            let want_low = -f64::from(steps.filter(|i| i % 2 == 1).max().unwrap());
            // A bucket edge may fall a step away from a multiple of 100.
            assert!((high - want_high).abs() <= 2.0 && (low - want_low).abs() <= 2.0, "{bucket}");
        }
    }

    #[test]
    fn few_values_are_all_kept_with_one_neighbour_outside_either_edge() {
        let all = values(100, |i| i as f64);
        let seen = trace(all.into_iter(), window([40.0, 60.0], 100, Scale::Linear));
        let steps: Vec<_> = seen.points().map(|p| p[0]).collect();
        assert_eq!(steps.first(), Some(&39.0));
        assert_eq!(steps.last(), Some(&61.0));
        assert_eq!(steps.len(), 23);
    }

    #[test]
    fn a_line_breaks_at_what_cannot_be_drawn_and_says_where() {
        let y = [1.0, 2.0, f64::NAN, 3.0, 0.0, 4.0, f64::INFINITY];
        let all = values(7, |i| y[usize::try_from(i).unwrap()]);
        let seen = trace(all.into_iter(), window([0.0, 6.0], 50, Scale::Log));
        assert_eq!(seen.pieces, [vec![[0.0, 1.0], [1.0, 2.0]], vec![[3.0, 3.0]], vec![[5.0, 4.0]]]);
        assert_eq!(seen.lost.iter().map(|l| l.step).collect::<Vec<_>>(), [2.0, 4.0, 6.0]);
    }

    #[test]
    fn a_long_series_does_not_lose_the_sign_of_a_value_that_cannot_be_drawn() {
        let all = values(100_000, |i| if i == 77_777 { f64::NAN } else { 1.0 });
        let seen = trace(all.into_iter(), window([0.0, 99_999.0], 50, Scale::Linear));
        assert_eq!(seen.lost.len(), 1);
        assert_eq!(seen.lost[0].step, 77_777.0);
    }

    #[test]
    fn a_gap_interrupts_without_being_lost() {
        let all = [(0, Some(1.0)), (1, None), (2, Some(2.0))];
        let seen = trace(all.into_iter(), window([0.0, 2.0], 9, Scale::Linear));
        assert_eq!(seen.pieces.len(), 2);
        assert!(seen.lost.is_empty());
    }
}
