//! Runs as sequences of events: the training loop that the window's workers and headless runs
//! share.
//! Opens no window and no file; its clock only times steps.

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

/// Trains to the end on the calling thread and passes every event to `observer`, in order; returns
/// the driver in its final state. `Break` from the observer stops the run before the next step.
/// `is_interrupted` is polled within steps too; an interrupted step changes nothing.
///
/// # Errors
/// The run cannot start or continue; divergence is an event, not an error.
/// [`TrainError::Interrupted`] if it was interrupted before it started.
pub fn run(
    config: &RunConfig,
    n_threads: usize,
    is_interrupted: &dyn Fn() -> bool,
    observer: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Result<Driver, TrainError> {
    let start = Instant::now();
    let now_ms = || start.elapsed().as_secs_f64() * 1e3;
    let run = RunId(0);
    let hooks = Hooks { is_interrupted, now_ms: &now_ms, ..Hooks::none() };
    let (mut driver, started) = Driver::begin(run, config.clone(), n_threads, hooks)?;
    let mut flow = observer(&started);
    let observer = RefCell::new(observer);
    let send = |event: &Event| (observer.borrow_mut())(event);
    let mut end = RunEnd::Stopped;
    while flow.is_continue() {
        let (throttle, must_stop) = (Throttle::for_work(), Cell::new(false));
        let report = |work| {
            if throttle.is_due() {
                must_stop.set(must_stop.get() || send(&Event::Working { run, work }).is_break());
            }
        };
        let advance = driver.advance(Hooks { tell: &report, ..hooks })?;
        if must_stop.get() {
            flow = ControlFlow::Break(());
        }
        let is_interrupted_step = advance.is_empty();
        let sampled = advance.record.map(|record| Event::Sampled { run, records: vec![record] });
        let prepared =
            advance.prepared.map(|record| Event::Prepared { run, records: vec![record] });
        for event in prepared.iter().chain(&advance.tuned).chain(&sampled) {
            // All events of a step are sent, even if the observer answers one with `Break`.
            if send(event).is_break() {
                flow = ControlFlow::Break(());
            }
        }
        if let Some(ended) = advance.ended {
            end = ended;
            break;
        }
        if is_interrupted_step || is_interrupted() {
            break;
        }
    }
    let stopped = Event::Ended { run, step: driver.steps_taken(), end };
    // The run has ended; a `Break` has nothing left to stop.
    let (ControlFlow::Continue(()) | ControlFlow::Break(())) = send(&stopped);
    Ok(driver)
}
