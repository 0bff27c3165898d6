//! Identifiers in messages: the run, and who asked for a change.

use serde::{Deserialize, Serialize};

/// Identifies a run, uniquely within the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub u64);

/// Who asked for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The run's own dated changes.
    Config,
    /// The user; the number stays the same during one drag of a slider.
    #[serde(rename = "person")]
    User(u64),
}
