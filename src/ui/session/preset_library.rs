//! Configurations that can be started by name: built-in presets, user presets, and the last run of
//! the previous launch.

use crate::config::{RunConfig, preset};
use crate::store::PresetFolder;

/// The user's presets, their folder, and the last run.
#[derive(Debug, Default)]
pub(in crate::ui) struct PresetLibrary {
    folder: Option<PresetFolder>,
    user: Vec<RunConfig>,
    skipped: Vec<String>,
    last_run: Option<RunConfig>,
}

/// Description of a user preset, in place of what a built-in one shows.
pub(in crate::ui) const USER_PRESET: &str = "A preset of your own.";

impl PresetLibrary {
    /// Reads the presets in a folder.
    pub(in crate::ui) fn new(folder: Option<PresetFolder>, last_run: Option<RunConfig>) -> Self {
        let found = folder.as_ref().map(PresetFolder::list).unwrap_or_default();
        Self { folder, user: found.configs, skipped: found.skipped, last_run }
    }

    /// The folder of user presets; `None` if the system has no folder for settings.
    pub(in crate::ui) fn folder(&self) -> Option<&PresetFolder> {
        self.folder.as_ref()
    }

    /// User presets, ordered by name.
    pub(in crate::ui) fn user_presets(&self) -> &[RunConfig] {
        &self.user
    }

    /// One sentence for each unreadable file in the folder.
    pub(in crate::ui) fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// The settings of the last run of the previous launch.
    pub(in crate::ui) fn last_run(&self) -> Option<&RunConfig> {
        self.last_run.as_ref()
    }

    /// Adds a saved preset, replacing one of the same name.
    pub(in crate::ui) fn add(&mut self, config: RunConfig) {
        self.user.retain(|known| known.name != config.name);
        self.user.push(config);
        self.user.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Finds a preset by name, with a sentence on what it shows.
    pub(in crate::ui) fn find(&self, name: &str) -> Option<(&RunConfig, &'static str)> {
        let built_in = preset(name).ok().map(|preset| (&preset.config, preset.sees));
        built_in.or_else(|| Some((self.user.iter().find(|known| known.name == name)?, USER_PRESET)))
    }
}
