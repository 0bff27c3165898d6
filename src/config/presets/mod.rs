//! The presets: named configurations, each with a claim about its run, one file per family.
//! `tests/` tests the claims.

mod base;
mod blowups;
mod edges;
mod initializations;
mod networks;
mod optimizers;
mod other_edges;
mod step_sizes;

use std::sync::LazyLock;

use super::ConfigError;
use crate::text;

pub use base::Preset;

/// Presets about one subject.
#[derive(Clone, Copy, Debug)]
pub struct PresetGroup {
    /// The subject.
    pub title: &'static str,
    /// Its presets.
    pub presets: &'static [Preset],
}

/// All presets, in the order shown.
#[must_use]
pub fn presets() -> &'static [Preset] {
    &known().presets
}

/// All presets by subject, in the same order.
#[must_use]
pub fn preset_groups() -> Vec<PresetGroup> {
    let Known { presets: all, lengths } = known();
    let mut rest = all.as_slice();
    let next = |(title, n): &(&'static str, usize)| {
        let (presets, after) = rest.split_at(*n);
        rest = after;
        PresetGroup { title, presets }
    };
    lengths.iter().map(next).collect()
}

struct Known {
    presets: Vec<Preset>,
    /// Title and number of presets of each group, in order.
    lengths: Vec<(&'static str, usize)>,
}

fn known() -> &'static Known {
    static ALL: LazyLock<Known> = LazyLock::new(|| {
        let groups = [
            ("Edge of stability", edges::edges()),
            ("Optimizers", [other_edges::other_edges(), optimizers::optimizers()].concat()),
            ("Rates and clipping", step_sizes::step_sizes()),
            ("Tasks and networks", [networks::tasks(), networks::architectures()].concat()),
            (
                "Too steep a start, and what saves it",
                [
                    vec![blowups::catapult_model()],
                    blowups::family_a(),
                    initializations::starts(),
                    networks::normalizations(),
                ]
                .concat(),
            ),
        ];
        let lengths = groups.iter().map(|(title, group)| (*title, group.len())).collect();
        Known { presets: groups.into_iter().flat_map(|(_, group)| group).collect(), lengths }
    });
    &ALL
}

/// The preset with this name.
///
/// # Errors
/// [`ConfigError::UnknownPreset`], with the closest known names.
pub fn preset(name: &str) -> Result<&'static Preset, ConfigError> {
    let found = presets().iter().find(|preset| preset.config.name == name);
    found.ok_or_else(|| unknown_preset(name, &[]))
}

/// The error that neither a built-in preset nor one of these has this name.
#[must_use]
pub fn unknown_preset(name: &str, own: &[String]) -> ConfigError {
    let built_in = presets().iter().map(|preset| preset.config.name.as_str());
    let names = built_in.chain(own.iter().map(String::as_str));
    ConfigError::UnknownPreset { name: name.to_owned(), hint: text::hint(name, names) }
}

#[cfg(test)]
mod tests {
    use super::base::blowup;
    use super::*;

    #[test]
    fn every_preset_is_valid_and_named_once() {
        let mut names = Vec::new();
        for preset in presets() {
            preset.config.validate().unwrap();
            assert!(!names.contains(&&preset.config.name));
            names.push(&preset.config.name);
        }
    }

    #[test]
    fn the_siblings_of_blowup_differ_from_it_in_one_setting() {
        for (name, count) in [("blowup-warmup", 1), ("blowup-clip", 1), ("blowup-small-init", 1)] {
            let changes = blowup().changes_to(&preset(name).unwrap().config);
            let n_changes = changes.iter().filter(|change| change.key != "name").count();
            assert_eq!(n_changes, count, "{name}: {changes:?}");
        }
    }

    #[test]
    fn a_misspelt_preset_is_answered_with_the_nearest() {
        let error = preset("fashion-egde").unwrap_err().to_string();
        assert!(error.contains("; did you mean `fashion-edge`?"), "{error}");
        let error = preset("cheby").unwrap_err().to_string();
        assert!(error.contains("mean `chebyshev-edge` or `chebyshev-calm`?"), "{error}");
        // Some twenty presets end in `-edge`.
        for name in ["nosuch", "edge"] {
            let error = preset(name).unwrap_err().to_string();
            assert!(!error.contains("did you mean"), "{error}");
            assert!(error.contains(&format!("`{name}`")), "{error}");
        }
    }
}
