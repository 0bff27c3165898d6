//! Signals that ask the program to end: Ctrl-C, SIGTERM and SIGHUP. The handlers only set flags,
//! which long work polls.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// Whether any signal has arrived.
static IS_REQUESTED: AtomicBool = AtomicBool::new(false);

/// Number of the first signal; 0 if none has arrived.
static FIRST: AtomicI32 = AtomicI32::new(0);

/// A signal that asks the program to end.
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

    /// Signal number, the same on every system that has the signal.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }

    /// Exit status that a shell reports for a program killed by this signal.
    #[must_use]
    pub const fn exit_status(self) -> u8 {
        128 + self.number()
    }

    /// Kills the program by this signal's default action, so that a shell also stops the loop or
    /// script that started it; where that is impossible, exits with [`Self::exit_status`].
    pub fn end_program(self) -> ! {
        system::raise_default(self);
        std::process::exit(self.exit_status().into())
    }
}

/// While this value lives, signals set a flag instead of ending the program. A signal that was
/// ignored when the program started (`nohup`, background jobs) stays ignored. A further Ctrl-C more
/// than a second after the first signal exits immediately.
#[derive(Debug)]
pub struct SignalGuard {
    _previous: system::Previous,
}

impl SignalGuard {
    /// Installs the signal handlers.
    ///
    /// # Errors
    /// A handler cannot be installed.
    pub fn install() -> io::Result<Self> {
        Ok(Self { _previous: system::listen()? })
    }

    /// Becomes true at the first signal.
    #[must_use]
    pub fn flag(&self) -> &'static AtomicBool {
        &IS_REQUESTED
    }

    /// The first signal, if one has arrived.
    #[must_use]
    pub fn first_signal() -> Option<Signal> {
        let first = FIRST.load(Ordering::Relaxed);
        Signal::ALL.into_iter().find(|signal| i32::from(signal.number()) == first)
    }
}

/// From now on, a write beyond the file size limit (`ulimit -f`) returns an error instead of
/// killing the program.
pub fn report_size_limits_as_errors() {
    system::ignore_size_limits();
}

/// Records a signal; returns whether it was the first.
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

    /// Time of the first signal.
    static FIRST_MS: AtomicI64 = AtomicI64::new(0);

    /// Previous actions, restored when dropped.
    pub(super) struct Previous(Vec<(Signal, libc::sigaction)>);

    impl std::fmt::Debug for Previous {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_list().entries(self.0.iter().map(|(signal, _)| signal)).finish()
        }
    }

    impl Drop for Previous {
        fn drop(&mut self) {
            for (signal, previous) in &self.0 {
                // SAFETY: `previous` is what the system returned for this signal.
                unsafe { libc::sigaction(signal.number().into(), previous, ptr::null_mut()) };
            }
        }
    }

    /// Monotonic clock in milliseconds; async-signal-safe.
    #[allow(clippy::useless_conversion, reason = "seconds are narrower on some systems")]
    fn now_ms() -> i64 {
        let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `now` is writable; `clock_gettime` is async-signal-safe.
        unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
        i64::from(now.tv_sec) * 1000 + i64::from(now.tv_nsec) / 1_000_000
    }

    /// A closing terminal, `timeout` and others send a signal twice in quick succession; only a
    /// later Ctrl-C means that the user does not want to wait.
    extern "C" fn on_signal(number: libc::c_int) {
        if super::note(number) {
            FIRST_MS.store(now_ms(), Ordering::Relaxed);
        } else if number == libc::SIGINT && now_ms() - FIRST_MS.load(Ordering::Relaxed) > 1000 {
            // SAFETY: `_exit` is async-signal-safe.
            unsafe { libc::_exit(Signal::Interrupt.exit_status().into()) };
        }
    }

    fn action(handler: libc::sighandler_t) -> libc::sigaction {
        // SAFETY: `sigaction` is a plain struct, for which zeros mean no flags and an empty mask.
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
            // SAFETY: only reads the current action; `before` is writable.
            if unsafe { libc::sigaction(number, ptr::null(), &raw mut before) } != 0 {
                return Err(io::Error::last_os_error());
            }
            if before.sa_sigaction == libc::SIG_IGN {
                continue;
            }
            let handler: extern "C" fn(libc::c_int) = on_signal;
            let ours = action(handler as libc::sighandler_t);
            // SAFETY: `on_signal` calls only async-signal-safe functions, and touches only atomics.
            if unsafe { libc::sigaction(number, &raw const ours, ptr::null_mut()) } != 0 {
                return Err(io::Error::last_os_error());
            }
            previous.0.push((signal, before));
        }
        Ok(previous)
    }

    pub(super) fn ignore_size_limits() {
        // SAFETY: installs no handler; on failure the default action remains.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    }

    pub(super) fn raise_default(signal: Signal) {
        let default = action(libc::SIG_DFL);
        // SAFETY: restores the default action and raises the signal.
        unsafe {
            libc::sigaction(signal.number().into(), &raw const default, ptr::null_mut());
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
        // A second guard in one process finds the first one's handler installed.
        match ctrlc::try_set_handler(on_signal) {
            Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(Previous),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    pub(super) fn ignore_size_limits() {}

    pub(super) fn raise_default(_: Signal) {}
}

/// A web page receives no signals.
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
    fn exit_statuses_are_those_of_shells() {
        assert_eq!(Signal::ALL.map(Signal::exit_status), [129, 130, 143]);
    }
}
