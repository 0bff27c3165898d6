//! What the arguments name, read: the configuration to start from, and studies.

pub(super) mod start;
pub(super) mod study_source;
