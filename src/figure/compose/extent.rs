//! How far a figure extends on its horizontal axis, and how narrow a part of it can be shown.

use crate::figure::axes::Axis;
use crate::figure::request::PlottedRun;
use crate::history::Run;

use super::step_axis::StepAxis;

/// Steps that stay visible when zooming in; within one step there is nothing to see.
const LEAST_STEPS: f64 = 4.0;

/// Width of [`LEAST_STEPS`] steps of the run whose steps are widest on average.
pub(super) fn least_width(runs: &[PlottedRun], axis: Axis) -> f64 {
    let mean_width = |run: &Run| {
        let newest = run.last()?.sample.step;
        (newest > 0).then(|| StepAxis::new(run, axis).place(newest) / newest as f64)
    };
    let widest = runs.iter().filter_map(|shown| mean_width(shown.run)).fold(0.0, f64::max);
    LEAST_STEPS * widest
}

/// Places of step 0 and of the newest step of all runs.
#[must_use]
pub fn full_extent(runs: &[PlottedRun], axis: Axis) -> [f64; 2] {
    let all: Vec<&Run> = runs.iter().map(|shown| shown.run).collect();
    extent(runs, &all, axis)
}

/// Places of step 0 and of the newest step of the current run and its seed group, or of all runs
/// while those have no step. Longer ghosts extend beyond.
pub(super) fn extent(runs: &[PlottedRun], seed_group: &[&Run], axis: Axis) -> [f64; 2] {
    let newest = |run: &Run| Some(StepAxis::new(run, axis).place(run.last()?.sample.step));
    let current = runs.iter().rfind(|shown| !shown.is_ghost).map(|shown| shown.run);
    let own = current.into_iter().chain(seed_group.iter().copied());
    let newest = match own.filter_map(newest).reduce(f64::max) {
        Some(newest) => newest,
        None => runs.iter().filter_map(|shown| newest(shown.run)).fold(0.0, f64::max),
    };
    [0.0, if newest > 0.0 { newest } else { 1.0 }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Cost, Event, Record, RunId, Sample};

    #[test]
    fn a_few_steps_are_as_wide_as_those_of_the_run_with_the_widest() {
        let run = |id: u64, per_epoch: f64| {
            let mut run = Run::new(RunId(id), RunConfig::default());
            let record = |step: u64| {
                let sample = Sample { step, epoch: step as f64 / per_epoch, ..Sample::default() };
                Record { sample, cost: Cost::default() }
            };
            run.apply(&Event::Sampled { run: RunId(id), records: (0..21).map(record).collect() });
            run
        };
        let runs = [run(1, 10.0), run(2, 5.0), Run::new(RunId(3), RunConfig::default())];
        let plotted = |run| PlottedRun { run, is_ghost: false, name: String::new() };
        let shown: Vec<PlottedRun> = runs.iter().map(plotted).collect();
        assert_eq!(least_width(&shown, Axis::Step), 4.0);
        assert!((least_width(&shown, Axis::Epoch) - 0.8).abs() < 1e-12);
        assert_eq!(least_width(&shown[2..], Axis::Step), 0.0);
    }
}
