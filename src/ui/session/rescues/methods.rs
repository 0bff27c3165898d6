//! Suggestions after a run diverged: the stabilizing methods of the paper, one change each.

use crate::config::{
    Architecture, Clip, ClipMode, InitScheme, InitSpec, ModelSpec, Normalization, ResidualForm,
    RunConfig, Tuning,
};

/// One change that may make a diverged run train.
pub(in crate::ui) struct Rescue {
    /// Text of its button.
    pub(in crate::ui) label: &'static str,
    /// The changed configuration, with the same seed.
    pub(in crate::ui) config: RunConfig,
}

/// Single changes to try after `config` diverged, without those that change nothing or do not suit the
/// network.
pub(in crate::ui) fn rescues(config: &RunConfig) -> Vec<Rescue> {
    let start = config.clone();
    let changed = |change: fn(&mut RunConfig)| {
        let mut changed = start.clone();
        change(&mut changed);
        changed
    };
    let normal = |normalization| {
        let is_plain = start.model.normalization == Normalization::None
            && start.model.residual != ResidualForm::Fixup;
        let mut normal = start.clone();
        if is_plain {
            normal.model.normalization = normalization;
        }
        normal
    };
    [
        (
            "256 steps of warmup",
            changed(|config| {
                if config.live.rate.rule.has_schedule() {
                    config.live.warmup.steps = 256;
                }
            }),
        ),
        ("clipping at 1", changed(|config| config.live.clip = Clip::at(ClipMode::Absolute, 1.0))),
        (
            "a third of the scale",
            changed(|config| config.init.scale = (config.init.scale / 3.0).max(0.01)),
        ),
        ("batch norm", normal(Normalization::Batch)),
        ("layer norm", normal(Normalization::Layer)),
        ("Fixup", fixed_up(&start)),
        ("MetaInit", changed(|config| config.init.tuning = Tuning::MetaInit)),
        (
            "GradInit",
            changed(|config| {
                config.init.tuning = Tuning::GradInit;
                (config.init.tuning_steps, config.init.tuning_batch) = (390, 256);
            }),
        ),
    ]
    .into_iter()
    .filter(|(_, changed)| *changed != start && changed.validate().is_ok())
    .map(|(label, changed)| Rescue { label, config: start.with_settings_of(&changed) })
    .collect()
}

/// The network with residual branches and Fixup initialization; an MLP becomes a residual MLP.
fn fixed_up(start: &RunConfig) -> RunConfig {
    let mut config = start.clone();
    if config.init.scheme == InitScheme::Fixup {
        return config;
    }
    if config.model.architecture == Architecture::Mlp && !config.model.hidden.is_empty() {
        // A stem and blocks of two layers, replacing the same number of layers.
        let hidden = &config.model.hidden;
        config.model = ModelSpec {
            width: hidden[0],
            blocks: ((hidden.len() - 1) / 2).max(1),
            activation: config.model.activation,
            ..Architecture::ResidualMlp.default_model()
        };
    }
    config.model.normalization = Normalization::None;
    config.model.residual = ResidualForm::Fixup;
    config.init = InitSpec { scheme: InitScheme::Fixup, ..InitSpec::default() };
    config
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::preset;

    #[test]
    fn every_rescue_changes_exactly_one_thing() {
        let config = preset("blowup").unwrap().config.clone();
        for rescue in rescues(&config) {
            let changes = config.changes_to(&rescue.config);
            let groups: std::collections::BTreeSet<_> = changes
                .iter()
                .map(|change| change.key.rsplit_once('.').map_or("", |(group, _)| group))
                .collect();
            // Fixup changes the network and its initialization.
            let n_wanted = if rescue.label == "Fixup" { 2 } else { 1 };
            assert_eq!(groups.len(), n_wanted, "{}: {changes:?}", rescue.label);
        }
        let warmed = preset("blowup-warmup").unwrap().config.clone();
        assert_eq!(rescues(&warmed).len(), 7);
        let tuned = preset("cdat").unwrap().config.clone();
        assert!(rescues(&tuned).iter().all(|rescue| !rescue.label.contains("warmup")));
    }
}
