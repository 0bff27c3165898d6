//! File names in a run folder.

pub(in crate::store) const CONFIG: &str = "config.toml";
pub(in crate::store) const METRICS: &str = "metrics.csv";
pub(in crate::store) const PREPARATION: &str = "preparation.csv";
pub(in crate::store) const EVENTS: &str = "events.jsonl";
pub(in crate::store) const SUMMARY: &str = "summary.json";
