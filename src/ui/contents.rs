//! What an exported file holds: the plots as a picture, or the numbers of one run or of all.
//! Does not know where it is written.

use crate::export::{self, Named};
use crate::figure::Options;
use crate::paint::{PngOptions, Theme, png};

use super::save::Contents;
use super::session::Session;
use super::{ghosts, naming, plots};

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

/// How a picture is made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    /// Width in pixels.
    pub(super) width_px: u32,
    /// Height in pixels.
    pub(super) height_px: u32,
    /// Pixels an inch.
    pub(super) dpi: u32,
    /// Light or dark.
    pub(super) theme: Theme,
    /// Steps in view; `None` is the whole run.
    pub(super) visible: Option<[f64; 2]>,
    /// Whether the smallest eigenvalue gets a line.
    pub(super) is_smallest_shown: bool,
}

/// What the file shall hold, from the runs as they are now, to be made on another thread.
pub(super) fn of(what: What, picture: &Picture, session: &Session) -> Contents {
    match what {
        What::Picture => {
            let run = session.current();
            let options = Options {
                title: Some(naming::title(run)),
                caption: Some(naming::small_print(run, session.ghosts())),
                visible: picture.visible,
                is_smallest_shown: picture.is_smallest_shown,
                n_buckets: picture.width_px as usize,
                ..Options::default()
            };
            let figure = plots::figure(session, &options);
            let png = PngOptions {
                width_px: picture.width_px,
                height_px: picture.height_px,
                #[expect(clippy::cast_precision_loss, reason = "at most a few hundred")]
                dpi: picture.dpi as f32,
                theme: picture.theme,
            };
            Box::new(move || png::render(&figure, &png).map_err(|error| error.to_string()))
        }
        What::Current => {
            let run = session.current().clone();
            Box::new(move || Ok(export::csv(&run)))
        }
        What::All => {
            let current = session.current();
            let ghosts = session.ghosts().iter();
            let runs: Vec<_> = ghosts
                .map(|run| (ghosts::name(run, current), run))
                .chain([(naming::title(current), current)])
                .map(|(name, run)| (name, naming::settings(run), run.clone()))
                .collect();
            Box::new(move || {
                let named = |(name, settings, run)| Named { name, settings, run };
                let runs: Vec<Named> = runs.into_iter().map(named).collect();
                Ok(export::csv_many(&runs))
            })
        }
    }
}
