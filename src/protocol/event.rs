//! Events of a run.

use serde::{Deserialize, Serialize};

use super::ids::{RunId, Source};
use super::run_facts::RunFacts;
use crate::config::{LiveSettings, RunConfig};
use crate::sample::{Preparation, Record, RunEnd, Search, Trials, Work};

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The run exists; samples follow, after the tuning of the initial weights if there is one.
    Started {
        /// The run.
        run: RunId,
        /// Its settings.
        config: Box<RunConfig>,
        /// What stays fixed during the run.
        facts: Box<RunFacts>,
    },
    /// Iterations of the tuning of the initial weights, in order and without gaps.
    Prepared {
        /// The run.
        run: RunId,
        /// Consecutive records.
        records: Vec<Preparation>,
    },
    /// The user ended the tuning of the initial weights early; its last record follows.
    PreparationCut {
        /// The run.
        run: RunId,
        /// Iterations done, now the total.
        n_iterations: u64,
    },
    /// Records of steps, in order and without gaps.
    Sampled {
        /// The run.
        run: RunId,
        /// Consecutive records.
        records: Vec<Record>,
    },
    /// New live settings, sent before the first sample that uses them.
    Tuned {
        /// The run.
        run: RunId,
        /// First step with the new settings.
        step: u64,
        /// All live settings.
        live: Box<LiveSettings>,
        /// Who asked.
        source: Source,
    },
    /// A search for a learning rate has ended. Interrupted searches send nothing.
    Searched {
        /// The run.
        run: RunId,
        /// The run's next step; the search started from the state before it.
        step: u64,
        /// The result.
        search: Box<Search>,
    },
    /// Progress of trials; may also arrive after the run's end.
    Tried {
        /// The run.
        run: RunId,
        /// The step of the run from whose state they start.
        step: u64,
        /// All results so far.
        trials: Box<Trials>,
    },
    /// Progress of a long computation within a step or a search, for display only.
    Working {
        /// The run.
        run: RunId,
        /// The progress.
        work: Work,
    },
    /// The run is paused before `step`.
    Paused {
        /// The run.
        run: RunId,
        /// The next step.
        step: u64,
    },
    /// The run has resumed.
    Resumed {
        /// The run.
        run: RunId,
    },
    /// The run is over; only results of trials can follow.
    Ended {
        /// The run.
        run: RunId,
        /// Number of steps taken.
        step: u64,
        /// How it ended.
        end: RunEnd,
    },
}

impl Event {
    /// The run that the event is from.
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
            | Self::Ended { run, .. } => *run,
        }
    }
}
