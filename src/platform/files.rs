//! Files and folders, with atomic writes. On a web page every operation fails.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;
use std::{env, fs, path};

pub use std::fs::{
    File, OpenOptions, TryLockError, canonicalize, create_dir, create_dir_all, read, read_dir,
    rename,
};

/// Whether this path exists; false for a dangling link.
#[must_use]
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether this is a regular file.
#[must_use]
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Whether this is a folder.
#[must_use]
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// Whether this is a pipe or a device, which one might read for ever.
#[must_use]
pub fn is_pipe_or_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Whether this is a link whose target is missing.
#[must_use]
pub fn is_dangling(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

/// Whether this name is in use, even by a dangling link.
#[must_use]
pub fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Current path of an open file, even if it or a folder above it was moved; `None` if the file was
/// removed or the system does not report it.
#[must_use]
pub fn current_path(file: &File) -> Option<PathBuf> {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        let place = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
        place.is_file().then_some(place)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _: &File = file;
        None
    }
}

/// Size of the file in bytes; 0 if there is none.
#[must_use]
pub fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// What tells whether a file has changed: its size and the time of its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
}

/// The stamp of what is at this path; `None` if nothing is, or it is out of reach.
#[must_use]
pub fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::metadata(path).ok()?;
    Some(Stamp { size: found.len(), modified: found.modified().ok() })
}

/// The path from the root of the file system, whether or not it exists; a relative one begins at
/// the working directory.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Removes a folder with its contents, or a link; leaves a regular file alone.
///
/// # Errors
/// Removing failed.
pub fn remove_dir_or_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => fs::remove_dir_all(path),
        // A link, perhaps dangling.
        Ok(about) if about.is_symlink() => fs::remove_file(path),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Creates or replaces the file atomically: writes a temporary file beside it and renames that.
/// After an error the old file is unchanged and no new one is left.
///
/// # Errors
/// Writing or renaming failed.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Writes to the target of a link, so that the link remains.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|there| !there.is_file()) {
        // A device or a pipe is written to, not replaced.
        return fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let temporary = write_temporary(&target, bytes)?;
    let previous = fs::metadata(&target).map(|previous| previous.permissions());
    let permitted =
        previous.map_or(Ok(()), |permissions| fs::set_permissions(&temporary, permissions));
    let done = permitted.and_then(|()| fs::rename(&temporary, &target));
    done.inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// Creates the file atomically; of several processes that try, one succeeds.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if the file exists; it is unchanged, and no new file is left.
pub fn create_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = write_temporary(path, bytes)?;
    let done = match fs::hard_link(&temporary, path) {
        // Without hard links, two processes that create the file at the same moment are not
        // distinguished.
        Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.exists() => {
            return fs::rename(&temporary, path).inspect_err(|_| drop(fs::remove_file(&temporary)));
        }
        Err(_) => Err(ErrorKind::AlreadyExists.into()),
        Ok(()) => Ok(()),
    };
    drop(fs::remove_file(&temporary));
    done
}

/// How the name of a temporary file begins and ends.
const TEMPORARY: &str = ".eoscope-";
const PART: &str = ".part";

/// Whether a file of this name is a temporary one of this program, left when it was killed.
#[must_use]
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY) && name.ends_with(PART)
}

/// Writes a temporary file with an unused name in the same folder; returns its path.
fn write_temporary(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    static N_WRITTEN: AtomicU64 = AtomicU64::new(0);
    let (temporary, mut file) = loop {
        // Not derived from the file's name, which may already have the maximal length.
        let number = N_WRITTEN.fetch_add(1, Ordering::Relaxed);
        let name = format!("{TEMPORARY}{}-{number}{PART}", process_id());
        let temporary = path.with_file_name(name);
        match File::create_new(&temporary) {
            Ok(file) => break (temporary, file),
            // Left by a program on another machine, or by one that was killed.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    };
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    match written {
        Ok(()) => Ok(temporary),
        Err(error) => {
            drop(fs::remove_file(&temporary));
            Err(error)
        }
    }
}

/// A writable folder: the working directory, else the home directory, else the one for temporary
/// files; empty on a web page.
#[must_use]
pub fn writable_dir() -> PathBuf {
    let home = directories::UserDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let folders = [env::current_dir().ok(), home];
    let folder = folders.into_iter().flatten().find(|folder| is_writable(folder));
    folder.unwrap_or_else(|| {
        if cfg!(target_family = "wasm") { PathBuf::new() } else { env::temp_dir() }
    })
}

/// The path that a user typed: `~` alone or before a separator is the home directory.
#[must_use]
pub fn expanded(typed: &str) -> PathBuf {
    let typed = typed.trim();
    let below = typed
        .strip_prefix('~')
        .filter(|below| below.is_empty() || below.starts_with(path::is_separator));
    match (below, directories::UserDirs::new()) {
        (Some(below), Some(dirs)) => {
            dirs.home_dir().join(below.trim_start_matches(path::is_separator))
        }
        (Some(_), None) | (None, _) => PathBuf::from(typed),
    }
}

/// Whether a file can be created in this folder, tested by creating one.
fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".eoscope-{}", process_id()));
    let is_made = File::create_new(&probe).is_ok();
    is_made && fs::remove_file(&probe).is_ok()
}

/// The folder for the user's settings; `None` if the system has none.
#[must_use]
pub fn settings_dir() -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "eoscope")?;
    Some(dirs.config_dir().to_owned())
}

/// Distinguishes this process from others that write to the same folder.
fn process_id() -> u32 {
    if cfg!(target_family = "wasm") { 0 } else { std::process::id() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removal_affects_folders_and_leaves_files() {
        let home = tempfile::tempdir().unwrap();
        let (folder, file) = (home.path().join("folder"), home.path().join("file"));
        create_dir_all(folder.join("inner")).unwrap();
        create_new(&file, b"mine").unwrap();
        for path in [&folder, &file, &home.path().join("nothing")] {
            remove_dir_or_link(path).unwrap();
        }
        assert!(!is_taken(&folder) && is_file(&file));
    }

    #[cfg(unix)]
    #[test]
    fn a_dangling_link_is_taken_and_can_be_removed() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(home.path().join("gone"), &link).unwrap();
        assert!(is_dangling(&link) && is_taken(&link) && !exists(&link));
        remove_dir_or_link(&link).unwrap();
        assert!(!is_taken(&link));
    }

    #[test]
    fn one_of_two_creators_succeeds_and_replacing_leaves_no_temporary_file() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        create_new(&file, b"first").unwrap();
        let error = create_new(&file, b"second").unwrap_err();
        assert_eq!(
            (error.kind(), read(&file).unwrap()),
            (ErrorKind::AlreadyExists, b"first".into())
        );
        replace(&file, b"third").unwrap();
        assert_eq!((read(&file).unwrap(), size(&file)), (b"third".into(), 5));
        assert_eq!(read_dir(home.path()).unwrap().count(), 1);
    }
}
