//! What can be wrong with a configuration, each as one sentence: what, where, what to do.
//! Does not decide who prints it.

use thiserror::Error;

/// A refused configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The key does not exist.
    #[error("unknown key `{key}`; did you mean `{nearest}`?")]
    UnknownKey {
        /// As given.
        key: String,
        /// The known key closest in spelling.
        nearest: String,
    },
    /// No preset has this name.
    #[error("there is no preset `{name}`{hint} (`eoscope presets` lists them all)")]
    UnknownPreset {
        /// As given.
        name: String,
        /// The question whether a known name was meant, if one is close.
        hint: String,
    },
    /// The value cannot be read as what the key holds.
    #[error("`{key}` cannot be {value}: {reason}")]
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
    #[error("`{0}` is not of the form key=value, for example live.peak_lr=0.05")]
    Assignment(String),
}
