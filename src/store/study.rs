//! Study folders: the study's text, its tables, and a run folder for each task.

use std::path::{Path, PathBuf};

use super::file_kinds::{blank, read_nonblank, read_text, set_aside, write_atomically};
use super::run::{CONFIG, EVENTS, METRICS, PREPARATION, SUMMARY, read_record};
use super::{StoreError, Summary, check_vacant};
use crate::config::RunConfig;
use crate::platform::files::{self, File, TryLockError, is_temporary};
use crate::protocol::EndKind;
use crate::text::short_path;

const STUDY: &str = "study.toml";
const RUNS: &str = "runs";

/// The files of a run folder.
const OWN: [&str; 5] = [CONFIG, METRICS, EVENTS, PREPARATION, SUMMARY];

/// The folder of one study.
#[derive(Clone, Debug)]
pub struct StudyFolder {
    dir: PathBuf,
    repair_notice: Option<String>,
}

/// A lock on a study or a part of it, held while this value lives.
#[derive(Debug)]
pub struct Claim {
    /// The operating system releases the lock when the file is closed or the program is killed.
    _lock: File,
}

impl StudyFolder {
    /// Creates the folder of a study with this text, or opens an existing one. If the existing text
    /// differs, `is_same` decides whether it describes the same runs; it then stays as it is. An
    /// error of `is_same` means that the text is no valid study.
    ///
    /// # Errors
    /// The folder holds another study, a damaged one or a run, or a file is in its place, or a
    /// write failed.
    pub fn open(
        dir: &Path,
        text: &str,
        is_same: &dyn Fn(&str) -> Result<bool, String>,
    ) -> Result<Self, StoreError> {
        check_vacant(dir)?;
        files::create_dir_all(dir).map_err(StoreError::write(dir))?;
        let mut folder = Self { dir: dir.to_owned(), repair_notice: None };
        let _turn = folder.wait_for_lock(".study.lock")?;
        let path = dir.join(STUDY);
        let Some(known) = read_text(&path)? else {
            write_atomically(&path, text.as_bytes())?;
            return Ok(folder);
        };
        if let Some(problem) = blank(&known) {
            write_atomically(&path, text.as_bytes())?;
            folder.repair_notice =
                Some(format!("{}: {problem}; it was written again", short_path(&path)));
        } else if known != text {
            match is_same(&known) {
                Ok(true) => {}
                Ok(false) => return Err(StoreError::OtherStudy(dir.to_owned())),
                Err(problem) => return Err(StoreError::DamagedStudy { path, problem }),
            }
        }
        Ok(folder)
    }

