//! One run's thread: commands in, paced steps, batched events out.
//! Knows no window and computes nothing beyond calling [`Drive`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::ended::Ended;
use super::gathered::Gathered;
use super::outbox::{Outbox, TICK};
use crate::config::RunConfig;
use crate::platform::clock::Instant;
use crate::protocol::{Command, Event, Paused, RunEnd, RunId, SearchKind};
use crate::runner::Drive;
use crate::store::{Place, Recording, Sink, StoreError};
use crate::train::{Hooks, TrainError, Trainer};

/// How long a step may keep a command waiting before it is given up, obeyed and begun again.
const STEP_PATIENCE: Duration = Duration::from_millis(100);

/// How the loop goes on after a command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Running,
    Paused,
    /// One step, then paused.
    Single,
    Stopping,
}

/// What a worker is asked.
pub(super) enum Order {
    /// What the window asks of its run.
    Obey(Command),
    /// A copy of the run as it stands, to go on by itself.
    Fork(Sender<Trainer>),
}

pub(super) struct Worker {
    run: RunId,
    commands: Receiver<Order>,
    outbox: Outbox,
    /// Its folder, if runs are recorded.
    recording: Option<Recording>,
    is_stopped: Arc<AtomicBool>,
    gathered: Gathered,
    /// Whether a slow step may be given up to obey a command. Only once in a row, or dragging a
    /// slider would starve a large network of progress.
    may_give_up: bool,
}

