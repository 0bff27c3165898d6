//! State of the session: the current run, former runs and unconfirmed requests; applies events to them.

use crate::config::{LiveSettings, RunConfig};
use crate::history::{Run, Status};
use crate::protocol::{Command, Event, Paused, RunId, SearchKind, Source, UiEnd};

use super::connection::Connection;
use super::pending_request::Pending;
use super::phase_grid::PhaseGrid;
use super::preset_library::PresetLibrary;
use super::remembered_files::KnownFiles;
use super::rescues::Rescues;
use super::run_list::{ListedRun, RunCard, RunList, Shown};
use super::trial_settings::TrialSettings;
use super::undo::{Direction, UndoHistory};
use super::user_request::{self, Reset, WarmupFrom};

/// Whether all available events were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Drained {
    /// No event is left.
    All,
    /// Time ran out; events may be left.
    Partly,
}

/// Requested live settings that the run has not yet confirmed.
#[derive(Debug)]
pub(super) struct Requested {
    pub(super) live: LiveSettings,
    pub(super) source: Source,
}

/// The runs on screen and the connection to the workers that train them.
#[derive(Debug)]
pub(in crate::ui) struct Session {
    pub(super) connection: Connection,
    pub(super) current: ListedRun,
    pub(super) runs: RunList,
    pub(super) requested: Option<Requested>,
    pub(super) n_runs: u64,
    pub(super) n_gestures: u64,
    pub(super) warmup_from: WarmupFrom,
    /// Pending pause or resume request of the current run.
    pub(super) pending: Option<Pending>,
    /// The search for a learning rate that has not yet reported.
    pub(super) searching: Option<SearchKind>,
    pub(super) trial_settings: TrialSettings,
    pub(super) undo_history: UndoHistory,
    pub(super) rescues: Option<Rescues>,
    pub(super) grid: Option<PhaseGrid>,
    /// Presets and the last run, which can be started by name.
    pub(in crate::ui) presets: PresetLibrary,
    /// Files that were opened, and where exports went.
    pub(in crate::ui) files: KnownFiles,
}

impl Session {
    /// A session that has requested its first run.
    pub(in crate::ui) fn new(link: UiEnd, start: RunConfig) -> Self {
        let card = RunList::first_card(&start);
        let mut session = Self {
            connection: Connection::new(link),
            current: ListedRun { run: Run::new(RunId(1), start.clone()), card },
            runs: RunList::default(),
            requested: None,
            n_runs: 1,
            n_gestures: 0,
            warmup_from: WarmupFrom::default(),
            pending: None,
            searching: None,
            trial_settings: TrialSettings::default(),
            undo_history: UndoHistory::default(),
            rescues: None,
            grid: None,
            presets: PresetLibrary::default(),
            files: KnownFiles::default(),
        };
        let run = RunId(1);
        session.connection.send(Command::Start {
            run,
            config: Box::new(start),
            is_paused: Paused::No,
        });
        session
    }

    /// Applies available events while `has_time` returns true.
    pub(in crate::ui) fn drain(&mut self, mut has_time: impl FnMut() -> bool) -> Drained {
        self.connection.flush();
        if let Some(grid) = &mut self.grid {
            grid.follow();
        }
        while has_time() {
            let Some(event) = self.connection.receive() else { return Drained::All };
            let before = self.current.run.config().live.clone();
            self.current.run.apply(&event);
            self.merge_scheduled_changes(&event, &before);
            self.runs.apply(&event);
            self.undo_history.apply_to_removed(&event);
            self.apply_to_rescues(&event);
            self.clear_confirmed(&event);
        }
        Drained::Partly
    }

    /// Clears pending requests that an event confirms.
    fn clear_confirmed(&mut self, event: &Event) {
        if event.run() != self.current.run.id() {
            return;
        }
        if self.pending.is_some_and(|pending| pending.is_confirmed_by(event)) {
            self.pending = None;
        }
        if matches!(event, Event::Searched { .. } | Event::Ended { .. }) {
            self.searching = None;
        }
        if matches!(event, Event::Tried { .. }) {
            self.trial_settings.is_requested = false;
        }
        let is_confirmed = match event {
            Event::Tuned { live, source, .. } => self
                .requested
                .as_ref()
                .is_some_and(|requested| requested.live == **live && requested.source == *source),
            Event::Started { .. }
            | Event::Ended { .. }
            | Event::Prepared { .. }
            | Event::PreparationCut { .. }
            | Event::Sampled { .. }
            | Event::Searched { .. }
            | Event::Tried { .. }
            | Event::Working { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. } => false,
        };
        if is_confirmed {
            self.requested = None;
        }
    }

