//! Errors of a configuration, one sentence each: what is wrong, where, and what to do.

use thiserror::Error;

use super::settings::PEAK_LR;
use crate::text::excerpt;

/// Why a configuration is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The key does not exist.
    #[error("unknown key `{}`{hint}", excerpt(key))]
    UnknownKey {
        /// The key as given.
        key: String,
        /// "; did you mean …?" if up to three known keys are closest, else empty.
        hint: String,
    },
    /// No preset has this name.
    #[error("there is no preset `{}`{hint} (`eoscope presets` lists them all)", excerpt(name))]
    UnknownPreset {
        /// The name as given.
        name: String,
        /// As for an unknown key, with a known preset.
        hint: String,
    },
    /// The value has the wrong type or is out of range.
    #[error("`{}` cannot be {}: {reason}", excerpt(key), excerpt(value))]
    BadValue {
        /// The key.
        key: String,
        /// The value as given.
        value: String,
        /// What was expected.
        reason: String,
    },
    /// Two settings exclude each other.
    #[error("{0}")]
    Conflict(String),
    /// The text is not TOML.
    #[error("this is not valid TOML: {0}")]
    Syntax(String),
    /// A `--set` argument is not of the form `key=value`.
    #[error("`{}` is not of the form key=value, for example {PEAK_LR}=0.05", excerpt(.0))]
    Assignment(String),
}
