//! The messages between threads: commands to a run, events from it, and the link that carries them.
//! Knows neither trainer nor window. Every message names its run.

mod command;
mod event;
mod ids;
mod link;
mod run_facts;

pub use command::{Command, Paused, Plan};
pub use event::Event;
pub use ids::{RunId, Source};
pub use link::{COMMAND_CAPACITY, EVENT_CAPACITY, UiEnd, WorkerEnd, link};
pub use run_facts::{LayerFacts, OpFacts, RunFacts};

pub use crate::sample::{
    AlongUpdate, BatchCurvature, Cost, Curvature, Doubt, Eigenvalue, EndKind, Followed,
    Preparation, Question, Record, RunEnd, Sample, Search, SearchKind, Solved, Stage, Trial,
    Trials, TrialsStatus, Work,
};
