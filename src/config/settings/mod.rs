//! All settings. One declaration per setting gives its label, tooltip, range, effect, when it is
//! read and what else it sets; TOML, `--set`, controls, markers and differences follow from it.

mod arrangement;
mod data_task;
mod declaration;
mod gradient_clip;
mod group;
mod init;
mod learning_rate;
mod live;
mod model;
mod optimizer;
mod probe;
mod run;
mod setting_values;
#[cfg(test)]
mod tests;

pub use arrangement::*;
pub use data_task::*;
pub use declaration::{Choice, Effect, Range, Section};
pub use gradient_clip::*;
pub use init::*;
pub use learning_rate::*;
pub use live::*;
pub use model::*;
pub use optimizer::*;
pub use probe::*;
pub use run::*;

/// One configuration key of a [`RunConfig`].
pub type Setting = declaration::Declaration<RunConfig>;

/// All groups of settings, in the order of lists.
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
    Arrangement::SETTINGS,
    ProbeSettings::SETTINGS,
];

impl Setting {
    /// All settings, in order of their groups.
    pub fn all() -> impl Iterator<Item = &'static Self> + Clone {
        GROUPS.iter().copied().flatten().copied()
    }

    /// The setting with this dotted key.
    #[must_use]
    pub fn named(key: &str) -> Option<&'static Self> {
        Self::all().find(|setting| setting.key == key)
    }
}
