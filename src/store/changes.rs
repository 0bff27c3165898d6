//! `events.jsonl`: every value of a setting that took effect and every search for a rate, and the end
//! that a person put to the tuning of the initial weights, one a line.
//! Does not apply them; a history does.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Value;

use super::{StoreError, disk};
use crate::config::{Change, RunConfig};
use crate::protocol::{Event, RunId, Search, Source};

/// The line of a change.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    step: u64,
    key: String,
    old: Value,
    new: Value,
    source: Source,
}

/// The line of a search.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchLine {
    step: u64,
    search: Search,
}

/// The line of a tuning that a person ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CutLine {
    tuning_ended_after: u64,
}

/// Appends the line of a tuning that a person ended after so many iterations.
pub(super) fn append_cut(file: &File, n_iterations: u64) -> std::io::Result<()> {
    append_line(file, &CutLine { tuning_ended_after: n_iterations })
}

/// Appends the line of a search from before `step`.
pub(super) fn append_search(file: &File, step: u64, search: &Search) -> std::io::Result<()> {
    append_line(file, &SearchLine { step, search: search.clone() })
}

fn append_line(mut file: &File, line: &impl Serialize) -> std::io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)
}

/// Appends one line for each change that took effect at `step`.
pub(super) fn append(
    mut file: &File,
    step: u64,
    changes: &[Change],
    source: Source,
) -> std::io::Result<()> {
    let mut text = Vec::new();
    for change in changes {
        let line = Line {
            step,
            key: change.key.clone(),
            old: change.from.clone(),
            new: change.to.clone(),
            source,
        };
        serde_json::to_writer(&mut text, &line)?;
        text.push(b'\n');
    }
    file.write_all(&text)
}

/// What is in this file as the events they were, oldest first; none when there is no file.
pub(super) fn read(path: &Path, run: RunId, start: &RunConfig) -> Result<Vec<Event>, StoreError> {
    let text = disk::read_text(path)?.unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut config = RunConfig { changes: Vec::new(), ..start.clone() };
    let mut events: Vec<Event> = Vec::new();
    for (at, line) in whole.lines().enumerate() {
        let malformed = |problem: String| StoreError::Malformed {
            path: path.to_owned(),
            line: at as u64 + 1,
            problem,
        };
        if let Ok(SearchLine { step, search }) = serde_json::from_str(line) {
            events.push(Event::Searched { run, step, search: Box::new(search) });
            continue;
        }
        if let Ok(CutLine { tuning_ended_after }) = serde_json::from_str(line) {
            events.push(Event::PreparationCut { run, n_iterations: tuning_ended_after });
            continue;
        }
        let line: Line = serde_json::from_str(line)
            .map_err(|error| malformed(format!("this is not a change of a setting: {error}")))?;
        config.set(&line.key, &line.new).map_err(|error| malformed(error.to_string()))?;
        let newest = Box::new(config.live.clone());
        match events.last_mut() {
            Some(Event::Tuned { step, live, source, .. })
                if *step == line.step && *source == line.source =>
            {
                *live = newest;
            }
            _ => events.push(Event::Tuned {
                run,
                step: line.step,
                live: newest,
                source: line.source,
            }),
        }
    }
    Ok(events)
}
