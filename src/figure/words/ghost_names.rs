//! Names of ghosts in a legend: how each differs from the current run.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use toml::Value;

use crate::config::{Change, DatedChange, RunConfig, Section, Setting, plain, settings};
use crate::figure::request::{PlottedRun, ghost_seed_groups};
use crate::history::{Run, course};

use super::common_name::common_name;
use super::naming::changes_made;

/// Differences listed in a name at most.
const MAX_LISTED: usize = 3;

/// The name of a ghost, followed by its differences from the current run: settings that it kept, and
/// the changes of those that it changed. Changes that a run has not reached are no difference.
#[must_use]
pub fn ghost_name(name: &str, ghost: &Run, current: &Run) -> String {
    named_by_differences(name, ghost, current, &[])
}

/// Names the ghosts that stand for a seed group: by what the group is called, the number of seeds,
/// and what the group shares and the current run has not.
pub fn name_seed_groups(runs: &mut [PlottedRun<'_>], label: impl Fn(&Run) -> String) {
    let Some(current) = runs.iter().rfind(|shown| !shown.is_ghost).map(|shown| shown.run) else {
        return;
    };
    for group in ghost_seed_groups(runs) {
        let is_first = |shown: &&mut PlottedRun<'_>| std::ptr::eq(shown.run, group[0]);
        // Another run of the group may have ended before a change.
        let longest = group.iter().min_by_key(|run| Reverse(run.n_steps()));
        if let (Some(first), Some(longest)) = (runs.iter_mut().find(is_first), longest) {
            let name = group_label(&group, &label);
            first.name = named_by_differences(&name, longest, current, &group);
        }
    }
}

/// What a seed group is called: by the values that its tasks share, else by the labels of its runs.
fn group_label(group: &[&Run], label: impl Fn(&Run) -> String) -> String {
    let n = group.len();
    let name = task_name(group).unwrap_or_else(|| match group {
        [] => String::new(),
        [only] => label(only),
        [first, second] => format!("{}, {}", label(first), label(second)),
        [first, .., last] => format!("{} … {}", label(first), label(last)),
    });
    format!("{name} ({n} seeds)")
}

/// The study and the values that tasks share, without a colon, which ends a label; `None` if they
/// share no value.
fn task_name(group: &[&Run]) -> Option<String> {
    let name = common_name(group)?;
    let (study, values) = name.split_once(": ")?;
    Some(format!("{study} {values}"))
}

/// The name of a ghost that stands for a seed group, if that is not empty, or for itself.
fn named_by_differences(name: &str, ghost: &Run, current: &Run, group: &[&Run]) -> String {
    // Runs that differ by name only are the same; runs with other live changes are not.
    let [of_ghost, of_current] = [ghost, current].map(|run| run.so_far().canonical());
    if of_ghost.is_same_run(&of_current) || ghost.replay().is_same_run(&current.replay()) {
        return format!("{name}: same settings");
    }
    let parts = Differences::between(ghost, &of_ghost, &of_current).told(name, group);
    let parts = [parts, changes_made(ghost)].into_iter().find(|parts| !parts.is_empty());
    let parts = parts.unwrap_or_else(|| {
        vec![match of_ghost.n_steps {
            n_steps if n_steps == of_current.n_steps => "without changes during the run".to_owned(),
            n_steps => format!("Steps {n_steps}"),
        }]
    });
    format!("{name}: {}", first_few(&parts, MAX_LISTED))
}

/// The settings whose values over the run so far differ from those of the current run.
struct Differences<'a> {
    ghost: &'a Run,
    of_ghost: &'a RunConfig,
    of_current: &'a RunConfig,
    /// Those that the ghost kept: its name first, measurement settings last.
    kept: Vec<&'static Setting>,
    /// Those that it changed, in the order of their first changes.
    changed: Vec<&'static Setting>,
}

