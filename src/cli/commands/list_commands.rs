//! `eoscope presets`, `data`, `models` and `studies`: lists of what is available, one line each.

use crate::config::{
    self, Architecture, BuiltinTask, Range, RunConfig, Section, Setting, settings,
};
use crate::study::CATALOGUE;
use crate::text;

/// The presets, each with what its run shows; the user's own come last.
pub(super) fn presets(own: &[RunConfig]) -> String {
    let line = |config: &RunConfig, sees: &str| {
        let facts = format!("η {}, seed {}", text::number(config.live.peak_lr), config.seed);
        format!("{facts:<14} {sees}")
    };
    let built_in = config::presets()
        .iter()
        .map(|preset| (preset.config.name.as_str(), line(&preset.config, preset.sees)));
    let own = own.iter().map(|config| (config.name.as_str(), line(config, "Your own.")));
    table(&built_in.chain(own).collect::<Vec<_>>())
}

/// The data sets, each with its size and scaling.
pub(super) fn data() -> String {
    let rows = BuiltinTask::ALL.iter().map(|task| {
        let info = task.info();
        let n_test = match info.n_test {
            0 => "no test set".to_owned(),
            n => format!("{n} test"),
        };
        let line = format!(
            "{}; up to {} training examples, {n_test}; default η {}; scaling: {}",
            info.description,
            info.max_n_train,
            text::number(info.default_lr),
            info.scaling
        );
        (task.word(), line)
    });
    let formats: Vec<_> = config::file_formats().map(|format| format.name).collect();
    let line = format!(
        "Your own training examples in the file that `{}` names; formats: {}",
        settings::DATA_PATH,
        formats.join(", ")
    );
    let file = config::TaskSource::File;
    table(&rows.chain([(file.word(), line)]).collect::<Vec<_>>())
}

/// The architectures with their settings, then the settings that are words.
pub(super) fn models() -> String {
    let rows = Architecture::ALL.iter().map(|network| {
        let keys: Vec<_> = network.reads().map(|setting| setting.key).collect();
        (network.word(), format!("{}; settings: {}", network.description(), keys.join(", ")))
    });
    let of_network = Setting::all().filter(|setting| setting.section == Section::Network);
    let words = of_network.filter(|setting| **setting != settings::ARCHITECTURE);
    let words = words.filter_map(|setting| {
        let Range::Word(words) = setting.range else { return None };
        let words: Vec<_> = words().iter().map(|choice| choice.word).collect();
        Some((setting.key, format!("one of {}", words.join(", "))))
    });
    table(&rows.chain(words).collect::<Vec<_>>())
}

/// The studies that come with the program, each with its size and its claim.
pub(super) fn studies() -> String {
    let rows = CATALOGUE.iter().map(|known| {
        let line = match known.study() {
            Ok(study) => format!("{:>4} runs  {}", study.n_tasks(), study.sees),
            Err(error) => error.to_string(),
        };
        (known.name, line)
    });
    table(&rows.collect::<Vec<_>>())
}

fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut lines: Vec<_> =
        rows.iter().map(|(name, text)| format!("{name:width$}  {text}")).collect();
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_one_line_for_each_thing() {
        assert_eq!(presets(&[]).lines().count(), config::presets().len());
        let own = RunConfig { name: "mine".into(), ..RunConfig::default() };
        let last = presets(&[own]).lines().last().map(str::to_owned).unwrap_or_default();
        assert!(last.starts_with("mine ") && last.ends_with("Your own."), "{last}");
        assert_eq!(data().lines().count(), BuiltinTask::ALL.len() + 1);
        assert!(data().lines().all(|line| line.contains("training examples")));
        let networks = models().lines().filter(|line| line.contains("settings: model.")).count();
        assert_eq!(networks, Architecture::ALL.len());
        let key = settings::NORMALIZATION.key;
        assert!(models().contains(key) && models().contains("one of none, batch"));
    }
}
