//! Everything that crosses a thread: commands to a run, events from it, and the link between.
//! Knows no trainer and no window; messages are facts with named fields that name their run.

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::config::{LiveSettings, RunConfig};

/// Commands that may wait for the worker; a person cannot type faster than it drains.
pub const COMMAND_CAPACITY: usize = 256;

/// Event batches that may wait for the window; beyond this, training waits and nothing is dropped.
pub const EVENT_CAPACITY: usize = 256;

/// Names one run for the life of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u64);

/// What the window, or a script, wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Begin a new run.
    Start {
        /// Name of the new run.
        run: RunId,
        /// All of its settings.
        config: Box<RunConfig>,
        /// Whether it waits at step 0 for [`Command::Resume`] or [`Command::StepOnce`].
        is_paused: Paused,
    },
    /// Change live settings from the next step on.
    Tune {
        /// The run meant.
        run: RunId,
        /// The new settings, whole.
        live: Box<LiveSettings>,
        /// Who asked, so that one drag of a slider becomes one marker.
        source: Source,
    },
    /// Stand still.
    Pause {
        /// The run meant.
        run: RunId,
    },
    /// Go on.
    Resume {
        /// The run meant.
        run: RunId,
    },
    /// Take one step, then stand still.
    StepOnce {
        /// The run meant.
        run: RunId,
    },
    /// End the run, at the latest after one Hessian-vector product.
    Stop {
        /// The run meant.
        run: RunId,
    },
}

/// Whether a run stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paused {
    /// It waits.
    Yes,
    /// It goes on.
    No,
}

/// Who asked for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The run's own dated changes.
    Config,
    /// A person; the number is the same throughout one drag of a slider.
    Person(u64),
}

/// What a run says.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The run exists; its first sample follows.
    Started {
        /// The run.
        run: RunId,
        /// Its settings.
        config: Box<RunConfig>,
        /// What is fixed for its whole life.
        facts: Box<RunFacts>,
    },
    /// Iterates, in order, none left out.
    Sampled {
        /// The run.
        run: RunId,
        /// Consecutive records.
        records: Vec<Record>,
    },
    /// New live settings; precedes the first sample that uses them.
    Tuned {
        /// The run.
        run: RunId,
        /// First step that uses them.
        step: u64,
        /// The settings now in force, whole.
        live: Box<LiveSettings>,
        /// Who asked.
        source: Source,
    },
    /// The run stands still before `step`.
    Paused {
        /// The run.
        run: RunId,
        /// The next step.
        step: u64,
    },
    /// The run goes on.
    Resumed {
        /// The run.
        run: RunId,
    },
    /// The run is over; nothing follows.
    Stopped {
        /// The run.
        run: RunId,
        /// Number of steps taken.
        step: u64,
        /// Why.
        reason: StopReason,
    },
}

impl Event {
    /// The run this event is about.
    #[must_use]
    pub fn run(&self) -> RunId {
        match self {
            Self::Started { run, .. }
            | Self::Sampled { run, .. }
            | Self::Tuned { run, .. }
            | Self::Paused { run, .. }
            | Self::Resumed { run }
            | Self::Stopped { run, .. } => *run,
        }
    }
}

impl Command {
    /// The run this command is about.
    #[must_use]
    pub fn run(&self) -> RunId {
        match self {
            Self::Start { run, .. }
            | Self::Tune { run, .. }
            | Self::Pause { run }
            | Self::Resume { run }
            | Self::StepOnce { run }
            | Self::Stop { run } => *run,
        }
    }
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum StopReason {
    /// It took all its steps.
    Finished,
    /// Somebody stopped it.
    Requested,
    /// The loss is not finite, or above 1e3 × the first one. A result, not an error.
    Diverged {
        /// The loss that ended it.
        loss: f64,
    },
    /// It could not go on; the sentence says why and what to do.
    Failed {
        /// One sentence for a person.
        message: String,
    },
}

/// What is fixed for the whole life of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    /// Number of trainable parameters.
    pub n_params: usize,
    /// Training examples in use.
    pub n_train: usize,
    /// Test examples.
    pub n_test: usize,
    /// Examples the curvature is measured on: the first so many of the training set.
    pub n_probe: usize,
    /// Threads that compute.
    pub n_threads: usize,
    /// The stability limit in words, for example `2/η`.
    pub limit: String,
    /// How batches are drawn, in words.
    pub sampling: String,
}

