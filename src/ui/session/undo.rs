//! Undo and redo of the user's live changes, one entry per gesture, and of removed runs. Pure data.

use crate::config::{Change, LiveSettings, RunConfig, settings};
use crate::protocol::{Event, RunId};
use crate::text;
use crate::ui::gesture::Gesture;

use super::run_list::RemovedRun;

/// The most entries stored.
const MAX_ENTRIES: usize = 200;

/// The most entries with removed runs, which take memory.
const MAX_REMOVALS: usize = 10;

/// What can be undone or redone at once.
#[derive(Debug)]
enum Entry {
    /// The changes of one gesture.
    Changes(Vec<Change>),
    /// Removed runs, which undo brings back.
    Removal(Vec<RemovedRun>),
    /// Runs that undo brought back, with their names, which redo removes.
    Return(Vec<(RunId, String)>),
}

/// What undo or redo demands.
#[derive(Debug)]
pub(in crate::ui) enum UndoStep {
    /// These live settings.
    Live(Box<LiveSettings>),
    /// To bring runs back.
    Restore(Vec<RemovedRun>),
    /// To remove runs.
    Remove(Vec<RunId>),
}

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
        let last = if is_same { self.past.pop() } else { None };
        let mut entry = match last {
            Some(Entry::Changes(changes)) => changes,
            Some(Entry::Removal(_) | Entry::Return(_)) | None => Vec::new(),
        };
        for change in changes {
            match entry.iter_mut().find(|known: &&mut Change| known.key == change.key) {
                Some(known) => known.to = change.to,
                None => entry.push(change),
            }
        }
        // Keeps the entry even if the drag is back at its start, as it may continue.
        self.push(Entry::Changes(entry));
        self.is_open = true;
    }

    /// Records that the user removed runs.
    pub(in crate::ui) fn record_removal(&mut self, removed: Vec<RemovedRun>) {
        self.future.clear();
        self.removed_again(removed);
    }

    /// Records that redo removed runs.
    pub(in crate::ui) fn removed_again(&mut self, removed: Vec<RemovedRun>) {
        self.push(Entry::Removal(removed));
        self.is_open = false;
    }

    fn push(&mut self, entry: Entry) {
        self.past.push(entry);
        if self.past.len() > MAX_ENTRIES {
            self.past.remove(0);
        }
        let is_removal = |entry: &Entry| matches!(entry, Entry::Removal(_));
        if self.past.iter().filter(|entry| is_removal(entry)).count() > MAX_REMOVALS
            && let Some(at) = self.past.iter().position(is_removal)
        {
            self.past.remove(at);
        }
    }

    /// Applies an event to removed runs, so that they come back with what happened meanwhile.
    pub(in crate::ui) fn apply_to_removed(&mut self, event: &Event) {
        let removals = self.past.iter_mut().filter_map(|entry| match entry {
            Entry::Removal(removed) => Some(removed),
            Entry::Changes(_) | Entry::Return(_) => None,
        });
        removals.flatten().for_each(|removed| removed.listed.run.apply(event));
    }

    /// Drops all changes, when the settings were replaced as a whole. Removed runs can still come back.
    pub(in crate::ui) fn clear(&mut self) {
        let is_kept = |entry: &Entry| !matches!(entry, Entry::Changes(_));
        self.past.retain(is_kept);
        self.future.retain(is_kept);
        self.is_open = false;
    }

    /// What undoing or redoing one entry demands; `None` when there is none.
    pub(in crate::ui) fn step(
        &mut self,
        direction: Direction,
        now: &LiveSettings,
    ) -> Option<UndoStep> {
        self.is_open = false;
        let (from, to) = match direction {
            Direction::Undo => (&mut self.past, &mut self.future),
            Direction::Redo => (&mut self.future, &mut self.past),
        };
        let entry = loop {
            let entry = from.pop()?;
            if entry.has_effect() {
                break entry;
            }
        };
        match entry {
            Entry::Changes(changes) => {
                let live = after(&changes, direction, now);
                to.push(Entry::Changes(changes));
                live.map(|live| UndoStep::Live(Box::new(live)))
            }
            Entry::Removal(removed) => {
                let runs = removed.iter().map(|removed| &removed.listed);
                let runs = runs.map(|listed| (listed.run.id(), listed.card.name.clone()));
                to.push(Entry::Return(runs.collect()));
                Some(UndoStep::Restore(removed))
            }
            // The removal that follows is recorded when it has been made.
            Entry::Return(runs) => {
                Some(UndoStep::Remove(runs.into_iter().map(|(run, _)| run).collect()))
            }
        }
    }

    /// Whether undo would bring back removed runs.
    pub(in crate::ui) fn is_removal_next(&self) -> bool {
        let next = self.past.iter().rev().find(|entry| entry.has_effect());
        matches!(next, Some(Entry::Removal(_)))
    }

    /// Describes the next entry for a tooltip, for example `Learning rate 0.3 → 0.1 at the next step`.
    pub(in crate::ui) fn describe(&self, direction: Direction) -> Option<String> {
        let list = if direction == Direction::Undo { &self.past } else { &self.future };
        Some(list.iter().rev().find(|entry| entry.has_effect())?.words(direction))
    }
}

