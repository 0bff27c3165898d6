//! What an exported file holds: the plots as a picture, or the numbers of one run or of all.
//! Does not know where it is written.

use crate::export::{self, Named};

use super::picture::Picture;
use super::save::Contents;
use super::session::Session;
use super::{ghosts, naming};

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

/// What the file shall hold, from the runs as they are now, to be made on another thread.
pub(super) fn of(what: What, picture: &Picture, session: &Session) -> Contents {
    match what {
        What::Picture => picture.contents(session),
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
