//! What the window, or a script, asks of the workers.
//! Does not know who carries it out.

use serde::{Deserialize, Serialize};

use super::ids::{RunId, Source};
use crate::config::{LiveSettings, RunConfig};
use crate::sample::SearchKind;

/// What the window, or a script, wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Search for a learning rate from where the run is, between two steps; the run is not changed.
    Search {
        /// The run meant.
        run: RunId,
        /// How.
        kind: SearchKind,
    },
    /// Try settings beside the run, in place of what was tried before; the run is not changed.
    Try {
        /// The run meant.
        run: RunId,
        /// What, and from where.
        plan: Plan,
    },
    /// End the trials with what they have come to.
    EndTrials {
        /// The run meant.
        run: RunId,
    },
    /// End the tuning of the initial weights with the iterations done so far, and train from there.
    CutPreparation {
        /// The run meant.
        run: RunId,
    },
    /// End the run, in the middle of a step if one is under way.
    Stop {
        /// The run meant.
        run: RunId,
    },
}

/// Whether a run stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paused {
    /// It waits.
    Yes,
    /// It goes on.
    No,
}

/// What is tried, and from where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Plan {
    /// Rates from where the run stands: its weights, the state of its optimizer, its next batches.
    RatesFromHere {
        /// Factors on its rate.
        factors: Vec<f64>,
        /// Steps of each trial.
        n_steps: u64,
    },
    /// Rates from the first step of a run of this configuration.
    RatesFromStart {
        /// Factors on its rate.
        factors: Vec<f64>,
        /// Steps of each trial.
        n_steps: u64,
        /// All of its settings.
        config: Box<RunConfig>,
    },
    /// Lengths of warmup from the first step of a run of this configuration.
    Warmup {
        /// All of its settings.
        config: Box<RunConfig>,
    },
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
            | Self::Search { run, .. }
            | Self::Try { run, .. }
            | Self::EndTrials { run }
            | Self::CutPreparation { run }
            | Self::Stop { run } => *run,
        }
    }
}
