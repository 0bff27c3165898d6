//! Which runs are drawn by a line of their own, and which as one with their seed group.

use crate::figure::lines::Ghost;
use crate::figure::request::{PlottedRun, ghost_seed_groups, seed_group};
use crate::history::Run;

/// A run to draw.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'a> {
    /// The run, or the first of its seed group.
    pub(super) run: &'a Run,
    /// What makes it a ghost; `None` for the current run.
    pub(super) ghost: Option<&'a Ghost>,
    /// The runs that are merged with it, itself included; empty if it is drawn alone.
    pub(super) seeds: &'a [&'a Run],
}

/// The seed groups that are drawn as one line each; none unless requested.
#[derive(Default)]
pub(super) struct SeedGroups<'a> {
    /// The group of the current run.
    pub(super) own: Vec<&'a Run>,
    /// Those of ghosts.
    ghosts: Vec<Vec<&'a Run>>,
}

impl<'a> SeedGroups<'a> {
    /// The groups among these runs.
    pub(super) fn of(runs: &[PlottedRun<'a>]) -> Self {
        Self { own: seed_group(runs), ghosts: ghost_seed_groups(runs) }
    }

    /// The group that a ghost stands for; empty if it is drawn alone.
    pub(super) fn of_ghost(&self, run: &Run) -> &[&'a Run] {
        let is_first = |group: &&Vec<&Run>| group.first().is_some_and(|r| std::ptr::eq(*r, run));
        self.ghosts.iter().find(is_first).map_or(&[], Vec::as_slice)
    }

    /// Whether a ghost is drawn as part of another run's line.
    pub(super) fn is_merged(&self, run: &Run) -> bool {
        let others = self.ghosts.iter().flat_map(|group| group.iter().skip(1));
        self.own.iter().chain(others).any(|other| std::ptr::eq(*other, run))
    }

    /// What a header says of merged lines; `None` if no lines are.
    pub(super) fn note(&self) -> Option<String> {
        let groups = || std::iter::once(&self.own).chain(&self.ghosts).filter(|g| !g.is_empty());
        let least = groups().map(Vec::len).min()?;
        let most = groups().map(Vec::len).max()?;
        let mut pairs = groups().flat_map(|group| group.windows(2));
        let is_even = pairs.all(|pair| pair[0].n_steps() == pair[1].n_steps());
        let up_to = if is_even { "" } else { "up to " };
        let n = if least == most { most.to_string() } else { format!("{least} to {most}") };
        Some(format!("median and range of {up_to}{n} seeds"))
    }
}
