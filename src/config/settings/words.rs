//! Reasons why a setting is not read. Knows none of them.

/// The reason, where it holds.
pub(super) fn when(holds: bool, reason: impl FnOnce() -> String) -> Option<String> {
    holds.then(reason)
}
