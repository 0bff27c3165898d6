//! Lines of `events.jsonl` about settings, learning rate searches, and the early end of the tuning
//! of the initial weights: written from events, and read back as events.

use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Value;

use super::{doubts, json_line};
use crate::config::{Change, RunConfig, plain};
use crate::protocol::{Event, RunId, Search, Source};
use crate::store::StoreError;
use crate::store::file_kinds::{self, Lines, plain_problem};
use crate::store::run::file_names::CONFIG;
use crate::text::short_path;

/// A setting that changed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    step: u64,
    key: String,
    old: Value,
    new: Value,
    source: Source,
}

/// A learning rate search.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchLine {
    step: u64,
    search: Search,
}

/// The user ended the tuning of the initial weights early.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CutLine {
    tuning_ended_after: u64,
}

/// The line of an early end of the tuning, after this many iterations.
pub(in crate::store) fn cut_line(n_iterations: u64) -> Result<Vec<u8>, StoreError> {
    json_line(&CutLine { tuning_ended_after: n_iterations })
}

/// The line of a search that ran before this step.
pub(in crate::store) fn search_line(step: u64, search: &Search) -> Result<Vec<u8>, StoreError> {
    json_line(&SearchLine { step, search: search.clone() })
}

/// A line for each setting that changed at `step`.
pub(in crate::store) fn lines(
    step: u64,
    changes: &[Change],
    source: Source,
) -> Result<Vec<u8>, StoreError> {
    let mut text = Vec::new();
    for change in changes {
        let (key, old, new) = (change.key.clone(), change.from.clone(), change.to.clone());
        text.extend(json_line(&Line { step, key, old, new, source })?);
    }
    Ok(text)
}

/// The events in this file, oldest first, and an error for each damaged or incomplete line; both are
/// empty if there is no file. A scheduled change that was due up to step `last` but has no line is restored
/// from the configuration `start`, and reported as [`StoreError::Recovered`].
pub(in crate::store) fn read(
    path: &Path,
    run: RunId,
    start: &RunConfig,
    last: Option<u64>,
) -> Result<(Vec<Event>, Vec<StoreError>), StoreError> {
    let Lines { text, torn } = file_kinds::read_lines(path)?;
    let mut damage: Vec<StoreError> = file_kinds::blank_lines(path, &text).collect();
    let mut entries: Vec<Entry> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match Entry::read(line) {
            Ok(line) => entries.extend(line),
            Err(problem) => {
                let line = at as u64 + 1;
                damage.push(StoreError::Malformed { path: path.to_owned(), line, problem });
            }
        }
    }
    damage.extend(torn);
    for step in add_missing(&mut entries, start, last) {
        let problem = format!(
            "the change at step {step} is missing; it is taken from {}",
            short_path(&path.with_file_name(CONFIG))
        );
        damage.push(StoreError::Recovered { path: path.to_owned(), step, problem });
    }
    let mut config = RunConfig { changes: Vec::new(), ..start.clone() };
    let mut events: Vec<Event> = Vec::new();
    for entry in entries {
        let line = match entry {
            Entry::Changed(line) => line,
            Entry::Searched(SearchLine { step, search }) => {
                events.push(Event::Searched { run, step, search: Box::new(search) });
                continue;
            }
            Entry::Cut(CutLine { tuning_ended_after }) => {
                events.push(Event::PreparationCut { run, n_iterations: tuning_ended_after });
                continue;
            }
        };
        // Never fails: the line was validated when it was read.
        if config.set(&line.key, &line.new).is_err() {
            continue;
        }
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

/// A parsed line.
enum Entry {
    Changed(Line),
    Searched(SearchLine),
    Cut(CutLine),
}

impl Entry {
    /// `None` for a line that `doubts` reads.
    fn read(line: &str) -> Result<Option<Self>, String> {
        if let Ok(search) = serde_json::from_str(line) {
            return Ok(Some(Self::Searched(search)));
        }
        if let Ok(cut) = serde_json::from_str(line) {
            return Ok(Some(Self::Cut(cut)));
        }
        if doubts::is_doubt(line) {
            return Ok(None);
        }
        let line: Line = serde_json::from_str(line).map_err(|error| {
            format!("this is not a change of a setting: {}", plain_problem(&error))
        })?;
        let mut any = RunConfig::default();
        any.set(&line.key, &line.new).map_err(|error| error.to_string())?;
        Ok(Some(Self::Changed(line)))
    }

    fn step(&self) -> u64 {
        match self {
            Self::Changed(line) => line.step,
            Self::Searched(search) => search.step,
            Self::Cut(_) => 0,
        }
    }
}

/// Adds the scheduled changes that were due up to step `last` but have no line, and returns their
/// steps. Lines are missing when the file was truncated or removed.
fn add_missing(entries: &mut Vec<Entry>, start: &RunConfig, last: Option<u64>) -> Vec<u64> {
    let mut dated: Vec<_> = start.changes.iter().filter(|c| last >= Some(c.step)).collect();
    dated.sort_by_key(|change| change.step);
    let mut missing = Vec::new();
    for change in dated {
        for (key, new) in &change.set {
            let of_key = |entry: &&Entry| matches!(entry, Entry::Changed(line) if line.key == *key);
            let before = entries.iter().rev().filter(of_key);
            let before =
                before.filter(|entry| entry.step() <= change.step).find_map(|entry| match entry {
                    Entry::Changed(line) => Some((line.step, line.new.clone())),
                    Entry::Searched(_) | Entry::Cut(_) => None,
                });
            let (step, old) = before.unzip();
            let old = old.or_else(|| start.get(key)).unwrap_or_else(|| new.clone());
            if step == Some(change.step) || plain(&old) == plain(new) {
                continue;
            }
            let at = entries.partition_point(|entry| entry.step() <= change.step);
            let (key, new) = (key.clone(), new.clone());
            let line = Line { step: change.step, key, old, new, source: Source::Config };
            entries.insert(at, Entry::Changed(line));
            missing.push(change.step);
        }
    }
    missing.dedup();
    missing
}
