//! The runs on screen: which is current, which are ghosts, what was asked and not yet answered.
//! Knows the link and the history, not egui; never waits.

mod again;
mod going;
mod trying;

use toml::Value;

use crate::config::{ConfigError, LiveSettings, RunConfig, Setting, settings};
use crate::cost;
use crate::history::{Run, Status};
use crate::protocol::{Command, Paused, RunId, SearchKind, Source, UiEnd};

pub(super) use self::going::{Going, word};
pub(super) use self::trying::TRIAL_STEPS;
use self::trying::Trying;
use super::post::Post;
use super::shelf::Shelf;
use super::undo::{Changes, Way};
use super::wish::{self, Reset, Touch, WarmupFrom, Wish};

/// Ghosts kept on the plots; more would bury the current run.
pub(super) const MAX_GHOSTS: usize = 4;

/// Seeds go from 0 up to one less.
const N_SEEDS: u64 = 1_000_000_000;

/// Whether events may still be waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drained {
    /// None are.
    All,
    /// Time ran out first.
    Partly,
}

/// Live settings that were asked for and not yet echoed.
#[derive(Debug)]
struct Asked {
    live: LiveSettings,
    source: Source,
}

/// The runs on screen and the way to them.
#[derive(Debug)]
pub(super) struct Session {
    post: Post,
    current: Run,
    ghosts: Vec<Run>,
    asked: Option<Asked>,
    n_runs: u64,
    n_gestures: u64,
    warmup_from: WarmupFrom,
    /// What the current run was asked of its going and has not answered.
    going: Option<Going>,
    /// The search that the current run was asked for and has not answered.
    searching: Option<SearchKind>,
    trying: Trying,
    changes: Changes,
    /// Presets and the last run, to be started by name.
    pub(super) shelf: Shelf,
}

impl Session {
    /// A session whose first run has been asked for.
    pub(super) fn new(link: UiEnd, start: RunConfig) -> Self {
        let mut session = Self {
            post: Post::new(link),
            current: Run::new(RunId(1), start.clone()),
            ghosts: Vec::new(),
            asked: None,
            n_runs: 1,
            n_gestures: 0,
            warmup_from: WarmupFrom::default(),
            going: None,
            searching: None,
            trying: Trying::default(),
            changes: Changes::default(),
            shelf: Shelf::default(),
        };
        let run = RunId(1);
        session.post.send(Command::Start { run, config: Box::new(start), is_paused: Paused::No });
        session
    }

    /// Takes in events while there are any and `has_time` says so.
    pub(super) fn drain(&mut self, mut has_time: impl FnMut() -> bool) -> Drained {
        self.post.flush();
        while has_time() {
            let Some(event) = self.post.receive() else { return Drained::All };
            let before = self.current.config().live.clone();
            self.current.apply(&event);
            self.follow_own(&event, &before);
            self.ghosts.iter_mut().for_each(|ghost| ghost.apply(&event));
            self.settle(&event);
        }
        Drained::Partly
    }

    /// Forgets what was asked once the run has answered it.
    fn settle(&mut self, event: &crate::protocol::Event) {
        use crate::protocol::Event;
        if event.run() != self.current.id() {
            return;
        }
        if self.going.is_some_and(|going| going.is_settled_by(event)) {
            self.going = None;
        }
        if matches!(event, Event::Searched { .. } | Event::Stopped { .. }) {
            self.searching = None;
        }
        if matches!(event, Event::Tried { .. }) {
            self.trying.is_asked = false;
        }
        let is_answered = match event {
            Event::Tuned { live, source, .. } => self
                .asked
                .as_ref()
                .is_some_and(|asked| asked.live == **live && asked.source == *source),
            Event::Started { .. }
            | Event::Stopped { .. }
            | Event::Prepared { .. }
            | Event::PreparationCut { .. }
            | Event::Sampled { .. }
            | Event::Searched { .. }
            | Event::Tried { .. }
            | Event::Working { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. } => false,
        };
        if is_answered {
            self.asked = None;
        }
    }