impl Worker {
    pub(super) fn new(
        run: RunId,
        commands: Receiver<Order>,
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
            gathered: Gathered::begin(),
            may_give_up: true,
        }
    }

    /// The whole life of the run; a panic becomes a message.
    pub(super) fn run(mut self, config: RunConfig, is_paused: Paused, n_threads: usize) {
        match catch_unwind(AssertUnwindSafe(|| self.live(config, is_paused, n_threads))) {
            Ok(Ok(())) => {}
            Ok(Err(Ended::Gone)) => self.close(),
            Ok(Err(Ended::Failed(message))) => self.fail(message),
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

    /// Says, and records as well as it can, that the run could not go on.
    fn fail(&mut self, message: String) {
        // What was found until then is told; a second failure adds nothing to the first.
        drop(self.flush());
        let end = RunEnd::Failed { message: message.clone() };
        if let Err(error) = self.record(&Event::Ended { run: self.run, step: 0, end }) {
            tracing::error!("{error}");
        }
        self.outbox.failed(self.run, message);
    }

    /// Starts the run; `None` when it was stopped before.
    fn begin(
        &mut self,
        config: RunConfig,
        n_threads: usize,
    ) -> Result<Option<(Drive, Event)>, Ended> {
        let is_stopped = self.is_stopped.clone();
        let hooks =
            Hooks { is_interrupted: &|| is_stopped.load(Ordering::Relaxed), ..Hooks::none() };
        match Drive::begin(self.run, config, n_threads, hooks) {
            Err(TrainError::Interrupted) => {
                let end = RunEnd::Stopped;
                self.tell(Event::Ended { run: self.run, step: 0, end })?;
                Ok(None)
            }
            begun => Ok(Some(begun?)),
        }
    }

    /// Keeps what nobody hears any more, the window being closed.
    fn close(&mut self) {
        let left = self.gathered.take(self.run);
        let kept = left.iter().try_for_each(|event| self.record(event));
        let close = |()| self.recording.as_mut().map_or(Ok(()), Recording::end);
        if let Err(error) = kept.and_then(close) {
            tracing::error!("{error}");
        }
    }

    fn live(
        &mut self,
        config: RunConfig,
        is_paused: Paused,
        n_threads: usize,
    ) -> Result<(), Ended> {
        let Some((mut drive, started)) = self.begin(config, n_threads)? else { return Ok(()) };
        self.tell(started)?;
        let mut mode = if is_paused == Paused::Yes { Mode::Paused } else { Mode::Running };
        if mode == Mode::Paused {
            self.tell_paused(&drive)?;
        }
        let begun = Instant::now();
        let (mut due, outbox) = (begun, self.outbox.clone());
        loop {
            mode = self.listen(&mut drive, mode, due)?;
            if mode == Mode::Stopping {
                return self.end(&drive, RunEnd::Stopped);
            }
            let (is_stopped, commands) = (self.is_stopped.clone(), self.commands.clone());
            let (is_preparing, started) = (drive.is_preparing(), Instant::now());
            let may_give_up = self.may_give_up;
            let hooks = Hooks {
                is_interrupted: &|| {
                    is_stopped.load(Ordering::Relaxed)
                        || (!commands.is_empty()
                            && (is_preparing || (may_give_up && started.elapsed() > STEP_PATIENCE)))
                },
                now_ms: &|| begun.elapsed().as_secs_f64() * 1e3,
                tell: &outbox.telling_of(self.run),
            };
            let advance = drive.advance(hooks)?;
            let is_done = !advance.is_nothing();
            self.may_give_up = is_done;
            self.gathered.prepare(advance.prepared);
            let told = match advance.tuned {
                Some(tuned) => self.flush().and(self.tell(tuned)),
                None => Ok(()),
            };
            self.gathered.sample(advance.record);
            told?;
            if let Some(end) = advance.ended {
                return self.end(&drive, end);
            }
            if mode == Mode::Single && is_done {
                self.flush()?;
                self.tell_paused(&drive)?;
                mode = Mode::Paused;
            }
            if self.gathered.is_due() {
                self.flush()?;
            }
            due = match drive.live().pace.steps_per_second() {
                // A slow step does not make the next ones hurry.
                Some(rate) => (due + Duration::from_secs_f64(1.0 / rate)).max(Instant::now()),
                None => Instant::now(),
            };
        }
    }

    /// Obeys commands until the next step is due.
    fn listen(&mut self, drive: &mut Drive, mut mode: Mode, due: Instant) -> Result<Mode, Ended> {
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
                Ok(Order::Obey(command)) => mode = self.obey(drive, command, mode)?,
                Ok(Order::Fork(reply)) => {
                    if reply.send(drive.fork()).is_err() {
                        tracing::debug!("nobody waits for a copy of run {} any more", self.run.0);
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

    fn obey(&mut self, drive: &mut Drive, command: Command, mode: Mode) -> Result<Mode, Ended> {
        match command {
            // The hub's own.
            Command::Start { .. } | Command::Try { .. } | Command::EndTrials { .. } => Ok(mode),
            Command::Tune { live, source, .. } => {
                self.flush()?;
                self.tell(drive.tune(*live, source))?;
                Ok(mode)
            }
            Command::Pause { .. } => {
                self.may_give_up = true;
                self.flush()?;
                self.tell_paused(drive)?;
                Ok(Mode::Paused)
            }
            Command::Resume { .. } => {
                self.tell(Event::Resumed { run: self.run })?;
                Ok(Mode::Running)
            }
            Command::StepOnce { .. } => Ok(Mode::Single),
            Command::Search { kind, .. } => {
                self.search(drive, kind)?;
                Ok(mode)
            }
            Command::CutPreparation { .. } => {
                if let Some(cut) = drive.cut_preparation() {
                    self.flush()?;
                    self.tell(cut)?;
                }
                Ok(mode)
            }
            Command::Stop { .. } => Ok(Mode::Stopping),
        }
    }

    fn search(&mut self, drive: &mut Drive, kind: SearchKind) -> Result<(), Ended> {
        self.flush()?;
        let (is_stopped, outbox) = (self.is_stopped.clone(), self.outbox.clone());
        let hooks = Hooks {
            is_interrupted: &|| is_stopped.load(Ordering::Relaxed),
            tell: &outbox.telling_of(self.run),
            ..Hooks::none()
        };
        match drive.search(kind, hooks)? {
            Some(searched) => self.tell(searched),
            None => Ok(()),
        }
    }

    fn tell_paused(&mut self, drive: &Drive) -> Result<(), Ended> {
        self.tell(Event::Paused { run: self.run, step: drive.steps_taken() })
    }

    /// Records an event, if there is a folder, which is closed by the run's last.
    fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        let Some(recording) = &mut self.recording else { return Ok(()) };
        recording.take(event)?;
        if matches!(event, Event::Ended { .. }) { recording.end() } else { Ok(()) }
    }

    /// Records an event, then sends it.
    fn tell(&mut self, event: Event) -> Result<(), Ended> {
        self.record(&event)?;
        Ok(self.outbox.send(event)?)
    }

    /// Sends the records gathered so far; all are kept, too, where nobody hears any more.
    fn flush(&mut self) -> Result<(), Ended> {
        let gathered = self.gathered.take(self.run);
        let told = gathered.into_iter().map(|event| self.tell(event));
        told.fold(Ok(()), Result::and)
    }

    fn end(&mut self, drive: &Drive, end: RunEnd) -> Result<(), Ended> {
        let told = self.flush();
        if let Some(recording) = &mut self.recording {
            recording.weights(drive.steps_taken(), &drive.named_tensors()?)?;
        }
        let stopped = Event::Ended { run: self.run, step: drive.steps_taken(), end };
        told.and(self.tell(stopped))
    }
}
