//! Where whoever started the program reads what it has to say: stderr, of a web page the browser's
//! console. Does not know what is said.

use std::io::Write;

use tracing_subscriber::EnvFilter;

/// Writes one line; with nobody left to read it, nothing happens.
pub fn complain(line: &str) {
    drop(system::writer().write_all(format!("eoscope: {line}\n").as_bytes()));
}

/// Sends the warnings of libraries there, too; `EOSCOPE_LOG` chooses which.
pub fn init_logging() {
    let filter = EnvFilter::try_from_env("EOSCOPE_LOG")
        .unwrap_or_else(|_| EnvFilter::new("error,eoscope=warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(system::writer);
    // Where stderr is closed, a message about that would be a panic.
    let logs = logs.log_internal_errors(false);
    #[cfg(target_family = "wasm")]
    let logs = logs.with_ansi(false).without_time();
    // A second call in one process keeps the first one's choice.
    drop(logs.try_init());
}

#[cfg(not(target_family = "wasm"))]
mod system {
    use std::io::{Stderr, stderr};

    pub(super) fn writer() -> Stderr {
        stderr()
    }
}

#[cfg(target_family = "wasm")]
mod system {
    use std::io::{self, Write};

    use eframe::web_sys::console;

    /// Everything that is written at once becomes one entry.
    pub(super) struct Console;

    pub(super) fn writer() -> Console {
        Console
    }

    impl Write for Console {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            console::error_1(&String::from_utf8_lossy(bytes).trim_end().into());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
