//! Seed groups: runs that differ only by seed, and can be drawn as one.

use crate::config::RunConfig;
use crate::history::Run;

use super::plotted_run::PlottedRun;

/// The seed group of the current run: the current run, first, and the ghosts that differ from it only by seed. Empty
/// if there are none.
#[must_use]
pub fn seed_group<'a>(runs: &[PlottedRun<'a>]) -> Vec<&'a Run> {
    let Some(current) = runs.iter().rfind(|shown| !shown.is_ghost).map(|shown| shown.run) else {
        return Vec::new();
    };
    let settings = shared_settings(current);
    let mut group = vec![current];
    for run in runs.iter().filter(|shown| shown.is_ghost).map(|shown| shown.run) {
        let has_own_seed = group.iter().all(|other| seed(other) != seed(run));
        if has_own_seed && shared_settings(run) == settings {
            group.push(run);
        }
    }
    if group.len() > 1 { group } else { Vec::new() }
}

fn seed(run: &Run) -> u64 {
    run.initial_config().seed
}

/// The settings that runs of a seed group share: all that affect the numbers, including live
/// changes, except seed and length.
fn shared_settings(run: &Run) -> RunConfig {
    // The largest length keeps changes after the end of a shorter run, which must agree, too.
    RunConfig { seed: 0, n_steps: u64::MAX, ..run.replay() }.identity()
}

/// The seed groups among the other ghosts, each of two runs or more, in the order of their first.
/// A second run with the seed of another is in no group with it.
#[must_use]
pub fn ghost_seed_groups<'a>(runs: &[PlottedRun<'a>]) -> Vec<Vec<&'a Run>> {
    let current = runs.iter().rfind(|shown| !shown.is_ghost);
    let current = current.map(|shown| shared_settings(shown.run));
    let mut groups: Vec<Group> = Vec::new();
    for run in runs.iter().filter(|shown| shown.is_ghost).map(|shown| shown.run) {
        let shared = shared_settings(run);
        // These are in the group of the current run, or have the seed of a run there.
        if current.as_ref() == Some(&shared) {
            continue;
        }
        let has_own_seed = |group: &Group| group.runs.iter().all(|other| seed(other) != seed(run));
        let open = groups.iter_mut().find(|group| group.shared == shared && has_own_seed(group));
        match open {
            Some(group) => group.runs.push(run),
            None => groups.push(Group { shared, runs: vec![run] }),
        }
    }
    groups.into_iter().map(|group| group.runs).filter(|runs| runs.len() > 1).collect()
}

/// Runs with different seeds.
struct Group<'a> {
    /// The settings that they share.
    shared: RunConfig,
    runs: Vec<&'a Run>,
}
