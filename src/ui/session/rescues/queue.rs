//! Runs of all rescues of a diverged run, one after the other, beside the current run.

use crate::history::Run;
use crate::protocol::RunId;

/// A diverged run and the runs of its rescues.
#[derive(Debug)]
pub(in crate::ui) struct Rescues {
    /// The diverged run.
    pub(in crate::ui) diverged: Run,
    /// One run for each rescue, in the order in which they are trained.
    pub(in crate::ui) attempts: Vec<Attempt>,
    /// Whether rescues that wait are still to be trained.
    pub(in crate::ui::session) is_going_on: bool,
}

/// A rescue that is tried.
#[derive(Debug)]
pub(in crate::ui) struct Attempt {
    /// What it changes.
    pub(in crate::ui) label: &'static str,
    /// Its run.
    pub(in crate::ui) run: Run,
    pub(in crate::ui::session) is_begun: bool,
}

impl Rescues {
    /// Whether one is training, or is to be.
    pub(in crate::ui) fn is_going_on(&self) -> bool {
        self.is_going_on
    }

    /// The rescue that is training.
    pub(in crate::ui::session) fn training(&self) -> Option<RunId> {
        let is_training = |attempt: &&Attempt| attempt.is_begun && !attempt.run.is_over();
        self.attempts.iter().find(is_training).map(|attempt| attempt.run.id())
    }
}
