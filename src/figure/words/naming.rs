//! Legend names. The current run is named by its differences from its preset, every other run by
//! its differences from the current one.

use crate::config::{Change, RunConfig, Section, Setting, plain, preset, settings};
use crate::figure::request::{PlottedRun, ghost_seed_groups};
use crate::history::{Run, course};

use super::common_name::common_name;

/// Changes listed in a title at most.
const MAX_IN_TITLE: usize = 3;

/// Changes listed in a ghost's name at most.
const MAX_IN_GHOST_NAME: usize = 3;

/// The name of a run and its differences from its preset. If `seed_group`, its seed group, is drawn
/// as one line, the seed is omitted, and the name is the one that the group shares.
#[must_use]
pub fn title(run: &Run, seed_group: &[&Run]) -> String {
    let differences = changes_from_preset(run.initial_config());
    let is_listed = |change: &&Change| {
        !change.is_of(&settings::N_STEPS)
            && (seed_group.is_empty() || !change.is_of(&settings::SEED))
    };
    let differences = differences.iter().filter(is_listed).map(ToString::to_string);
    let all: Vec<_> = differences.chain(live_changes(run)).collect();
    let name = common_name(seed_group).unwrap_or_else(|| run.initial_config().name.clone());
    match all.as_slice() {
        [] => name,
        all => format!("{name}: {}", first_few(all, MAX_IN_TITLE)),
    }
}

/// Live changes of a run, a drag being one, followed by scheduled changes.
#[must_use]
pub fn live_changes(run: &Run) -> Vec<String> {
    let changed = run.markers().iter();
    let changed = changed.map(|marker| format!("{} at step {}", marker.sentence(), marker.step));
    changed.chain(run.config().described_changes()).collect()
}

/// Differences from the preset of the same name, except the pace.
fn changes_from_preset(config: &RunConfig) -> Vec<Change> {
    let mut changes =
        preset(&config.name).map_or_else(|_| Vec::new(), |preset| preset.config.changes_to(config));
    changes.retain(|change| !change.is_of(&settings::PACE));
    changes
}

/// The name of a ghost, followed by its differences from the current run and its live changes.
#[must_use]
pub fn ghost_name(name: &str, ghost: &Run, current: &Run) -> String {
    named_by_differences(name, ghost, current, &[])
}

