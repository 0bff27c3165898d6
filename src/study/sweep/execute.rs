//! Runs the unfinished tasks of a study in parallel, each into its own run folder.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Shard;
use super::finished::finished_row;
use super::own_tables::{OwnTables, check_own};
use crate::config::RunConfig;
use crate::history::Run;
use crate::protocol::{Event, RunEnd, RunId};
use crate::runner;
use crate::store::{Place, Recorder, Recording, Sink, StoreError, StudyFolder};
use crate::study::{Row, Study, StudyError, Table, Task};
use crate::text::short_path;
use crate::workers;

/// The table is rewritten once 1/8 of its rows are new: often at first, and about nine times its
/// final size in total.
const NEW_ROWS: usize = 8;

/// Options of a sweep.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which of the study's tasks to run.
    pub shard: Shard,
    /// Number of parallel runs, each on one thread; at least 1.
    pub n_jobs: usize,
}

/// Progress of a sweep; reported from any of its threads.
#[derive(Clone, Copy, Debug)]
pub enum SweepEvent<'a> {
    /// The amount of work, reported first.
    Planned {
        /// Tasks of the shard.
        n_tasks: usize,
        /// Tasks finished by an earlier sweep, or refused.
        n_done: usize,
        /// The most steps the remaining tasks can take.
        n_steps: u64,
    },
    /// The run of a task starts.
    Begun(&'a Task),
    /// A run took a step.
    Stepped,
    /// A damaged run folder or study file, or a file that another program put into a run folder, is
    /// replaced; the sentence says what was wrong.
    Replaced(&'a str),
    /// A task is skipped because of an error; the other tasks continue.
    Skipped {
        /// The error, as one sentence.
        why: &'a str,
        /// Its planned steps, if its run had started.
        n_planned: Option<u64>,
    },
    /// A task is finished, by this sweep or an earlier one.
    Ended {
        /// Its row of the results table.
        row: &'a Row,
        /// Its planned steps, if this sweep ran it.
        n_planned: Option<u64>,
    },
}

/// The result of a sweep.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The rows of all finished tasks of the shard.
    pub table: Table,
    /// Number of tasks of the shard.
    pub n_tasks: usize,
    /// The file that the table was written to.
    pub path: PathBuf,
    /// One sentence for each run folder or file that another program removed meanwhile.
    pub lost: Vec<String>,
}

