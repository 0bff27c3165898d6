//! The window on a desktop, and errors that explain why it cannot be opened.

use std::any::Any;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use eframe::egui::ViewportBuilder;
use eframe::{App, CreationContext};

use super::error::WindowError;
use super::lost_display;

pub(super) fn open(
    viewport: ViewportBuilder,
    create: impl FnOnce(&CreationContext<'_>) -> Box<dyn App> + 'static,
) -> Result<(), WindowError> {
    let options = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    let silencer = PanicSilencer::begin();
    let is_opening = Arc::clone(&silencer.is_silent);
    let create: eframe::AppCreator<'_> = Box::new(move |cc| {
        is_opening.store(false, Ordering::Relaxed);
        Ok(create(cc))
    });
    // If libxkbcommon is missing, the library that loads it panics.
    let end = catch_unwind(AssertUnwindSafe(|| eframe::run_native("eoscope", options, create)));
    lost_display::forget();
    let was_open = !silencer.is_silent.load(Ordering::Relaxed);
    drop(silencer);
    match end {
        Ok(Ok(())) => Ok(()),
        // Wayland's connection to the display broke.
        Ok(Err(eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_))) if was_open => {
            Err(WindowError(lost_display::SENTENCE.to_owned()))
        }
        Ok(Err(error)) => Err(no_window(&explain(&error))),
        Err(panic) if was_open => Err(WindowError(explain_failure(panic.as_ref()))),
        Err(panic) => Err(no_window(&explain_panic(panic.as_ref()))),
    }
}

pub(super) fn on_lost_display(work: impl FnOnce() + Send + 'static) {
    lost_display::prepare(work);
}

/// An error with this reason and with what works without a window.
fn no_window(reason: &str) -> WindowError {
    WindowError(format!(
        "{reason}. Without a window, `eoscope run PRESET --out DIR` trains and records a run."
    ))
}

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// While this value lives and is silent, a panic of the thread that created it prints nothing;
/// panics of the windowing libraries are reported as errors instead. A panic because the display
/// went away ends the program in order.
struct PanicSilencer {
    previous: Arc<Hook>,
    is_silent: Arc<AtomicBool>,
}

impl PanicSilencer {
    fn begin() -> Self {
        let previous: Arc<Hook> = Arc::from(take_hook());
        let is_silent = Arc::new(AtomicBool::new(true));
        let silencer = Self { previous: Arc::clone(&previous), is_silent: Arc::clone(&is_silent) };
        let here = thread::current().id();
        set_hook(Box::new(move |info| {
            let is_here = thread::current().id() == here;
            if is_here && tells_of_lost_display(info) {
                // Returns while the window is only opening. Unwinding would call the display again.
                lost_display::end_program();
            }
            // The error that `open` returns tells of a failure of the libraries.
            let is_told = is_here && (is_silent.load(Ordering::Relaxed) || is_of_library(info));
            if !is_told {
                previous(info);
            }
        }));
        silencer
    }
}

impl Drop for PanicSilencer {
    fn drop(&mut self) {
        let previous = Arc::clone(&self.previous);
        // A panicking thread must not set hooks.
        if !thread::panicking() {
            set_hook(Box::new(move |info| previous(info)));
        }
    }
}

fn tells_of_lost_display(info: &PanicHookInfo<'_>) -> bool {
    let (message, place) = (info.payload_as_str(), info.location());
    message
        .zip(place)
        .is_some_and(|(message, place)| lost_display::is_told_by(message, place.file()))
}

/// Whether the panic was raised in a source file of a dependency.
fn is_of_library(info: &PanicHookInfo<'_>) -> bool {
    info.location().is_some_and(|place| !place.file().starts_with("src"))
}

fn explain(error: &eframe::Error) -> String {
    let text = without_paths(&error.to_string());
    match error {
        eframe::Error::NoGlutinConfigs(..)
        | eframe::Error::Glutin(_)
        | eframe::Error::OpenGL(_) => {
            "The window needs OpenGL 2.1 or later, and none was found; on Debian and Ubuntu \
             install libgl1 and libgl1-mesa-dri"
                .to_owned()
        }
        eframe::Error::AppCreation(_) => format!("The window could not be set up: {text}"),
        eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_) => explain_message(&text),
    }
}

