//! The command line: runs the requested subcommand and returns the exit code. Computes nothing
//! itself, and opens the window by a function it is given.
//!
//! | part | duty | may use |
//! |---|---|---|
//! | `error` | why a command failed, and its exit code | nothing here |
//! | `args` | the arguments, as clap parses them, and their help | `error` |
//! | `inputs` | the configuration and the study that the arguments name | `args`, `error` |
//! | `terminal` | results, progress and reports of panics | `error` |
//! | `commands` | what each command does | all above |
//!
//! `tests/layering` checks every row of it.

mod args;
mod commands;
mod error;
mod inputs;
mod terminal;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::config::RunConfig;
use crate::platform::console::{self, complain};
use crate::platform::{SignalGuard, choose_display, report_size_limits_as_errors};
use crate::text::excerpt;
use args::Args;
use error::CliError;
use terminal::panics;

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
        Some(command) => commands::run(&command),
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
