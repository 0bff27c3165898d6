//! Commands from the window, or a script, to the workers.

use serde::{Deserialize, Serialize};

use super::ids::{RunId, Source};
use crate::config::{LiveSettings, RunConfig};
use crate::sample::SearchKind;

/// A command to the workers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Start a new run.
    Start {
        /// Identifier of the new run.
        run: RunId,
        /// All of its settings.
        config: Box<RunConfig>,
        /// Whether it starts paused at step 0.
        is_paused: Paused,
    },
    /// Change live settings from the next step on.
    Tune {
        /// The run it is for.
        run: RunId,
        /// All live settings, changed or not.
        live: Box<LiveSettings>,
        /// Who asked; one drag of a slider becomes one marker.
        source: Source,
    },
    /// Pause.
    Pause {
        /// The run it is for.
        run: RunId,
    },
    /// Resume.
    Resume {
        /// The run it is for.
        run: RunId,
    },
    /// Take one step, then pause.
    StepOnce {
        /// The run it is for.
        run: RunId,
    },
    /// Search for a learning rate from the current state, between two steps; the run is unchanged
    /// afterwards.
    Search {
        /// The run it is for.
        run: RunId,
        /// The method.
        kind: SearchKind,
    },
    /// Run trials in parallel to the run, replacing earlier ones; the run is not changed.
    Try {
        /// The run it is for.
        run: RunId,
        /// What to try, and from which state.
        plan: Plan,
    },
    /// End the trials early; their results so far stay.
    EndTrials {
        /// The run it is for.
        run: RunId,
    },
    /// End the tuning of the initial weights early, and train from the weights so far.
    CutPreparation {
        /// The run it is for.
        run: RunId,
    },
    /// Stop the run, even within a step.
    Stop {
        /// The run it is for.
        run: RunId,
    },
}

/// Whether a run is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paused {
    /// Paused.
    Yes,
    /// Running.
    No,
}

/// What trials try, and from which state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Plan {
    /// Learning rates from the current state: weights, optimizer state and next batches.
    RatesFromHere {
        /// Factors on the learning rate.
        factors: Vec<f64>,
        /// Steps of each trial.
        n_steps: u64,
    },
    /// Learning rates from the first step of this configuration.
    RatesFromStart {
        /// Factors on the learning rate.
        factors: Vec<f64>,
        /// Steps of each trial.
        n_steps: u64,
        /// All of its settings.
        config: Box<RunConfig>,
    },
    /// Lengths of warmup from the first step of this configuration.
    Warmup {
        /// All of its settings.
        config: Box<RunConfig>,
    },
}

impl Command {
    /// The run that the command is for.
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
