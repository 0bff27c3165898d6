//! What an exported file holds: the plots as a picture, or the numbers of one run or of all.
//! Does not know where it is written.

use super::save::Contents;
use super::session::Session;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The plots.
    Picture,
    /// The numbers of the current run.
    Current,
    /// The numbers of all runs on the plots.
    All,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Dark lines on white.
    Light,
    /// Light lines on black.
    Dark,
}

/// How large a picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// Width in pixels.
    pub(super) width_px: u32,
    /// Height in pixels.
    pub(super) height_px: u32,
    /// Pixels an inch.
    pub(super) dpi: u32,
    /// Light or dark.
    pub(super) tone: Tone,
}

/// What the file shall hold, to be made on another thread.
pub(super) fn of(_what: What, _picture: &Picture, _session: &Session) -> Contents {
    Box::new(|| Ok(Vec::new()))
}
