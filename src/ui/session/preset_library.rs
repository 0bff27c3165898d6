//! The configurations that can be started by name: presets built in, presets of the user, and the last
//! run of the previous time. Does not start anything.

use crate::config::{RunConfig, preset};
use crate::store::PresetFolder;

/// The user's presets and where they are stored.
#[derive(Debug, Default)]
pub(in crate::ui) struct PresetLibrary {
    folder: Option<PresetFolder>,
    own: Vec<RunConfig>,
    skipped: Vec<String>,
    last_run: Option<RunConfig>,
}

/// The sentence on a preset of the user, where a built-in one says what is to be seen.
pub(in crate::ui) const OWN: &str = "A preset of your own.";

impl PresetLibrary {
    /// The presets in a folder, if there is one, and the last run, if it is remembered.
    pub(in crate::ui) fn new(folder: Option<PresetFolder>, last_run: Option<RunConfig>) -> Self {
        let found = folder.as_ref().map(PresetFolder::list).unwrap_or_default();
        Self { folder, own: found.configs, skipped: found.skipped, last_run }
    }

    /// Where presets are stored; `None` where the system has no folder for them.
    pub(in crate::ui) fn folder(&self) -> Option<&PresetFolder> {
        self.folder.as_ref()
    }

    /// The user's presets, in order of name.
    pub(in crate::ui) fn own(&self) -> &[RunConfig] {
        &self.own
    }

    /// Why files in the folder are not among them, one sentence each.
    pub(in crate::ui) fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// The settings that the window was closed with the time before.
    pub(in crate::ui) fn last_run(&self) -> Option<&RunConfig> {
        self.last_run.as_ref()
    }

    /// Lists a preset that was saved, in place of one of the same name.
    pub(in crate::ui) fn add(&mut self, config: RunConfig) {
        self.own.retain(|known| known.name != config.name);
        self.own.push(config);
        self.own.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The preset of this name with what is to be seen in it.
    pub(in crate::ui) fn find(&self, name: &str) -> Option<(&RunConfig, &'static str)> {
        let built_in = preset(name).ok().map(|preset| (&preset.config, preset.sees));
        built_in.or_else(|| Some((self.own.iter().find(|known| known.name == name)?, OWN)))
    }
}
