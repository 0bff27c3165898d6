//! Everything that crosses a thread: commands to a run, events from it, and the link between.
//! Knows no trainer and no window; messages are facts with named fields that name their run.

mod command;

use crossbeam_channel::{Receiver, Sender, bounded};
use serde::{Deserialize, Serialize};

pub use self::command::{Command, Paused, Plan};
use crate::config::{LiveSettings, RunConfig};
pub use crate::sample::{
    BatchCurvature, Cost, Curvature, Doubt, Eigenvalue, End, Followed, Preparation, Question,
    Record, Sample, Search, SearchKind, Solved, Stage, Standing, Trial, Trials, Work,
};

/// Commands that may wait for the worker; a person cannot type faster than it drains.
pub const COMMAND_CAPACITY: usize = 256;

/// Event batches that may wait for the window; beyond this, training waits and nothing is dropped.
pub const EVENT_CAPACITY: usize = 256;

/// Names one run for the life of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub u64);

/// Who asked for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The run's own dated changes.
    Config,
    /// A person; the number is the same throughout one drag of a slider.
    Person(u64),
}

/// What a run says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The run exists; its first sample follows, after the tuning of its weights if there is one.
    Started {
        /// The run.
        run: RunId,
        /// Its settings.
        config: Box<RunConfig>,
        /// What is fixed for its whole life.
        facts: Box<RunFacts>,
    },
    /// Iterations of the tuning of the initial weights, in order, none left out, before the first
    /// sample.
    Prepared {
        /// The run.
        run: RunId,
        /// Consecutive records.
        records: Vec<Preparation>,
    },
    /// Somebody ended the tuning of the initial weights; its last record follows.
    PreparationCut {
        /// The run.
        run: RunId,
        /// Iterations done, which are all that it has.
        n_iterations: u64,
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
    /// A search for a learning rate has ended; an interrupted one is not told.
    Searched {
        /// The run.
        run: RunId,
        /// The next step, from before which it searched.
        step: u64,
        /// What it tried and found.
        search: Box<Search>,
    },
    /// Trials beside a run are so far; may also follow its end.
    Tried {
        /// The run.
        run: RunId,
        /// The step of the run from before which they begin.
        step: u64,
        /// All that is known of them.
        trials: Box<Trials>,
    },
    /// The next record, or the search, takes long; so far is the work on it. Nothing follows from it.
    Working {
        /// The run.
        run: RunId,
        /// What is being done.
        work: Work,
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
    /// The run is over; nothing follows but what trials come to.
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
            | Self::Prepared { run, .. }
            | Self::PreparationCut { run, .. }
            | Self::Sampled { run, .. }
            | Self::Tuned { run, .. }
            | Self::Searched { run, .. }
            | Self::Tried { run, .. }
            | Self::Working { run, .. }
            | Self::Paused { run, .. }
            | Self::Resumed { run }
            | Self::Stopped { run, .. } => *run,
        }
    }
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StopReason {
    /// It took all its steps.
    Finished,
    /// Somebody stopped it.
    Requested,
    /// The loss or its gradient is not finite, or the loss above 1e3 × the first one. A result, not
    /// an error.
    Diverged {
        /// The loss of the last step.
        loss: f64,
    },
    /// It could not go on; the sentence says why and what to do.
    Failed {
        /// One sentence for a person.
        message: String,
    },
}

/// A named part of the network.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct LayerFacts {
    /// Its name, with which the names of most of its parameters begin.
    pub name: String,
    /// Its ops, in order.
    pub ops: Vec<OpFacts>,
    /// Trainable parameters in it.
    pub n_params: usize,
}

/// One op of the network.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct OpFacts {
    /// What it does, in a word or two.
    pub label: String,
    /// The values it reads, by number: 0 is the batch, i the output of op i of the network from 1.
    pub inputs: Vec<usize>,
    /// Positions (pixels, tokens; 1 where there are none) of one example in its output.
    pub positions: usize,
    /// Numbers a position has.
    pub features: usize,
}

/// What is fixed for the whole life of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFacts {
    /// The network, layer by layer.
    pub layers: Vec<LayerFacts>,
    /// Multiply-adds of one example in a forward pass.
    pub work: usize,
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
    /// Hash of the data in use, hexadecimal.
    pub data_hash: String,
}

impl RunFacts {
    /// Those of a run that never started.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            layers: Vec::new(),
            work: 0,
            n_params: 0,
            n_train: 0,
            n_test: 0,
            n_probe: 0,
            n_threads: 1,
            limit: String::new(),
            sampling: String::new(),
            data_hash: String::new(),
        }
    }
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
