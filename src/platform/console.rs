//! Messages to the console: stderr, or on a web page the browser's console.

use std::io::Write;

use tracing_subscriber::EnvFilter;

/// Writes one line to the console; does nothing if it is closed.
pub fn complain(line: &str) {
    drop(system::writer().write_all(format!("eoscope: {line}\n").as_bytes()));
}

/// Sends log messages of libraries to the console; `EOSCOPE_LOG` is the filter. The clipboard's
/// library is left out: it logs an error of its own when the display goes away.
pub fn init_logging() {
    let filter = EnvFilter::try_from_env("EOSCOPE_LOG")
        .unwrap_or_else(|_| EnvFilter::new("error,arboard=off,eoscope=warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(system::writer);
    // If stderr is closed, reporting that on stderr would panic.
    let logs = logs.log_internal_errors(false);
    #[cfg(target_family = "wasm")]
    let logs = logs.with_ansi(false).without_time();
    // A second call in one process has no effect.
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

    /// Each write becomes one entry of the console.
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
