//! Reports a panic as one sentence, without paths of the machine that built the program.

use std::panic::{PanicHookInfo, set_hook, take_hook};

use crate::platform::console::complain;

/// Installs a panic hook that prints one sentence; with `RUST_BACKTRACE` set, the default hook
/// stays.
pub(in crate::cli) fn report_in_one_sentence() {
    if std::env::var_os("RUST_BACKTRACE").is_some() {
        return;
    }
    drop(take_hook());
    set_hook(Box::new(|info| complain(&sentence(info))));
}

fn sentence(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let at = info.location().map(|at| place(at.file(), at.line())).unwrap_or_default();
    format!("panicked ({message}) in {at}; this is a bug")
}

/// File and line in this crate, or the name of the library.
fn place(file: &str, line: u32) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    match parts.iter().rposition(|part| *part == "src") {
        Some(0) | None => format!("{file}, line {line}"),
        Some(at) => parts[at - 1].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_named_without_the_path_it_was_built_at() {
        let file = "/root/.cargo/registry/src/index.crates.io-1949/winit-0.30.13/src/a/b.rs";
        assert_eq!(place(file, 7), "winit-0.30.13");
        assert_eq!(place("src/net/tape.rs", 7), "src/net/tape.rs, line 7");
    }
}
