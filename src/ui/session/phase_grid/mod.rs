//! A study of two settings that trains beside the current run: its thread, and the state of every
//! cell. Files and table are those of `eoscope sweep`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cost::side_by_side;
use crate::platform::threads::{self, Thread};
use crate::platform::{self, files};
use crate::store::StudyFolder;
use crate::study::{Options, Row, Shard, Study, SweepEvent, Task, sweep};

/// A study of two settings, under way or ended.
#[derive(Debug)]
pub(in crate::ui) struct PhaseGrid {
    /// The study; its first two axes are the vertical and the horizontal one.
    pub(in crate::ui) study: Study,
    /// Its folder.
    pub(in crate::ui) dir: PathBuf,
    /// The cells, in the order of the study's tasks.
    pub(in crate::ui) cells: Vec<Cell>,
    /// What the sweep reported besides: replaced folders, skipped tasks.
    pub(in crate::ui) remarks: Vec<String>,
    /// How it ended: the file of the table, or what failed; `None` while it goes on.
    pub(in crate::ui) end: Option<Result<PathBuf, String>>,
    n_steps: Arc<AtomicU64>,
    is_stopped: Arc<AtomicBool>,
    reports: Reports,
    thread: Option<Thread<()>>,
}

/// A cell: one run of the study.
#[derive(Debug)]
pub(in crate::ui) struct Cell {
    /// What is run.
    pub(in crate::ui) task: Task,
    /// How far it is.
    pub(in crate::ui) state: CellState,
}

/// How far a cell is.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) enum CellState {
    /// Its turn has not come.
    Waiting,
    /// It trains.
    Training,
    /// It is done, with these results.
    Done(Box<Row>),
    /// The sweep ended without it.
    LeftOut,
}

/// Reports that the window has not yet taken over.
type Reports = Arc<Mutex<Vec<Progress>>>;

/// What the sweep reports.
#[derive(Debug)]
enum Progress {
    Begun(usize),
    Ended(Box<Row>),
    Remark(String),
    Over(Result<PathBuf, String>),
}

impl PhaseGrid {
    /// Starts a study in a folder; what that holds of the same study is taken over.
    pub(in crate::ui::session) fn start(study: Study, dir: &Path) -> Self {
        let dir = files::absolute(dir);
        let (tasks, refusal) = match study.tasks() {
            Ok(tasks) => (tasks, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let reports = Reports::default();
        let (n_steps, is_stopped) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let work = {
            let (study, dir) = (study.clone(), dir.clone());
            let (n_steps, is_stopped) = (n_steps.clone(), is_stopped.clone());
            let (reports, n_jobs) = (reports.clone(), n_jobs(&tasks));
            let options = Options { shard: Shard::WHOLE, n_jobs };
            move || run(&study, &dir, options, &is_stopped, &n_steps, &reports)
        };
        let thread = match refusal {
            Some(refusal) => Err(refusal),
            None => threads::spawn("eoscope-grid", work)
                .map_err(|error| format!("the runs cannot be started: {error}")),
        };
        let (thread, end) = match thread {
            Ok(thread) => (Some(thread), None),
            Err(refusal) => (None, Some(Err(refusal))),
        };
        let cells = tasks.into_iter().map(|task| Cell { task, state: CellState::Waiting });
        Self {
            study,
            dir,
            cells: cells.collect(),
            remarks: Vec::new(),
            end,
            n_steps,
            is_stopped,
            reports,
            thread,
        }
    }

    /// Takes over what the thread has reported.
    pub(in crate::ui::session) fn follow(&mut self) {
        let taken = |reports: &Mutex<Vec<Progress>>| {
            std::mem::take(&mut *reports.lock().unwrap_or_else(PoisonError::into_inner))
        };
        for report in taken(&self.reports) {
            match report {
                Progress::Begun(task) => self.set(task, CellState::Training),
                Progress::Ended(row) => self.set(row.task, CellState::Done(row)),
                Progress::Remark(sentence) => self.remarks.push(sentence),
                Progress::Over(end) => {
                    self.end = Some(end);
                    for cell in &mut self.cells {
                        if matches!(cell.state, CellState::Waiting | CellState::Training) {
                            cell.state = CellState::LeftOut;
                        }
                    }
                }
            }
        }
    }

    fn set(&mut self, task: usize, state: CellState) {
        if let Some(cell) = self.cells.get_mut(task) {
            cell.state = state;
        }
    }

    /// Ends the runs that train, within their step; finished ones stay.
    pub(in crate::ui::session) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was told to stop.
    pub(in crate::ui) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Whether runs train or wait.
    pub(in crate::ui) fn is_going_on(&self) -> bool {
        self.end.is_none()
    }

    /// Steps that its runs took since the start.
    pub(in crate::ui) fn n_steps(&self) -> u64 {
        self.n_steps.load(Ordering::Relaxed)
    }

    /// The run folder of a cell.
    pub(in crate::ui) fn run_dir(&self, cell: &Cell) -> PathBuf {
        StudyFolder::run_dir_in(&self.dir, &cell.task.dir)
    }
}

/// Does not outlive its window: the runs end within their step.
impl Drop for PhaseGrid {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // A panic of a run is already told in its row.
            let _ended = thread.join();
        }
    }
}

/// Runs that train at the same time beside the current one, as many as processors and memory allow.
fn n_jobs(tasks: &[Task]) -> usize {
    let n = threads::available().saturating_sub(1).max(1);
    let configs = tasks.iter().filter_map(|task| task.config.as_ref().ok());
    platform::memory().map_or(n, |memory| side_by_side(configs, n, memory.bytes).n)
}

/// The work of the thread.
fn run(
    study: &Study,
    dir: &Path,
    options: Options,
    is_stopped: &AtomicBool,
    n_steps: &AtomicU64,
    reports: &Mutex<Vec<Progress>>,
) {
    let tell = |report: Progress| {
        reports.lock().unwrap_or_else(PoisonError::into_inner).push(report);
    };
    let watch = |event: SweepEvent<'_>| match event {
        SweepEvent::Planned { .. } => {}
        SweepEvent::Begun(task) => tell(Progress::Begun(task.index)),
        SweepEvent::Stepped => {
            n_steps.fetch_add(1, Ordering::Relaxed);
        }
        SweepEvent::Replaced(sentence) | SweepEvent::Skipped { why: sentence, .. } => {
            tell(Progress::Remark(sentence.to_owned()));
        }
        SweepEvent::Ended { row, .. } => tell(Progress::Ended(Box::new(row.clone()))),
    };
    let swept = sweep(study, dir, options, is_stopped, &watch);
    let end = swept.map_err(|error| error.to_string()).map(|swept| {
        swept.lost.iter().for_each(|sentence| tell(Progress::Remark(sentence.clone())));
        swept.path
    });
    tell(Progress::Over(end));
}