/// Runs the unfinished tasks of a shard, each into a run folder in `dir`, and writes the table of
/// all finished ones. `is_interrupted` stops runs within their step. Finished runs stay, so the next
/// sweep into the same folder resumes; it restarts interrupted runs from step 0.
///
/// # Errors
/// A folder that holds something else, a table that cannot be written, a study with an impossible
/// setting. A failed run is a row; a task whose folder is unusable is skipped and reported.
pub fn sweep(
    study: &Study,
    dir: &Path,
    options: Options,
    is_interrupted: &AtomicBool,
    watch: &(dyn Fn(SweepEvent<'_>) + Sync),
) -> Result<Swept, StudyError> {
    let all_tasks = study.tasks()?;
    let of_shard = all_tasks.iter().filter(|task| options.shard.has(task.index));
    let tasks: Vec<Task> = of_shard.cloned().collect();
    let file = options.shard.results_file();
    check_own(study, dir, std::iter::once(file.clone()))?;
    let open = || StudyFolder::open(dir, study.to_toml(), &|known| study.matches_text(known));
    let folder = open()?;
    if let Some(sentence) = folder.repair_notice() {
        watch(SweepEvent::Replaced(sentence));
    }
    let _claim = folder.claim(options.shard.parts())?;
    let (is_failed, found) = (AtomicBool::new(false), Mutex::default());
    let sweep = Sweep { folder, is_interrupted, is_failed, found, watch };
    sweep.plan(&tasks, options.n_jobs)?;

    let axes: Vec<String> = study.axes.iter().map(|axis| axis.name.clone()).collect();
    let earlier = OwnTables::read_one(&sweep.folder, &file, &all_tasks, &axes);
    let earlier: Vec<Row> = earlier.rows().cloned().collect();
    let write = |rows: &[Row]| {
        let table = with_earlier(&axes, rows, &earlier);
        sweep.folder.write(&file, table.to_csv().as_bytes())
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut n_written = 0;
    let mut outcome = Ok(());
    workers::run_parallel(
        options.n_jobs,
        &tasks,
        |task| sweep.row_of(task),
        |done| {
            rows.extend(done);
            let is_due = rows.len() > n_written + n_written / NEW_ROWS;
            if is_due {
                n_written = rows.len();
            }
            if is_due && let Err(error) = write(&rows) {
                sweep.is_failed.store(true, Ordering::Relaxed);
                // Only the first error is the cause; later ones follow from stopping.
                if outcome.is_ok() {
                    outcome = Err(error);
                }
            }
            if sweep.is_stopping() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    )?;
    outcome.map_err(StudyError::from)?;
    let path = write(&rows)?;
    let mut lost = sweep.missing_runs(&tasks, &rows);
    if let Some(sentence) = sweep.folder.missing_study() {
        lost.push(sentence.to_string());
        open()?;
    }
    Ok(Swept { table: Table::new(axes, rows), n_tasks: tasks.len(), path, lost })
}

/// The table of these rows and of earlier ones of other tasks, whose runs may be gone.
fn with_earlier(axes: &[String], rows: &[Row], earlier: &[Row]) -> Table {
    let new: BTreeSet<usize> = rows.iter().map(|row| row.task).collect();
    let kept = earlier.iter().filter(|row| !new.contains(&row.task));
    Table::new(axes.to_vec(), rows.iter().chain(kept).cloned().collect())
}

/// The row of a task whose run is finished, `None` if it must run, or what is wrong with its folder.
type Found = Result<Option<Row>, StudyError>;

/// A running sweep.
struct Sweep<'a> {
    folder: StudyFolder,
    is_interrupted: &'a AtomicBool,
    /// Whether the sweep itself failed, as opposed to a run.
    is_failed: AtomicBool,
    /// What an earlier sweep left, by index of the task, until the task's turn.
    found: Mutex<BTreeMap<usize, Found>>,
    watch: &'a (dyn Fn(SweepEvent<'_>) + Sync),
}

impl Sweep<'_> {
    fn is_stopping(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed) || self.is_failed.load(Ordering::Relaxed)
    }

    /// Reads what an earlier sweep left, and reports the work that remains.
    fn plan(&self, tasks: &[Task], n_jobs: usize) -> Result<(), StudyError> {
        let (mut n_done, mut n_steps) = (0, 0);
        let read = |task: &Task| {
            let n_steps = task.config.as_ref().map_or(0, |config| config.n_steps);
            (task.index, n_steps, finished_row(&self.folder, task))
        };
        workers::run_parallel(n_jobs, tasks, read, |(index, n_planned, found)| {
            if matches!(found, Ok(Some(_))) {
                n_done += 1;
            } else {
                n_steps += n_planned;
            }
            self.lock_found().insert(index, found);
            if self.is_stopping() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        (self.watch)(SweepEvent::Planned { n_tasks: tasks.len(), n_done, n_steps });
        Ok(())
    }

    fn lock_found(&self) -> MutexGuard<'_, BTreeMap<usize, Found>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The row of a task, read from its folder or by running it; `None` when interrupted or skipped.
    fn row_of(&self, task: &Task) -> Option<Row> {
        let found = self.lock_found().remove(&task.index);
        let found = found.unwrap_or_else(|| finished_row(&self.folder, task));
        if let Ok(Some(row)) = found {
            (self.watch)(SweepEvent::Ended { row: &row, n_planned: None });
            return Some(row);
        }
        let (Ok(config), false) = (&task.config, self.is_stopping()) else { return None };
        let ready = found.map(|_| ()).or_else(|error| self.set_aside(task, error));
        if let Err(error) = ready.and_then(|()| self.clear(task, config)) {
            self.skip(task, &error, None);
            return None;
        }
        (self.watch)(SweepEvent::Begun(task));
        match self.run(task, config) {
            Ok(row) => {
                if let Some(row) = &row {
                    (self.watch)(SweepEvent::Ended { row, n_planned: Some(config.n_steps) });
                }
                row
            }
            Err(error) => {
                self.skip(task, &error, Some(config.n_steps));
                None
            }
        }
    }

    fn run(&self, task: &Task, config: &RunConfig) -> Result<Option<Row>, StudyError> {
        let mut history = Run::new(RunId(0), config.clone());
        let mut recording = Recording::new(Place::At(self.folder.run_dir(&task.dir)));
        let mut steps = Steps { watch: self.watch };
        let mut recorder = Recorder::new(vec![&mut steps, &mut history, &mut recording]);
        let trained = catch_unwind(AssertUnwindSafe(|| {
            let mut observe = |event: &Event| recorder.record(event);
            runner::run(config, 1, &|| self.is_stopping(), &mut observe)
        }));
        let failure = match trained {
            Ok(Ok(_)) => None,
            Ok(Err(_)) if self.is_stopping() && !recorder.has_started() => return Ok(None),
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("the run's thread panicked; this is a bug".to_owned()),
        };
        match failure {
            None => {}
            Some(message) if recorder.has_started() => recorder.fail(message),
            Some(message) => recorder.never_started(config, RunEnd::Failed { message }),
        }
        recorder.end()?;
        if let Some(sentence) = recording.summary().and_then(|s| s.repair_notice.as_deref()) {
            (self.watch)(SweepEvent::Replaced(sentence));
        }
        Ok(Row::of_run(task, &history))
    }

    /// Moves an unreadable run folder aside; refuses one that holds a different run.
    fn set_aside(&self, task: &Task, error: StudyError) -> Result<(), StudyError> {
        if matches!(error, StudyError::Foreign { .. }) {
            return Err(error);
        }
        let aside = self.folder.set_aside(&task.dir)?;
        let sentence =
            format!("{error}; it is kept as {}, and its run is started again", short_path(&aside));
        (self.watch)(SweepEvent::Replaced(&sentence));
        Ok(())
    }

    /// Removes the files of an unfinished run of this task; refuses a folder with a different run.
    fn clear(&self, task: &Task, config: &RunConfig) -> Result<(), StudyError> {
        if self.folder.config(&task.dir).is_some_and(|known| !known.is_same_run(config)) {
            let dir = self.folder.run_dir(&task.dir);
            return Err(StudyError::Foreign { dir, task: task.index });
        }
        if self.folder.has_foreign_files(&task.dir) {
            let dir = short_path(&self.folder.run_dir(&task.dir));
            let aside = short_path(&self.folder.set_aside(&task.dir)?);
            (self.watch)(SweepEvent::Replaced(&format!(
                "{dir} holds files that no run wrote; it is kept as {aside}, and the task has a new \
                 folder"
            )));
            return Ok(());
        }
        Ok(self.folder.clear(&task.dir)?)
    }

    /// What is gone of the runs of these rows, as sentences.
    fn missing_runs(&self, tasks: &[Task], rows: &[Row]) -> Vec<String> {
        let done: BTreeSet<usize> = rows.iter().map(|row| row.task).collect();
        let is_done = |task: &&Task| task.config.is_ok() && done.contains(&task.index);
        let trained = tasks.iter().filter(is_done);
        let missing = trained.filter_map(|task| self.folder.missing(&task.dir));
        missing.map(|path| StoreError::Gone(path).to_string()).collect()
    }

    /// Reports that a task is skipped, and why.
    fn skip(&self, task: &Task, error: &StudyError, n_planned: Option<u64>) {
        let why = format!("{error}; task {} is left out, and the others go on", task.index);
        (self.watch)(SweepEvent::Skipped { why: &why, n_planned });
    }
}

/// Reports every step of a run.
struct Steps<'a> {
    watch: &'a (dyn Fn(SweepEvent<'_>) + Sync),
}

impl Sink for Steps<'_> {
    fn on_event(&mut self, event: &Event) -> Result<(), StoreError> {
        if matches!(event, Event::Sampled { .. }) {
            (self.watch)(SweepEvent::Stepped);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