    /// The study of two settings that was started last.
    pub(in crate::ui) fn grid(&self) -> Option<&PhaseGrid> {
        self.grid.as_ref()
    }

    /// The settings that a study of two of them varies: those of now, without changes by steps.
    pub(in crate::ui) fn grid_base(&self) -> RunConfig {
        self.without_changes()
    }

    /// Whether the current run can search for a rate now.
    pub(in crate::ui) fn can_search(&self) -> bool {
        let is_alive = matches!(self.current.run.status(), Status::Running | Status::Paused);
        is_alive && self.searching.is_none()
    }

    /// The running search.
    pub(in crate::ui) fn searching(&self) -> Option<SearchKind> {
        self.searching
    }

    /// Whether the current run is paused, or will be once the pending request is confirmed.
    pub(in crate::ui) fn is_paused(&self) -> Paused {
        match (self.pending, self.current.run.status()) {
            (Some(pending), _) => pending.ends_in(),
            (None, Status::Paused) => Paused::Yes,
            (None, Status::Starting | Status::Running | Status::Ended(_)) => Paused::No,
        }
    }

    /// The pending pause, resume or single step.
    pub(in crate::ui) fn pending(&self) -> Option<Pending> {
        self.pending
    }

    /// The run that the controls change.
    pub(in crate::ui) fn current(&self) -> &Run {
        &self.current.run
    }

    /// The name of the current run.
    pub(in crate::ui) fn current_card(&self) -> &RunCard {
        &self.current.card
    }

    /// The former runs.
    pub(in crate::ui) fn runs(&self) -> &RunList {
        &self.runs
    }

    /// The former runs that are drawn, oldest first.
    pub(in crate::ui) fn drawn(&self) -> impl Iterator<Item = &ListedRun> {
        let shown = self.runs.shown(self.current.run.config());
        let all = self.runs.former().iter().zip(shown);
        all.filter(|(_, shown)| *shown == Shown::Drawn).map(|(listed, _)| listed)
    }

    /// The current settings, including unconfirmed requests.
    pub(in crate::ui) fn config_requested(&self) -> RunConfig {
        let mut config = self.current.run.config().clone();
        if let Some(requested) = &self.requested {
            config.live = requested.live.clone();
        }
        config
    }

    /// Describes the live change that undo or redo would make; `None` if there is none.
    pub(in crate::ui) fn undo_preview(&self, direction: Direction) -> Option<String> {
        self.undo_history.describe(direction)
    }

    /// Describes the removal that undo would take back, if that is what it would do.
    pub(in crate::ui) fn removal_preview(&self) -> Option<String> {
        let is_removal = self.undo_history.is_removal_next();
        is_removal.then(|| self.undo_preview(Direction::Undo)).flatten()
    }

    /// The settings to reset to: the preset of that name, else the run's initial settings.
    pub(in crate::ui) fn reset_target(&self) -> RunConfig {
        let initial = self.current.run.initial_config();
        self.presets.find(&initial.name).map_or(initial, |(config, _)| config).clone()
    }

    /// What a reset would require.
    pub(in crate::ui) fn reset_effect(&self) -> Reset {
        user_request::reset_of(&self.config_requested(), &self.reset_target())
    }

    /// Whether requested live settings are unconfirmed.
    pub(in crate::ui) fn has_unconfirmed_settings(&self) -> bool {
        self.requested.is_some()
    }

    /// Whether commands are still unsent.
    pub(in crate::ui) fn has_unsent(&self) -> bool {
        self.connection.has_unsent()
    }

    /// Whether the workers have ended.
    pub(in crate::ui) fn is_link_gone(&self) -> bool {
        self.connection.is_gone()
    }

    /// Where changed warmups begin, as the user chose.
    pub(in crate::ui) fn warmup_from(&self) -> WarmupFrom {
        self.warmup_from
    }
}
