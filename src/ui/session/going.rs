//! Whether a run goes on or stands still, and what was asked of that and not yet answered: a step
//! of a large network takes a while, and a click is answered at once.

use super::Session;
use crate::config::ConfigError;
use crate::history::{Run, Status};
use crate::protocol::{Command, Event, Paused, StopReason};

/// What a run was asked and has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Going {
    /// To stand still.
    Pause,
    /// To go on.
    Resume,
    /// To take one step, then to stand still.
    Step,
}

impl Going {
    /// Whether this event of the run is the answer.
    pub(super) fn is_settled_by(self, event: &Event) -> bool {
        match event {
            Event::Paused { .. } => self != Self::Resume,
            Event::Resumed { .. } => self == Self::Resume,
            Event::Stopped { .. } => true,
            Event::Started { .. }
            | Event::Prepared { .. }
            | Event::PreparationCut { .. }
            | Event::Sampled { .. }
            | Event::Tuned { .. }
            | Event::Searched { .. }
            | Event::Tried { .. }
            | Event::Working { .. } => false,
        }
    }

    /// Whether the run stands still once it has answered.
    pub(super) fn ends_in(self) -> Paused {
        match self {
            Self::Pause | Self::Step => Paused::Yes,
            Self::Resume => Paused::No,
        }
    }
}

impl Session {
    /// Pauses what runs, lets what stands go on, begins the settings as they are after the end.
    pub(super) fn toggle(&mut self) -> Result<(), ConfigError> {
        if self.current.is_over() {
            return self.begin(self.config_asked());
        }
        let run = self.current.id();
        let (going, command) = match self.is_paused() {
            Paused::No => (Going::Pause, Command::Pause { run }),
            Paused::Yes => (Going::Resume, Command::Resume { run }),
        };
        self.going = Some(going);
        self.post.send(command);
        Ok(())
    }

    /// Whether the current run stands still, or will once it has heard what it was asked.
    pub(in crate::ui) fn is_paused(&self) -> Paused {
        match (self.going, self.current.status()) {
            (Some(going), _) => going.ends_in(),
            (None, Status::Paused) => Paused::Yes,
            (None, Status::Starting | Status::Running | Status::Stopped(_)) => Paused::No,
        }
    }

    /// What the current run was asked of its going and has not answered.
    pub(in crate::ui) fn going(&self) -> Option<Going> {
        self.going
    }
}

/// One word for how a run stands; none while it simply runs.
pub(in crate::ui) fn word(run: &Run, asked: Option<Going>) -> Option<&'static str> {
    match (run.status(), asked) {
        (Status::Stopped(reason), _) => Some(match reason {
            StopReason::Finished => "finished",
            StopReason::Requested => "stopped",
            StopReason::Diverged { .. } => "diverged",
            StopReason::Failed { .. } => "failed",
        }),
        (_, Some(Going::Pause)) => Some("pausing…"),
        (_, Some(Going::Resume)) => Some("resuming…"),
        (_, Some(Going::Step)) => Some("one step…"),
        (Status::Starting, None) => Some("starting…"),
        (Status::Paused, None) => Some("paused"),
        (Status::Running, None) => None,
    }
}
