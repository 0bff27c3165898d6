//! Undo and redo of the user's live changes, one entry per gesture. Pure data.

use crate::config::{Change, LiveSettings, RunConfig, settings};
use crate::ui::gesture::Gesture;

/// The most entries stored.
const MAX_ENTRIES: usize = 200;

/// The changes of one gesture.
type Entry = Vec<Change>;

/// Changes that can be undone and redone.
#[derive(Debug, Default)]
pub(in crate::ui) struct UndoHistory {
    past: Vec<Entry>,
    future: Vec<Entry>,
    /// Whether the gesture of the last entry can still extend it.
    is_open: bool,
}

/// Direction through the changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Direction {
    /// Undo the last change.
    Undo,
    /// Redo the last undone change.
    Redo,
}

impl UndoHistory {
    /// Records a change, and drops undone changes.
    pub(in crate::ui) fn record(
        &mut self,
        before: &LiveSettings,
        after: &LiveSettings,
        gesture: Gesture,
    ) {
        let changes = whole(before).changes_to(&whole(after));
        let is_same = gesture == Gesture::Continued && self.is_open;
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
        // Keeps the entry even if the drag is back at its start, as it may continue.
        self.past.push(entry);
        self.is_open = true;
        if self.past.len() > MAX_ENTRIES {
            self.past.remove(0);
        }
    }

    /// Drops all changes, when the settings were replaced as a whole.
    pub(in crate::ui) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The settings after undoing or redoing one change; `None` when there is none.
    pub(in crate::ui) fn step(
        &mut self,
        direction: Direction,
        now: &LiveSettings,
    ) -> Option<LiveSettings> {
        self.is_open = false;
        let (from, to) = match direction {
            Direction::Undo => (&mut self.past, &mut self.future),
            Direction::Redo => (&mut self.future, &mut self.past),
        };
        let entry = loop {
            let entry = from.pop()?;
            if entry.iter().any(|change| change.from != change.to) {
                break entry;
            }
        };
        let mut config = whole(now);
        let values = entry.iter().map(|change| {
            let value = if direction == Direction::Undo { &change.from } else { &change.to };
            (change.key.as_str(), value)
        });
        // Cannot fail: both values were once in force, so they are in range.
        let is_set = config.set_all(values).is_ok();
        to.push(entry);
        is_set.then_some(config.live)
    }

    /// Describes the next change for a tooltip, for example `Learning rate 0.3 → 0.1`.
    pub(in crate::ui) fn describe(&self, direction: Direction) -> Option<String> {
        let list = if direction == Direction::Undo { &self.past } else { &self.future };
        let is_change = |change: &&Change| change.from != change.to;
        let entry = list.iter().rev().find(|entry| entry.iter().any(|c| is_change(&c)))?;
        let shown = entry.iter().filter(is_change).filter(|c| !c.is_of(&settings::WARMUP_START));
        let shown = shown.map(|change| match direction {
            Direction::Redo => change.to_string(),
            Direction::Undo => {
                let Change { key, from, to } = change.clone();
                Change { key, from: to, to: from }.to_string()
            }
        });
        Some(shown.collect::<Vec<_>>().join(", "))
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
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        changes.record(&rate(0.2), &rate(0.3), Gesture::Continued);
        changes.record(&rate(0.3), &rate(0.5), Gesture::New);
        assert_eq!(changes.describe(Direction::Undo).unwrap(), "Learning rate 0.5 → 0.3");
        assert_eq!(changes.step(Direction::Undo, &rate(0.5)).unwrap().peak_lr, 0.3);
        assert_eq!(changes.step(Direction::Undo, &rate(0.3)).unwrap().peak_lr, 0.1);
        assert_eq!(changes.step(Direction::Undo, &rate(0.1)), None);
        assert_eq!(changes.describe(Direction::Redo).unwrap(), "Learning rate 0.1 → 0.3");
        assert_eq!(changes.step(Direction::Redo, &rate(0.1)).unwrap().peak_lr, 0.3);
    }

    #[test]
    fn only_what_the_gesture_changed_goes_back() {
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        let mut now = rate(0.2);
        now.momentum = 0.5;
        let back = changes.step(Direction::Undo, &now).unwrap();
        assert_eq!((back.peak_lr, back.momentum), (0.1, 0.5));
    }

    #[test]
    fn a_new_change_drops_undone_ones_and_a_drag_back_to_its_start_is_no_change() {
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        changes.step(Direction::Undo, &rate(0.2)).unwrap();
        changes.record(&rate(0.1), &rate(0.3), Gesture::New);
        changes.record(&rate(0.3), &rate(0.1), Gesture::Continued);
        assert_eq!(
            (changes.describe(Direction::Undo), changes.describe(Direction::Redo)),
            (None, None)
        );
        assert_eq!(changes.step(Direction::Undo, &rate(0.1)), None);
    }

    #[test]
    fn a_change_after_an_undo_is_a_new_gesture() {
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        changes.record(&rate(0.2), &rate(0.4), Gesture::New);
        changes.step(Direction::Undo, &rate(0.4)).unwrap();
        changes.record(&rate(0.2), &rate(0.8), Gesture::Continued);
        assert_eq!(changes.step(Direction::Undo, &rate(0.8)).unwrap().peak_lr, 0.2);
        assert_eq!(changes.step(Direction::Undo, &rate(0.2)).unwrap().peak_lr, 0.1);
    }
}
