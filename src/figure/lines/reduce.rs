//! Reduces a series to one minimum and one maximum per bucket, and reports values that cannot be
//! drawn.

use crate::figure::axes::Scale;

use super::placed_series::PlacedSeries;
use super::trace::{OffScale, Point, Trace};

/// The part of a series to reduce, and the resolution.
#[derive(Clone, Copy, Debug)]
pub(in crate::figure) struct Window {
    /// First and last place on the horizontal axis.
    pub(in crate::figure) range: [f64; 2],
    /// The visible part of it; the rest is visible for one frame at most, during panning.
    pub(in crate::figure) visible: [f64; 2],
    /// Width of a bucket in the visible part.
    pub(in crate::figure) bucket: f64,
    /// Scale of the values.
    pub(in crate::figure) scale: Scale,
}

impl Window {
    fn width(&self) -> f64 {
        self.range[1] - self.range[0]
    }

    /// Width of a bucket between two places.
    fn bucket(&self, from: f64, to: f64) -> f64 {
        let is_visible = to >= self.visible[0] && from <= self.visible[1];
        if is_visible { self.bucket } else { self.bucket * HIDDEN_BUCKETS }
    }
}

/// Factor by which buckets outside the visible part are wider.
const HIDDEN_BUCKETS: f64 = 4.0;

/// Least distance between reported off-scale values of one kind, as a fraction of the window;
/// closer markers would overlap.
const OFF_SCALE_APART: f64 = 1.0 / 512.0;

/// The values in a window, with one neighbour on either side, so lines extend to the edge.
///
/// Values less than a bucket apart are reduced to their minimum and maximum, each at its own step,
/// so no extreme is lost. The cost grows with the number of buckets, not with that of values.
pub(in crate::figure) fn reduce(placed: &PlacedSeries<'_>, window: Window) -> Trace {
    let [first, last] = window.range;
    let start = placed.n_before(|x| x < first);
    let end = placed.n_before(|x| x <= last).max(start);
    let mut reducer = Reducer::new(placed, window);
    if start > 0 {
        reducer.take(start - 1, 1);
    }
    if start < end {
        // The root of the binary tree: a power of two that covers all values.
        reducer.visit(0, end.next_power_of_two(), [start, end]);
    }
    if end < placed.series.len() {
        reducer.take(end, 1);
    }
    reducer.finish()
}

/// Collects runs of values from left to right.
struct Reducer<'a> {
    placed: &'a PlacedSeries<'a>,
    window: Window,
    pieces: Vec<Vec<Point>>,
    piece: Vec<Point>,
    off_scale: Vec<OffScale>,
    /// Place of the last off-scale value of each kind: NaN, +∞, −∞, ≤ 0.
    last_off_scale: [f64; 4],
    /// Step of the last value collected.
    last_step: Option<u64>,
}

impl<'a> Reducer<'a> {
    fn new(placed: &'a PlacedSeries<'a>, window: Window) -> Self {
        Self {
            placed,
            window,
            pieces: Vec::new(),
            piece: Vec::new(),
            off_scale: Vec::new(),
            last_off_scale: [f64::NEG_INFINITY; 4],
            last_step: None,
        }
    }

    /// Collects the wanted ones among `n` values from index `at`: together if they fit a bucket,
    /// else half by half.
    fn visit(&mut self, at: usize, n: usize, wanted: [usize; 2]) {
        if at >= wanted[1] || at + n <= wanted[0] {
            return;
        }
        let is_wanted = wanted[0] <= at && at + n <= wanted[1];
        let fits = || {
            let (from, to) = (self.placed.place(at), self.placed.place(at + n - 1));
            to - from <= self.window.bucket(from, to)
        };
        if n == 1 || is_wanted && n > 2 && fits() {
            self.take(at, n);
        } else {
            self.visit(at, n / 2, wanted);
            self.visit(at + n / 2, n / 2, wanted);
        }
    }

