//! Converts the steps of a run to places on the horizontal axis.

use crate::figure::axes::Axis;
use crate::figure::lines::{Line, Trace, step_near};
use crate::figure::panels::{ClippedRange, Mark};
use crate::history::{Run, Series};
use crate::quantity;

/// Converts steps of one run to places on an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepAxis<'a> {
    /// The place of every recorded step; `None` on the step axis.
    places: Option<&'a Series>,
}

impl<'a> StepAxis<'a> {
    pub(super) fn new(run: &'a Run, axis: Axis) -> Self {
        let places = match axis {
            Axis::Step => None,
            Axis::EffectiveTime => Some(run.effective_time()),
            Axis::Epoch => Some(run.series(quantity::EPOCH)),
            Axis::WallTime => Some(run.training_secs()),
        };
        Self { places }
    }

    /// The place of a step, or of the last recorded step before it. Never decreases with the step.
    pub(super) fn place(self, step: u64) -> f64 {
        let Some(places) = self.places else { return step as f64 };
        places.at_or_before(step).map_or(0.0, |(_, place)| place)
    }

    /// Converts a trace from steps to this axis.
    pub(super) fn trace(self, mut trace: Trace) -> Trace {
        if self.places.is_some() {
            let points = trace.pieces.iter_mut().flatten().map(|point| &mut point[0]);
            for step in
                points.chain(trace.off_scale.iter_mut().map(|off_scale| &mut off_scale.step))
            {
                *step = self.place(whole(*step));
            }
        }
        trace
    }

    /// Converts a line with its mean, bands and reading from steps to this axis.
    pub(super) fn line(self, mut line: Line) -> Line {
        if self.places.is_none() {
            return line;
        }
        let smooth = line.smooth.iter_mut().flatten().map(|point| &mut point[0]);
        for step in smooth.chain(line.bands.iter_mut().flatten().map(|extent| &mut extent[0])) {
            *step = self.place(whole(*step));
        }
        if let Some(end) = &mut line.end {
            end[0] = self.place(whole(end[0]));
        }
        if let Some(reading) = &mut line.reading {
            reading.place = self.place(reading.step);
        }
        line.trace = self.trace(line.trace);
        line
    }

    /// The recorded step nearest to a place; `None` outside the run.
    pub(super) fn step_near(self, place: f64) -> Option<u64> {
        let Some(places) = self.places else { return step_near(place) };
        let after = n_before(places, place);
        let (later, _) = places.get(after).filter(|_| place >= 0.0)?;
        let Some((earlier, before)) = after.checked_sub(1).and_then(|at| places.get(at)) else {
            return Some(later);
        };
        let is_nearer = place - before < places.value(after) - place;
        Some(if is_nearer { earlier } else { later })
    }

    /// First and last step of a range of places, plus one recorded step on either side.
    pub(super) fn steps(self, [first, last]: [f64; 2]) -> [f64; 2] {
        let Some(places) = self.places else { return [first, last] };
        let step = |at: usize| places.get(at.min(places.len().saturating_sub(1)));
        let step = |at: usize| step(at).map_or(0.0, |(step, _)| step as f64);
        [step(n_before(places, first).saturating_sub(1)), step(n_before(places, last))]
    }

    /// Converts a range of steps to this axis: from the start of its first step to the end of its
    /// last.
    pub(super) fn clipped_range(self, clipped: ClippedRange) -> ClippedRange {
        let [first, last] = clipped.range;
        if self.places.is_none() {
            return ClippedRange { range: [first - 0.5, last + 0.5], ..clipped };
        }
        ClippedRange { range: [self.place(whole(first)), self.place(whole(last) + 1)], ..clipped }
    }

    /// A mark at a step.
    pub(super) fn mark(self, step: u64, sentence: String) -> Mark {
        Mark { step, place: self.place(step), sentence }
    }
}

/// The place of a step of a run on an axis.
#[must_use]
pub fn place_of_step(run: &Run, axis: Axis, step: u64) -> f64 {
    StepAxis::new(run, axis).place(step)
}