/// Names the ghosts that stand for a seed group: by the label of the first of the group, the number
/// of seeds, and what the group shares and the current run has not.
pub fn name_seed_groups(runs: &mut [PlottedRun<'_>], label: impl Fn(&Run) -> String) {
    let Some(current) = runs.iter().rfind(|shown| !shown.is_ghost).map(|shown| shown.run) else {
        return;
    };
    for group in ghost_seed_groups(runs) {
        let is_first = |shown: &&mut PlottedRun<'_>| std::ptr::eq(shown.run, group[0]);
        if let Some(first) = runs.iter_mut().find(is_first) {
            let label = format!("{} ({} seeds)", label(first.run), group.len());
            first.name = named_by_differences(&label, first.run, current, &group);
        }
    }
}

/// The name of a ghost that stands for a seed group, if that is not empty, or for itself.
fn named_by_differences(name: &str, ghost: &Run, current: &Run, group: &[&Run]) -> String {
    // Runs that differ by name only are the same; runs with other live changes are not.
    let [of_ghost, of_current] = [ghost, current].map(Run::replay);
    if of_ghost.is_same_run(&of_current) {
        return format!("{name}: same settings");
    }
    let changed_live = keys_changed_live(ghost);
    let mut differing = current.initial_config().changes_to(ghost.initial_config());
    // The name comes first, measurement settings last.
    let is_measured = |change: &Change| {
        change.setting().is_some_and(|setting| {
            matches!(setting.section, Section::Measurements | Section::Tests)
        })
    };
    differing.sort_by_key(|change| (!change.is_of(&settings::NAME), is_measured(change)));
    let is_not_live = |change: &&Change| !changed_live.contains(&change.key.as_str());
    let differing = differing.iter().filter(|change| is_listed(change)).filter(is_not_live);
    let is_shared = |change: &&Change| {
        let is_own = [&settings::SEED, &settings::NAME].iter().any(|own| change.is_of(own));
        group.is_empty() || !is_own
    };
    let shared_name = common_name(group);
    let shared_name =
        shared_name.filter(|name| !current.initial_config().name.starts_with(name.as_str()));
    let differing = differing.filter(|change| plain(&change.to) != name).filter(is_shared);
    let differing = differing.map(|change| {
        let label = change.setting().map_or("", |setting| setting.label);
        let value = plain(&change.to);
        if change.is_of(&settings::NAME) { value } else { format!("{label} {value}") }
    });
    let changed_in_current = current.initial_config().changes_to(current.config());
    let is_changed_alike = of_ghost.effective_changes() == of_current.effective_changes();
    let changed = changed_live.iter().filter(|_| !is_changed_alike);
    let changed = changed.filter_map(|key| labelled_course(ghost, key));
    let unchanged = unchanged_in_ghost(&changed_in_current, &changed_live, ghost, current);
    let differing = shared_name.into_iter().chain(differing);
    let mut parts: Vec<_> = differing.chain(unchanged).chain(changed).collect();
    if parts.is_empty() {
        parts = live_changes(ghost);
    }
    if parts.is_empty() {
        parts.push(match ghost.initial_config().n_steps {
            n_steps if n_steps == of_current.n_steps => "without changes during the run".to_owned(),
            n_steps => format!("Steps {n_steps}"),
        });
    }
    format!("{name}: {}", first_few(&parts, MAX_IN_GHOST_NAME))
}

/// Keys of the settings that changed during a run, even if they were changed back, as far as they
/// may appear in a ghost's name.
fn keys_changed_live(run: &Run) -> Vec<&str> {
    let changes = run.markers().iter().flat_map(|marker| &marker.changes);
    let mut keys: Vec<&str> = Vec::new();
    for change in changes.filter(|change| is_listed(change)) {
        if !keys.contains(&change.key.as_str()) {
            keys.push(&change.key);
        }
    }
    keys
}

/// All changes of a setting during a run, after its label.
fn labelled_course(run: &Run, key: &str) -> Option<String> {
    let label = Setting::named(key).map_or(key, |setting| setting.label);
    Some(format!("{label} {}", course(run.markers(), key)?))
}

/// Settings that only the current run changed live, with the ghost's unchanged values.
fn unchanged_in_ghost(
    changed_in_current: &[Change],
    changed_live: &[&str],
    ghost: &Run,
    current: &Run,
) -> Vec<String> {
    let differing = current.initial_config().changes_to(ghost.initial_config());
    let is_known =
        |key: &str| changed_live.contains(&key) || differing.iter().any(|own| own.key == key);
    let unchanged =
        changed_in_current.iter().filter(|change| is_listed(change) && !is_known(&change.key));
    let parts = unchanged.map(|change| {
        let label = change.setting().map_or("", |setting| setting.label);
        format!("{label} {}", plain(&change.from))
    });
    parts.collect()
}

/// Whether a change may appear in a ghost's name.
fn is_listed(change: &Change) -> bool {
    ![&settings::N_STEPS, &settings::PACE, &settings::WARMUP_START]
        .iter()
        .any(|setting| change.is_of(setting))
}

/// The first `most` items, with an ellipsis if there are more.
fn first_few(parts: &[String], most: usize) -> String {
    match parts {
        few if few.len() <= most => few.join(", "),
        many => format!("{}, …", many[..most].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, RunId, Source};

    #[test]
    fn a_title_lists_differences_from_the_preset() {
        let plain = preset("blowup").unwrap().config.clone();
        let mut warmed = plain.clone();
        warmed.live.warmup.steps = 256;
        assert_eq!(title(&Run::new(RunId(1), warmed), &[]), "blowup: Warmup 0 → 256");
        assert_eq!(title(&Run::new(RunId(1), plain), &[]), "blowup");
    }

    fn tune(run: &mut Run, step: u64, peak_lr: f64) {
        let mut live = run.config().live.clone();
        live.peak_lr = peak_lr;
        let source = Source::User(step);
        run.apply(&Event::Tuned { run: run.id(), step, live: Box::new(live), source });
    }

    #[test]
    fn only_runs_with_the_same_numbers_are_named_same_settings() {
        let plain = Run::new(RunId(1), RunConfig::default());
        let mut renamed =
            Run::new(RunId(2), RunConfig { name: "mine".into(), ..RunConfig::default() });
        assert_eq!(ghost_name("run 1", &plain, &renamed), "run 1: same settings");
        tune(&mut renamed, 9, 0.3);
        assert_eq!(ghost_name("run 1", &plain, &renamed), "run 1: fashion-edge, Learning rate 0.1");
        assert_eq!(title(&renamed, &[]), "mine: Learning rate 0.1 → 0.3 at step 9");
        // The same again, then with the change at another step.
        let again = Run::new(RunId(3), renamed.replay());
        assert_eq!(ghost_name("run 2", &renamed, &again), "run 2: same settings");
        assert_eq!(title(&again, &[]), title(&renamed, &[]));
        let mut later = Run::new(RunId(4), RunConfig::default());
        tune(&mut later, 20, 0.3);
        let name = ghost_name("run 2", &renamed, &later);
        assert!(name.ends_with("Learning rate 0.1 → 0.3 at step 9"), "{name}");
        // Changed back to its initial rate, it still is a different run.
        tune(&mut later, 30, 0.1);
        assert_eq!(
            ghost_name("run 4", &later, &plain),
            "run 4: Learning rate 0.1 → 0.3 at step 20 → 0.1 at 30"
        );
        assert_eq!(ghost_name("run 1", &plain, &later), "run 1: without changes during the run");
        let short = Run::new(RunId(5), RunConfig { n_steps: 7, ..RunConfig::default() });
        assert_eq!(ghost_name("run 5", &short, &plain), "run 5: Steps 7");
        // A change before the first step is not a live one.
        let mut early = Run::new(RunId(6), RunConfig::default());
        tune(&mut early, 0, 0.3);
        assert_eq!(title(&early, &[]), "fashion-edge: Learning rate 0.1 → 0.3");
        assert_eq!(ghost_name("run 6", &early, &plain), "run 6: Learning rate 0.3");
    }

    #[test]
    fn a_ghost_is_named_by_every_change_made_and_not_by_the_sum_of_them() {
        let plain = Run::new(RunId(1), RunConfig::default());
        let name = |id: u64, rates: &[f64]| {
            let mut ghost = Run::new(RunId(id), RunConfig::default());
            for (step, rate) in (20..).zip(rates) {
                tune(&mut ghost, step, *rate);
            }
            ghost_name("run", &ghost, &plain)
        };
        let told = "run: Learning rate 0.1 → 0.05 at step 20 → 0.1 at 21 → 0.075 at 22";
        assert_eq!(name(2, &[0.05, 0.1, 0.075]), told);
        let told = "run: Learning rate 0.1 → 0.025 at step 20 → 0.075 at 21";
        assert_eq!(name(3, &[0.025, 0.075]), told);
        // One setting is changed back, another is not.
        let mut both = Run::new(RunId(4), RunConfig::default());
        tune(&mut both, 5, 0.3);
        tune(&mut both, 6, 0.1);
        let live = crate::config::LiveSettings { momentum: 0.5, ..both.config().live.clone() };
        let source = Source::User(9);
        both.apply(&Event::Tuned { run: RunId(4), step: 7, live: Box::new(live), source });
        assert_eq!(
            ghost_name("run", &both, &plain),
            "run: Learning rate 0.1 → 0.3 at step 5 → 0.1 at 6, Momentum 0.9 → 0.5 at step 7"
        );
    }

    #[test]
    fn a_ghost_is_named_by_its_differences_and_its_live_changes() {
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
        let source = Source::User(1);
        ghost.apply(&Event::Tuned { run: RunId(1), step: 9, live: Box::new(live), source });
        assert_eq!(
            ghost_name("run 1", &ghost, &current),
            "run 1: Warmup 0, Learning rate 0.1 → 0.8 at step 9"
        );
    }
}
