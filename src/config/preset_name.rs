//! The names a user may give to a preset.

use super::{ConfigError, presets};
use crate::text::excerpt;

/// Longest name in characters.
const MAX_LENGTH: usize = 40;

/// Subcommands of the command line, and device names that Windows reserves.
const RESERVED: &[&str] = &[
    "run", "plot", "find", "sweep", "merge", "study", "presets", "data", "models", "studies",
    "help", "con", "nul", "prn", "aux",
];

/// Checks a name for a user's preset, which is also its file name and is typed on the command line.
///
/// # Errors
/// [`ConfigError::Conflict`], which says what a valid name looks like.
pub fn check_preset_name(name: &str) -> Result<(), ConfigError> {
    let refuse = |why: &str| Err(ConfigError::Conflict(format!("`{}` {why}", excerpt(name))));
    if name.is_empty() {
        return Err(ConfigError::Conflict("a preset needs a name, for example my-edge".to_owned()));
    }
    if name.chars().count() > MAX_LENGTH {
        return refuse("is too long for a name; use at most 40 characters");
    }
    let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !name.chars().all(is_fit) || name.starts_with('-') {
        return refuse(
            "cannot be a name; use small letters a to z, digits, - and _, for example my-edge",
        );
    }
    if RESERVED.contains(&name) {
        return refuse("means something else on the command line; choose another name");
    }
    if presets().iter().any(|preset| preset.config.name == name) {
        return refuse("is a built-in preset; choose another name");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_preset_name;

    #[test]
    fn a_name_can_be_typed_and_is_a_file_everywhere() {
        for good in ["my-edge", "a", "run2", "edge_3", "2024-11"] {
            check_preset_name(good).unwrap();
        }
        let long = "x".repeat(41);
        for (bad, why) in [
            ("", "needs a name"),
            ("My Edge", "small letters"),
            ("../etc", "small letters"),
            ("a.toml", "small letters"),
            ("-x", "small letters"),
            ("λ", "small letters"),
            ("run", "command line"),
            ("blowup", "built-in"),
            (long.as_str(), "too long"),
        ] {
            let error = check_preset_name(bad).unwrap_err().to_string();
            assert!(error.contains(why), "{bad}: {error}");
        }
    }
}
