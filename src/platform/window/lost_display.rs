//! Ends the program in order when the display goes away while the window is open. The libraries
//! below the window then exit or panic in the middle of a call, and never return to the program.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::platform::console::complain;

/// What the user reads after the display went away.
pub(super) const SENTENCE: &str = "the display of the window is gone, so the program ended; a run \
     that was being recorded is stopped, with its steps and weights";

type Work = Box<dyn FnOnce() + Send>;

/// The work to do before the program ends; `None` while no window is open.
static LAST_WORK: Mutex<Option<Work>> = Mutex::new(None);

/// Whether a thread is doing the last work and will then exit.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

/// From now until [`forget`], does this work when the display goes away.
pub(super) fn prepare(work: impl FnOnce() + Send + 'static) {
    *LAST_WORK.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(work));
    system::listen();
}

/// The window was closed in order.
pub(super) fn forget() {
    drop(LAST_WORK.lock().unwrap_or_else(PoisonError::into_inner).take());
}

/// Does the prepared work, says why and exits; returns if no window is open.
pub(super) fn end_program() {
    let work = {
        let mut kept = LAST_WORK.lock().unwrap_or_else(PoisonError::into_inner);
        let work = kept.take();
        IS_ENDING.fetch_or(work.is_some(), Ordering::Relaxed);
        work
    };
    let Some(work) = work else {
        // Another thread is doing the work; exiting here would cut it short.
        while IS_ENDING.load(Ordering::Relaxed) {
            thread::park();
        }
        return;
    };
    work();
    complain(SENTENCE);
    system::exit();
}

/// Whether a panic with this message in this source file of a library means that the connection to
/// the display broke.
pub(super) fn is_told_by(message: &str, file: &str) -> bool {
    let errors = ["IoError", "ConnectionError", "Connection(", "UnknownError", "Broken pipe"];
    !file.starts_with("src") && errors.iter().any(|error| message.contains(error))
}

#[cfg(unix)]
#[expect(unsafe_code, reason = "exiting and the handlers of Xlib have no safe interface")]
mod system {
    use std::sync::Once;

    /// Xlib exits when its connection breaks, and so may other libraries.
    pub(super) fn listen() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // SAFETY: `on_exit` does not unwind and needs nothing that exiting has freed.
            unsafe { libc::atexit(on_exit) };
        });
        #[cfg(target_os = "linux")]
        xlib::replace_handler();
    }

    extern "C" fn on_exit() {
        super::end_program();
    }

    /// Exits without the clean-up of libraries, which would call the display again.
    pub(super) fn exit() {
        // SAFETY: ends the process; the files of runs are closed by then.
        unsafe { libc::_exit(1) };
    }

    /// The handler of broken connections of Xlib, if that is loaded.
    #[cfg(target_os = "linux")]
    mod xlib {
        use std::ffi::{c_int, c_void};
        use std::mem::transmute;

        type Handler = extern "C" fn(*mut c_void) -> c_int;
        type Setter = unsafe extern "C" fn(Option<Handler>) -> Option<Handler>;

        /// Replaces the usual handler, which prints a line of its own and exits before the runs
        /// are recorded.
        pub(super) fn replace_handler() {
            // SAFETY: both names end in zero; the library is used only if it is already loaded.
            let setter = unsafe {
                let name = c"libX11.so.6".as_ptr();
                let library = libc::dlopen(name, libc::RTLD_NOW | libc::RTLD_NOLOAD);
                if library.is_null() {
                    return;
                }
                libc::dlsym(library, c"XSetIOErrorHandler".as_ptr())
            };
            if setter.is_null() {
                return;
            }
            // SAFETY: Xlib declares the function with this signature.
            unsafe {
                let setter = transmute::<*mut c_void, Setter>(setter);
                setter(Some(on_broken_connection));
            }
        }

        /// Xlib exits when this returns.
        extern "C" fn on_broken_connection(_display: *mut c_void) -> c_int {
            super::super::end_program();
            // SAFETY: what Xlib's own handler does.
            unsafe { libc::exit(1) }
        }
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn listen() {}

    pub(super) fn exit() {
        std::process::exit(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_panics_of_libraries_about_their_connection_tell_of_a_lost_display() {
        let winit = "/x/winit-0.30.13/src/platform_impl/linux/x11/window.rs";
        let broken = "called `Result::unwrap()` on an `Err` value: Connection(IoError(Custom { \
                      kind: Other, error: UnknownError }))";
        assert!(is_told_by(broken, winit));
        assert!(is_told_by("Failed to call `XMoveWindow`: ConnectionError(IoError(..))", winit));
        assert!(!is_told_by(broken, "src/ui/app/application.rs"), "our own bug");
        assert!(!is_told_by("index out of bounds", winit), "a bug of the library");
    }

    #[test]
    fn without_a_window_nothing_ends() {
        end_program();
        prepare(|| panic!("the window was closed in order"));
        forget();
        end_program();
    }
}
