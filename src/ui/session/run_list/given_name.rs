//! The name that a run is given when it is requested: what sets it apart from its preset.

use crate::config::{Change, RunConfig, plain, settings};

/// Differences in a name at most.
const MAX_LISTED: usize = 3;

/// The name of a preset's run: the preset's own if nothing differs, else the values that do; with its
/// length only if nothing else differs.
pub(super) fn given_name(config: &RunConfig, preset: Option<&RunConfig>) -> String {
    let differing = preset.map_or_else(Vec::new, |preset| preset.changes_to(config));
    let is_listed = |change: &&Change| {
        let unlisted = [&settings::NAME, &settings::PACE, &settings::WARMUP_START];
        !unlisted.iter().any(|setting| change.is_of(setting)) && !change.is_of(&settings::N_STEPS)
    };
    let mut parts: Vec<String> = differing.iter().filter(is_listed).map(value).collect();
    parts.extend(config.described_changes());
    if parts.is_empty() {
        parts.extend(differing.iter().filter(|c| c.is_of(&settings::N_STEPS)).map(value));
    }
    let n = parts.len();
    parts.truncate(MAX_LISTED);
    match n {
        0 => config.name.clone(),
        n if n > MAX_LISTED => format!("{}, …", parts.join(", ")),
        _ => parts.join(", "),
    }
}

fn value(change: &Change) -> String {
    let label = change.setting().map_or(change.key.as_str(), |setting| setting.label);
    format!("{label} {}", plain(&change.to))
}

/// A name that no other run has: with a number behind it if necessary.
pub(super) fn unused(name: String, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(&name) {
        return name;
    }
    let numbered = (2_u64..).map(|n| format!("{name} ({n})"));
    numbered.into_iter().find(|numbered| !is_taken(numbered)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{preset, rate_from};

    #[test]
    fn a_run_is_named_by_what_sets_it_apart_from_its_preset() {
        let plain = preset("blowup").unwrap().config.clone();
        let name = |config: &RunConfig| given_name(config, Some(&plain));
        assert_eq!(name(&plain), "blowup");
        let mut longer = plain.clone();
        longer.n_steps += 1;
        assert_eq!(name(&longer), format!("Steps {}", longer.n_steps));
        longer.live.warmup.steps = 256;
        assert_eq!(name(&longer), "Warmup 256");
        let mut moved = plain.clone();
        moved.changes = vec![rate_from(30, 0.1)];
        assert_eq!(name(&moved), "Learning rate 0.2 → 0.1 at step 30");
        (moved.seed, moved.live.peak_lr, moved.live.momentum) = (9, 0.3, 0.5);
        moved.init.scale = 2.0;
        assert!(name(&moved).ends_with(", …"), "{}", name(&moved));
        assert_eq!(given_name(&moved, None).matches("Learning rate").count(), 1);
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let taken = ["a", "a (2)"];
        let found = |name: &str| unused(name.to_owned(), |other| taken.contains(&other));
        assert_eq!((found("a"), found("b")), ("a (3)".to_owned(), "b".to_owned()));
    }
}
