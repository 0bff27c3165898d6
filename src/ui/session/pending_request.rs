//! Pending pause, resume and single-step requests, which the window shows immediately although a slow
//! step delays their confirmation.

use crate::history::{Run, Status};
use crate::protocol::{Event, Paused};

/// A request that the run has not yet confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Pending {
    /// Pause.
    Pause,
    /// Resume.
    Resume,
    /// Take a single step and pause.
    Step,
}

impl Pending {
    /// Whether this event of the run confirms the request.
    pub(in crate::ui) fn is_confirmed_by(self, event: &Event) -> bool {
        match event {
            Event::Paused { .. } => self != Self::Resume,
            Event::Resumed { .. } => self == Self::Resume,
            Event::Ended { .. } => true,
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

    /// Whether the run is paused once the request is confirmed.
    pub(in crate::ui) fn ends_in(self) -> Paused {
        match self {
            Self::Pause | Self::Step => Paused::Yes,
            Self::Resume => Paused::No,
        }
    }
}

/// The state of a run as one word; `None` while it is running.
pub(in crate::ui) fn status_word(run: &Run, pending: Option<Pending>) -> Option<&'static str> {
    match (run.status(), pending) {
        (Status::Ended(end), _) => Some(end.word()),
        (_, Some(Pending::Pause)) => Some("pausing…"),
        (_, Some(Pending::Resume)) => Some("resuming…"),
        (_, Some(Pending::Step)) => Some("one step…"),
        (Status::Starting, None) => Some("starting…"),
        (Status::Paused, None) => Some("paused"),
        (Status::Running, None) => None,
    }
}
