//! Sweeping: the tasks of a study that are not done yet, run side by side into their folders.
//! Does not know who watches, nor what the axes mean.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Shard;
use super::finished::found;
use crate::config::RunConfig;
use crate::history::Run;
use crate::protocol::{Event, RunEnd, RunId};
use crate::runner;
use crate::store::{Place, Recorder, Recording, Sink, StoreError, StudyFolder};
use crate::workers;
use crate::study::{Row, Study, StudyError, Table, Task};

/// The table is written again when one row in so many is new: often at first, and all in all some
/// nine times its size.
const NEW_ROWS: usize = 8;

/// How a study is swept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which of its tasks.
    pub shard: Shard,
    /// Runs side by side, each on one thread; at least 1.
    pub n_jobs: usize,
}

/// How far a sweep has come, for whoever watches; told from any of its threads.
#[derive(Clone, Copy, Debug)]
pub enum Report<'a> {
    /// What there is to do.
    Planned {
        /// Tasks of the shard.
        n_tasks: usize,
        /// Those that were done before.
        n_done: usize,
        /// Steps that the others take at most.
        n_steps: u64,
    },
    /// A task's run begins.
    Begun(&'a Task),
    /// A run has taken a step.
    Stepped,
    /// What is wrong with a task's folder or the study's file, and that it is made again.
    Remade(&'a str),
    /// A task cannot be done: what is wrong, and that the others go on.
    LeftOut {
        /// One sentence.
        why: &'a str,
        /// Steps it was planned to take, if its run had begun.
        n_planned: Option<u64>,
    },
    /// A task is done, now or before.
    Ended {
        /// Its row.
        row: &'a Row,
        /// Steps it was planned to take, if it was not done before.
        n_planned: Option<u64>,
    },
}

/// A sweep that has ended.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The tasks that are done, now and before.
    pub table: Table,
    /// Tasks of the shard.
    pub n_tasks: usize,
    /// The file that holds the table.
    pub path: PathBuf,
}

/// Runs the tasks of a shard that are not done yet, each into a run folder in `dir`, and writes the
/// table of all that are. `is_interrupted` stops the runs under way within their step; what is
/// done stays, and the next sweep into the same folder goes on, beginning stopped runs again.
///
/// # Errors
/// A folder that holds something else, a table that cannot be written, a study with an impossible
/// setting; a run that fails is a row, and one whose folder cannot be used is left out and told.
pub fn sweep(
    study: &Study,
    dir: &Path,
    options: Options,
    is_interrupted: &AtomicBool,
    watch: &(dyn Fn(Report<'_>) + Sync),
) -> Result<Swept, StudyError> {
    let tasks = study.tasks()?;
    let tasks: Vec<Task> = tasks.into_iter().filter(|task| options.shard.has(task.index)).collect();
    let folder = StudyFolder::open(dir, study.to_toml(), &|known| study.is_same_text(known))?;
    if let Some(told) = folder.mended() {
        watch(Report::Remade(told));
    }
    let _claim = folder.claim(options.shard.parts())?;
    let sweep = Sweep { folder, is_interrupted, is_failed: AtomicBool::new(false), watch };
    sweep.plan(&tasks);

    let file = options.shard.results_file();
    let axes: Vec<String> = study.axes.iter().map(|axis| axis.name.clone()).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut n_written = 0;
    let mut outcome = Ok(());
    workers::side_by_side(
        options.n_jobs,
        &tasks,
        |task| sweep.done(task),
        |done| {
            rows.extend(done);
            let mut write = || {
                if rows.len() <= n_written + n_written / NEW_ROWS {
                    return Ok(());
                }
                n_written = rows.len();
                let table = Table::new(axes.clone(), rows.clone());
                sweep.folder.write(&file, table.to_csv().as_bytes()).map(drop)
            };
            if let Err(error) = write() {
                sweep.is_failed.store(true, Ordering::Relaxed);
                // The first error is the cause; those after it follow from stopping.
                if outcome.is_ok() {
                    outcome = Err(error);
                }
            }
            if sweep.is_stopping() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    )?;
    outcome.map_err(StudyError::from)?;
    let table = Table::new(axes, rows);
    let path = sweep.folder.write(&file, table.to_csv().as_bytes())?;
    Ok(Swept { table, n_tasks: tasks.len(), path })
}

/// A sweep under way.
struct Sweep<'a> {
    folder: StudyFolder,
    is_interrupted: &'a AtomicBool,
    /// Whether something went wrong that is not a run's own failure.
    is_failed: AtomicBool,
    watch: &'a (dyn Fn(Report<'_>) + Sync),
}

