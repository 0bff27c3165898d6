//! The thread that runs trials: one step at a time, reported as they advance, and interruptible at
//! any moment.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::outbox::{Outbox, TICK};
use crate::config::RunConfig;
use crate::platform::clock::Instant;
use crate::platform::threads::{self, Thread};
use crate::protocol::{Event, Question, RunId, Trials, TrialsStatus};
use crate::train::{Hooks, TrainError, Trainer, TrialRunner};

/// Time between two reports of trials.
const REPORT_TIME: Duration = Duration::from_millis(50);

/// Error when a run ends before it has provided the copy that trials start from.
const NO_COPY: &str =
    "the run ended before its weights could be copied; try again from its first step";

/// Where trials start.
pub(super) enum Origin {
    /// A copy of a run in its current state, once its worker sends one.
    Copy(Receiver<Trainer>),
    /// The first step of a new run of this configuration, on this many threads.
    Start(Box<RunConfig>, usize),
}

/// A thread that runs trials; [`Self::end`] stops it.
pub(super) struct TrialsHandle {
    run: RunId,
    is_ended: Arc<AtomicBool>,
    thread: Thread<()>,
}

impl TrialsHandle {
    /// Starts the trials on a new thread.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub(super) fn start(
        run: RunId,
        origin: Origin,
        question: Question,
        outbox: Outbox,
    ) -> io::Result<Self> {
        let is_ended = Arc::new(AtomicBool::new(false));
        let worker = TrialsWorker { run, outbox, is_ended: is_ended.clone() };
        let thread = threads::spawn(format!("eoscope-trials-{}", run.0), move || {
            worker.run_all(origin, &question);
        })?;
        Ok(Self { run, is_ended, thread })
    }

    /// The run that the trials belong to.
    pub(super) fn run(&self) -> RunId {
        self.run
    }

    /// Stops the trials, even within a step.
    pub(super) fn end(&self) {
        self.is_ended.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits until the thread has ended.
    pub(super) fn join(self) {
        if self.thread.join().is_err() {
            tracing::error!("the thread of trials panicked outside its guard");
        }
    }
}

struct TrialsWorker {
    run: RunId,
    outbox: Outbox,
    is_ended: Arc<AtomicBool>,
}

impl TrialsWorker {
    fn run_all(&self, origin: Origin, question: &Question) {
        let failed = |message: String| {
            let status = TrialsStatus::Failed(message);
            let trials = Trials { status, ..Trials::new(question.clone()) };
            self.send(0, trials);
        };
        match catch_unwind(AssertUnwindSafe(|| self.try_all(origin, question))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => failed(error.to_string()),
            Err(_) => failed("the thread of the trials panicked; this is a bug".to_owned()),
        }
    }

    fn try_all(&self, origin: Origin, question: &Question) -> Result<(), TrainError> {
        let is_ended = || self.is_ended.load(Ordering::Relaxed);
        let base = match origin {
            Origin::Start(config, n_threads) => match Trainer::new(*config, n_threads, &is_ended) {
                Err(TrainError::Interrupted) => {
                    let status = TrialsStatus::Cancelled;
                    self.send(0, Trials { status, ..Trials::new(question.clone()) });
                    return Ok(());
                }
                trainer => trainer?,
            },
            Origin::Copy(copies) => match self.wait_for(&copies) {
                Ok(trainer) => trainer,
                Err(status) => {
                    self.send(0, Trials { status, ..Trials::new(question.clone()) });
                    return Ok(());
                }
            },
        };
        let step = base.steps_taken();
        let mut runner = TrialRunner::new(base, question.clone());
        let hooks = Hooks { is_interrupted: &is_ended, ..Hooks::none() };
        let mut reported = Instant::now();
        while !runner.results().is_over() {
            if let Err(error) = runner.advance(hooks) {
                runner.end(TrialsStatus::Failed(error.to_string()));
            }
            if is_ended() {
                runner.end(TrialsStatus::Cancelled);
            }
            if !runner.results().is_over() && reported.elapsed() >= REPORT_TIME {
                reported = Instant::now();
                self.send(step, runner.results().clone());
            }
        }
        self.send(step, runner.results().clone());
        Ok(())
    }

    fn wait_for(&self, copies: &Receiver<Trainer>) -> Result<Trainer, TrialsStatus> {
        loop {
            match copies.recv_timeout(TICK) {
                Ok(trainer) => return Ok(trainer),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(TrialsStatus::Failed(NO_COPY.to_owned()));
                }
                Err(RecvTimeoutError::Timeout) if self.is_ended.load(Ordering::Relaxed) => {
                    return Err(TrialsStatus::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn send(&self, step: u64, trials: Trials) {
        let tried = Event::Tried { run: self.run, step, trials: Box::new(trials) };
        if self.outbox.send(tried).is_err() {
            self.is_ended.store(true, Ordering::Relaxed);
        }
    }
}
