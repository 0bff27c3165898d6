//! Starts the compiled program.

use std::path::Path;
use std::process::{Command, Stdio};

/// The program in a folder that is also its home, isolated from the developer's presets and display.
pub(crate) fn eoscope(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eoscope"));
    command
        .current_dir(folder)
        .args(words)
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}
