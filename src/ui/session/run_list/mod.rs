//! The runs of the drawer: the former runs of the session, with names, styles, eyes and pins. Bounded
//! in number and memory; what has to go is told.

mod given_name;
mod listed_run;
mod overlay;
pub(in crate::ui) mod plotted_runs;

pub(in crate::ui) use listed_run::{Eye, ListedRun, NamedBy, RunCard, family_words, outcome};
pub(in crate::ui) use overlay::{Shown, Why};

use crate::config::{RunConfig, preset};
use crate::protocol::{Event, RunId};

use given_name::{given_name, unused};

/// What the drawer keeps at most.
#[derive(Clone, Copy, Debug)]
struct Limits {
    n_runs: usize,
    n_bytes: usize,
}

const LIMITS: Limits = Limits { n_runs: 40, n_bytes: 2 << 30 };

/// The former runs.
#[derive(Debug)]
pub(in crate::ui) struct RunList {
    limits: Limits,
    /// Oldest first.
    former: Vec<ListedRun>,
    /// Eyes that the user has opened.
    n_opened: u64,
    /// A sentence about runs that had to go, until the user has dismissed it.
    notice: Option<String>,
}

impl Default for RunList {
    fn default() -> Self {
        Self { limits: LIMITS, former: Vec::new(), n_opened: 0, notice: None }
    }
}

/// A run that the user removed, and its place in the list.
#[derive(Clone, Debug)]
pub(in crate::ui) struct RemovedRun {
    /// The run.
    pub(in crate::ui) listed: ListedRun,
    at: usize,
}

impl RunList {
    /// The former runs, oldest first.
    pub(in crate::ui) fn former(&self) -> &[ListedRun] {
        &self.former
    }

    /// A sentence about runs that had to go.
    pub(in crate::ui) fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Shows a sentence, after one that is not dismissed yet.
    pub(super) fn tell(&mut self, sentence: &str) {
        self.notice = Some(match self.notice.take() {
            Some(before) => format!("{before} {sentence}."),
            None => format!("{sentence}."),
        });
    }

    pub(super) fn dismiss_notice(&mut self) {
        self.notice = None;
    }

    /// Whether each former run is drawn over a current run of this configuration.
    pub(in crate::ui) fn shown(&self, current: &RunConfig) -> Vec<Shown> {
        overlay::overlay(&self.former, current)
    }

    pub(super) fn apply(&mut self, event: &Event) {
        self.former.iter_mut().for_each(|listed| listed.run.apply(event));
    }

    pub(super) fn card_mut(&mut self, run: RunId) -> Option<&mut RunCard> {
        let mut former = self.former.iter_mut();
        former.find(|listed| listed.run.id() == run).map(|listed| &mut listed.card)
    }

    /// The card of the first run.
    pub(super) fn first_card(config: &RunConfig) -> RunCard {
        let built_in = preset(&config.name).ok().map(|preset| &preset.config);
        RunCard::new(given_name(config, built_in), overlay::free_style(&[].iter(), config))
    }

    /// The card of a new run beside the current one: named by `label`, or by what sets the
    /// configuration apart from its preset.
    pub(super) fn new_card(
        &self,
        config: &RunConfig,
        label: Option<&str>,
        preset: Option<&RunConfig>,
        current: &ListedRun,
    ) -> RunCard {
        let others = self.former.iter().chain([current]);
        let name = label.map_or_else(|| given_name(config, preset), str::to_owned);
        let is_taken = |name: &str| others.clone().any(|other| other.card.name == name);
        let name = unused(name, is_taken);
        RunCard::new(name, overlay::free_style(&others, config))
    }

    /// A name that the user typed, made one that no run but `run` has; `None` if nothing is left.
    pub(super) fn new_name(&self, typed: &str, run: RunId, current: &ListedRun) -> Option<String> {
        let others = self.former.iter().chain([current]).filter(|other| other.run.id() != run);
        let is_taken = |name: &str| others.clone().any(|other| other.card.name == name);
        listed_run::tidied(typed).map(|name| unused(name, is_taken))
    }

    /// Opens or closes the eye of a run: what is drawn is drawn no more.
    pub(super) fn click_eye(&mut self, run: RunId, current: &RunConfig) {
        let shown = self.shown(current);
        self.n_opened += 1;
        let n = self.n_opened;
        let mut all = self.former.iter_mut().zip(shown);
        if let Some((listed, shown)) = all.find(|(listed, _)| listed.run.id() == run) {
            listed.card.eye = match shown {
                Shown::Drawn => Eye::Closed,
                Shown::Waiting(_) => Eye::Opened(n),
            };
        }
    }

    /// Adds a run; if there are too many, the oldest without a pin go.
    pub(super) fn add(&mut self, listed: ListedRun) {
        self.former.push(listed);
        self.make_room();
    }

    fn make_room(&mut self) {
        let mut gone = Vec::new();
        let is_over = |former: &[ListedRun], limits: Limits| {
            let n_bytes: usize = former.iter().map(|listed| listed.run.bytes()).sum();
            let is_large = former.len() > 1 && n_bytes > limits.n_bytes;
            former.len() > limits.n_runs || is_large
        };
        while is_over(&self.former, self.limits) {
            // With nothing but pins, the newest goes.
            let oldest = self.former.iter().position(|listed| !listed.card.is_pinned);
            let at = oldest.unwrap_or(self.former.len() - 1);
            gone.push(self.former.remove(at).card.name);
        }
        if !gone.is_empty() {
            self.notice = Some(told(&gone, self.limits));
        }
    }

    /// Takes a run out of the list.
    pub(super) fn take(&mut self, run: RunId) -> Option<ListedRun> {
        let at = self.former.iter().position(|listed| listed.run.id() == run)?;
        Some(self.former.remove(at))
    }

    /// Removes these runs.
    pub(super) fn remove(&mut self, runs: &[RunId]) -> Vec<RemovedRun> {
        let all = std::mem::take(&mut self.former).into_iter().enumerate();
        let (removed, kept): (Vec<_>, Vec<_>) =
            all.partition(|(_, listed)| runs.contains(&listed.run.id()));
        self.former.extend(kept.into_iter().map(|(_, listed)| listed));
        removed.into_iter().map(|(at, listed)| RemovedRun { listed, at }).collect()
    }

    /// Puts removed runs back to their places.
    pub(super) fn restore(&mut self, removed: Vec<RemovedRun>) {
        for RemovedRun { listed, at } in removed {
            self.former.insert(at.min(self.former.len()), listed);
        }
        self.make_room();
    }
}

/// What a notice says of runs that had to go.
fn told(gone: &[String], limits: Limits) -> String {
    let names: Vec<String> = gone.iter().map(|name| format!("“{name}”")).collect();
    format!(
        "{} left the drawer of runs, which keeps {} runs and {} of numbers. Pin a run to keep it.",
        names.join(", "),
        limits.n_runs,
        crate::text::bytes(limits.n_bytes as u64),
    )
}

#[cfg(test)]
mod tests;
