//! Takes commands from the link and hands each to the worker of its run.
//! Does not know what runs do.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

use super::worker::{Outbox, Worker};
use crate::protocol::{COMMAND_CAPACITY, Command, RunId, WorkerEnd};

/// How often the hub looks whether it is being closed.
const TICK: Duration = Duration::from_millis(20);

/// All workers; dropping it stops and joins them.
#[derive(Debug)]
pub struct Hub {
    is_closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// A worker as the hub sees it.
struct Handle {
    commands: Sender<Command>,
    is_stopped: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Hub {
    /// Starts serving a link; `wake` is called after every batch of events, and every run is
    /// written to a folder of its own in `recordings`, if there is one.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(
        end: WorkerEnd,
        n_threads: usize,
        recordings: Option<PathBuf>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let is_closing = Arc::new(AtomicBool::new(false));
        let outbox = Outbox {
            events: end.events,
            wake: Arc::new(wake),
            is_closing: is_closing.clone(),
            recordings,
        };
        let closing = is_closing.clone();
        let thread = Builder::new().name("eoscope-hub".into()).spawn(move || {
            let mut workers: BTreeMap<RunId, Handle> = BTreeMap::new();
            while !closing.load(Ordering::Relaxed) {
                match end.commands.recv_timeout(TICK) {
                    Ok(command) => dispatch(&mut workers, command, &outbox, n_threads),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                reap(&mut workers);
            }
            for handle in workers.values() {
                handle.is_stopped.store(true, Ordering::Relaxed);
            }
            for (_, handle) in workers {
                join(handle);
            }
        })?;
        Ok(Self { is_closing, thread: Some(thread) })
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.is_closing.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the hub's thread panicked");
        }
    }
}

/// Starts a worker or passes the command on; one for a run that is over has no effect.
fn dispatch(
    workers: &mut BTreeMap<RunId, Handle>,
    command: Command,
    outbox: &Outbox,
    n_threads: usize,
) {
    let run = command.run();
    if let Command::Start { config, is_paused, .. } = command {
        let (sender, receiver) = bounded(COMMAND_CAPACITY);
        let is_stopped = Arc::new(AtomicBool::new(false));
        let worker = Worker::new(run, receiver, outbox.clone(), is_stopped.clone());
        let spawned = Builder::new()
            .name(format!("eoscope-run-{}", run.0))
            .spawn(move || worker.run(*config, is_paused, n_threads));
        match spawned {
            Ok(thread) => {
                workers.insert(run, Handle { commands: sender, is_stopped, thread });
            }
            Err(error) => outbox.failed(run, format!("no thread could be started: {error}")),
        }
        return;
    }
    if let Some(handle) = workers.get(&run) {
        if matches!(command, Command::Stop { .. }) {
            handle.is_stopped.store(true, Ordering::Relaxed);
        }
        if handle.commands.send(command).is_err() {
            tracing::debug!("run {} is over; its last command has no effect", run.0);
        }
    }
}

/// Joins workers whose runs are over.
fn reap(workers: &mut BTreeMap<RunId, Handle>) {
    let over: Vec<RunId> = workers
        .iter()
        .filter(|(_, handle)| handle.thread.is_finished())
        .map(|(run, _)| *run)
        .collect();
    for run in over {
        if let Some(handle) = workers.remove(&run) {
            join(handle);
        }
    }
}

fn join(handle: Handle) {
    drop(handle.commands);
    if handle.thread.join().is_err() {
        tracing::error!("a worker panicked outside its guard");
    }
}