fn explain_panic(panic: &(dyn Any + Send)) -> String {
    explain_message(&message_of(panic))
}

/// Says that a window that was open failed.
fn explain_failure(panic: &(dyn Any + Send)) -> String {
    let line = without_paths(message_of(panic).lines().next().unwrap_or_default());
    if line.contains("X11(") {
        return "The window is gone: another program destroyed it, or the display failed"
            .to_owned();
    }
    format!("The window failed ({line})")
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default()
}

/// Explains a message of the windowing libraries, some of which contain build paths.
fn explain_message(text: &str) -> String {
    let is_about = |word: &str| text.contains(word);
    if is_about("xkbcommon") {
        "The window needs libxkbcommon-x11, which is missing; on Debian and Ubuntu install \
         libxkbcommon-x11-0"
            .to_owned()
    } else if is_about("DISPLAY") {
        "There is no desktop to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set"
            .to_owned()
    } else if is_about("ayland compositor") {
        "The Wayland compositor that WAYLAND_DISPLAY names cannot be reached".to_owned()
    } else if is_about("X server") {
        "The X server that DISPLAY names cannot be reached".to_owned()
    } else if is_about("libX") || is_about("dlopen") || is_about("library") {
        "A library that the window needs is missing; on Debian and Ubuntu install libx11-6 \
         libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1"
            .to_owned()
    } else {
        let line = without_paths(text.lines().next().unwrap_or_default());
        format!("The window could not be opened ({line})")
    }
}

/// Removes paths of library sources from a message.
fn without_paths(text: &str) -> String {
    let is_path = |word: &&str| word.contains(".rs:") || word.contains("/.cargo/");
    let words = text.split(' ').filter(|word| !is_path(word)).collect::<Vec<_>>().join(" ");
    words.replace("os error at ", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_names_what_is_missing_and_what_works_without() {
        for (text, wanted) in [
            ("os error at /x/y.rs:3: neither WAYLAND_DISPLAY nor DISPLAY is set.", "desktop"),
            ("Failed to open connection to X server", "X server"),
            ("Library libxkbcommon-x11.so could not be loaded.", "libxkbcommon-x11-0"),
            ("os error at /x/y.rs:3: Could not find wayland compositor", "Wayland compositor"),
            ("os error at /root/.cargo/registry/a/y.rs:3: no such thing", "(no such thing)"),
            ("libXcursor.so.1: cannot open shared object file", "libxcursor1"),
        ] {
            let sentence = no_window(&explain_message(text)).to_string();
            assert!(sentence.contains(wanted), "{sentence}");
            assert!(sentence.contains("eoscope run PRESET"), "{sentence}");
            assert!(!sentence.contains(".rs"), "{sentence}");
        }
    }

    #[test]
    fn only_panics_while_the_window_opens_are_silent() {
        let here = thread::current().id();
        let n_heard = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counter = Arc::clone(&n_heard);
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if thread::current().id() == here {
                counter.fetch_add(1, Ordering::Relaxed);
            } else {
                usual(info);
            }
        }));
        let fails = || assert!(catch_unwind(|| panic!("libxkbcommon is not there")).is_err());
        let silencer = PanicSilencer::begin();
        fails();
        assert_eq!(n_heard.load(Ordering::Relaxed), 0);
        silencer.is_silent.store(false, Ordering::Relaxed);
        fails();
        assert_eq!(n_heard.load(Ordering::Relaxed), 1);
        drop(silencer);
        fails();
        assert_eq!(n_heard.load(Ordering::Relaxed), 2);
        drop(take_hook());
    }

    #[test]
    fn a_panic_of_any_kind_becomes_a_sentence() {
        let panic: Box<dyn Any + Send> = Box::new("xkbcommon is not there");
        assert!(explain_panic(panic.as_ref()).contains("libxkbcommon"));
        let failure = explain_failure(panic.as_ref());
        assert_eq!(failure, "The window failed (xkbcommon is not there)");
        let panic: Box<dyn Any + Send> = Box::new(3_u8);
        assert!(explain_panic(panic.as_ref()).contains("could not be opened"));
    }
}
