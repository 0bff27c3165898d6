//! The program: passes the command line to the library, and connects the window to the workers.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use eframe::egui::ViewportCommand;
use eoscope::config::RunConfig;
use eoscope::platform::{self, Allocator, SignalGuard};
use eoscope::workers::{self, Hub};
use eoscope::{cli, protocol, ui};

#[global_allocator]
static ALLOCATOR: Allocator = platform::ALLOCATOR;

fn main() -> ExitCode {
    cli::main(std::env::args_os(), open_window)
}

/// The workers, once started, reachable also when the display goes away.
type SharedHub = Arc<Mutex<Option<io::Result<Hub>>>>;

/// Opens the window; returns when it is closed and every worker has ended.
fn open_window(config: RunConfig, recordings: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let (window, worker) = protocol::link();
    let signals = SignalGuard::install()?;
    let flag = signals.flag();
    let hub = SharedHub::default();
    let started = Arc::clone(&hub);
    let opened = ui::open(window, config, move |context| {
        let closed = context.clone();
        let close = move || closed.send_viewport_cmd(ViewportCommand::Close);
        // If the thread cannot start, a signal does not close the window; a second Ctrl-C still
        // ends the program.
        drop(workers::on_flag(flag, close));
        let n_threads = workers::compute_threads();
        let wake = move || context.request_repaint();
        if let Ok(mut hub) = started.lock() {
            hub.replace(Hub::start(worker, n_threads, recordings, wake));
        }
        platform::window::on_lost_display(move || drop(end(&started)));
    });
    let ended = end(&hub);
    opened?;
    // If the hub could not start, the window has shown the error; the exit code reports it too.
    let failures = ended?;
    if failures.is_empty() { Ok(()) } else { Err(failures.join("; ").into()) }
}

/// Ends every worker; returns, when the runs are recorded, what the window no longer heard of.
fn end(hub: &SharedHub) -> io::Result<Vec<String>> {
    let started = hub.lock().ok().and_then(|mut hub| hub.take());
    Ok(started.transpose()?.map(Hub::end).unwrap_or_default())
}
