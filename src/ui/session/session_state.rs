//! The session: which run is current, which are ghosts, what was requested and not yet confirmed.
//! Takes in events and never waits; requests are carried out in files of their own.

use crate::config::{LiveSettings, RunConfig};
use crate::history::{Run, Status};
use crate::protocol::{Command, Event, Paused, RunId, SearchKind, Source, UiEnd};

use super::connection::Connection;
use super::pending::Pending;
use super::preset_library::PresetLibrary;
use super::request::{self, Reset, WarmupFrom};
use super::trial_settings::TrialSettings;
use super::undo::{Direction, UndoHistory};

/// Whether events may still be waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Drained {
    /// None are.
    All,
    /// Time ran out first.
    Partly,
}

/// Live settings that were requested and not yet confirmed by the run.
#[derive(Debug)]
pub(super) struct Requested {
    pub(super) live: LiveSettings,
    pub(super) source: Source,
}

/// The runs on screen and the connection to the workers that train them.
#[derive(Debug)]
pub(in crate::ui) struct Session {
    pub(super) connection: Connection,
    pub(super) current: Run,
    pub(super) ghosts: Vec<Run>,
    pub(super) requested: Option<Requested>,
    pub(super) n_runs: u64,
    pub(super) n_gestures: u64,
    pub(super) warmup_from: WarmupFrom,
    /// Pending pause or resume request of the current run.
    pub(super) pending: Option<Pending>,
    /// The requested search for a learning rate that has not reported yet.
    pub(super) searching: Option<SearchKind>,
    pub(super) trial_settings: TrialSettings,
    pub(super) undo_history: UndoHistory,
    /// Presets and the last run, to be started by name.
    pub(in crate::ui) presets: PresetLibrary,
}

impl Session {
    /// A session whose first run has been requested.
    pub(in crate::ui) fn new(link: UiEnd, start: RunConfig) -> Self {
        let mut session = Self {
            connection: Connection::new(link),
            current: Run::new(RunId(1), start.clone()),
            ghosts: Vec::new(),
            requested: None,
            n_runs: 1,
            n_gestures: 0,
            warmup_from: WarmupFrom::default(),
            pending: None,
            searching: None,
            trial_settings: TrialSettings::default(),
            undo_history: UndoHistory::default(),
            presets: PresetLibrary::default(),
        };
        let run = RunId(1);
        session.connection.send(Command::Start {
            run,
            config: Box::new(start),
            is_paused: Paused::No,
        });
        session
    }

    /// Takes in events while there are any and `has_time` says so.
    pub(in crate::ui) fn drain(&mut self, mut has_time: impl FnMut() -> bool) -> Drained {
        self.connection.flush();
        while has_time() {
            let Some(event) = self.connection.receive() else { return Drained::All };
            let before = self.current.config().live.clone();
            self.current.apply(&event);
            self.follow_own_changes(&event, &before);
            self.ghosts.iter_mut().for_each(|ghost| ghost.apply(&event));
            self.settle(&event);
        }
        Drained::Partly
    }

    /// Forgets a request once an event confirms it.
    fn settle(&mut self, event: &Event) {
        if event.run() != self.current.id() {
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

    /// Whether the current run could search for a rate now.
    pub(in crate::ui) fn can_search(&self) -> bool {
        let is_alive = matches!(self.current.status(), Status::Running | Status::Paused);
        is_alive && self.searching.is_none()
    }

    /// The search that is under way.
    pub(in crate::ui) fn searching(&self) -> Option<SearchKind> {
        self.searching
    }

    /// Whether the current run is paused, or will be once it has obeyed the pending request.
    pub(in crate::ui) fn is_paused(&self) -> Paused {
        match (self.pending, self.current.status()) {
            (Some(pending), _) => pending.ends_in(),
            (None, Status::Paused) => Paused::Yes,
            (None, Status::Starting | Status::Running | Status::Ended(_)) => Paused::No,
        }
    }

    /// The pause, resume or single step that is not confirmed yet.
    pub(in crate::ui) fn pending(&self) -> Option<Pending> {
        self.pending
    }

    /// The current run, which the controls act on.
    pub(in crate::ui) fn current(&self) -> &Run {
        &self.current
    }

    /// Former runs still on the plots, oldest first.
    pub(in crate::ui) fn ghosts(&self) -> &[Run] {
        &self.ghosts
    }

    /// The current settings with what was requested and not yet confirmed.
    pub(in crate::ui) fn config_requested(&self) -> RunConfig {
        let mut config = self.current.config().clone();
        if let Some(requested) = &self.requested {
            config.live = requested.live.clone();
        }
        config
    }

    /// What undoing or redoing a live change would do; `None` where there is none.
    pub(in crate::ui) fn undo_preview(&self, direction: Direction) -> Option<String> {
        self.undo_history.describe(direction)
    }

    /// What a reset goes back to: the preset of their name, else the run as it started.
    pub(in crate::ui) fn home(&self) -> RunConfig {
        let initial = self.current.initial_config();
        self.presets.find(&initial.name).map_or(initial, |(config, _)| config).clone()
    }

    /// What a reset would take.
    pub(in crate::ui) fn resetting(&self) -> Reset {
        request::reset_of(&self.config_requested(), &self.home())
    }

    /// Whether live settings were requested that the run has not taken up yet.
    pub(in crate::ui) fn is_waiting_for_echo(&self) -> bool {
        self.requested.is_some()
    }

    /// Whether commands have not been sent yet.
    pub(in crate::ui) fn has_unsent(&self) -> bool {
        self.connection.has_unsent()
    }

    /// Whether the workers have ended.
    pub(in crate::ui) fn is_link_gone(&self) -> bool {
        self.connection.is_gone()
    }

    /// The user's choice where a changed warmup begins.
    pub(in crate::ui) fn warmup_from(&self) -> WarmupFrom {
        self.warmup_from
    }
}
