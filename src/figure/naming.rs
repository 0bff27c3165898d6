//! What runs are called in a picture: one by what sets it apart from its preset, the others by what
//! sets them apart from that one. Does not draw or write.

use crate::config::{Change, RunConfig, plain, preset, setting};
use crate::history::Run;

/// Changes told in a title; more would not be read.
const MAX_IN_TITLE: usize = 3;

/// Changes told of a ghost; more would not be read.
const MAX_OF_GHOST: usize = 3;

/// The run's name and what sets it apart from its preset, in a few words; not its seed where others
/// are drawn as one with it.
#[must_use]
pub fn title(run: &Run, alike: &[&Run]) -> String {
    let told = apart(run.initial_config());
    let is_told = |change: &&Change| match change.key.as_str() {
        "n_steps" => false,
        "seed" => alike.is_empty(),
        _ => true,
    };
    let told = told.iter().filter(is_told).map(ToString::to_string);
    let told: Vec<_> = told.collect();
    match told.as_slice() {
        [] => run.initial_config().name.clone(),
        told => format!("{}: {}", run.initial_config().name, first(told, MAX_IN_TITLE)),
    }
}

/// What differs from the preset of its name, but for the pace.
#[must_use]
pub fn apart(config: &RunConfig) -> Vec<Change> {
    let mut changes =
        preset(&config.name).map_or_else(|_| Vec::new(), |preset| preset.config.changes_to(config));
    changes.retain(|change| change.key != "live.pace");
    changes
}

/// A ghost told by what sets it apart from the current run, and by what was changed while it ran;
/// its name comes first.
#[must_use]
pub fn ghost_name(name: &str, ghost: &Run, current: &Run) -> String {
    let is_told = |change: &Change| {
        !matches!(change.key.as_str(), "n_steps" | "live.pace" | "live.warmup.start")
    };
    let mut on_the_way = ghost.initial_config().changes_to(ghost.config());
    on_the_way.retain(is_told);
    let mut apart = current.initial_config().changes_to(ghost.initial_config());
    // What a run is called comes first, how it is measured last.
    let is_measured = |change: &Change| change.key.starts_with("live.probe");
    apart.sort_by_key(|change| (change.key != "name", is_measured(change)));
    let is_alone = |change: &&Change| on_the_way.iter().all(|other| other.key != change.key);
    let apart = apart.iter().filter(|change| is_told(change)).filter(is_alone);
    let apart = apart.filter(|change| plain(&change.to) != name).map(|change| {
        let label = setting(&change.key).map_or("", |row| row.label);
        let value = plain(&change.to);
        if change.key == "name" { value } else { format!("{label} {value}") }
    });
    let told: Vec<_> = apart.chain(on_the_way.iter().map(ToString::to_string)).collect();
    match told.as_slice() {
        [] => format!("{name}: same settings"),
        told => format!("{name}: {}", first(told, MAX_OF_GHOST)),
    }
}

/// So many of these, and whether there are more.
fn first(told: &[String], most: usize) -> String {
    match told {
        few if few.len() <= most => few.join(", "),
        many => format!("{}, …", many[..most].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, RunId, Source};

    #[test]
    fn a_title_tells_what_differs_from_the_preset() {
        let plain = preset("blowup").unwrap().config.clone();
        let mut warmed = plain.clone();
        warmed.live.warmup.steps = 256;
        assert_eq!(title(&Run::new(RunId(1), warmed), &[]), "blowup: Warmup 0 → 256");
        assert_eq!(title(&Run::new(RunId(1), plain), &[]), "blowup");
    }

    #[test]
    fn a_ghost_is_told_by_what_differs_and_by_what_was_changed_on_the_way() {
        let mut ghost = Run::new(RunId(1), RunConfig::default());
        let mut config = RunConfig::default();
        assert_eq!(
            ghost_name("run 1", &ghost, &Run::new(RunId(2), config.clone())),
            "run 1: same settings"
        );
        (config.live.peak_lr, config.live.warmup.steps) = (0.8, 256);
        let current = Run::new(RunId(2), config.clone());
        let mut live = RunConfig::default().live;
        live.peak_lr = 0.8;
        let source = Source::Person(1);
        ghost.apply(&Event::Tuned { run: RunId(1), step: 9, live: Box::new(live), source });
        assert_eq!(
            ghost_name("run 1", &ghost, &current),
            "run 1: Warmup 0, Learning rate 0.1 → 0.8"
        );
    }
}
