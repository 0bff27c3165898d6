//! A change of settings: between two configurations, or at a step of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Value;

/// One setting that differs between two configurations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Dotted key, for example `live.peak_lr`.
    pub key: String,
    /// The value before.
    pub from: Value,
    /// The value after.
    pub to: Value,
}

/// A change of live settings that is part of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedChange {
    /// The first step that uses the new values.
    pub step: u64,
    /// New values by dotted key, for example `"live.peak_lr" = 0.05`.
    pub set: BTreeMap<String, Value>,
}
