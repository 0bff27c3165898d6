//! A change of settings during a run, as one sentence.

use crate::config::{Change, Setting, settings};
use crate::protocol::Source;

/// A change of settings, one for each drag of a slider.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// First step with a new value.
    pub step: u64,
    /// First step with the final value of the drag.
    pub until: u64,
    /// The changed settings, with values before and after.
    pub changes: Vec<Change>,
    /// What caused the change.
    pub source: Source,
    /// Whether it acts on the training: not only on what is measured, and not without effect.
    pub is_acting: bool,
}

impl Marker {
    /// The changes as `name before → after`, joined by commas.
    #[must_use]
    pub fn sentence(&self) -> String {
        let of = |setting: &Setting| self.changes.iter().find(|change| change.is_of(setting));
        // Warmup length and start are shown as one change.
        let start = of(&settings::WARMUP_START).filter(|_| of(&settings::WARMUP_STEPS).is_some());
        let shown = self.changes.iter().filter(|change| start.is_none_or(|s| s.key != change.key));
        let shown = shown.map(|change| match start {
            Some(start) if change.is_of(&settings::WARMUP_STEPS) => {
                format!("{change} from step {}", start.to)
            }
            Some(_) | None => change.to_string(),
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}
