//! The requests to end that a system sends: Ctrl-C, SIGTERM and SIGHUP.
//! Notes them and does nothing else; whoever works looks at the note.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// Whether somebody has asked the program to end.
static IS_REQUESTED: AtomicBool = AtomicBool::new(false);

/// The first signal that asked; 0 when none has.
static FIRST: AtomicI32 = AtomicI32::new(0);

/// A request to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP: the terminal is gone.
    HangUp,
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::HangUp, Self::Interrupt, Self::Terminate];

    /// Its number, the same on all systems that have it.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }

    /// What a shell reports of a program that it ended.
    #[must_use]
    pub const fn exit_status(self) -> u8 {
        128 + self.number()
    }

    /// Ends the program as this signal ends one that does not listen, so that a shell ends the loop
    /// that started it too; where that is not to be had, with [`Self::exit_status`].
    pub fn end_program(self) -> ! {
        system::raise_default(self);
        std::process::exit(self.exit_status().into())
    }
}

/// While it lives, a request to end is noted instead of ending the program; one that was ignored
/// when the program began, as `nohup` and the background of a shell do, stays ignored. A further
/// Ctrl-C, later than a second after the first request, ends the program at once.
#[derive(Debug)]
pub struct SignalGuard {
    _previous: system::Previous,
}

impl SignalGuard {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system does not let the program listen.
    pub fn install() -> io::Result<Self> {
        Ok(Self { _previous: system::listen()? })
    }

    /// Becomes true at the first request.
    #[must_use]
    pub fn flag(&self) -> &'static AtomicBool {
        &IS_REQUESTED
    }

    /// The first request, if there was one.
    #[must_use]
    pub fn first_signal() -> Option<Signal> {
        let first = FIRST.load(Ordering::Relaxed);
        Signal::ALL.into_iter().find(|signal| i32::from(signal.number()) == first)
    }
}

/// From now on a file that may not grow further, as under `ulimit -f`, is an error of the write
/// rather than the end of the program.
pub fn report_size_limits_as_errors() {
    system::ignore_size_limits();
}

/// Notes a request; whether it was the first.
#[cfg(not(target_family = "wasm"))]
fn note(number: i32) -> bool {
    let is_first = FIRST.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed).is_ok();
    IS_REQUESTED.store(true, Ordering::Relaxed);
    is_first
}

#[cfg(unix)]
#[expect(unsafe_code, reason = "handlers of signals have no safe interface")]
mod system {
    use std::mem::MaybeUninit;
    use std::ptr;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::{Signal, io};

    /// When the first request came.
    static FIRST_MS: AtomicI64 = AtomicI64::new(0);

    /// What was done about each signal before.
    pub(super) struct Previous(Vec<(Signal, libc::sigaction)>);

    impl std::fmt::Debug for Previous {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_list().entries(self.0.iter().map(|(signal, _)| signal)).finish()
        }
    }

    impl Drop for Previous {
        fn drop(&mut self) {
            for (signal, previous) in &self.0 {
                // SAFETY: `previous` is what the system gave for this signal.
                unsafe { libc::sigaction(signal.number().into(), previous, ptr::null_mut()) };
            }
        }
    }

    /// Milliseconds since some fixed moment; usable inside a handler.
    #[allow(clippy::useless_conversion, reason = "seconds are narrower on some systems")]
    fn now_ms() -> i64 {
        let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `now` may be written; the function is one of those that a handler may call.
        unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
        i64::from(now.tv_sec) * 1000 + i64::from(now.tv_nsec) / 1_000_000
    }

    /// A terminal that closes, `timeout` and others send twice at once: only a person who presses
    /// Ctrl-C again later wants more than the first request.
    extern "C" fn on_signal(number: libc::c_int) {
        if super::note(number) {
            FIRST_MS.store(now_ms(), Ordering::Relaxed);
        } else if number == libc::SIGINT && now_ms() - FIRST_MS.load(Ordering::Relaxed) > 1000 {
            // SAFETY: one of the functions that a handler may call.
            unsafe { libc::_exit(Signal::Interrupt.exit_status().into()) };
        }
    }

    fn action(handler: libc::sighandler_t) -> libc::sigaction {
        // SAFETY: a plain record of numbers, for which all zeros say no flags and no mask.
        let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
        action.sa_sigaction = handler;
        action.sa_flags = libc::SA_RESTART;
        action
    }

    pub(super) fn listen() -> io::Result<Previous> {
        let mut previous = Previous(Vec::new());
        for signal in Signal::ALL {
            let number = signal.number().into();
            let mut before = action(libc::SIG_DFL);
            // SAFETY: asks only; `before` may be written.
            if unsafe { libc::sigaction(number, ptr::null(), &raw mut before) } != 0 {
                return Err(io::Error::last_os_error());
            }
            if before.sa_sigaction == libc::SIG_IGN {
                continue;
            }
            let handler: extern "C" fn(libc::c_int) = on_signal;
            let ours = action(handler as libc::sighandler_t);
            // SAFETY: `on_signal` calls only functions that a handler may call, and touches atomics only.
            if unsafe { libc::sigaction(number, &raw const ours, ptr::null_mut()) } != 0 {
                return Err(io::Error::last_os_error());
            }
            previous.0.push((signal, before));
        }
        Ok(previous)
    }

    pub(super) fn ignore_size_limits() {
        // SAFETY: no handler; a failure leaves the system's own action in place.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    }

    pub(super) fn raise_default(signal: Signal) {
        let usual = action(libc::SIG_DFL);
        // SAFETY: the usual action of a signal, and the signal itself.
        unsafe {
            libc::sigaction(signal.number().into(), &raw const usual, ptr::null_mut());
            libc::raise(signal.number().into());
        }
    }
}

#[cfg(windows)]
mod system {
    use super::{Signal, io};

    #[derive(Debug)]
    pub(super) struct Previous;

    pub(super) fn listen() -> io::Result<Previous> {
        let on_signal = || {
            super::note(Signal::Interrupt.number().into());
        };
        // A second listener in one process finds the first one's handler in place.
        match ctrlc::try_set_handler(on_signal) {
            Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(Previous),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    pub(super) fn ignore_size_limits() {}

    pub(super) fn raise_default(_: Signal) {}
}

/// A web page is closed without being asked.
#[cfg(target_family = "wasm")]
mod system {
    use super::{Signal, io};

    #[derive(Debug)]
    pub(super) struct Previous;

    #[expect(clippy::unnecessary_wraps, reason = "other systems can refuse")]
    pub(super) fn listen() -> io::Result<Previous> {
        Ok(Previous)
    }

    pub(super) fn ignore_size_limits() {}

    pub(super) fn raise_default(_: Signal) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_told_as_shells_tell_it() {
        assert_eq!(Signal::ALL.map(Signal::exit_status), [129, 130, 143]);
    }
}
