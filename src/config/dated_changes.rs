//! Dated changes, which set live settings at a step: their canonical form, and when two
//! configurations give the same run.

use std::collections::BTreeMap;

use toml::Value;

use super::settings::PEAK_LR;
use super::{
    Change, ConfigError, DatedChange, Effect, LiveSettings, Pace, ProbeSettings, RunConfig, Setting,
};

impl DatedChange {
    /// `live` with this change applied.
    ///
    /// # Errors
    /// If the change sets nothing, a key is unknown or not live, or a value is out of range.
    pub fn applied_to(&self, live: &LiveSettings) -> Result<LiveSettings, ConfigError> {
        let mut config = RunConfig { live: live.clone(), ..RunConfig::default() };
        if self.set.is_empty() {
            return Err(ConfigError::Conflict(format!(
                "the change at step {} sets nothing; write for example \
                 set = {{ \"{PEAK_LR}\" = 0.05 }}",
                self.step
            )));
        }
        for (key, value) in &self.set {
            if Setting::named(key).is_some_and(|setting| !setting.is_live()) {
                return Err(ConfigError::Conflict(format!(
                    "the change at step {} sets `{key}`, which cannot change mid-run; \
                     only keys that begin with `live.` can",
                    self.step
                )));
            }
            config.put(key, value)?;
        }
        config.validate_values()?;
        Ok(config.live)
    }
}

impl RunConfig {
    /// The same run in canonical form: one entry per step in order, changes at step 0 merged into
    /// the initial settings, and no entry without effect.
    #[must_use]
    pub fn canonical(&self) -> Self {
        if self.changes.is_empty() {
            return self.clone();
        }
        let mut config = Self { changes: Vec::new(), ..self.clone() };
        for (step, changes) in self.effective_changes() {
            let set = changes.into_iter().map(|change| (change.key, change.to)).collect();
            let change = DatedChange { step, set };
            match change.applied_to(&config.live) {
                Ok(live) if step == 0 => config.live = live,
                Ok(_) | Err(_) => config.changes.push(change),
            }
        }
        config
    }

    /// Everything that determines the run's numbers, in canonical form: without its name, its pace
    /// and changes after its end.
    #[must_use]
    pub fn identity(&self) -> Self {
        let mut same = self.canonical();
        same.name.clear();
        if !same.task.sha256.is_empty() {
            // The contents of a data file matter, not their place.
            same.task.path.clear();
        }
        same.live.pace = Pace::Unlimited;
        same.changes.retain_mut(|change| {
            change.set.retain(|key, _| !is_cosmetic(key));
            change.step < self.n_steps && !change.set.is_empty()
        });
        if same.live.warmup.steps == 0 {
            same.live.warmup.start = 0;
        }
        same
    }

    /// Whether both configurations give the same numbers; names do not matter.
    #[must_use]
    pub fn is_same_run(&self, other: &Self) -> bool {
        self == other || self.identity() == other.identity()
    }

    /// The dated changes that change a value: in order of step, each setting with its value before
    /// and after.
    #[must_use]
    pub fn effective_changes(&self) -> Vec<(u64, Vec<Change>)> {
        let mut ordered = Self { changes: self.changes.clone(), ..Self::default() };
        ordered.add_changes([]);
        let mut now: BTreeMap<String, Value> = BTreeMap::new();
        let mut effective = Vec::new();
        for DatedChange { step, set } in ordered.changes {
            let change = |(key, value): (String, Value)| {
                let to = Setting::named(&key)
                    .map_or_else(|| value.clone(), |setting| setting.coerce(&value));
                let before = now.insert(key.clone(), to.clone()).or_else(|| self.get(&key));
                let from = before.unwrap_or(value);
                (from != to).then_some(Change { key, from, to })
            };
            let changes: Vec<Change> = set.into_iter().filter_map(change).collect();
            if !changes.is_empty() {
                effective.push((step, changes));
            }
        }
        effective
    }

    /// [`Self::effective_changes`] in words: `Learning rate 0.1 → 0.2 at step 50`.
    #[must_use]
    pub fn described_changes(&self) -> Vec<String> {
        let by_step = self.effective_changes();
        let described = by_step.iter().flat_map(|(step, changes)| {
            changes.iter().map(move |change| format!("{change} at step {step}"))
        });
        described.collect()
    }

    /// The live settings at the start, after each change of the probe's settings, and at the end.
    #[must_use]
    pub fn live_states(&self) -> Vec<LiveSettings> {
        let mut dated: Vec<&DatedChange> =
            self.changes.iter().filter(|change| change.step < self.n_steps).collect();
        dated.sort_by_key(|change| change.step);
        let mut states = vec![self.live.clone()];
        let mut set = BTreeMap::new();
        for (at, DatedChange { step, set: more }) in dated.iter().enumerate() {
            set.extend(more.clone());
            if at + 1 == dated.len()
                || ProbeSettings::SETTINGS.iter().any(|setting| more.contains_key(setting.key))
            {
                let change = DatedChange { step: *step, set: std::mem::take(&mut set) };
                let after = states.last().and_then(|live| change.applied_to(live).ok());
                states.extend(after);
            }
        }
        states
    }

