//! All settings: one declaration each, with words, range, effect, when it is read and what it brings
//! along. Drives TOML, `--set`, controls, markers and differences; draws nothing.

mod clip;
mod declaration;
mod group;
mod init;
mod learning_rate;
mod live;
mod model;
mod optimizer;
mod probe;
mod run;
mod setting_values;
mod task;
#[cfg(test)]
mod tests;

pub use clip::*;
pub use declaration::{Effect, Range, Section};
pub use init::*;
pub use learning_rate::*;
pub use live::*;
pub use model::*;
pub use optimizer::*;
pub use probe::*;
pub use run::*;
pub use task::*;

/// One configuration key of a [`RunConfig`].
pub type Setting = declaration::Declaration<RunConfig>;

/// Every group of settings, in the order a person meets them.
const GROUPS: &[&[&Setting]] = &[
    OF_RUN,
    TaskSpec::SETTINGS,
    ModelSpec::SETTINGS,
    InitSpec::SETTINGS,
    MetaInitSpec::SETTINGS,
    GradInitSpec::SETTINGS,
    OptimizerSpec::SETTINGS,
    LiveSettings::SETTINGS,
    Rate::SETTINGS,
    Schedule::SETTINGS,
    Warmup::SETTINGS,
    Clip::SETTINGS,
    ProbeSettings::SETTINGS,
];

impl Setting {
    /// All settings, in the order a person meets them.
    pub fn all() -> impl Iterator<Item = &'static Self> + Clone {
        GROUPS.iter().copied().flatten().copied()
    }

    /// The setting of a key.
    #[must_use]
    pub fn named(key: &str) -> Option<&'static Self> {
        Self::all().find(|setting| setting.key == key)
    }
}
