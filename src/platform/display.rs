//! Which display a window opens on, where the environment names one that is gone.
//! Does not open a window.

/// Where `WAYLAND_DISPLAY` names a compositor that does not answer and `DISPLAY` an X server, as in
/// a terminal that outlived its session: forgets the former, which windows would try alone, and
/// gives the sentence that says so. To be called before any thread is started.
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
        // An absolute name stands for itself.
        let folder = named("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap_or_default();
        if UnixStream::connect(folder.join(&wayland)).is_ok() {
            return None;
        }
        unset_wayland();
        let wayland = wayland.to_string_lossy();
        Some(format!("nothing answers at WAYLAND_DISPLAY={wayland}; the window opens on DISPLAY"))
    }

    #[expect(unsafe_code, reason = "the environment has no other interface")]
    fn unset_wayland() {
        // SAFETY: the caller has started no thread that could read the environment meanwhile.
        unsafe { env::remove_var("WAYLAND_DISPLAY") };
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn choose() -> Option<String> {
        None
    }
}