    /// Adds dated changes, merged into one entry per step; the last value of a key wins.
    pub fn add_changes(&mut self, more: impl IntoIterator<Item = DatedChange>) {
        let mut by_step: BTreeMap<u64, DatedChange> = BTreeMap::new();
        for change in std::mem::take(&mut self.changes).into_iter().chain(more) {
            let empty = || DatedChange { step: change.step, set: BTreeMap::new() };
            by_step.entry(change.step).or_insert_with(empty).set.extend(change.set);
        }
        self.changes = by_step.into_values().collect();
    }

    /// Removes these settings from the dated changes.
    pub fn remove_changes_of<'a>(&mut self, keys: impl IntoIterator<Item = &'a String>) {
        for key in keys {
            for change in &mut self.changes {
                change.set.remove(key);
            }
        }
        self.changes.retain(|change| !change.set.is_empty());
    }

    /// `other` with the dated changes of `self`, except changes of settings in which the two
    /// differ: those hold `other`'s value to the end.
    #[must_use]
    pub fn with_settings_of(&self, other: &Self) -> Self {
        let mut config = Self { changes: self.changes.clone(), ..other.clone() };
        config.remove_changes_of(self.changes_to(other).iter().map(|change| &change.key));
        config
    }
}

fn is_cosmetic(key: &str) -> bool {
    Setting::named(key).is_some_and(|setting| setting.effect == Effect::Cosmetic)
}

/// A dated change of the learning rate, for tests.
#[cfg(test)]
pub(crate) fn rate_from(step: u64, peak_lr: f64) -> DatedChange {
    DatedChange { step, set: [(PEAK_LR.key.to_owned(), peak_lr.into())].into() }
}

#[cfg(test)]
mod tests {
    use super::rate_from as rate;
    use super::*;
    use crate::config::settings::{MOMENTUM, N_STEPS, PACE, SEED, WARMUP_STEPS};

    fn with(changes: &[DatedChange]) -> RunConfig {
        RunConfig { changes: changes.to_vec(), ..RunConfig::default() }
    }

    #[test]
    fn the_canonical_form_has_no_order_and_no_idle_entries() {
        let wanted = with(&[rate(10, 0.2), rate(20, 0.3)]);
        for config in [
            with(&[rate(20, 0.3), rate(10, 0.2)]),
            with(&[rate(5, 0.1), rate(10, 0.4), rate(10, 0.2), rate(12, 0.2), rate(20, 0.3)]),
        ] {
            assert_eq!(config.canonical(), wanted);
            assert!(config.is_same_run(&wanted) && config != wanted);
        }
        assert_eq!(wanted.canonical(), wanted);
        assert!(!with(&[rate(10, 0.2)]).is_same_run(&wanted));
    }

    #[test]
    fn a_change_at_step_0_is_an_initial_setting() {
        let mut begun = with(&[rate(9, 0.3)]);
        begun.live.peak_lr = 0.7;
        let dated = with(&[rate(0, 0.7), rate(9, 0.3)]);
        assert_eq!(dated.canonical(), begun);
        assert!(dated.is_same_run(&begun));
    }

    #[test]
    fn name_pace_and_changes_without_effect_do_not_make_another_run() {
        let plain = RunConfig::default();
        let pace = [(PACE.key.to_owned(), "10".into())].into();
        let mut other = with(&[DatedChange { step: 7, set: pace }, rate(plain.n_steps, 0.9)]);
        other.name = "my-own".to_owned();
        other.live.pace = Pace::One;
        other.live.warmup.start = 40;
        assert!(other.is_same_run(&plain));
        for (setting, value) in [(&SEED, 9), (&N_STEPS, 17), (&WARMUP_STEPS, 3)] {
            let mut changed = plain.clone();
            changed.set(setting.key, &value.into()).unwrap();
            assert!(!changed.is_same_run(&plain), "{setting}");
        }
    }

    #[test]
    fn changes_are_described_with_the_values_before_them() {
        let described = with(&[rate(20, 0.3), rate(10, 0.2)]).described_changes();
        let wanted = ["Learning rate 0.1 → 0.2 at step 10", "Learning rate 0.2 → 0.3 at step 20"];
        assert_eq!(described, wanted);
    }

    #[test]
    fn a_setting_from_the_start_takes_the_place_of_later_changes_of_it_alone() {
        let mut run = with(&[rate(10, 0.2), rate(20, 0.3)]);
        run.changes[1].set.insert(MOMENTUM.key.to_owned(), 0.5.into());
        let mut other = run.clone();
        other.live.peak_lr = 0.05;
        let set = [(MOMENTUM.key.to_owned(), 0.5.into())].into();
        let wanted = [DatedChange { step: 20, set }];
        assert_eq!(run.with_settings_of(&other).changes, wanted);
        other.live.peak_lr = run.live.peak_lr;
        other.init.scale = 3.0;
        assert_eq!(run.with_settings_of(&other).changes, run.changes);
    }
}