/// One iterate: everything describes `w_t`, before the update.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sample {
    /// Number of updates made before this iterate.
    pub step: u64,
    /// Passes over the training set so far.
    pub epoch: f64,
    /// Training loss: of the whole set on full-batch runs, else of this step's batch.
    pub loss: f64,
    /// Fraction of training examples classified correctly; `None` for regression or not due.
    pub accuracy: Option<f64>,
    /// Mean loss on the test set; `None` when not due or there is none.
    pub test_loss: Option<f64>,
    /// Fraction of test examples classified correctly.
    pub test_accuracy: Option<f64>,
    /// Learning rate η of the update that follows.
    pub learning_rate: f64,
    /// η times the clip scale.
    pub effective_learning_rate: f64,
    /// Euclidean norm of the gradient before clipping.
    pub grad_norm: f64,
    /// The clip level c in force; `None` without clipping.
    pub clip_level: Option<f64>,
    /// min(1, c/‖g‖); 1 without clipping.
    pub clip_scale: f64,
    /// Euclidean norm of the update that follows.
    pub update_norm: f64,
    /// Euclidean norm of the parameters.
    pub param_norm: f64,
    /// Sharpness above which a full-batch quadratic is unstable at η; `None` when η = 0.
    pub stability_threshold: Option<f64>,
    /// Loss on the probe set, on mini-batch runs with a measurement at this step.
    pub probe_loss: Option<f64>,
    /// What was measured of the Hessian; `None` when not due.
    pub curvature: Option<Curvature>,
}

/// What was measured of the Hessian at one iterate.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Curvature {
    /// Largest algebraic eigenvalues, descending; the first is the sharpness.
    pub top: Vec<Eigenvalue>,
    /// Hessian-vector products spent on `top`.
    pub hvps: u32,
    /// Smallest algebraic eigenvalue, when due.
    pub min: Option<Solved>,
    /// The sharpness again, from a cold start, when due.
    pub audit: Option<Solved>,
    /// gᵀHg/‖g‖²; `None` when the gradient is 0.
    pub gradient_curvature: Option<f64>,
    /// |cos| of the angle between the gradient and the top eigenvector.
    pub gradient_alignment: Option<f64>,
}

/// One measured eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eigenvalue {
    /// The eigenvalue λ.
    pub value: f64,
    /// ‖Hu − λu‖/|λ| for its unit vector u.
    pub residual: f64,
    /// Whether the residual met the tolerance.
    pub is_converged: bool,
    /// Number that stays with one eigenvector while others cross it (tracked by overlap).
    pub identity: u32,
}

/// An eigenvalue of its own solve, with what it cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Solved {
    /// The eigenvalue.
    pub eigenvalue: Eigenvalue,
    /// Hessian-vector products spent.
    pub hvps: u32,
}

/// Wall times of one step in milliseconds; travels beside the sample, outside equality of runs.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Cost {
    /// The whole step.
    pub step_ms: f64,
    /// Measurement of the top eigenvalues.
    pub probe_ms: f64,
    /// Measurement of the smallest eigenvalue.
    pub min_ms: f64,
    /// The cold audit.
    pub audit_ms: f64,
}

/// A sample and what it cost.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Record {
    /// What was measured.
    pub sample: Sample,
    /// How long it took.
    pub cost: Cost,
}

/// The window's end of the link.
#[derive(Debug)]
pub struct UiEnd {
    /// Commands go here (use `try_send`: the window never waits).
    pub commands: Sender<Command>,
    /// Events come from here.
    pub events: Receiver<Event>,
}

/// The workers' end of the link.
#[derive(Debug)]
pub struct WorkerEnd {
    /// Commands come from here.
    pub commands: Receiver<Command>,
    /// Events go here.
    pub events: Sender<Event>,
}

/// Both ends of a new link, with bounded queues either way.
#[must_use]
pub fn link() -> (UiEnd, WorkerEnd) {
    let (command_in, command_out) = bounded(COMMAND_CAPACITY);
    let (event_in, event_out) = bounded(EVENT_CAPACITY);
    (
        UiEnd { commands: command_in, events: event_out },
        WorkerEnd { commands: command_out, events: event_in },
    )
}
