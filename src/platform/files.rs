//! Files and folders. A web page has none: there, whatever is asked of them fails and says so.
//! Does not know what is in a file.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs};

pub use std::fs::{
    File, OpenOptions, TryLockError, canonicalize, create_dir, create_dir_all, read, read_dir,
    rename,
};

/// Whether there is something of this name.
#[must_use]
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether this is a file with an end.
#[must_use]
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Whether this is a folder.
#[must_use]
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// Whether something of this name is neither a folder nor a file with an end: a pipe or a device,
/// from which one might read for ever.
#[must_use]
pub fn is_pipe_or_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Whether this is a link that leads nowhere.
#[must_use]
pub fn is_dangling(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

/// Whether something of this name is there, were it a link that leads nowhere.
#[must_use]
pub fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Where an open file is by now, should it or a folder above it have been moved; `None` where the
/// system does not say, and of one that is gone.
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

/// Bytes of the file, 0 where there is none.
#[must_use]
pub fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// Removes a folder with all that is in it, or a link; a file of this name stays.
///
/// # Errors
/// What the system says.
pub fn remove_dir_or_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => fs::remove_dir_all(path),
        // A link that leads nowhere.
        Ok(about) if about.is_symlink() => fs::remove_file(path),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Replaces the file at once, or makes it: a file beside it is written first, then takes its name.
/// After an error what was there is as it was, and nothing new is left.
///
/// # Errors
/// What the system says.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // The file that a link leads to, so that the link stays one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|there| !there.is_file()) {
        // A device or a pipe stays what it is.
        return fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let temporary = write_temporary(&target, bytes)?;
    let former = fs::metadata(&target).map(|former| former.permissions());
    let kept = former.map_or(Ok(()), |permissions| fs::set_permissions(&temporary, permissions));
    let done = kept.and_then(|()| fs::rename(&temporary, &target));
    done.inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// Makes the file at once, whole; of several that try, one does.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where there is one, which stays as it is; nothing new is left.
pub fn create_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = write_temporary(path, bytes)?;
    let done = match fs::hard_link(&temporary, path) {
        // A file system without links: then two at the very same moment are not told apart.
        Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.exists() => {
            return fs::rename(&temporary, path).inspect_err(|_| drop(fs::remove_file(&temporary)));
        }
        Err(_) => Err(ErrorKind::AlreadyExists.into()),
        Ok(()) => Ok(()),
    };
    drop(fs::remove_file(&temporary));
    done
}

/// Writes a new file beside this one, under a name that nobody else uses; gives its path.
fn write_temporary(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    static N_WRITTEN: AtomicU64 = AtomicU64::new(0);
    let (temporary, mut file) = loop {
        // Not made of the file's own name, which may be as long as names can be.
        let number = N_WRITTEN.fetch_add(1, Ordering::Relaxed);
        let temporary = path.with_file_name(format!(".eoscope-{}-{number}.part", process_id()));
        match File::create_new(&temporary) {
            Ok(file) => break (temporary, file),
            // Of a program on another machine, or one that was killed.
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

/// A folder that files can be written to: the one the program was started from, else the user's home,
/// else that for temporary files; on a web page the empty path.
#[must_use]
pub fn writable_dir() -> PathBuf {
    let home = directories::UserDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let folders = [env::current_dir().ok(), home];
    let folder = folders.into_iter().flatten().find(|folder| is_writable(folder));
    folder.unwrap_or_else(|| {
        if cfg!(target_family = "wasm") { PathBuf::new() } else { env::temp_dir() }
    })
}

/// Whether a file can be made there, found out by making one.
fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".eoscope-{}", process_id()));
    let is_made = File::create_new(&probe).is_ok();
    is_made && fs::remove_file(&probe).is_ok()
}

/// The folder for what a user keeps of the program; `None` where the system has none.
#[must_use]
pub fn settings_dir() -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "eoscope")?;
    Some(dirs.config_dir().to_owned())
}

/// What tells this program from others that write to the same folder.
fn process_id() -> u32 {
    if cfg!(target_family = "wasm") { 0 } else { std::process::id() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clearing_removes_folders_and_leaves_files() {
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
    fn a_link_that_leads_nowhere_is_taken_and_can_be_cleared() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(home.path().join("gone"), &link).unwrap();
        assert!(is_dangling(&link) && is_taken(&link) && !exists(&link));
        remove_dir_or_link(&link).unwrap();
        assert!(!is_taken(&link));
    }

    #[test]
    fn of_two_that_make_a_file_one_does_and_whoever_replaces_it_leaves_nothing_beside_it() {
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
