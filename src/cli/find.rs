//! `eoscope find`: a search for a learning rate from the first step, as a table and a sentence.
//! Does not search itself and keeps nothing.

use super::args::FindArgs;
use super::error::CliError;
use super::{say, train};
use crate::figure::search_sentence;
use crate::protocol::{Event, RunId, SearchKind};
use crate::runner::Drive;
use crate::train::Hooks;

/// Searches, then prints `learning_rate,loss` for every rate tried and what was found.
pub(super) fn run(args: &FindArgs) -> Result<(), CliError> {
    let (mut drive, _) = Drive::begin(RunId(0), args.start.config()?, train::n_threads())?;
    let kind = if args.range { SearchKind::RangeTest } else { SearchKind::FirstRate };
    let found = drive.search(kind, Hooks::none())?;
    let Some(Event::Searched { search, .. }) = found else {
        return Err(CliError::Failed("the search was given up; this is a bug".to_owned()));
    };
    let rows = search.points.iter().map(|[rate, loss]| format!("{rate},{loss}\n"));
    let table: String = std::iter::once("learning_rate,loss\n".to_owned()).chain(rows).collect();
    say(&format!("{table}{}\n", search_sentence(&search)))
}