impl<'a> Differences<'a> {
    fn between(ghost: &'a Run, of_ghost: &'a RunConfig, of_current: &'a RunConfig) -> Self {
        let [own, others] = [of_ghost, of_current].map(changed_values);
        let is_differing = |setting: &Setting| {
            let is_alike = setting.is_same(of_current, of_ghost)
                && own.get(setting.key) == others.get(setting.key);
            !is_alike && is_listed(setting)
        };
        let is_kept = |setting: &&'static Setting| !own.contains_key(setting.key);
        let differing = Setting::all().filter(|setting| is_differing(setting));
        let mut kept: Vec<&'static Setting> = differing.filter(is_kept).collect();
        kept.sort_by_key(|setting| {
            let is_measured = matches!(setting.section, Section::Measurements | Section::Tests);
            (setting.key != settings::NAME.key, is_measured, setting.key)
        });
        let mut changed: Vec<&'static Setting> = Vec::new();
        let changes = ghost.markers().iter().flat_map(|marker| &marker.changes);
        for setting in changes.filter_map(Change::setting).filter(|setting| is_differing(setting)) {
            if !changed.iter().any(|known| known.key == setting.key) {
                changed.push(setting);
            }
        }
        Self { ghost, of_ghost, of_current, kept, changed }
    }

    /// The differences in words. What nothing in the ghost reads comes last, and an unread setting
    /// that it kept only if nothing else differs.
    fn told(&self, name: &str, group: &[&Run]) -> Vec<String> {
        let shared_name = common_name(group).filter(|shared| {
            task_name(group).is_none() && !self.of_current.name.starts_with(shared.as_str())
        });
        let is_own = |setting: &Setting| {
            [&settings::SEED, &settings::NAME].iter().any(|own| own.key == setting.key)
        };
        let is_told = |setting: &&&'static Setting| {
            let is_shared = group.is_empty() || !is_own(setting);
            is_shared && plain(&setting.get(self.of_ghost)) != name
        };
        let kept = self.kept.iter().filter(is_told).copied();
        let (kept, kept_unread): (Vec<_>, Vec<_>) = kept.partition(|setting| self.is_read(setting));
        let changed = self.changed.iter().copied();
        let (changed, unread): (Vec<_>, Vec<_>) =
            changed.partition(|setting| self.is_read(setting));
        let value = |setting: &&'static Setting| self.value(setting);
        let told: Vec<String> = shared_name
            .into_iter()
            .chain(kept.iter().map(value))
            .chain(changed.iter().chain(&unread).filter_map(|setting| self.course(setting)))
            .collect();
        if told.is_empty() { kept_unread.iter().map(value).collect() } else { told }
    }

    /// A setting that the ghost kept; its name without a label.
    fn value(&self, setting: &Setting) -> String {
        let value = plain(&setting.get(self.of_ghost));
        if setting.key == settings::NAME.key { value } else { format!("{} {value}", setting.label) }
    }

    /// All changes of a setting during the run, after its label.
    fn course(&self, setting: &Setting) -> Option<String> {
        Some(format!("{} {}", setting.label, course(self.ghost.markers(), setting.key)?))
    }

    /// Whether some step of the ghost reads a setting.
    fn is_read(&self, setting: &Setting) -> bool {
        let mut now = RunConfig { changes: Vec::new(), ..self.of_ghost.clone() };
        if setting.why_unread(&now).is_none() {
            return true;
        }
        self.ghost.markers().iter().any(|marker| {
            let set = marker.changes.iter().map(|own| (own.key.clone(), own.to.clone())).collect();
            let change = DatedChange { step: marker.step, set };
            if let Ok(live) = change.applied_to(&now.live) {
                now.live = live;
            }
            setting.why_unread(&now).is_none()
        })
    }
}

/// The values of settings that change during a run, by step.
fn changed_values(config: &RunConfig) -> BTreeMap<String, BTreeMap<u64, Value>> {
    let mut by_key: BTreeMap<String, BTreeMap<u64, Value>> = BTreeMap::new();
    for (step, changes) in config.effective_changes() {
        for Change { key, to, .. } in changes {
            by_key.entry(key).or_default().insert(step, to);
        }
    }
    by_key
}

