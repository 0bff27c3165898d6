//! What can be wrong with a configuration, each as one sentence: what, where, what to do.
//! Does not decide who prints it.

use thiserror::Error;

use crate::text::excerpt;

/// A refused configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The key does not exist.
    #[error("unknown key `{}`{hint}", excerpt(key))]
    UnknownKey {
        /// As given.
        key: String,
        /// The question whether a known key was meant, if one is close.
        hint: String,
    },
    /// No preset has this name.
    #[error("there is no preset `{}`{hint} (`eoscope presets` lists them all)", excerpt(name))]
    UnknownPreset {
        /// As given.
        name: String,
        /// The question whether a known name was meant, if one is close.
        hint: String,
    },
    /// The value cannot be read as what the key holds.
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
    #[error("`{}` is not of the form key=value, for example live.peak_lr=0.05", excerpt(.0))]
    Assignment(String),
}