    /// Does what is wished, or says why it cannot be.
    pub(super) fn grant(&mut self, wish: Wish) -> Result<(), ConfigError> {
        match wish {
            Wish::Set { setting, value, touch } => return self.set(setting, &value, touch),
            Wish::Begin(config) => self.begin(*config)?,
            Wish::Preset(config) => self.begin_preset(*config)?,
            Wish::Again => self.begin(self.again())?,
            Wish::Clean => self.begin(self.clean())?,
            Wish::NewSeed => {
                let mut config = self.again();
                config.seed = (config.seed + 1) % N_SEEDS;
                self.begin(config)?;
            }
            Wish::Undo => self.retrace(Way::Back),
            Wish::Redo => self.retrace(Way::Again),
            Wish::Reset => self.reset()?,
            Wish::Toggle => self.toggle()?,
            Wish::StepOnce if !self.current.is_over() => {
                self.going = Some(Going::Step);
                self.post.send(Command::StepOnce { run: self.current.id() });
            }
            Wish::Search(kind) if self.can_search() => {
                self.searching = Some(kind);
                self.post.send(Command::Search { run: self.current.id(), kind });
            }
            Wish::StepOnce | Wish::Search(_) => {}
            Wish::TryRates => self.try_out(Trying::rates),
            Wish::TryWarmup => self.try_out(|_, _, config| Trying::warmup(config)),
            Wish::TrialSteps(n_steps) => self.trying.set_steps(n_steps),
            Wish::EndTrials => self.post.send(Command::EndTrials { run: self.current.id() }),
            Wish::Take(suggestion) => return self.take(suggestion),
            Wish::CutPreparation => {
                self.post.send(Command::CutPreparation { run: self.current.id() });
            }
            Wish::WarmupFrom(from) => return self.set_warmup_from(from),
            Wish::Forget(run) => self.ghosts.retain(|ghost| ghost.id() != run),
            Wish::ForgetAll => self.ghosts.clear(),
        }
        Ok(())
    }

    fn set(&mut self, setting: &Setting, value: &Value, touch: Touch) -> Result<(), ConfigError> {
        let before = self.config_asked();
        let after = setting.chosen(&before, value)?;
        if !setting.is_live() {
            if after == before {
                return Ok(());
            }
            let mut begun = before.with_settings_of(&after);
            begun.live.warmup.start = self.current.initial_config().live.warmup.start;
            return self.begin(begun);
        }
        if after.live.probe != before.live.probe {
            self.afford(&after)?;
        }
        let step = self.current.n_steps();
        let live = wish::begin_warmup(&before.live, after.live, step, self.warmup_from);
        self.changes.note(&before.live, &live, touch);
        self.tune(&before.live, live, touch);
        Ok(())
    }

    /// Takes the last live change back, or makes it again: a change like any other, at this step.
    fn retrace(&mut self, way: Way) {
        let before = self.config_asked().live;
        if let Some(live) = self.changes.go(way, &before) {
            self.tune(&before, live, Touch::New);
        }
    }

    /// Goes back to the preset: live where only live settings differ, else in a new run.
    fn reset(&mut self) -> Result<(), ConfigError> {
        let before = self.config_asked();
        let home = self.home();
        match wish::reset_of(&before, &home) {
            Reset::Nothing => {}
            Reset::Live => {
                let mut live = home.live;
                if live.warmup.steps == before.live.warmup.steps {
                    live.warmup.start = before.live.warmup.start;
                }
                self.changes.note(&before.live, &live, Touch::New);
                self.tune(&before.live, live, Touch::New);
            }
            Reset::Restart => self.begin(home)?,
        }
        Ok(())
    }

    fn tune(&mut self, before: &LiveSettings, live: LiveSettings, touch: Touch) {
        if touch == Touch::New {
            self.n_gestures += 1;
        }
        if live == *before {
            return;
        }
        let source = Source::Person(self.n_gestures);
        self.asked = Some(Asked { live: live.clone(), source });
        // A run that is over cannot change: what was asked waits for the next one.
        if !self.current.is_over() {
            self.post.send(Command::Tune { run: self.current.id(), live: Box::new(live), source });
        }
    }

