//! Chooses the display for the window if the environment names one that is gone.

/// If `WAYLAND_DISPLAY` names a compositor that does not answer and `DISPLAY` names an X server, as
/// in a terminal that outlived its session, unsets the former (which the window would try first)
/// and returns a sentence about it. Must be called before any thread is started.
#[must_use]
pub fn choose_display() -> Option<String> {
    system::choose()
}

#[cfg(unix)]
mod system {
    use std::env;
    use std::os::unix::net::UnixStream;
    use std::path::PathBuf;

    pub(super) fn choose() -> Option<String> {
        let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let wayland = named("WAYLAND_DISPLAY")?;
        if named("DISPLAY").is_none() || named("WAYLAND_SOCKET").is_some() {
            return None;
        }
        // Joining an absolute name replaces the folder.
        let folder = named("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap_or_default();
        if UnixStream::connect(folder.join(&wayland)).is_ok() {
            return None;
        }
        unset_wayland();
        let wayland = wayland.to_string_lossy();
        Some(format!(
            "the compositor WAYLAND_DISPLAY={wayland} does not answer; the window opens on DISPLAY"
        ))
    }

    #[expect(unsafe_code, reason = "std has no safe way to change the environment")]
    fn unset_wayland() {
        // SAFETY: no other thread is running that could read the environment.
        unsafe { env::remove_var("WAYLAND_DISPLAY") };
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn choose() -> Option<String> {
        None
    }
}
