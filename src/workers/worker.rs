//! The thread of one run: obeys commands, paces steps, and sends events in batches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::abort::Abort;
use super::outbox::{Outbox, TICK};
use super::pending::PendingRecords;
use crate::config::RunConfig;
use crate::platform::clock::Instant;
use crate::protocol::{Command, Event, Paused, RunEnd, RunId, SearchKind};
use crate::runner::Driver;
use crate::store::{Place, Recording, Sink, StoreError};
use crate::train::{Hooks, TrainError, Trainer};

/// How long a step may delay a command before the step is interrupted, to be repeated after the
/// command.
const STEP_PATIENCE: Duration = Duration::from_millis(100);

/// What the loop does next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Running,
    Paused,
    /// One step, then pause.
    Single,
    Stopping,
}

/// A message to a worker.
pub(super) enum Request {
    /// A command from the window.
    Command(Command),
    /// Request for a copy of the trainer in its current state.
    Fork(Sender<Trainer>),
}

pub(super) struct Worker {
    run: RunId,
    commands: Receiver<Request>,
    outbox: Outbox,
    /// The run's folder, if runs are recorded.
    recording: Option<Recording>,
    is_stopped: Arc<AtomicBool>,
    pending: PendingRecords,
    /// Number of steps made so far.
    n_steps: u64,
    /// Whether a slow step may be interrupted to obey a command. Only once in a row, or dragging a
    /// slider would starve a large network of progress.
    may_abandon_step: bool,
}

impl Worker {
    pub(super) fn new(
        run: RunId,
        commands: Receiver<Request>,
        outbox: Outbox,
        is_stopped: Arc<AtomicBool>,
    ) -> Self {
        let place = outbox.recordings.clone().map(Place::In);
        Self {
            run,
            commands,
            outbox,
            recording: place.map(Recording::new),
            is_stopped,
            pending: PendingRecords::new(),
            n_steps: 0,
            may_abandon_step: true,
        }
    }

