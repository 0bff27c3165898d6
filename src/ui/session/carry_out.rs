//! Carries out requests: changes settings, starts runs, sends commands.

use std::path::Path;

use toml::Value;

use crate::config::{ConfigError, LiveSettings, RunConfig, Setting, settings};
use crate::cost;
use crate::history::Run;
use crate::protocol::{Command, Paused, RunId, SearchKind, Source};
use crate::store::Start;
use crate::study::Study;
use crate::ui::gesture::Gesture;

use super::pending_request::Pending;
use super::phase_grid::PhaseGrid;
use super::run_list::ListedRun;
use super::session_state::{Requested, Session};
use super::trial_settings::TrialSettings;
use super::undo::{Direction, UndoStep};
use super::user_request::{self, Request, Reset, WarmupFrom};

/// Number of seeds; valid seeds are 0 to `N_SEEDS` − 1.
const N_SEEDS: u64 = 1_000_000_000;

impl Session {
    /// Carries out a request; the error says why it is refused.
    pub(in crate::ui) fn carry_out(&mut self, request: Request) -> Result<(), ConfigError> {
        match request {
            Request::Set { setting, value, gesture } => return self.set(setting, &value, gesture),
            Request::Begin(config) => self.begin(*config)?,
            Request::Preset(config) => self.begin_preset(*config)?,
            Request::Restart => self.begin(self.replay())?,
            Request::StartClean => self.begin(self.without_changes())?,
            Request::NewSeed => {
                let mut config = self.replay();
                config.seed = (config.seed + 1) % N_SEEDS;
                self.begin(config)?;
            }
            Request::Undo => self.undo_or_redo(Direction::Undo),
            Request::Redo => self.undo_or_redo(Direction::Redo),
            Request::Reset => self.reset()?,
            Request::Toggle => self.toggle()?,
            Request::StepOnce => self.step_once(),
            Request::Search(kind) => self.search(kind),
            Request::Compare => {}
            Request::TryRates => self.start_trials(TrialSettings::rates),
            Request::TryWarmup => self.start_trials(|_, _, config| TrialSettings::warmup(config)),
            Request::TrialSteps(n_steps) => self.trial_settings.set_steps(n_steps),
            Request::EndTrials => {
                self.connection.send(Command::EndTrials { run: self.current.run.id() });
            }
            Request::TryRescues => self.try_rescues(),
            Request::EndRescues => self.end_rescues(),
            Request::ShowRescue(run) => self.show_rescue(run),
            Request::OverlayRescues => self.overlay_rescues(),
            Request::StartGrid { study, dir } => self.start_grid(*study, &dir),
            Request::StopGrid => self.grid.iter().for_each(PhaseGrid::stop),
            Request::Apply(suggestion) => return self.apply_suggestion(suggestion),
            Request::CutPreparation => {
                self.connection.send(Command::CutPreparation { run: self.current.run.id() });
            }
            Request::WarmupFrom(from) => return self.set_warmup_from(from),
            Request::MakeCurrent(run) => self.make_current(run),
            Request::Rename(run, name) => self.rename(run, &name),
            Request::ClickEye(run) => {
                self.runs.click_eye(run, self.current.run.config());
            }
            Request::TogglePin(run) => self.toggle_pin(run),
            Request::RemoveRun(run) => self.remove_runs(&[run]),
            Request::RemoveRuns => self.remove_runs(&self.unpinned()),
            Request::DismissNotice => self.runs.dismiss_notice(),
            Request::AddPreset(config) => self.presets.add(*config),
            Request::Open(path) => self.files.ask(path),
            Request::TakeOpened => self.files.ask(None),
            Request::StartFrom { start, path } => self.start_from(*start, &path)?,
            Request::Exported { path, suggested } => {
                self.files.exports.remember(&path, &suggested);
            }
        }
        Ok(())
    }

    fn step_once(&mut self) {
        if !self.current.run.is_over() {
            self.pending = Some(Pending::Step);
            self.connection.send(Command::StepOnce { run: self.current.run.id() });
        }
    }

    fn search(&mut self, kind: SearchKind) {
        if self.can_search() {
            self.searching = Some(kind);
            self.connection.send(Command::Search { run: self.current.run.id(), kind });
        }
    }

    fn start_grid(&mut self, study: Study, dir: &Path) {
        // The earlier one ends first: both may write to the same folder.
        self.grid = None;
        self.grid = Some(PhaseGrid::start(study, dir));
    }

    pub(super) fn set(
        &mut self,
        setting: &Setting,
        value: &Value,
        gesture: Gesture,
    ) -> Result<(), ConfigError> {
        if !setting.is_live() {
            return self.restart_with(setting, value);
        }
        let before = self.config_requested();
        let after = setting.chosen(&before, value)?;
        if after.live.probe != before.live.probe {
            self.check_memory(&after)?;
        }
        let step = self.current.run.n_steps();
        let live = user_request::begin_warmup(&before.live, after.live, step, self.warmup_from);
        self.undo_history.record(&before.live, &live, gesture);
        self.tune(&before.live, live, gesture);
        Ok(())
    }

