//! Requests about the runs of the drawer: which is the current one, names, eyes, pins, removal.

use crate::config::RunConfig;
use crate::history::Run;
use crate::protocol::{Command, RunId};

use super::rescues::rescues;
use super::run_list::{ListedRun, NamedBy, RunCard};
use super::session_state::Session;

impl Session {
    /// The card of a new run; a rescue of the current run is called by what it changes.
    pub(super) fn new_card(&self, config: &RunConfig) -> RunCard {
        let rescues =
            if self.current.run.has_diverged() { rescues(&self.replay()) } else { Vec::new() };
        let rescue = rescues.iter().find(|rescue| rescue.config == *config);
        self.labelled_card(config, rescue.map(|rescue| rescue.label))
    }

    /// The card of a new run, called by this label if there is one.
    pub(super) fn labelled_card(&self, config: &RunConfig, label: Option<&str>) -> RunCard {
        let preset = self.presets.find(&config.name).map(|(preset, _)| preset);
        self.runs.new_card(config, label, preset, &self.current)
    }

    /// Stops the current run and its trials.
    pub(super) fn leave_current(&mut self) {
        if !self.current.run.is_over() {
            self.connection.send(Command::Stop { run: self.current.run.id() });
        }
        if self.is_trying() {
            self.connection.send(Command::EndTrials { run: self.current.run.id() });
        }
        self.trial_settings.is_requested = false;
    }

    /// Makes another run the current one; the present one goes to the drawer if it has taken a step.
    pub(super) fn replace_current(&mut self, listed: ListedRun) {
        let former = std::mem::replace(&mut self.current, listed);
        if former.run.last().is_some() {
            self.runs.add(former);
        }
        self.requested = None;
        self.pending = None;
        self.searching = None;
    }

    /// Makes a former run the current one, which ended where it was left.
    pub(super) fn make_current(&mut self, run: RunId) {
        if let Some(listed) = self.runs.take(run) {
            self.leave_current();
            self.undo_history.clear();
            self.replace_current(listed);
        }
    }

    /// Gives a run the name that the user typed.
    pub(super) fn rename(&mut self, run: RunId, typed: &str) {
        let Some(name) = self.runs.new_name(typed, run, &self.current) else { return };
        let is_current = self.current.run.id() == run;
        let own = is_current.then_some(&mut self.current.card);
        let card = own.or_else(|| self.runs.card_mut(run));
        if let Some(card) = card.filter(|card| card.name != name) {
            (card.name, card.named_by) = (name, NamedBy::User);
        }
    }

    /// Pins a run, or removes its pin.
    pub(super) fn toggle_pin(&mut self, run: RunId) {
        let is_current = self.current.run.id() == run;
        let own = is_current.then_some(&mut self.current.card);
        if let Some(card) = own.or_else(|| self.runs.card_mut(run)) {
            card.is_pinned = !card.is_pinned;
        }
    }

    /// Removes former runs from the drawer, which can be undone.
    pub(super) fn remove_runs(&mut self, runs: &[RunId]) {
        let removed = self.runs.remove(runs);
        if !removed.is_empty() {
            self.undo_history.record_removal(removed);
        }
    }

    /// The former runs without a pin.
    pub(super) fn unpinned(&self) -> Vec<RunId> {
        let unpinned = self.runs.former().iter().filter(|listed| !listed.card.is_pinned);
        unpinned.map(|listed| listed.run.id()).collect()
    }

    /// The name of a run.
    pub(in crate::ui) fn name_of(&self, run: &Run) -> String {
        let all = self.runs.former().iter().chain([&self.current]);
        let mut named = all.filter(|listed| listed.run.id() == run.id());
        named.next().map_or_else(String::new, |listed| listed.card.name.clone())
    }
}
