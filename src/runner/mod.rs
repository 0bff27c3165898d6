//! Runs as events: the one loop body that the window's workers and headless runs share.
//! Knows no window and no file; its clock only times what steps cost.

mod driver;
mod throttle;

pub use driver::{Advance, Driver};
pub use throttle::Throttle;

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;

use crate::config::RunConfig;
use crate::platform::clock::Instant;
use crate::protocol::{Event, RunEnd, RunId};
use crate::train::{Hooks, TrainError};

/// Trains to the end on the calling thread and hands every event to `observer`, in order; gives the
/// run as it was left. The observer's `Break` stops the run before its next step; `is_interrupted` is
/// asked within steps too, and a step that is given up leaves the run as it was before that step.
///
/// # Errors
/// When the run cannot start, or cannot go on; divergence is an event, not an error.
/// [`TrainError::Interrupted`] when it was given up before it started.
pub fn run(
    config: &RunConfig,
    n_threads: usize,
    is_interrupted: &dyn Fn() -> bool,
    observer: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Result<Driver, TrainError> {
    let begun = Instant::now();
    let now_ms = || begun.elapsed().as_secs_f64() * 1e3;
    let run = RunId(0);
    let hooks = Hooks { is_interrupted, now_ms: &now_ms, ..Hooks::none() };
    let (mut driver, started) = Driver::begin(run, config.clone(), n_threads, hooks)?;
    let mut flow = observer(&started);
    let observer = RefCell::new(observer);
    let tell = |event: &Event| (observer.borrow_mut())(event);
    let mut end = RunEnd::Stopped;
    while flow.is_continue() {
        let (throttle, is_left) = (Throttle::begin(), Cell::new(false));
        let hear = |work| {
            if throttle.is_due() {
                is_left.set(is_left.get() || tell(&Event::Working { run, work }).is_break());
            }
        };
        let advance = driver.advance(Hooks { tell: &hear, ..hooks })?;
        if is_left.get() {
            flow = ControlFlow::Break(());
        }
        let is_given_up = advance.is_nothing();
        let sampled = advance.record.map(|record| Event::Sampled { run, records: vec![record] });
        let prepared = advance.prepared.map(|told| Event::Prepared { run, records: vec![told] });
        for event in prepared.iter().chain(&advance.tuned).chain(&sampled) {
            // Both are told even if the first is answered with a stop: they are of one step.
            if tell(event).is_break() {
                flow = ControlFlow::Break(());
            }
        }
        if let Some(ended) = advance.ended {
            end = ended;
            break;
        }
        if is_given_up || is_interrupted() {
            break;
        }
    }
    let stopped = Event::Ended { run, step: driver.steps_taken(), end };
    // The run is over, whatever the observer answers.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = tell(&stopped);
    Ok(driver)
}
