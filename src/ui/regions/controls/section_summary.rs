//! What a closed section says: its settings in a few words each. Pure functions of a configuration.

use crate::config::{Effect, RunConfig, Setting};

/// Between the words of two settings.
const BETWEEN: &str = " · ";

/// A setting in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    words: String,
    /// Whether it differs from the preset.
    is_changed: bool,
}

/// The settings that something reads, in a few words each: those that their declarations put into few
/// words, and those that differ from the preset.
pub(super) fn told(
    settings: impl Iterator<Item = &'static Setting>,
    config: &RunConfig,
    preset: &RunConfig,
) -> Vec<Told> {
    let is_set = |setting: &&Setting| matches!(setting.effect, Effect::Live | Effect::Restart);
    let read = settings.filter(is_set).filter(|setting| setting.why_unread(config).is_none());
    read.filter_map(|setting| {
        let is_changed = !setting.is_same(config, preset);
        let named = || format!("{} {}", setting.label.to_lowercase(), setting.value_words(config));
        let words = setting.brief_in(config).or_else(|| is_changed.then(named))?;
        Some(Told { words, is_changed })
    })
    .collect()
}

/// The words in one line; where they do not all fit, those that differ from the preset come first.
pub(super) fn line(told: &[Told], fits: impl Fn(&str) -> bool) -> String {
    let joined = |told: &[&Told]| {
        told.iter().map(|told| told.words.as_str()).collect::<Vec<_>>().join(BETWEEN)
    };
    let whole = joined(&told.iter().collect::<Vec<_>>());
    if fits(&whole) {
        return whole;
    }
    let (changed, others): (Vec<&Told>, Vec<&Told>) = told.iter().partition(|told| told.is_changed);
    joined(&[changed, others].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::preset;
    use crate::ui::appearance::ControlSection;
    use crate::ui::regions::controls::section_parts::settings_of;

    fn words(section: ControlSection, config: &RunConfig, preset: &RunConfig) -> String {
        line(&told(settings_of(section), config, preset), |_| true)
    }

    #[test]
    fn a_closed_section_says_what_is_set() {
        let config = RunConfig::default();
        for (section, wanted) in [
            (ControlSection::Data, "fashion · 1000 examples · mse · full batch"),
            (ControlSection::Network, "mlp · 32-32 · tanh · no norm"),
            (ControlSection::Start, "pytorch · × 1 · seed 1 · 4000 steps"),
            (ControlSection::Schedule, "constant"),
            (ControlSection::Measure, "every 3 steps · 2 eigenvalues · tests every 10"),
        ] {
            assert_eq!(words(section, &config, &config), wanted);
        }
        let deep = preset("blowup").unwrap();
        for section in ControlSection::ALL {
            assert!(!words(section, &deep.config, &deep.config).is_empty(), "{section:?}");
        }
    }

    #[test]
    fn a_value_unlike_the_presets_is_told_and_comes_first_where_space_is_short() {
        let preset = RunConfig::default();
        let mut config = preset.clone();
        config.model.bias = false;
        config.model.hidden = vec![200, 200];
        let told = told(settings_of(ControlSection::Network), &config, &preset);
        assert_eq!(line(&told, |_| true), "mlp · 200-200 · tanh · biases off · no norm");
        assert_eq!(line(&told, |_| false), "200-200 · biases off · mlp · tanh · no norm");
    }
}