impl Entry {
    /// Whether it is more than a drag that came back to its start.
    fn has_effect(&self) -> bool {
        match self {
            Self::Changes(changes) => changes.iter().any(|change| change.from != change.to),
            Self::Removal(_) | Self::Return(_) => true,
        }
    }

    fn words(&self, direction: Direction) -> String {
        let list = |names: Vec<&str>| match names.as_slice() {
            [only] => format!("“{only}”"),
            several => text::plural(several.len() as u64, "run"),
        };
        match self {
            Self::Changes(changes) => format!("{} at the next step", in_words(changes, direction)),
            Self::Removal(removed) => {
                let names = removed.iter().map(|removed| removed.listed.card.name.as_str());
                format!("Bring back {}", list(names.collect()))
            }
            Self::Return(runs) => {
                format!(
                    "Remove {} again",
                    list(runs.iter().map(|(_, name)| name.as_str()).collect())
                )
            }
        }
    }
}

/// The settings after undoing or redoing changes.
fn after(changes: &[Change], direction: Direction, now: &LiveSettings) -> Option<LiveSettings> {
    let mut config = whole(now);
    let values = changes.iter().map(|change| {
        let value = if direction == Direction::Undo { &change.from } else { &change.to };
        (change.key.as_str(), value)
    });
    // Cannot fail: both values were once in force, so they are in range.
    config.set_all(values).is_ok().then_some(config.live)
}

fn in_words(changes: &[Change], direction: Direction) -> String {
    let shown = changes.iter().filter(|change| change.from != change.to);
    let shown = shown.filter(|change| !change.is_of(&settings::WARMUP_START));
    let shown = shown.map(|change| match direction {
        Direction::Redo => change.to_string(),
        Direction::Undo => {
            let Change { key, from, to } = change.clone();
            Change { key, from: to, to: from }.to_string()
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn whole(live: &LiveSettings) -> RunConfig {
    RunConfig { live: live.clone(), ..RunConfig::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The live settings that undo or redo asks for.
    fn live(changes: &mut UndoHistory, to: Direction, now: &LiveSettings) -> Option<LiveSettings> {
        match changes.step(to, now)? {
            UndoStep::Live(live) => Some(*live),
            UndoStep::Restore(_) | UndoStep::Remove(_) => None,
        }
    }

    fn rate(peak_lr: f64) -> LiveSettings {
        LiveSettings { peak_lr, ..LiveSettings::default() }
    }

    #[test]
    fn a_drag_is_one_change_and_goes_back_to_where_it_began() {
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        changes.record(&rate(0.2), &rate(0.3), Gesture::Continued);
        changes.record(&rate(0.3), &rate(0.5), Gesture::New);
        assert_eq!(
            changes.describe(Direction::Undo).unwrap(),
            "Learning rate 0.5 → 0.3 at the next step"
        );
        assert_eq!(live(&mut changes, Direction::Undo, &rate(0.5)).unwrap().peak_lr, 0.3);
        assert_eq!(live(&mut changes, Direction::Undo, &rate(0.3)).unwrap().peak_lr, 0.1);
        assert_eq!(live(&mut changes, Direction::Undo, &rate(0.1)), None);
        assert_eq!(
            changes.describe(Direction::Redo).unwrap(),
            "Learning rate 0.1 → 0.3 at the next step"
        );
        assert_eq!(live(&mut changes, Direction::Redo, &rate(0.1)).unwrap().peak_lr, 0.3);
    }

    #[test]
    fn only_what_the_gesture_changed_goes_back() {
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        let mut now = rate(0.2);
        now.momentum = 0.5;
        let back = live(&mut changes, Direction::Undo, &now).unwrap();
        assert_eq!((back.peak_lr, back.momentum), (0.1, 0.5));
    }

    #[test]
    fn a_new_change_drops_undone_ones_and_a_drag_back_to_its_start_is_no_change() {
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        live(&mut changes, Direction::Undo, &rate(0.2)).unwrap();
        changes.record(&rate(0.1), &rate(0.3), Gesture::New);
        changes.record(&rate(0.3), &rate(0.1), Gesture::Continued);
        assert_eq!(
            (changes.describe(Direction::Undo), changes.describe(Direction::Redo)),
            (None, None)
        );
        assert_eq!(live(&mut changes, Direction::Undo, &rate(0.1)), None);
    }

    #[test]
    fn a_change_after_an_undo_is_a_new_gesture() {
        let mut changes = UndoHistory::default();
        changes.record(&rate(0.1), &rate(0.2), Gesture::New);
        changes.record(&rate(0.2), &rate(0.4), Gesture::New);
        live(&mut changes, Direction::Undo, &rate(0.4)).unwrap();
        changes.record(&rate(0.2), &rate(0.8), Gesture::Continued);
        assert_eq!(live(&mut changes, Direction::Undo, &rate(0.8)).unwrap().peak_lr, 0.2);
        assert_eq!(live(&mut changes, Direction::Undo, &rate(0.2)).unwrap().peak_lr, 0.1);
    }
}