    /// Collects `n` values from index `at` as one bucket.
    fn take(&mut self, at: usize, n: usize) {
        let series = self.placed.series;
        let joined = self.placed.joined;
        if self.last_step.is_some_and(|last| !joined.joins(last, series.step(at))) {
            self.interrupt();
        }
        self.last_step = Some(series.step(at + n - 1));
        if n == 1 {
            let value = series.value(at);
            if self.window.scale.has_place(value) {
                self.piece.push([series.step(at) as f64, value]);
            } else {
                self.interrupt();
                self.report(at, value);
            }
            return;
        }
        let summary = series.summary([at, at + n]);
        let (lowest, highest) = match self.window.scale {
            Scale::Linear | Scale::Symlog(_) => (summary.lowest(), summary.highest()),
            Scale::Log => {
                if let Some((at, value)) = summary.lowest().filter(|(_, value)| *value <= 0.0) {
                    self.report(at, value);
                }
                (summary.lowest_positive(), summary.highest().filter(|(_, value)| *value > 0.0))
            }
        };
        for (at, value) in summary.not_finite() {
            self.report(at, value);
        }
        let (Some(low), Some(high)) = (lowest, highest) else {
            self.interrupt();
            return;
        };
        let (former, latter) = if low.0 <= high.0 { (low, high) } else { (high, low) };
        self.piece.push([series.step(former.0) as f64, former.1]);
        if former.0 != latter.0 {
            self.piece.push([series.step(latter.0) as f64, latter.1]);
        }
    }

    fn interrupt(&mut self) {
        if !self.piece.is_empty() {
            self.pieces.push(std::mem::take(&mut self.piece));
        }
    }

    fn report(&mut self, at: usize, value: f64) {
        let kind = match value {
            f64::INFINITY => 1,
            f64::NEG_INFINITY => 2,
            _ if value.is_nan() => 0,
            _ => 3,
        };
        let place = self.placed.place(at);
        if place < self.last_off_scale[kind] + self.window.width() * OFF_SCALE_APART {
            return;
        }
        self.off_scale.push(OffScale { step: self.placed.series.step(at) as f64, value });
        // One outside the window must not suppress one inside.
        if place >= self.window.range[0] {
            self.last_off_scale[kind] = place;
        }
    }

    fn finish(mut self) -> Trace {
        self.interrupt();
        self.off_scale.sort_by(|a, b| a.step.total_cmp(&b.step));
        Trace { pieces: self.pieces, off_scale: self.off_scale }
    }
}

#[cfg(test)]
mod tests {
    use super::super::placed_series::Joined;
    use super::*;
    use crate::history::Series;

    fn window(steps: [f64; 2], n_buckets: usize, scale: Scale) -> Window {
        Window {
            range: steps,
            visible: steps,
            bucket: (steps[1] - steps[0]) / n_buckets as f64,
            scale,
        }
    }

    fn traced(values: &[f64], window: Window) -> Trace {
        let at: Vec<_> = (0..).zip(values.iter().copied()).collect();
        traced_at(&at, window, Joined::All)
    }

    fn traced_at(values: &[(u64, f64)], window: Window, joined: Joined<'_>) -> Trace {
        let series: Series = values.iter().copied().collect();
        reduce(&PlacedSeries { series: &series, place: &|step| step as f64, joined }, window)
    }

    /// The same numbers at every call, spread over all bits.
    fn hash(i: u64) -> u64 {
        let x = i.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (x ^ (x >> 31)).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 16
    }

    /// Period two, with spikes, zeros, negative values and all that is not finite here and there.
    fn wild(i: u64, salt: u64) -> f64 {
        let calm = if i.is_multiple_of(2) { 1.0 } else { 2.0 };
        match hash(i + salt * 7919) % 4000 {
            0 => 1e9,
            1 => 1e-9,
            2 => f64::NAN,
            3 => f64::INFINITY,
            4 => f64::NEG_INFINITY,
            5 => 0.0,
            6 => -5.0,
            more => calm + more as f64 * 1e-6,
        }
    }

    #[test]
    fn nothing_ever_disappears_at_any_zoom() {
        for salt in 0..40 {
            let n = [3, 50, 700, 40_000][usize::try_from(salt % 4).unwrap()];
            let spacing = if salt % 3 == 0 { 1 } else { 1 + salt % 7 };
            // Every step, every few steps, or now this and now that.
            let step = |i: u64| if salt % 5 == 0 { i + (i / 100) * 40 } else { i * spacing };
            let all: Vec<_> = (0..n).map(|i| (step(i), wild(i, salt))).collect();
            let end = step(n) as f64;
            let [a, b] = [1, 2].map(|k| (hash(salt * 2 + k) % 1000) as f64 / 1000.0 * end);
            let n_buckets = [1, 7, 300, 2000][usize::try_from(hash(salt) % 4).unwrap()];
            for steps in [[0.0, end], [a.min(b), a.max(b) + 1.0]] {
                for scale in [Scale::Linear, Scale::Log] {
                    let window = window(steps, n_buckets, scale);
                    check(&all, window, &traced_at(&all, window, Joined::All));
                    let third = window.width() / 3.0;
                    let visible = [steps[0] + third, steps[1] - third];
                    let window = Window { visible, ..window };
                    check(&all, window, &traced_at(&all, window, Joined::All));
                }
            }
        }
    }