/// Whether a setting may appear in a ghost's name.
fn is_listed(setting: &Setting) -> bool {
    let unlisted = [&settings::N_STEPS, &settings::PACE, &settings::WARMUP_START];
    unlisted.iter().all(|other| other.key != setting.key)
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
    use super::super::naming::title;
    use super::*;
    use crate::config::{ClipMode, rate_from};
    use crate::protocol::{Event, Record, RunId, Sample, Source};

    fn tune(run: &mut Run, step: u64, peak_lr: f64) {
        let mut live = run.config().live.clone();
        live.peak_lr = peak_lr;
        let source = Source::User(step);
        run.apply(&Event::Tuned { run: run.id(), step, live: Box::new(live), source });
    }

    /// The run comes to this step, with its scheduled changes up to there.
    fn reach(run: &mut Run, step: u64) {
        let due = run.config().changes.iter().filter(|own| own.step <= step);
        for change in due.cloned().collect::<Vec<DatedChange>>() {
            let live = Box::new(change.applied_to(&run.config().live).unwrap());
            let (step, source) = (change.step, Source::Config);
            run.apply(&Event::Tuned { run: run.id(), step, live, source });
        }
        let sample = Sample { step, ..Sample::default() };
        let records = vec![Record { sample, ..Record::default() }];
        run.apply(&Event::Sampled { run: run.id(), records });
    }

    /// A run with these changes that has come to this step.
    fn reached(seed: u64, step: u64, changes: &[DatedChange]) -> Run {
        let config = RunConfig { seed, changes: changes.to_vec(), ..RunConfig::default() };
        let mut run = Run::new(RunId(seed), config);
        reach(&mut run, step);
        run
    }

    fn clipped_from(step: u64, mode: ClipMode) -> DatedChange {
        let set = [(settings::CLIP_MODE.key.to_owned(), mode.word().into())].into();
        DatedChange { step, set }
    }

    #[test]
    fn a_seed_group_is_called_by_all_of_its_runs() {
        let runs = [1, 2, 3].map(|seed| reached(seed, 9, &[]));
        let group: Vec<&Run> = runs.iter().collect();
        let label = |run: &Run| format!("run {}", run.id().0);
        assert_eq!(group_label(&group, label), "run 1 … run 3 (3 seeds)");
        assert_eq!(group_label(&group[1..], label), "run 2, run 3 (2 seeds)");
    }

    #[test]
    fn a_change_that_a_run_has_not_reached_or_that_both_made_is_no_difference() {
        let (plain, scheduled) = (reached(5, 30, &[]), reached(5, 30, &[rate_from(50, 0.3)]));
        for (ghost, current) in [(&plain, &scheduled), (&scheduled, &plain)] {
            assert_eq!(ghost_name("f2", ghost, current), "f2: same settings");
        }
        let other = reached(7, 30, &[rate_from(50, 0.3)]);
        assert_eq!(ghost_name("f3", &other, &plain), "f3: Seed 7");
        let made = [5, 7].map(|seed| reached(seed, 30, &[rate_from(20, 0.3)]));
        assert_eq!(ghost_name("f6", &made[1], &made[0]), "f6: Seed 7");
        let name = ghost_name("f8", &made[0], &plain);
        assert_eq!(name, "f8: Learning rate 0.1 → 0.3 at step 20");
    }

    #[test]
    fn what_only_the_current_run_changed_is_told_even_if_changed_back_and_nothing_unread() {
        let mut clipped =
            vec![clipped_from(5, ClipMode::Absolute), clipped_from(12, ClipMode::Off)];
        clipped[0].set.insert(settings::CLIP_VALUE.key.to_owned(), 0.01.into());
        let rates = [rate_from(2, 0.3), rate_from(6, 0.1)];
        let (clipped, moved) = (reached(5, 20, &clipped), reached(5, 20, &rates));
        assert_eq!(
            ghost_name("c4", &moved, &clipped),
            "c4: Clipping off, Learning rate 0.1 → 0.3 at step 2 → 0.1 at 6"
        );
        let told = "Learning rate 0.1, Clipping off → absolute at step 5 → off at 12";
        let name = ghost_name("k1", &clipped, &moved);
        assert!(name.starts_with(&format!("k1: {told}")), "{name}");
        // Nothing else differs.
        let level = |value: f64| {
            let mut config = RunConfig { n_steps: 9, ..RunConfig::default() };
            config.live.clip.value = value;
            Run::new(RunId(1), config)
        };
        assert_eq!(ghost_name("run 1", &level(0.5), &level(1.0)), "run 1: Clip level 0.5");
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
        let mut again = Run::new(RunId(3), renamed.replay());
        assert_eq!(ghost_name("run 2", &renamed, &again), "run 2: same settings");
        assert_eq!(title(&again, &[]), "mine", "it comes at step 9");
        reach(&mut again, 9);
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
        assert_eq!(ghost_name("run 1", &plain, &later), "run 1: Learning rate 0.1");
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
