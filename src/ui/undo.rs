//! Live changes of a person that can be taken back and made again, one entry a gesture.
//! Pure; does not know how a change reaches the run, and rewrites no history.

use crate::config::{Change, LiveSettings, RunConfig, settings};

use super::wish::Touch;

/// Entries kept; more would not be remembered by the person either.
const MAX_ENTRIES: usize = 200;

/// What one gesture changed: settings by key, with their values before and after.
type Entry = Vec<Change>;

/// What can be taken back and what can be made again.
#[derive(Debug, Default)]
pub(super) struct Changes {
    past: Vec<Entry>,
    future: Vec<Entry>,
    /// Whether the last entry may still grow by the gesture that made it.
    is_open: bool,
}

/// Which way through the changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The last one back.
    Back,
    /// The last one taken back, again.
    Again,
}

impl Changes {
    /// Notes a change that was asked for; what was taken back before can no longer be made again.
    pub(super) fn note(&mut self, before: &LiveSettings, after: &LiveSettings, touch: Touch) {
        let changes = whole(before).changes_to(&whole(after));
        let is_same = touch == Touch::Same && self.is_open;
        if changes.is_empty() {
            self.is_open = is_same;
            return;
        }
        self.future.clear();
        let mut entry = if is_same { self.past.pop().unwrap_or_default() } else { Vec::new() };
        for change in changes {
            match entry.iter_mut().find(|known: &&mut Change| known.key == change.key) {
                Some(known) => known.to = change.to,
                None => entry.push(change),
            }
        }
        // Kept even when the drag is back where it began: it may still go on.
        self.past.push(entry);
        self.is_open = true;
        if self.past.len() > MAX_ENTRIES {
            self.past.remove(0);
        }
    }

    /// Forgets everything, because the settings were replaced as a whole.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The settings one change back, or again; `None` when there is none that way.
    pub(super) fn go(&mut self, way: Way, now: &LiveSettings) -> Option<LiveSettings> {
        self.is_open = false;
        let (from, to) = match way {
            Way::Back => (&mut self.past, &mut self.future),
            Way::Again => (&mut self.future, &mut self.past),
        };
        let entry = loop {
            let entry = from.pop()?;
            if entry.iter().any(|change| change.from != change.to) {
                break entry;
            }
        };
        let mut config = whole(now);
        let values = entry.iter().map(|change| {
            let value = if way == Way::Back { &change.from } else { &change.to };
            (change.key.as_str(), value)
        });
        // Both values were in force once, so they are in range.
        let is_set = config.set_all(values).is_ok();
        to.push(entry);
        is_set.then_some(config.live)
    }

    /// What would happen, for a tooltip: `Learning rate 0.3 → 0.1`.
    pub(super) fn told(&self, way: Way) -> Option<String> {
        let list = if way == Way::Back { &self.past } else { &self.future };
        let is_change = |change: &&Change| change.from != change.to;
        let entry = list.iter().rev().find(|entry| entry.iter().any(|c| is_change(&c)))?;
        let told = entry.iter().filter(is_change).filter(|c| !c.is_of(&settings::WARMUP_START));
        let told = told.map(|change| match way {
            Way::Again => change.to_string(),
            Way::Back => {
                let Change { key, from, to } = change.clone();
                Change { key, from: to, to: from }.to_string()
            }
        });
        Some(told.collect::<Vec<_>>().join(", "))
    }
}

fn whole(live: &LiveSettings) -> RunConfig {
    RunConfig { live: live.clone(), ..RunConfig::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(peak_lr: f64) -> LiveSettings {
        LiveSettings { peak_lr, ..LiveSettings::default() }
    }

    #[test]
    fn a_drag_is_one_change_and_goes_back_to_where_it_began() {
        let mut changes = Changes::default();
        changes.note(&rate(0.1), &rate(0.2), Touch::New);
        changes.note(&rate(0.2), &rate(0.3), Touch::Same);
        changes.note(&rate(0.3), &rate(0.5), Touch::New);
        assert_eq!(changes.told(Way::Back).unwrap(), "Learning rate 0.5 → 0.3");
        assert_eq!(changes.go(Way::Back, &rate(0.5)).unwrap().peak_lr, 0.3);
        assert_eq!(changes.go(Way::Back, &rate(0.3)).unwrap().peak_lr, 0.1);
        assert_eq!(changes.go(Way::Back, &rate(0.1)), None);
        assert_eq!(changes.told(Way::Again).unwrap(), "Learning rate 0.1 → 0.3");
        assert_eq!(changes.go(Way::Again, &rate(0.1)).unwrap().peak_lr, 0.3);
    }

    #[test]
    fn only_what_the_gesture_changed_goes_back() {
        let mut changes = Changes::default();
        changes.note(&rate(0.1), &rate(0.2), Touch::New);
        let mut now = rate(0.2);
        now.momentum = 0.5;
        let back = changes.go(Way::Back, &now).unwrap();
        assert_eq!((back.peak_lr, back.momentum), (0.1, 0.5));
    }

    #[test]
    fn a_new_change_ends_what_could_be_made_again_and_a_drag_back_home_is_none() {
        let mut changes = Changes::default();
        changes.note(&rate(0.1), &rate(0.2), Touch::New);
        changes.go(Way::Back, &rate(0.2)).unwrap();
        changes.note(&rate(0.1), &rate(0.3), Touch::New);
        changes.note(&rate(0.3), &rate(0.1), Touch::Same);
        assert_eq!((changes.told(Way::Back), changes.told(Way::Again)), (None, None));
        assert_eq!(changes.go(Way::Back, &rate(0.1)), None);
    }

    #[test]
    fn what_follows_a_change_taken_back_is_a_gesture_of_its_own() {
        let mut changes = Changes::default();
        changes.note(&rate(0.1), &rate(0.2), Touch::New);
        changes.note(&rate(0.2), &rate(0.4), Touch::New);
        changes.go(Way::Back, &rate(0.4)).unwrap();
        changes.note(&rate(0.2), &rate(0.8), Touch::Same);
        assert_eq!(changes.go(Way::Back, &rate(0.8)).unwrap().peak_lr, 0.2);
        assert_eq!(changes.go(Way::Back, &rate(0.2)).unwrap().peak_lr, 0.1);
    }
}