/// The number of values below this one in a non-decreasing series.
fn n_before(series: &Series, value: f64) -> usize {
    let (mut from, mut to) = (0, series.len());
    while from < to {
        let middle = usize::midpoint(from, to);
        if series.value(middle) < value {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

fn whole(step: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a step, which is below 2^53"
    )]
    let step = step as u64;
    step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LiveSettings;
    use crate::config::RunConfig;
    use crate::figure::{Figure, Options, PlottedRun, compose};
    use crate::protocol::{Cost, Event, Record, RunId, Sample, Source};

    const RUN: RunId = RunId(1);

    /// η halves at step 100, every step of the second half takes three times as long, and every
    /// second one of it is clipped.
    fn run() -> Run {
        let mut run = Run::new(RUN, RunConfig::default());
        let record = |step: u64| {
            let is_late = step >= 100;
            let clip_scale = if is_late && step % 2 == 1 { 0.5 } else { 1.0 };
            let learning_rate = if is_late { 0.25 } else { 0.5 };
            let sample = Sample {
                step,
                epoch: step as f64 / 10.0,
                loss: 1.0 + step as f64,
                learning_rate,
                effective_learning_rate: learning_rate * clip_scale,
                clip_level: Some(1.0),
                clip_scale,
                clipped_fraction: Some(f64::from(u8::from(clip_scale < 1.0))),
                ..Sample::default()
            };
            let step_ms = if is_late { 30.0 } else { 10.0 };
            Record { sample, cost: Cost { step_ms, ..Cost::default() } }
        };
        run.apply(&Event::Sampled { run: RUN, records: (0..201).map(record).collect() });
        let live = LiveSettings { peak_lr: 0.25, ..run.config().live.clone() };
        run.apply(&Event::Tuned {
            run: RUN,
            step: 100,
            live: Box::new(live),
            source: Source::User(1),
        });
        run
    }

    fn figure(run: &Run, axis: Axis, visible: Option<[f64; 2]>) -> Figure {
        let shown = PlottedRun { run, is_ghost: false, name: String::new() };
        compose(&[shown], &Options { axis, visible, ..Options::default() })
    }

    fn loss(figure: &Figure) -> Vec<[f64; 2]> {
        let lines = &figure.panels[1].lines;
        lines.iter().find(|line| line.quantity == quantity::LOSS).unwrap().trace.points().collect()
    }

    #[test]
    fn every_line_mark_and_strip_lies_on_the_chosen_axis() {
        let run = run();
        let rows = [
            (Axis::Step, 200.0, 100.0),
            (Axis::EffectiveTime, 50.0 + 0.1875 * 100.0, 50.0),
            (Axis::Epoch, 20.0, 10.0),
            (Axis::WallTime, 4.0, 1.0),
        ];
        for (axis, end, mark) in rows {
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
            let figure = figure(&run, axis, None);
            assert!(near(figure.extent[1], end), "{axis:?} {:?}", figure.extent);
            assert!(near(figure.marks[0].place, mark), "{axis:?} {:?}", figure.marks);
            assert_eq!(figure.marks[0].step, 100);
            let points = loss(&figure);
            assert_eq!(points.len(), 201, "{axis:?}");
            assert!(near(points[100][0], mark) && near(points[200][0], end), "{axis:?}");
            assert_eq!(points[100][1], 101.0);
            assert!(points.windows(2).all(|pair| pair[0][0] < pair[1][0]));
            let clipped = &figure.panels[3].clipped;
            assert!(clipped.len() >= 50, "{axis:?} {}", clipped.len());
            let room = if axis == Axis::Step { 0.5 } else { 0.0 };
            let inside = |clipped: &ClippedRange| {
                clipped.range[0] >= mark - room && clipped.range[1] <= end + room + 1e-9
            };
            assert!(clipped.iter().all(inside), "{axis:?}");
            let eff = figure.panels[2]
                .lines
                .iter()
                .find(|line| line.quantity == quantity::EFFECTIVE_LEARNING_RATE);
            assert!(eff.unwrap().trace.points().all(|point| point[0] > mark), "{axis:?}");
        }
    }

    #[test]
    fn the_visible_range_is_given_in_places_of_the_axis() {
        let run = run();
        let points = loss(&figure(&run, Axis::WallTime, Some([1.0, 1.61])));
        // A quarter more on either side, and one neighbour: from .8475 s to 1.7625 s.
        assert_eq!(points.first().unwrap()[1], 85.0);
        assert_eq!(points.last().unwrap()[1], 127.0);
    }

    #[test]
    fn a_run_without_a_step_has_an_axis() {
        let empty = Run::new(RUN, RunConfig::default());
        for axis in Axis::ALL {
            assert_eq!(figure(&empty, axis, None).extent, [0.0, 1.0]);
        }
    }
}
