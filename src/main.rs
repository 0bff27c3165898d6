//! The program: passes the command line to the library, and connects the window to the workers.

use std::cell::RefCell;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

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

/// Opens the window; returns when it is closed and every worker has ended.
fn open_window(config: RunConfig, recordings: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let (window, worker) = protocol::link();
    let signals = SignalGuard::install()?;
    let flag = signals.flag();
    let hub = Rc::new(RefCell::new(None));
    let started = Rc::clone(&hub);
    ui::open(window, config, move |context| {
        let closed = context.clone();
        let close = move || closed.send_viewport_cmd(ViewportCommand::Close);
        // If the thread cannot start, a signal does not close the window; a second Ctrl-C still
        // ends the program.
        drop(workers::on_flag(flag, close));
        let n_threads = workers::compute_threads();
        let wake = move || context.request_repaint();
        started.replace(Some(Hub::start(worker, n_threads, recordings, wake)));
    })?;
    // If the hub could not start, the window has shown the error; the exit code reports it too.
    hub.take().transpose()?;
    Ok(())
}