impl Sweep<'_> {
    fn is_stopping(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed) || self.is_failed.load(Ordering::Relaxed)
    }

    fn plan(&self, tasks: &[Task]) {
        let (mut n_done, mut n_steps) = (0, 0);
        for task in tasks {
            match &task.config {
                Ok(config) if !self.folder.ended(&task.dir).is_ok_and(|end| end.is_some()) => {
                    n_steps += config.n_steps;
                }
                Ok(_) | Err(_) => n_done += 1,
            }
        }
        (self.watch)(Report::Planned { n_tasks: tasks.len(), n_done, n_steps });
    }

    /// The row of a task, from its folder or from a run of it now; `None` when interrupted.
    fn done(&self, task: &Task) -> Option<Row> {
        let found = found(&self.folder, task);
        if let Ok(Some(row)) = found {
            (self.watch)(Report::Ended { row: &row, n_planned: None });
            return Some(row);
        }
        let (Ok(config), false) = (&task.config, self.is_stopping()) else { return None };
        let ready = found.map(|_| ()).or_else(|error| self.make_room(task, error));
        if let Err(error) = ready.and_then(|()| self.clear(task, config)) {
            self.leave_out(task, &error, None);
            return None;
        }
        (self.watch)(Report::Begun(task));
        match self.run(task, config) {
            Ok(row) => {
                if let Some(row) = &row {
                    (self.watch)(Report::Ended { row, n_planned: Some(config.n_steps) });
                }
                row
            }
            Err(error) => {
                self.leave_out(task, &error, Some(config.n_steps));
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
            let mut observe = |event: &Event| recorder.take(event);
            runner::run(config, 1, &|| self.is_stopping(), &mut observe)
        }));
        let failure = match trained {
            Ok(Ok(_)) => None,
            Ok(Err(_)) if self.is_stopping() && !recorder.is_begun() => return Ok(None),
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("the run's thread panicked; this is a bug".to_owned()),
        };
        match failure {
            None => {}
            Some(message) if recorder.is_begun() => recorder.fail(message),
            Some(message) => recorder.never_started(config, RunEnd::Failed { message }),
        }
        recorder.end()?;
        Ok(Row::of_run(task, &history))
    }

    /// Moves a folder that cannot be read out of the way of its task; one with another run stays.
    fn make_room(&self, task: &Task, error: StudyError) -> Result<(), StudyError> {
        if matches!(error, StudyError::Foreign { .. }) {
            return Err(error);
        }
        let aside = self.folder.set_aside(&task.dir)?;
        let told = format!("{error}; it is kept as {}, and its run is made again", aside.display());
        (self.watch)(Report::Remade(&told));
        Ok(())
    }

    /// Removes what an unfinished run of the task left, never a run of something else.
    fn clear(&self, task: &Task, config: &RunConfig) -> Result<(), StudyError> {
        if self.folder.config(&task.dir).is_some_and(|known| !known.is_same_run(config)) {
            let dir = self.folder.run_dir(&task.dir);
            return Err(StudyError::Foreign { dir, task: task.index });
        }
        Ok(self.folder.clear(&task.dir)?)
    }

    /// Tells that a task is not done and why.
    fn leave_out(&self, task: &Task, error: &StudyError, n_planned: Option<u64>) {
        let why = format!("{error}; task {} is left out, and the others go on", task.index);
        (self.watch)(Report::LeftOut { why: &why, n_planned });
    }
}

/// Tells whoever watches of every step of a run.
struct Steps<'a> {
    watch: &'a (dyn Fn(Report<'_>) + Sync),
}

impl Sink for Steps<'_> {
    fn take(&mut self, event: &Event) -> Result<(), StoreError> {
        if matches!(event, Event::Sampled { .. }) {
            (self.watch)(Report::Stepped);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