    /// Runs to the end; a panic is reported as a failure.
    pub(super) fn run(mut self, config: RunConfig, is_paused: Paused, n_threads: usize) {
        match catch_unwind(AssertUnwindSafe(|| self.run_loop(config, is_paused, n_threads))) {
            Ok(Ok(())) => {}
            Ok(Err(Abort::Closed)) => self.close(),
            Ok(Err(Abort::Failed(message))) => self.fail(message),
            Err(panic) => {
                let text = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied())
                    .unwrap_or("no message");
                self.fail(format!("the run's thread panicked ({text}); this is a bug"));
            }
        }
    }

    /// Reports and, if possible, records that the run failed.
    fn fail(&mut self, message: String) {
        // Pending records are still sent; a second failure adds nothing to the first.
        drop(self.flush());
        let (step, end) = (self.n_steps, RunEnd::Failed { message: message.clone() });
        if let Err(error) = self.record(&Event::Ended { run: self.run, step, end }) {
            tracing::error!("{error}");
        }
        self.outbox.failed(self.run, step, message);
    }

    /// Starts the run; `None` if it was stopped before that.
    fn begin(
        &mut self,
        config: RunConfig,
        n_threads: usize,
    ) -> Result<Option<(Driver, Event)>, Abort> {
        let is_stopped = self.is_stopped.clone();
        let hooks =
            Hooks { is_interrupted: &|| is_stopped.load(Ordering::Relaxed), ..Hooks::none() };
        match Driver::begin(self.run, config, n_threads, hooks) {
            Err(TrainError::Interrupted) => {
                let end = RunEnd::Stopped;
                self.emit(Event::Ended { run: self.run, step: 0, end })?;
                Ok(None)
            }
            result => Ok(Some(result?)),
        }
    }

    /// Records what is pending after the window was closed.
    fn close(&mut self) {
        let left = self.pending.drain(self.run);
        let recorded = left.iter().try_for_each(|event| self.record(event));
        let close = |()| self.recording.as_mut().map_or(Ok(()), Recording::end);
        if let Err(error) = recorded.and_then(close) {
            self.outbox.keep_unheard(error.to_string());
        }
    }

    fn run_loop(
        &mut self,
        config: RunConfig,
        is_paused: Paused,
        n_threads: usize,
    ) -> Result<(), Abort> {
        let Some((mut driver, started)) = self.begin(config, n_threads)? else { return Ok(()) };
        match self.emit(started).and_then(|()| self.train(&mut driver, is_paused)) {
            // The window has closed, perhaps without taking what was sent.
            Err(Abort::Closed) => self.end(&driver, RunEnd::Stopped),
            result => result,
        }
    }

    /// Trains to the end, obeying commands between steps.
    fn train(&mut self, driver: &mut Driver, is_paused: Paused) -> Result<(), Abort> {
        let mut mode = if is_paused == Paused::Yes { Mode::Paused } else { Mode::Running };
        if mode == Mode::Paused {
            self.send_paused(driver)?;
        }
        let start = Instant::now();
        let (mut due, outbox) = (start, self.outbox.clone());
        loop {
            mode = self.listen(driver, mode, due)?;
            if mode == Mode::Stopping {
                return self.end(driver, RunEnd::Stopped);
            }
            let (is_stopped, commands) = (self.is_stopped.clone(), self.commands.clone());
            let (is_preparing, started) = (driver.is_preparing(), Instant::now());
            let may_abandon_step = self.may_abandon_step;
            let hooks = Hooks {
                is_interrupted: &|| {
                    is_stopped.load(Ordering::Relaxed)
                        || (!commands.is_empty()
                            && (is_preparing
                                || (may_abandon_step && started.elapsed() > STEP_PATIENCE)))
                },
                now_ms: &|| start.elapsed().as_secs_f64() * 1e3,
                tell: &outbox.progress_reporter(self.run),
            };
            let advance = driver.advance(hooks)?;
            let is_done = !advance.is_empty();
            self.may_abandon_step = is_done;
            self.pending.push_preparation(advance.prepared);
            let sent = match advance.tuned {
                Some(tuned) => self.flush().and(self.emit(tuned)),
                None => Ok(()),
            };
            self.n_steps = advance.record.as_ref().map_or(self.n_steps, |r| r.sample.step + 1);
            self.pending.push_record(advance.record);
            sent?;
            if let Some(end) = advance.ended {
                return self.end(driver, end);
            }
            if mode == Mode::Single && is_done {
                self.flush()?;
                self.send_paused(driver)?;
                mode = Mode::Paused;
            }
            if self.pending.is_due() {
                self.flush()?;
            }
            due = match driver.live().pace.steps_per_second() {
                // After a slow step, the next ones do not catch up.
                Some(rate) => (due + Duration::from_secs_f64(1.0 / rate)).max(Instant::now()),
                None => Instant::now(),
            };
        }
    }

    /// Obeys commands until the next step is due.
    fn listen(&mut self, driver: &mut Driver, mut mode: Mode, due: Instant) -> Result<Mode, Abort> {
        loop {
            let wait = match mode {
                Mode::Paused => TICK,
                Mode::Running | Mode::Single | Mode::Stopping => {
                    due.saturating_duration_since(Instant::now()).min(TICK)
                }
            };
            if wait > Duration::ZERO {
                self.flush()?;
            }
            match self.commands.recv_timeout(wait) {
                Ok(Request::Command(command)) => mode = self.obey(driver, command, mode)?,
                Ok(Request::Fork(reply)) => {
                    if reply.send(driver.fork()).is_err() {
                        tracing::debug!("no receiver is left for a copy of run {}", self.run.0);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Mode::Stopping),
                Err(RecvTimeoutError::Timeout) => {
                    if self.is_stopped.load(Ordering::Relaxed) {
                        return Ok(Mode::Stopping);
                    }
                    if mode != Mode::Paused && Instant::now() >= due {
                        return Ok(mode);
                    }
                }
            }
            if matches!(mode, Mode::Stopping | Mode::Single) {
                return Ok(mode);
            }
        }
    }

    fn obey(&mut self, driver: &mut Driver, command: Command, mode: Mode) -> Result<Mode, Abort> {
        match command {
            // Handled by the hub.
            Command::Start { .. } | Command::Try { .. } | Command::EndTrials { .. } => Ok(mode),
            Command::Tune { live, source, .. } => {
                self.flush()?;
                self.emit(driver.tune(*live, source)?)?;
                Ok(mode)
            }
            Command::Pause { .. } => {
                self.may_abandon_step = true;
                self.flush()?;
                self.send_paused(driver)?;
                Ok(Mode::Paused)
            }
            Command::Resume { .. } => {
                self.emit(Event::Resumed { run: self.run })?;
                Ok(Mode::Running)
            }
            Command::StepOnce { .. } => Ok(Mode::Single),
            Command::Search { kind, .. } => {
                self.search(driver, kind)?;
                Ok(mode)
            }
            Command::CutPreparation { .. } => {
                if let Some(cut) = driver.cut_preparation() {
                    self.flush()?;
                    self.emit(cut)?;
                }
                Ok(mode)
            }
            Command::Stop { .. } => Ok(Mode::Stopping),
        }
    }

    fn search(&mut self, driver: &mut Driver, kind: SearchKind) -> Result<(), Abort> {
        self.flush()?;
        let (is_stopped, outbox) = (self.is_stopped.clone(), self.outbox.clone());
        let hooks = Hooks {
            is_interrupted: &|| is_stopped.load(Ordering::Relaxed),
            tell: &outbox.progress_reporter(self.run),
            ..Hooks::none()
        };
        match driver.search(kind, hooks)? {
            Some(searched) => self.emit(searched),
            None => Ok(()),
        }
    }

    fn send_paused(&mut self, driver: &Driver) -> Result<(), Abort> {
        self.emit(Event::Paused { run: self.run, step: driver.steps_taken() })
    }

    /// Records an event if there is a folder; the last event closes it.
    fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        let Some(recording) = &mut self.recording else { return Ok(()) };
        recording.on_event(event)?;
        if matches!(event, Event::Ended { .. }) {
            recording.end()?;
            let notice = recording.summary().and_then(|summary| summary.repair_notice.as_ref());
            if let Some(notice) = notice {
                tracing::warn!("{notice}");
            }
        }
        Ok(())
    }

    /// Records an event and sends it, even if it could not be recorded: the window shows every step
    /// made.
    fn emit(&mut self, event: Event) -> Result<(), Abort> {
        let recorded = self.record(&event);
        let sent = self.outbox.send(event);
        recorded?;
        Ok(sent?)
    }

    /// Sends pending records; all are recorded even if there is no receiver.
    fn flush(&mut self) -> Result<(), Abort> {
        let pending = self.pending.drain(self.run);
        let sent = pending.into_iter().map(|event| self.emit(event));
        sent.fold(Ok(()), Result::and)
    }

    /// Records and reports the end of the run, once what came before is recorded.
    fn end(&mut self, driver: &Driver, end: RunEnd) -> Result<(), Abort> {
        let flushed = self.flush();
        if matches!(flushed, Err(Abort::Failed(_))) {
            return flushed;
        }
        if let Some(recording) = &mut self.recording {
            recording.weights(driver.steps_taken(), &driver.named_tensors()?)?;
        }
        let ended = Event::Ended { run: self.run, step: driver.steps_taken(), end };
        self.record(&ended)?;
        let sent = self.outbox.send(ended);
        flushed.and(Ok(sent?))
    }
}
