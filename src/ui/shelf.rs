//! What can be started by name: a person's own presets, and the last run of the time before.
//! Knows the built-in presets too; does not start anything.

use crate::config::{RunConfig, preset};
use crate::store::PresetFolder;

/// Own presets and where they are kept.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    folder: Option<PresetFolder>,
    own: Vec<RunConfig>,
    skipped: Vec<String>,
    last_run: Option<RunConfig>,
}

/// What is said of an own preset where a built-in one says what is to be seen.
pub(super) const OWN: &str = "A preset of your own.";

impl Shelf {
    /// The presets in a folder, if there is one, and the last run, if it is remembered.
    pub(super) fn new(folder: Option<PresetFolder>, last_run: Option<RunConfig>) -> Self {
        let found = folder.as_ref().map(PresetFolder::list).unwrap_or_default();
        Self { folder, own: found.configs, skipped: found.skipped, last_run }
    }

    /// Where presets are kept; `None` where the system has no folder for them.
    pub(super) fn folder(&self) -> Option<&PresetFolder> {
        self.folder.as_ref()
    }

    /// Own presets, in order of name.
    pub(super) fn own(&self) -> &[RunConfig] {
        &self.own
    }

    /// Why files in the folder are not among them, one sentence each.
    pub(super) fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// The settings that the window was closed with the time before.
    pub(super) fn last_run(&self) -> Option<&RunConfig> {
        self.last_run.as_ref()
    }

    /// A preset was saved.
    pub(super) fn keep(&mut self, config: RunConfig) {
        self.own.retain(|known| known.name != config.name);
        self.own.push(config);
        self.own.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The preset of this name with what is to be seen in it.
    pub(super) fn find(&self, name: &str) -> Option<(&RunConfig, &'static str)> {
        let built_in = preset(name).ok().map(|preset| (&preset.config, preset.sees));
        built_in.or_else(|| Some((self.own.iter().find(|known| known.name == name)?, OWN)))
    }
}