    /// Restarts the run with another value of this setting; every live change is repeated at its step.
    fn restart_with(&mut self, setting: &Setting, value: &Value) -> Result<(), ConfigError> {
        let before = self.replay();
        let after = setting.chosen(&before, value)?;
        if after == before { Ok(()) } else { self.begin(before.with_settings_of(&after)) }
    }

    /// Undoes or redoes a live change, as a new change at the current step, or the removal of runs.
    fn undo_or_redo(&mut self, direction: Direction) {
        let before = self.config_requested().live;
        match self.undo_history.step(direction, &before) {
            Some(UndoStep::Live(live)) => self.tune(&before, *live, Gesture::New),
            Some(UndoStep::Restore(removed)) => self.runs.restore(removed),
            Some(UndoStep::Remove(runs)) => {
                let removed = self.runs.remove(&runs);
                self.undo_history.removed_again(removed);
            }
            None => {}
        }
    }

    /// Resets to the preset: live if only live settings differ, else in a new run.
    fn reset(&mut self) -> Result<(), ConfigError> {
        let before = self.config_requested();
        let target = self.reset_target();
        match user_request::reset_of(&before, &target) {
            Reset::Nothing => {}
            Reset::Live => {
                let mut live = target.live;
                if live.warmup.steps == before.live.warmup.steps {
                    live.warmup.start = before.live.warmup.start;
                }
                self.undo_history.record(&before.live, &live, Gesture::New);
                self.tune(&before.live, live, Gesture::New);
            }
            Reset::Restart => self.begin(target)?,
        }
        Ok(())
    }

    fn tune(&mut self, before: &LiveSettings, live: LiveSettings, gesture: Gesture) {
        if gesture == Gesture::New {
            self.n_gestures += 1;
        }
        if live == *before {
            return;
        }
        let source = Source::User(self.n_gestures);
        self.requested = Some(Requested { live: live.clone(), source });
        // An ended run cannot change, so the request applies to the next run.
        if !self.current.run.is_over() {
            self.connection.send(Command::Tune {
                run: self.current.run.id(),
                live: Box::new(live),
                source,
            });
        }
    }

    /// Sets where warmups begin, and moves the start of the present one.
    fn set_warmup_from(&mut self, from: WarmupFrom) -> Result<(), ConfigError> {
        self.warmup_from = from;
        let live = self.config_requested().live;
        if live.warmup.steps == 0 {
            return Ok(());
        }
        let start = match from {
            WarmupFrom::StepZero => 0,
            WarmupFrom::Now => self.current.run.n_steps(),
        };
        let start = Value::Integer(i64::try_from(start).unwrap_or(i64::MAX));
        self.set(&settings::WARMUP_START, &start, Gesture::New)
    }

    /// Stops the current run, keeps it in the drawer if it has data, and starts a new one.
    pub(super) fn begin(&mut self, config: RunConfig) -> Result<(), ConfigError> {
        self.begin_as(config, self.is_paused())
    }

    /// Starts a preset unpaused, whatever the state of the current run.
    fn begin_preset(&mut self, config: RunConfig) -> Result<(), ConfigError> {
        self.begin_as(config, Paused::No)
    }

    /// Starts the run of a file, and shows what is to be known of the file.
    fn start_from(&mut self, start: Start, path: &Path) -> Result<(), ConfigError> {
        self.files.recent.add(path);
        self.begin_preset(start.config)?;
        for notice in &start.notices {
            self.runs.tell(notice);
        }
        Ok(())
    }

    fn begin_as(&mut self, config: RunConfig, is_paused: Paused) -> Result<(), ConfigError> {
        config.validate()?;
        self.check_memory(&config)?;
        let card = self.new_card(&config);
        self.end_rescues();
        self.leave_current();
        if self.settings_now().live != config.live {
            self.undo_history.clear();
        }
        self.n_runs += 1;
        let run = RunId(self.n_runs);
        self.replace_current(ListedRun { run: Run::new(run, config.clone()), card });
        self.connection.send(Command::Start { run, config: Box::new(config), is_paused });
        Ok(())
    }

    /// Pauses a running run, resumes a paused one, or starts a new one after the end.
    pub(super) fn toggle(&mut self) -> Result<(), ConfigError> {
        if self.current.run.is_over() {
            return self.begin(self.replay());
        }
        let run = self.current.run.id();
        let (pending, command) = match self.is_paused() {
            Paused::No => (Pending::Pause, Command::Pause { run }),
            Paused::Yes => (Pending::Resume, Command::Resume { run }),
        };
        self.pending = Some(pending);
        self.connection.send(command);
        Ok(())
    }

    /// Refuses a configuration that needs more memory than this machine has.
    pub(super) fn check_memory(&self, config: &RunConfig) -> Result<(), ConfigError> {
        let n_threads = self.current.run.facts().map_or(1, |facts| facts.n_threads);
        cost::check(config, n_threads).map_err(|error| ConfigError::Conflict(error.to_string()))
    }
}
