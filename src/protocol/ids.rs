//! Which run a message is of, and who asked for what it tells.
//! Does not know the messages.

use serde::{Deserialize, Serialize};

/// Names one run for the life of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub u64);

/// Who asked for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The run's own dated changes.
    Config,
    /// A person; the number is the same throughout one drag of a slider.
    #[serde(rename = "person")]
    User(u64),
}
