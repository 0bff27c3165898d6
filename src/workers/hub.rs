//! Receives commands and passes each to the worker of its run.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

use super::outbox::Outbox;
use super::trials_thread::{Origin, TrialsHandle};
use super::worker::{Request, Worker};
use crate::platform::threads::{self, Thread};
use crate::protocol::{
    COMMAND_CAPACITY, Command, Event, Plan, Question, RunId, Trials, TrialsStatus, WorkerEnd,
};

/// How often the hub checks whether it is being closed.
const TICK: Duration = Duration::from_millis(20);

/// All workers; dropping the hub stops and joins them.
#[derive(Debug)]
pub struct Hub {
    is_closing: Arc<AtomicBool>,
    thread: Option<Thread<()>>,
    unheard: Arc<Mutex<Vec<String>>>,
}

/// The running threads.
#[derive(Default)]
struct Active {
    workers: BTreeMap<RunId, Handle>,
    /// The newest are the current ones; older ones are stopping.
    trials: Vec<TrialsHandle>,
}

/// A worker's thread and the ways to reach it.
struct Handle {
    commands: Sender<Request>,
    is_stopped: Arc<AtomicBool>,
    thread: Thread<()>,
}

impl Hub {
    /// Starts serving a link. `wake` is called after every event sent; every run is written to a
    /// new folder in `recordings`, if given.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(
        end: WorkerEnd,
        n_threads: usize,
        recordings: Option<PathBuf>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let is_closing = Arc::new(AtomicBool::new(false));
        let unheard = Arc::default();
        let outbox = Outbox {
            unheard: Arc::clone(&unheard),
            events: end.events,
            wake: Arc::new(wake),
            is_closing: is_closing.clone(),
            recordings,
        };
        let closing = is_closing.clone();
        let thread = threads::spawn("eoscope-hub", move || {
            let mut active = Active::default();
            while !closing.load(Ordering::Relaxed) {
                match end.commands.recv_timeout(TICK) {
                    Ok(command) => active.dispatch(command, &outbox, n_threads),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                active.reap();
            }
            active.end();
        })?;
        Ok(Self { is_closing, thread: Some(thread), unheard })
    }

    /// Stops and joins all workers; returns the failures that the other end of the link was no longer
    /// there to hear of.
    #[must_use]
    pub fn end(mut self) -> Vec<String> {
        self.join();
        self.unheard.lock().map(|mut unheard| std::mem::take(&mut *unheard)).unwrap_or_default()
    }

    fn join(&mut self) {
        self.is_closing.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the hub's thread panicked");
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.join();
    }
}

impl Active {
    /// Starts a worker or trials, or passes the command on; a command for a run that has ended has
    /// no effect.
    fn dispatch(&mut self, command: Command, outbox: &Outbox, n_threads: usize) {
        let run = command.run();
        match command {
            Command::Start { config, is_paused, .. } => {
                let (sender, receiver) = bounded(COMMAND_CAPACITY);
                let is_stopped = Arc::new(AtomicBool::new(false));
                let worker = Worker::new(run, receiver, outbox.clone(), is_stopped.clone());
                let spawned = threads::spawn(format!("eoscope-run-{}", run.0), move || {
                    worker.run(*config, is_paused, n_threads);
                });
                match spawned {
                    Ok(thread) => {
                        let handle = Handle { commands: sender, is_stopped, thread };
                        self.workers.insert(run, handle);
                    }
                    Err(error) => outbox.failed(run, 0, no_thread(&error)),
                }
            }
            Command::Try { plan, .. } => self.begin_trials(run, plan, n_threads, outbox),
            Command::EndTrials { .. } => self.end_trials(run),
            Command::Tune { .. }
            | Command::Pause { .. }
            | Command::Resume { .. }
            | Command::StepOnce { .. }
            | Command::Search { .. }
            | Command::CutPreparation { .. }
            | Command::Stop { .. } => self.pass_on(run, command),
        }
    }

    fn pass_on(&self, run: RunId, command: Command) {
        let Some(handle) = self.workers.get(&run) else { return };
        if matches!(command, Command::Stop { .. }) {
            handle.is_stopped.store(true, Ordering::Relaxed);
        }
        if handle.commands.send(Request::Command(command)).is_err() {
            tracing::debug!("run {} has ended; a command to it has no effect", run.0);
        }
    }

    fn begin_trials(&mut self, run: RunId, plan: Plan, n_threads: usize, outbox: &Outbox) {
        self.end_trials(run);
        let (origin, question) = match plan {
            Plan::RatesFromHere { factors, n_steps } => {
                let (reply, copies) = bounded(1);
                let request = Request::Fork(reply);
                let is_asked = self
                    .workers
                    .get(&run)
                    .is_some_and(|handle| handle.commands.send(request).is_ok());
                if !is_asked {
                    tracing::debug!("run {} has ended; there is nothing to copy", run.0);
                }
                (Origin::Copy(copies), Question::Rates { factors, n_steps })
            }
            Plan::RatesFromStart { factors, n_steps, config } => {
                (Origin::Start(config, n_threads), Question::Rates { factors, n_steps })
            }
            Plan::Warmup { config } => (Origin::Start(config, n_threads), Question::Warmup),
        };
        match TrialsHandle::start(run, origin, question.clone(), outbox.clone()) {
            Ok(trials) => self.trials.push(trials),
            Err(error) => {
                let status = TrialsStatus::Failed(no_thread(&error));
                let trials = Box::new(Trials { status, ..Trials::new(question) });
                if outbox.send(Event::Tried { run, step: 0, trials }).is_err() {
                    tracing::debug!("no receiver is left for the trials of run {}", run.0);
                }
            }
        }
    }

    fn end_trials(&self, run: RunId) {
        self.trials.iter().filter(|trials| trials.run() == run).for_each(TrialsHandle::end);
    }

    /// Joins threads that have ended.
    fn reap(&mut self) {
        for (_, handle) in self.workers.extract_if(.., |_, handle| handle.thread.is_finished()) {
            join(handle);
        }
        self.trials.extract_if(.., |trials| trials.is_finished()).for_each(TrialsHandle::join);
    }

    /// Stops all threads and joins them.
    fn end(self) {
        self.workers.values().for_each(|handle| handle.is_stopped.store(true, Ordering::Relaxed));
        self.trials.iter().for_each(TrialsHandle::end);
        self.workers.into_values().for_each(join);
        self.trials.into_iter().for_each(TrialsHandle::join);
    }
}

fn no_thread(error: &io::Error) -> String {
    format!("no thread could be started: {error}")
}

fn join(handle: Handle) {
    drop(handle.commands);
    if handle.thread.join().is_err() {
        tracing::error!("a worker panicked outside its guard");
    }
}