    /// A folder that is only looked at, whether or not it holds a study.
    #[must_use]
    pub fn unopened(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), repair_notice: None }
    }

    /// The file of this name, if it exists and nothing shows that a study wrote it.
    #[must_use]
    pub fn foreign_file(&self, name: &str) -> Option<PathBuf> {
        let path = self.dir.join(name);
        let is_foreign = files::is_taken(&path) && !files::is_dir(&path);
        (is_foreign && !files::is_taken(&self.study_file())).then_some(path)
    }

    /// The names of everything in the folder, sorted; empty if it cannot be read.
    #[must_use]
    pub fn file_names(&self) -> Vec<String> {
        names(&self.dir)
    }

    /// Waits for the lock under which tables are merged from this folder.
    ///
    /// # Errors
    /// The lock file cannot be created.
    pub fn lock_for_merge(&self) -> Result<Claim, StoreError> {
        self.wait_for_lock(".merge.lock")
    }

    /// Waits for a lock; on a file system without locks, it is granted to everyone.
    fn wait_for_lock(&self, name: &str) -> Result<Claim, StoreError> {
        let path = self.dir.join(name);
        let lock = File::create(&path).map_err(StoreError::write(&path))?;
        let _is_supported = lock.lock().is_ok();
        Ok(Claim { _lock: lock })
    }

    /// Opens an existing study folder; also returns the study's text.
    ///
    /// # Errors
    /// The folder does not exist, is a file, or holds no study.
    pub fn read(dir: &Path) -> Result<(Self, String), StoreError> {
        if !files::is_dir(dir) {
            let is_taken = files::exists(dir);
            let error = if is_taken { StoreError::NotAFolder } else { StoreError::Missing };
            return Err(error(dir.to_owned()));
        }
        let text = read_nonblank(&dir.join(STUDY))?;
        let text =
            text.ok_or_else(|| StoreError::NoStudy { folder: dir.to_owned(), file: STUDY })?;
        Ok((Self { dir: dir.to_owned(), repair_notice: None }, text))
    }

    /// Locks part `[i, n]` of the study against other processes that work on this part, or on parts
    /// of another number `n`.
    ///
    /// # Errors
    /// [`StoreError::Busy`], or a failed read or write.
    pub fn claim(&self, [part, n_parts]: [usize; 2]) -> Result<Claim, StoreError> {
        let busy = || StoreError::Busy(self.dir.clone());
        let path = self.dir.join(format!(".part-{part}-of-{n_parts}.lock"));
        let lock = File::create(&path).map_err(StoreError::write(&path))?;
        if is_held(&lock) {
            return Err(busy());
        }
        let same = format!("-of-{n_parts}.lock");
        for entry in files::read_dir(&self.dir).map_err(StoreError::read(&self.dir))? {
            let entry = entry.map_err(StoreError::read(&self.dir))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_other_part = name.starts_with(".part-") && !name.ends_with(&same);
            if is_other_part && File::open(entry.path()).is_ok_and(|file| is_held(&file)) {
                return Err(busy());
            }
        }
        Ok(Claim { _lock: lock })
    }

    /// What was wrong with the study's file and how it was repaired, as one sentence.
    #[must_use]
    pub fn repair_notice(&self) -> Option<&str> {
        self.repair_notice.as_deref()
    }

    /// The file with the study's text.
    #[must_use]
    pub fn study_file(&self) -> PathBuf {
        self.dir.join(STUDY)
    }

    /// The path of a file in the folder.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    /// The run folder of a task.
    #[must_use]
    pub fn run_dir(&self, task: &str) -> PathBuf {
        Self::run_dir_in(&self.dir, task)
    }

    /// The run folder of a task in the folder of a study that need not be open.
    #[must_use]
    pub fn run_dir_in(study: &Path, task: &str) -> PathBuf {
        study.join(RUNS).join(task)
    }

    /// How a task's run ended; `None` if it must run (again): there is no run, or it was stopped,
    /// killed or not fully recorded.
    ///
    /// # Errors
    /// The summary cannot be read.
    pub fn ended(&self, task: &str) -> Result<Option<EndKind>, StoreError> {
        let summary = Summary::read(&self.run_dir(task).join(SUMMARY))?;
        let complete = summary.filter(|summary| !summary.is_incomplete);
        Ok(complete.and_then(|summary| summary.end).filter(|end| *end != EndKind::Stopped))
    }

    /// The configuration in a task's run folder; `None` if it cannot be read.
    #[must_use]
    pub fn config(&self, task: &str) -> Option<RunConfig> {
        read_record(&self.run_dir(task).join(CONFIG)).ok()
    }

    /// Whether anything is in the place of a task's run folder.
    #[must_use]
    pub fn has_run(&self, task: &str) -> bool {
        files::is_taken(&self.run_dir(task))
    }

    /// Whether the place of a task's run folder holds files, but no configuration and not only what
    /// a run writes.
    #[must_use]
    pub fn has_foreign_files(&self, task: &str) -> bool {
        let dir = self.run_dir(task);
        let is_own = |name: &String| OWN.contains(&name.as_str()) || is_temporary(name);
        files::is_dir(&dir) && self.config(task).is_none() && !names(&dir).iter().all(is_own)
    }

    /// The error that the study's file is no longer there; `None` if it is.
    #[must_use]
    pub fn missing_study(&self) -> Option<StoreError> {
        let file = self.study_file();
        (!files::is_file(&file)).then_some(StoreError::Gone(file))
    }

    /// What is no longer there of a task's ended run: its folder, or a file in it.
    #[must_use]
    pub fn missing(&self, task: &str) -> Option<PathBuf> {
        let dir = self.run_dir(task);
        if !files::is_dir(&dir) {
            return Some(dir);
        }
        let needed = [CONFIG, METRICS, SUMMARY].map(|file| dir.join(file));
        needed.into_iter().find(|file| !files::is_file(file))
    }

    /// Removes the unfinished run of a task, so that the task can run again.
    ///
    /// # Errors
    /// The folder cannot be removed.
    pub fn clear(&self, task: &str) -> Result<(), StoreError> {
        let dir = self.run_dir(task);
        files::remove_dir_or_link(&dir).map_err(StoreError::write(&dir))
    }

    /// Renames whatever is in the place of a task's run folder, so that the task can run again
    /// without losing it; returns the new path.
    ///
    /// # Errors
    /// Renaming failed.
    pub fn set_aside(&self, task: &str) -> Result<PathBuf, StoreError> {
        let places = (1_u32..).map(|n| self.run_dir(&format!("{task}.damaged-{n}")));
        set_aside(&self.run_dir(task), places)
    }

    /// Writes a file atomically; returns its path.
    ///
    /// # Errors
    /// The write failed.
    pub fn write(&self, file: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.dir.join(file);
        write_atomically(&path, bytes)?;
        Ok(path)
    }

    /// A table's path and text.
    ///
    /// # Errors
    /// The file does not exist or cannot be read.
    pub fn read_table(&self, file: &str) -> Result<(PathBuf, String), StoreError> {
        let path = self.dir.join(file);
        let text = read_text(&path)?.ok_or_else(|| StoreError::Missing(path.clone()))?;
        Ok((path, text))
    }
}