    /// Checks every value: within a bucket of it, the line extends as high and as low; every
    /// reported off-scale value exists, and every existing one is reported nearby.
    fn check(all: &[(u64, f64)], window: Window, reduced: &Trace) {
        let most = 4.0 * window.width() / window.bucket + 80.0;
        let kept: Vec<_> = reduced.points().collect();
        assert!(kept.windows(2).all(|pair| pair[0][0] < pair[1][0]), "in order, each once");
        assert!(kept.len() as f64 <= most, "{} {window:?}", kept.len());
        let value = |x: f64| all[all.partition_point(|(step, _)| (*step as f64) < x)].1;
        assert!(kept.iter().all(|point| value(point[0]) == point[1]));
        let kind = |x: f64| (x.is_nan(), x == f64::INFINITY, x == f64::NEG_INFINITY);
        for off_scale in &reduced.off_scale {
            assert_eq!(kind(value(off_scale.step)), kind(off_scale.value));
        }
        for (step, value) in all {
            let x = *step as f64;
            if x < window.range[0] || x > window.range[1] {
                continue;
            }
            let bucket = window.bucket(x, x);
            if window.scale.to_axis(*value).is_some() {
                let from = kept.partition_point(|p| p[0] < x - bucket);
                let near = || kept[from..].iter().take_while(|p| p[0] <= x + bucket);
                assert!(near().any(|p| p[1] >= *value), "{x} {value} {window:?}");
                assert!(near().any(|p| p[1] <= *value), "{x} {value} {window:?}");
            } else {
                let distance = bucket + window.width() * OFF_SCALE_APART;
                let is_near = |off_scale: &&OffScale| (off_scale.step - x).abs() <= distance;
                let mut near = reduced.off_scale.iter().filter(is_near);
                assert!(near.any(|l| kind(l.value) == kind(*value)), "{x} {value} {window:?}");
            }
        }
    }

    #[test]
    fn the_cost_does_not_grow_with_the_length_of_a_series() {
        let n_read = |n: u64| {
            let series: Series = (0..n).map(|i| (i, wild(i, 3))).collect();
            let count = std::cell::Cell::new(0);
            let place = |step: u64| {
                count.set(count.get() + 1);
                step as f64
            };
            let window = window([0.0, n as f64], 500, Scale::Log);
            reduce(&PlacedSeries { series: &series, place: &place, joined: Joined::All }, window);
            count.get()
        };
        let (short, long) = (n_read(10_000), n_read(640_000));
        assert!(long <= 2 * short && short < 500 * 20, "{short} {long}");
    }

    #[test]
    fn few_values_are_all_kept_with_one_neighbour_outside_either_edge() {
        let all: Vec<_> = (0..100).map(f64::from).collect();
        let found = traced(&all, window([40.0, 60.0], 100, Scale::Linear));
        let steps: Vec<_> = found.points().map(|p| p[0]).collect();
        assert_eq!(steps.first(), Some(&39.0));
        assert_eq!(steps.last(), Some(&61.0));
        assert_eq!(steps.len(), 23);
    }

    #[test]
    fn a_line_is_interrupted_at_off_scale_values_which_are_reported() {
        let all = [1.0, 2.0, f64::NAN, 3.0, 0.0, 4.0, f64::INFINITY];
        let found = traced(&all, window([0.0, 6.0], 50, Scale::Log));
        assert_eq!(
            found.pieces,
            [vec![[0.0, 1.0], [1.0, 2.0]], vec![[3.0, 3.0]], vec![[5.0, 4.0]]]
        );
        assert_eq!(found.off_scale.iter().map(|l| l.step).collect::<Vec<_>>(), [2.0, 4.0, 6.0]);
    }

    #[test]
    fn values_too_far_apart_or_with_a_measurement_between_them_are_not_joined() {
        let all = [(0, 1.0), (1, 1.0), (5, 1.0), (10, 2.0)];
        let steps = |measured: &[u64]| -> Series { measured.iter().map(|at| (*at, 0.0)).collect() };
        let [same, more] = [steps(&[0, 1, 5, 10]), steps(&[0, 1, 3, 5, 7, 9, 10])];
        for (joined, n_pieces) in [
            (Joined::All, 1),
            (Joined::Within(4), 2),
            (Joined::NextOf(&same), 1),
            (Joined::NextOf(&more), 3),
        ] {
            let found = traced_at(&all, window([0.0, 10.0], 90, Scale::Linear), joined);
            assert_eq!(found.pieces.len(), n_pieces, "{joined:?}");
            assert!(found.off_scale.is_empty());
        }
    }
}
