//! A change of settings while a run went on, and how it is told.
//! Does not know when one drag ends and another begins.

use crate::config::{Change, Setting, settings};
use crate::protocol::Source;

/// What changed at a step: one for each drag of a slider.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// First step that used the new value.
    pub step: u64,
    /// First step that used the last of the new values.
    pub until: u64,
    /// Settings with their values before and after.
    pub changes: Vec<Change>,
    /// Who asked.
    pub source: Source,
}

impl Marker {
    /// What, from, to: one line a setting.
    #[must_use]
    pub fn sentence(&self) -> String {
        let of = |setting: &Setting| self.changes.iter().find(|change| change.is_of(setting));
        // A warmup and its start are one thing to a person.
        let start = of(&settings::WARMUP_START).filter(|_| of(&settings::WARMUP_STEPS).is_some());
        let told = self.changes.iter().filter(|change| start.is_none_or(|s| s.key != change.key));
        let told = told.map(|change| match start {
            Some(start) if change.is_of(&settings::WARMUP_STEPS) => {
                format!("{change} from step {}", start.to)
            }
            Some(_) | None => change.to_string(),
        });
        told.collect::<Vec<_>>().join(", ")
    }
}
