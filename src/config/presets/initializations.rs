//! Presets of initializations under which the rate of `blowup` trains. `tests/initializations.rs`
//! tests their claims.

use super::base::{Preset, blowup};
use crate::config::{
    Architecture, InitScheme, InitSpec, ModelSpec, ResidualForm, RunConfig, Tuning,
};

/// Family A with Fixup, `MetaInit` and `GradInit`.
pub(super) fn starts() -> Vec<Preset> {
    let a = |name: &str, sees: &'static str, change: fn(&mut RunConfig)| {
        let mut config = RunConfig { name: name.into(), ..blowup() };
        change(&mut config);
        Preset { config, sees }
    };
    vec![
        a(
            "fixup",
            "A residual network of the same size, started by Fixup: λ₁(0) is a quarter of 2/η, and \
             the rate that blows up the plain start is calm.",
            |config| {
                config.model = ModelSpec {
                    blocks: 1,
                    residual: ResidualForm::Fixup,
                    ..Architecture::ResidualMlp.default_model()
                };
                config.init = InitSpec { scheme: InitScheme::Fixup, ..InitSpec::default() };
            },
        ),
        a(
            "metainit",
            "The same start after MetaInit, which shrinks the weights before step 0: λ₁(0) falls \
             from 22 times 2/η to half of it, and the run survives.",
            |config| config.init.tuning = Tuning::MetaInit,
        ),
        a(
            "gradinit",
            "The same start after GradInit, which scales every tensor until the gradient's norm is \
             at most 1: λ₁(0) falls twentyfold, below 2/η.",
            |config| {
                config.init.tuning = Tuning::GradInit;
                config.init.tuning_steps = 390;
                config.init.tuning_batch = 256;
            },
        ),
    ]
}