/// The names in a folder, sorted; empty if it cannot be read.
fn names(dir: &Path) -> Vec<String> {
    let entries = files::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Whether another process holds this lock; if not, it is now ours. On a file system without locks,
/// nobody holds any.
fn is_held(file: &File) -> bool {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => true,
        Ok(()) | Err(TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_holds_one_study_and_a_part_has_one_worker() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("a/b");
        let study = StudyFolder::open(&dir, "name = 1", &|_| Ok(false)).unwrap();
        let error = StudyFolder::open(&dir, "name = 2", &|_| Ok(false)).unwrap_err();
        assert!(matches!(error, StoreError::OtherStudy(_)));
        assert_eq!(StudyFolder::read(&dir).unwrap().1, "name = 1");

        let first = study.claim([1, 2]).unwrap();
        let second = study.claim([2, 2]).unwrap();
        for taken in [[1, 2], [1, 1], [1, 3]] {
            assert!(matches!(study.claim(taken).unwrap_err(), StoreError::Busy(_)), "{taken:?}");
        }
        drop((first, second));
        study.claim([1, 1]).unwrap();
    }

    #[test]
    fn anything_but_a_study_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "mine").unwrap();
        assert!(matches!(
            StudyFolder::open(&file, "", &|_| Ok(false)).unwrap_err(),
            StoreError::NotAFolder(_)
        ));
        assert!(matches!(StudyFolder::read(&file).unwrap_err(), StoreError::NotAFolder(_)));
        let missing = StudyFolder::read(&folder.path().join("none")).unwrap_err();
        assert!(matches!(missing, StoreError::Missing(_)), "{missing}");
        let error = StudyFolder::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("study.toml"), "{error}");
        fs::write(folder.path().join(SUMMARY), "{}").unwrap();
        let error = StudyFolder::open(folder.path(), "", &|_| Ok(false)).unwrap_err();
        assert!(matches!(error, StoreError::Occupied(_)), "a run folder stays one");
    }
}
