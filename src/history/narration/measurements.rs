//! The certain measurements of a run.

use crate::history::doubts::Doubted;
use crate::history::run::Run;

use super::measurement::Measurement;

/// Measurements looked through at most for certain ones.
const MAX_SCANNED: usize = 200;

/// The certain measurements up to a step, newest first, of the last [`MAX_SCANNED`] ones.
pub(super) fn latest(run: &Run, now: u64) -> impl Iterator<Item = Measurement> + '_ {
    let series = run.series(run.governing_quantity());
    let indices = (0..series.n_up_to(now)).rev().take(MAX_SCANNED);
    indices.filter_map(move |index| at(run, series.step(index)))
}

/// The certain measurements after one step and up to another.
pub(super) fn between(run: &Run, [after, until]: [u64; 2]) -> impl Iterator<Item = Measurement> {
    let series = run.series(run.governing_quantity());
    let indices = series.n_up_to(after)..series.n_up_to(until);
    indices.take(MAX_SCANNED).filter_map(move |index| at(run, series.step(index)))
}

/// The certain measurement at a step.
pub(super) fn at(run: &Run, step: u64) -> Option<Measurement> {
    let found = Measurement::of(step, |quantity| run.series(quantity).at(step))?;
    (!is_in_doubt(run, step)).then_some(found)
}

/// Whether an audit after this step contradicted it.
fn is_in_doubt(run: &Run, step: u64) -> bool {
    let later = run.doubts().iter().rev().take_while(|doubted| doubted.step() > step);
    later.flat_map(Doubted::doubts).any(|doubt| doubt.agreed < step)
}
