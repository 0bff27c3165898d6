//! What a run tells of itself.
//! Does not know who listens.

use serde::{Deserialize, Serialize};

use super::ids::{RunId, Source};
use super::run_facts::RunFacts;
use crate::config::{LiveSettings, RunConfig};
use crate::sample::{Preparation, Record, RunEnd, Search, Trials, Work};

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
            | Self::Ended { run, .. } => *run,
        }
    }
}