    /// Moves the start of the present warmup, so that the choice acts at once.
    fn set_warmup_from(&mut self, from: WarmupFrom) -> Result<(), ConfigError> {
        self.warmup_from = from;
        let live = self.config_asked().live;
        if live.warmup.steps == 0 {
            return Ok(());
        }
        let start = match from {
            WarmupFrom::StepZero => 0,
            WarmupFrom::Now => self.current.n_steps(),
        };
        let start = Value::Integer(i64::try_from(start).unwrap_or(i64::MAX));
        self.set(&settings::WARMUP_START, &start, Touch::New)
    }

    /// Stops the current run, keeps it as a ghost if it has anything to show, and begins another.
    fn begin(&mut self, config: RunConfig) -> Result<(), ConfigError> {
        self.begin_as(config, self.is_paused())
    }

    /// A preset is seen as it is meant to be: at its own pace, and going on.
    fn begin_preset(&mut self, config: RunConfig) -> Result<(), ConfigError> {
        self.begin_as(config, Paused::No)
    }

    fn begin_as(&mut self, config: RunConfig, is_paused: Paused) -> Result<(), ConfigError> {
        config.validate()?;
        self.afford(&config)?;
        if !self.current.is_over() {
            self.post.send(Command::Stop { run: self.current.id() });
        }
        if self.is_trying() {
            self.post.send(Command::EndTrials { run: self.current.id() });
        }
        self.trying.is_asked = false;
        if self.as_now().live != config.live {
            self.changes.clear();
        }
        self.n_runs += 1;
        let run = RunId(self.n_runs);
        let former = std::mem::replace(&mut self.current, Run::new(run, config.clone()));
        if former.last().is_some() {
            self.ghosts.push(former);
            if self.ghosts.len() > MAX_GHOSTS {
                self.ghosts.remove(0);
            }
        }
        self.asked = None;
        self.going = None;
        self.searching = None;
        self.post.send(Command::Start { run, config: Box::new(config), is_paused });
        Ok(())
    }

    /// Refuses what this machine has too little memory for, while the present run still goes on.
    fn afford(&self, config: &RunConfig) -> Result<(), ConfigError> {
        let n_threads = self.current.facts().map_or(1, |facts| facts.n_threads);
        cost::check(config, n_threads).map_err(|error| ConfigError::Conflict(error.to_string()))
    }

    /// Whether the current run could search for a rate now.
    pub(super) fn can_search(&self) -> bool {
        let is_alive = matches!(self.current.status(), Status::Running | Status::Paused);
        is_alive && self.searching.is_none()
    }

    /// The search that is under way.
    pub(super) fn searching(&self) -> Option<SearchKind> {
        self.searching
    }

    /// The run that the controls act on.
    pub(super) fn current(&self) -> &Run {
        &self.current
    }

    /// Former runs still on the plots, oldest first.
    pub(super) fn ghosts(&self) -> &[Run] {
        &self.ghosts
    }

    /// The current settings with what was asked and not yet echoed.
    pub(super) fn config_asked(&self) -> RunConfig {
        let mut config = self.current.config().clone();
        if let Some(asked) = &self.asked {
            config.live = asked.live.clone();
        }
        config
    }

    /// What taking back the last live change, or making it again, would do; `None` without one.
    pub(super) fn retracing(&self, way: Way) -> Option<String> {
        self.changes.told(way)
    }

    /// What the settings go back to: the preset of their name, else the run as it started.
    pub(super) fn home(&self) -> RunConfig {
        let initial = self.current.initial_config();
        self.shelf.find(&initial.name).map_or(initial, |(config, _)| config).clone()
    }

    /// What going back to the preset would do.
    pub(super) fn resetting(&self) -> Reset {
        wish::reset_of(&self.config_asked(), &self.home())
    }

    /// Whether live settings were asked for that the run has not yet taken up.
    pub(super) fn is_waiting_for_echo(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether commands wait for room in the queue.
    pub(super) fn has_unsent(&self) -> bool {
        self.post.has_unsent()
    }

    /// Whether nobody is left at the other end.
    pub(super) fn is_link_gone(&self) -> bool {
        self.post.is_gone()
    }

    /// From which step a changed warmup rises.
    pub(super) fn warmup_from(&self) -> WarmupFrom {
        self.warmup_from
    }
}
