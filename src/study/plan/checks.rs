//! Checks shared by all parts of a study's file: number of points, settings that exist.

use super::number_range::MAX_POINTS;
use super::reader::Settings;
use crate::config::settings::{NAME, SEED};
use crate::config::{ConfigError, RunConfig};
use crate::study::StudyError;
use crate::text::excerpt;

/// Refuses an axis with more than [`MAX_POINTS`] points.
pub(super) fn check_length(name: &str, n_points: usize) -> Result<(), StudyError> {
    if n_points as u64 <= MAX_POINTS {
        return Ok(());
    }
    Err(StudyError::Wrong(format!(
        "the axis `{}` has {n_points} points, but at most {MAX_POINTS} are allowed; use fewer",
        excerpt(name)
    )))
}

/// Refuses unknown keys, impossible values, and keys that a study sets elsewhere.
pub(super) fn check_settings(place: &str, set: &Settings) -> Result<(), StudyError> {
    if let Some(key) = [NAME.key, SEED.key].into_iter().find(|key| set.contains_key(*key)) {
        return Err(StudyError::Wrong(format!(
            "{place}: `{key}` cannot be set here; write seeds = [..] and name = \"..\" at the top \
             of the study"
        )));
    }
    let mut probe = RunConfig::default();
    match probe.set_all(set.iter().map(|(key, value)| (key.as_str(), value))) {
        Err(source @ (ConfigError::UnknownKey { .. } | ConfigError::BadValue { .. })) => {
            Err(StudyError::Setting { place: place.to_owned(), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
