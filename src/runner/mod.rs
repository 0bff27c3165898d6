//! Runs as events: the one loop body that the window's workers and headless runs share.
//! No window, file or clock of its own.

mod drive;

pub use drive::{Advance, Drive};

use std::ops::ControlFlow;
use std::time::Instant;

use crate::config::RunConfig;
use crate::protocol::{Event, RunId, StopReason};
use crate::train::{Hooks, TrainError};

/// Trains to the end on the calling thread and hands every event to `observer`, in order.
/// The observer's `Break` stops the run before its next step.
///
/// # Errors
/// When the run cannot start, or cannot go on; divergence is an event, not an error.
pub fn run(
    config: &RunConfig,
    n_threads: usize,
    observer: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Result<(), TrainError> {
    let begun = Instant::now();
    let now_ms = || begun.elapsed().as_secs_f64() * 1e3;
    let hooks = Hooks { is_interrupted: &|| false, now_ms: &now_ms };
    let run = RunId(0);
    let (mut drive, started) = Drive::begin(run, config.clone(), n_threads)?;
    let mut flow = observer(&started);
    while flow.is_continue() {
        let advance = drive.advance(hooks)?;
        if let Some(tuned) = &advance.tuned {
            flow = observer(tuned);
        }
        let broke = flow;
        if let Some(record) = advance.record {
            flow = observer(&Event::Sampled { run, records: vec![record] });
        }
        if let Some(reason) = advance.ended {
            let stopped = Event::Stopped { run, step: drive.steps_taken(), reason };
            return match observer(&stopped) {
                ControlFlow::Continue(()) | ControlFlow::Break(()) => Ok(()),
            };
        }
        if broke.is_break() {
            flow = broke;
        }
    }
    let stopped = Event::Stopped { run, step: drive.steps_taken(), reason: StopReason::Requested };
    match observer(&stopped) {
        ControlFlow::Continue(()) | ControlFlow::Break(()) => Ok(()),
    }
}
