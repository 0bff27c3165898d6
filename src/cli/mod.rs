//! The command line: runs the requested subcommand and returns the exit code. Computes nothing
//! itself, and opens the window by a function it is given.

mod args;
mod error;
mod find_command;
mod labels;
mod list_commands;
mod panics;
mod picture_file;
mod plot_args;
mod plot_command;
mod progress;
mod run_command;
mod start;
mod study_args;
mod study_command;
mod study_source;
mod sweep_command;
mod sweep_progress;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::config::RunConfig;
use crate::platform::console::{self, complain};
use crate::platform::{SignalGuard, choose_display, report_size_limits_as_errors};
use crate::store::PresetFolder;
use crate::text::excerpt;
use args::{Args, CliCommand};
use error::CliError;

/// Longest argument, in bytes, that an error message quotes in full.
const MAX_WORD: usize = 200;

/// Parses the command line and runs it. `open_window` takes the configuration and the folder to
/// record runs in, and returns when the window is closed.
///
/// `--help` lists the exit codes.
pub fn main<E: Display>(
    arguments: impl IntoIterator<Item = OsString>,
    open_window: impl FnOnce(RunConfig, Option<PathBuf>) -> Result<(), E>,
) -> ExitCode {
    console::init_logging();
    panics::report_in_one_sentence();
    report_size_limits_as_errors();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let args = match Args::try_parse_from(&arguments) {
        Ok(args) => args,
        Err(refused) => return print_refusal(&refused, &arguments),
    };
    let done = match args.command {
        None => args.start.config().and_then(|config| {
            if let Some(sentence) = choose_display() {
                complain(&sentence);
            }
            open_window(config, args.out).map_err(|error| CliError::Window(error.to_string()))
        }),
        Some(CliCommand::Run(args)) => run_command::run(&args),
        Some(CliCommand::Plot(args)) => plot_command::run(&args),
        Some(CliCommand::Find(args)) => find_command::run(&args),
        Some(CliCommand::Sweep(args)) => sweep_command::run(&args),
        Some(CliCommand::Merge(args)) => sweep_command::merge(&args),
        Some(CliCommand::Study(args)) => study_command::run(&args),
        Some(CliCommand::Presets) => {
            let own = PresetFolder::for_user().map(|folder| folder.list()).unwrap_or_default();
            own.skipped.iter().for_each(|sentence| complain(sentence));
            print(&list_commands::presets(&own.configs))
        }
        Some(CliCommand::Data) => print(&list_commands::data()),
        Some(CliCommand::Models) => print(&list_commands::models()),
        Some(CliCommand::Studies) => print(&list_commands::studies()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            match SignalGuard::first_signal().filter(|_| error.is_stop()) {
                Some(signal) => signal.end_program(),
                None => ExitCode::from(error.exit_code()),
            }
        }
    }
}

/// Prints the argument parser's output: help and version to stdout, errors to stderr with long
/// arguments shortened.
fn print_refusal(refused: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let long = arguments.iter().map(|word| word.to_string_lossy());
    let long: Vec<_> = long.filter(|word| word.len() > MAX_WORD).collect();
    // A closed stream is no error: the exit code reports the result.
    if long.is_empty() {
        drop(refused.print());
    } else {
        let whole = refused.render().to_string();
        let cut = long.iter().fold(whole, |text, word| {
            let value = word.split_once('=').map_or(&**word, |(_, value)| value);
            text.replace(&**word, &excerpt(word)).replace(value, &excerpt(value))
        });
        drop(io::stderr().lock().write_all(cut.as_bytes()));
    }
    if refused.use_stderr() { ExitCode::from(error::MISTAKE) } else { ExitCode::SUCCESS }
}

/// Writes to stdout; a closed pipe is no error.
fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
