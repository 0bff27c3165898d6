//! Reads a run folder back as a history, by replaying its events.

use std::path::Path;

use super::config_file::read_record;
use super::events::{changes, doubts};
use super::file_names::{CONFIG, EVENTS, METRICS, PREPARATION, SUMMARY};
use super::summary::Summary;
use super::{metrics, preparation_file};
use crate::history::Run;
use crate::platform::files;
use crate::protocol::{Event, Record, RunId};
use crate::store::StoreError;

/// Reads a run folder, finished or not, completely.
///
/// The history equals that of the run, with the identity 0, except for what the files do not store:
/// the identities of the second and further eigenvalues, and the curvature shares of layers from
/// the sixteenth on.
///
/// ```no_run
/// use eoscope::{quantity, store};
///
/// let run = store::load("runs/fashion-edge".as_ref())?;
/// for (step, sharpness) in run.series(quantity::SHARPNESS).iter() {
///     println!("{step} {sharpness}");
/// }
/// # Ok::<(), eoscope::store::StoreError>(())
/// ```
///
/// # Errors
/// The first missing or malformed part, with file and line. An incomplete last line is none: a
/// program that is killed leaves one.
pub fn load(dir: &Path) -> Result<Run, StoreError> {
    let (run, damage) = load_readable(dir)?;
    let is_lost = |damage: &StoreError| {
        !matches!(damage, StoreError::Recovered { .. } | StoreError::Torn { .. })
    };
    damage.into_iter().find(is_lost).map_or(Ok(run), Err)
}

/// As [`load`], but tolerates damage: unreadable lines are left out of the history and returned as
/// errors beside it.
///
/// # Errors
/// A required file is missing or unreadable, or no row of `metrics.csv` can be read.
pub fn load_readable(dir: &Path) -> Result<(Run, Vec<StoreError>), StoreError> {
    if files::exists(dir) && !files::is_dir(dir) {
        return Err(StoreError::NotAFolder(dir.to_owned()));
    }
    if !files::is_dir(dir) {
        return Err(StoreError::Missing(dir.to_owned()));
    }
    for file in [CONFIG, METRICS] {
        let path = dir.join(file);
        if files::exists(&path) && !files::is_file(&path) {
            let problem = "this is a folder, a pipe or a device, not a file".to_owned();
            return Err(StoreError::Unreadable { path, problem });
        }
        if !files::is_file(&path) {
            return Err(StoreError::Incomplete { folder: dir.to_owned(), file });
        }
    }
    let id = RunId(0);
    let config = read_record(&dir.join(CONFIG))?;
    let (prepared, torn) = preparation_file::read(&dir.join(PREPARATION))?;
    let (mut records, mut damage) = metrics::read(&dir.join(METRICS))?;
    if records.is_empty()
        && let Some(at) = damage.iter().position(|error| !matches!(error, StoreError::Torn { .. }))
    {
        return Err(damage.swap_remove(at));
    }
    damage.extend(torn);
    doubts::read(&dir.join(EVENTS), &mut records)?;
    let last = records.last().map(|record| record.sample.step);
    let (tunings, damaged) = changes::read(&dir.join(EVENTS), id, &config, last)?;
    damage.extend(damaged);
    let summary = Summary::read(&dir.join(SUMMARY))?;

    let mut run = Run::new(id, config.clone());
    if let Some(summary) = &summary {
        let facts = Box::new(summary.facts());
        run.apply(&Event::Started { run: id, config: Box::new(config), facts });
    }
    run.apply(&Event::Prepared { run: id, records: prepared });
    replay(&mut run, &records, tunings);
    if let Some((summary, end)) = summary.as_ref().and_then(|s| Some((s, s.run_end()?))) {
        run.apply(&Event::Ended { run: id, step: summary.n_steps, end });
    }
    Ok((run, damage))
}

/// Applies records and events in order of step, each event before the first record that it affects.
fn replay(run: &mut Run, mut records: &[Record], tunings: Vec<Event>) {
    let id = run.id();
    let sampled = |records: &[Record]| Event::Sampled { run: id, records: records.to_vec() };
    for tuning in tunings {
        if let Event::Tuned { step, .. } | Event::Searched { step, .. } = &tuning {
            let (before, after) =
                records.split_at(records.partition_point(|record| record.sample.step < *step));
            run.apply(&sampled(before));
            records = after;
        }
        run.apply(&tuning);
    }
    run.apply(&sampled(records));
}
