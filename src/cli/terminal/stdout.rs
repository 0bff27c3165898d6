//! Results of a command on stdout.

use std::io::{self, ErrorKind, Write};

use crate::cli::error::CliError;

/// Writes to stdout; a closed pipe is no error.
pub(in crate::cli) fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
