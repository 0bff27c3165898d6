//! The command line: what was asked for, done with the library's rooms, and how it ended.
//! Does not open a window itself (it is handed that) and computes nothing.

mod args;
mod error;
mod find;
mod labels;
mod list;
mod panics;
mod picture;
mod plot;
mod progress;
mod source;
mod start;
mod study;
mod study_args;
mod sweep;
mod sweep_progress;
mod train;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::config::RunConfig;
use crate::platform::console::{self, complain};
use crate::platform::{Listening, settle_display, tell_size_limits_as_errors};
use crate::store::PresetFolder;
use crate::text::given;
use args::{Args, Task};
use error::CliError;

/// Bytes of a word of the command line that a message repeats whole.
const MAX_WORD: usize = 200;

/// Reads the command line and does what it says; `open_window` is given the configuration and the
/// folder to record runs in, and stays until the window is closed.
///
/// `--help` lists the exit codes.
pub fn main<E: Display>(
    arguments: impl IntoIterator<Item = OsString>,
    open_window: impl FnOnce(RunConfig, Option<PathBuf>) -> Result<(), E>,
) -> ExitCode {
    console::listen_to_logs();
    panics::tell_in_a_sentence();
    tell_size_limits_as_errors();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let args = match Args::try_parse_from(&arguments) {
        Ok(args) => args,
        Err(refused) => return refusal(&refused, &arguments),
    };
    let done = match args.task {
        None => args.start.config().and_then(|config| {
            if let Some(sentence) = settle_display() {
                complain(&sentence);
            }
            open_window(config, args.out).map_err(|error| CliError::Window(error.to_string()))
        }),
        Some(Task::Run(args)) => train::run(&args),
        Some(Task::Plot(args)) => plot::run(&args),
        Some(Task::Find(args)) => find::run(&args),
        Some(Task::Sweep(args)) => sweep::run(&args),
        Some(Task::Merge(args)) => sweep::merge(&args),
        Some(Task::Study(args)) => study::run(&args),
        Some(Task::Presets) => {
            let own = PresetFolder::at_home().map(|folder| folder.list()).unwrap_or_default();
            own.skipped.iter().for_each(|sentence| complain(sentence));
            say(&list::presets(&own.configs))
        }
        Some(Task::Data) => say(&list::data()),
        Some(Task::Models) => say(&list::models()),
        Some(Task::Studies) => say(&list::studies()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            match Listening::asked().filter(|_| error.is_stop()) {
                Some(signal) => signal.end_program(),
                None => ExitCode::from(error.exit_code()),
            }
        }
    }
}

/// Prints what the argument parser says: help and version on stdout, mistakes on stderr.
fn refusal(refused: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let long = arguments.iter().map(|word| word.to_string_lossy());
    let long: Vec<_> = long.filter(|word| word.len() > MAX_WORD).collect();
    // With nobody left to read it, the exit code still tells.
    if long.is_empty() {
        drop(refused.print());
    } else {
        let whole = refused.render().to_string();
        let cut = long.iter().fold(whole, |text, word| {
            let value = word.split_once('=').map_or(&**word, |(_, value)| value);
            text.replace(&**word, &given(word)).replace(value, &given(value))
        });
        drop(io::stderr().lock().write_all(cut.as_bytes()));
    }
    if refused.use_stderr() { ExitCode::from(error::MISTAKE) } else { ExitCode::SUCCESS }
}

/// Writes to stdout; a reader that has gone away is no error.
fn say(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
