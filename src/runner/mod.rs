//! Runs as events: the one loop body that the window's workers and headless runs share.
//! Knows no window and no file; its clock only times what steps cost.

mod drive;

pub use drive::{Advance, Drive};

use std::ops::ControlFlow;
use std::time::Instant;

use crate::config::RunConfig;
use crate::protocol::{Event, RunId, StopReason};
use crate::train::{Hooks, TrainError};

/// Trains to the end on the calling thread and hands every event to `observer`, in order; gives the
/// run as it was left. The observer's `Break` stops the run before its next step.
///
/// # Errors
/// When the run cannot start, or cannot go on; divergence is an event, not an error.
pub fn run(
    config: &RunConfig,
    n_threads: usize,
    observer: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Result<Drive, TrainError> {
    run_unless(config, n_threads, &|| false, observer)
}

/// As [`run`], asking `is_interrupted` within steps too: a step that is given up leaves the run as
/// it was before that step.
///
/// # Errors
/// See [`run`]; [`TrainError::Interrupted`] when it was before the run started.
pub fn run_unless(
    config: &RunConfig,
    n_threads: usize,
    is_interrupted: &dyn Fn() -> bool,
    observer: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Result<Drive, TrainError> {
    let begun = Instant::now();
    let now_ms = || begun.elapsed().as_secs_f64() * 1e3;
    let hooks = Hooks { is_interrupted, now_ms: &now_ms };
    let run = RunId(0);
    let (mut drive, started) = Drive::begin_unless(run, config.clone(), n_threads, hooks)?;
    let mut flow = observer(&started);
    let mut reason = StopReason::Requested;
    while flow.is_continue() {
        let advance = drive.advance(hooks)?;
        let is_given_up = advance.is_nothing();
        let sampled = advance.record.map(|record| Event::Sampled { run, records: vec![record] });
        let prepared = advance.prepared.map(|told| Event::Prepared { run, records: vec![told] });
        for event in prepared.iter().chain(&advance.tuned).chain(&sampled) {
            // Both are told even if the first is answered with a stop: they are of one step.
            if observer(event).is_break() {
                flow = ControlFlow::Break(());
            }
        }
        if let Some(ended) = advance.ended {
            reason = ended;
            break;
        }
        if is_given_up || is_interrupted() {
            break;
        }
    }
    let stopped = Event::Stopped { run, step: drive.steps_taken(), reason };
    // The run is over, whatever the observer answers.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = observer(&stopped);
    Ok(drive)
}
