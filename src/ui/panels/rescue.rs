//! What to try after a run diverged: every method of the study, one change each.
//! Does not begin the run.

use crate::config::{
    Architecture, Clip, ClipMode, InitScheme, InitSpec, ModelSpec, Normalization, ResidualForm,
    RunConfig, Tuning,
};

/// One change that may save a diverged run.
pub(in crate::ui) struct Rescue {
    /// What the button says.
    pub(in crate::ui) label: &'static str,
    /// The run it begins, from the same seed.
    pub(in crate::ui) config: RunConfig,
}

/// What to try after `config` diverged, each one change; those that would change nothing, or do not
/// go with the network, left out.
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

/// The same network with residual branches, started by Fixup; as it is where it has none.
fn fixed_up(start: &RunConfig) -> RunConfig {
    let mut config = start.clone();
    if config.init.scheme == InitScheme::Fixup {
        return config;
    }
    if config.model.architecture == Architecture::Mlp && !config.model.hidden.is_empty() {
        // A stem and blocks of two layers in the place of as many layers.
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
            // Fixup is a start for a network of its own form.
            let n_wanted = if rescue.label == "Fixup" { 2 } else { 1 };
            assert_eq!(groups.len(), n_wanted, "{}: {changes:?}", rescue.label);
        }
        let warmed = preset("blowup-warmup").unwrap().config.clone();
        assert_eq!(rescues(&warmed).len(), 7);
        let tuned = preset("cdat").unwrap().config.clone();
        assert!(rescues(&tuned).iter().all(|rescue| !rescue.label.contains("warmup")));
    }
}
