//! The program: reads the command line, and joins the window to the workers where one is wanted.
//! No logic; that is the library's.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use eframe::egui::ViewportCommand;
use eoscope::config::RunConfig;
use eoscope::platform::Listening;
use eoscope::workers::{self, Hub};
use eoscope::{cli, protocol, ui};
use mimalloc::MiMalloc;

/// Keeps pages for the next tensors of the same sizes, where the system's allocator returns every
/// large one at once and pays for its pages again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main(std::env::args_os(), open_window)
}

/// Stays until the window is closed and every worker has ended.
fn open_window(config: RunConfig, recordings: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let (window, worker) = protocol::link();
    let listening = Listening::begin()?;
    let mut hub = None;
    ui::open(window, config, |context| {
        let (flag, closed) = (listening.flag(), context.clone());
        let close = move || closed.send_viewport_cmd(ViewportCommand::Close);
        // Without that thread a signal is not heard; Ctrl-C twice still ends the program.
        drop(workers::when(flag, close));
        let n_threads = workers::compute_threads();
        hub = Some(Hub::start(worker, n_threads, recordings, move || context.request_repaint()));
    })?;
    // Without a hub the window has said so all along; the exit code says it too.
    hub.transpose()?;
    Ok(())
}
