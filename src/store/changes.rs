//! `events.jsonl`: every value of a setting that took effect and every search for a rate, and the end
//! that a person put to the tuning of the initial weights, one a line.
//! Does not apply them; a history does.

use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Value;

use super::{EVENTS, StoreError, disk, doubts};
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

/// The line of a tuning that a person ended after so many iterations.
pub(super) fn cut_line(n_iterations: u64) -> Result<Vec<u8>, StoreError> {
    line(&CutLine { tuning_ended_after: n_iterations })
}

/// The line of a search from before `step`.
pub(super) fn search_line(step: u64, search: &Search) -> Result<Vec<u8>, StoreError> {
    line(&SearchLine { step, search: search.clone() })
}

/// One line.
pub(super) fn line(line: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut text = serde_json::to_vec(line)
        .map_err(|error| StoreError::write(Path::new(EVENTS))(error.into()))?;
    text.push(b'\n');
    Ok(text)
}

/// One line for each change that took effect at `step`.
pub(super) fn lines(step: u64, changes: &[Change], source: Source) -> Result<Vec<u8>, StoreError> {
    let mut text = Vec::new();
    for change in changes {
        let (key, old, new) = (change.key.clone(), change.from.clone(), change.to.clone());
        text.extend(line(&Line { step, key, old, new, source })?);
    }
    Ok(text)
}

/// What is in this file as the events they were, oldest first, none when there is no file; and the
/// lines that hold none, which are left out.
pub(super) fn read(
    path: &Path,
    run: RunId,
    start: &RunConfig,
) -> Result<(Vec<Event>, Vec<StoreError>), StoreError> {
    let text = disk::read_lines(path)?;
    let mut damage: Vec<StoreError> = disk::blank_lines(path, &text).collect();
    let mut config = RunConfig { changes: Vec::new(), ..start.clone() };
    let mut events: Vec<Event> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
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
        if doubts::is_one(line) {
            continue;
        }
        let line = match change(line, &mut config) {
            Ok(line) => line,
            Err(problem) => {
                damage.push(malformed(problem));
                continue;
            }
        };
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
    Ok((events, damage))
}

/// The change that this line tells, made to the configuration.
fn change(line: &str, config: &mut RunConfig) -> Result<Line, String> {
    let line: Line = serde_json::from_str(line)
        .map_err(|error| format!("this is not a change of a setting: {error}"))?;
    config.set(&line.key, &line.new).map_err(|error| error.to_string())?;
    Ok(line)
}
