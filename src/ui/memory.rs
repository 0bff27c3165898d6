//! What the window remembers from one time to the next: its set-up, and the settings of the last run.
//! Does not know where it is kept; what cannot be read is as good as nothing.

use serde::{Deserialize, Serialize};

use crate::config::RunConfig;

use super::desk::Desk;

/// What it is kept under.
pub(super) const KEY: &str = "eoscope";

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// The set-up of the window.
    pub(super) desk: Desk,
    /// The configuration of the last run, as a document of its own.
    last_run: Option<String>,
}

impl Memory {
    /// What is to be remembered now.
    pub(super) fn new(desk: Desk, last_run: &RunConfig) -> Self {
        Self { desk, last_run: Some(last_run.to_toml()) }
    }

    /// The text to keep.
    pub(super) fn written(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// What a kept text says; damage is logged and forgotten.
    pub(super) fn read(text: &str) -> Self {
        toml::from_str(text).unwrap_or_else(|error| {
            tracing::warn!("what the window remembered cannot be read and is ignored: {error}");
            Self::default()
        })
    }

    /// The settings of the last run; `None` without one, or when this version refuses them.
    pub(super) fn last_run(&self) -> Option<RunConfig> {
        let text = self.last_run.as_ref()?;
        let config = RunConfig::from_toml(text);
        config
            .inspect_err(|error| tracing::warn!("the last run's settings are ignored: {error}"))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::Theme;

    #[test]
    fn what_is_remembered_comes_back_and_damage_is_nothing() {
        let mut desk = Desk::default();
        desk.choose(Theme::Contrast);
        desk.scale(5);
        desk.toggle(crate::figure::PanelKind::Loss);
        let config = RunConfig { seed: 9, ..RunConfig::default() };
        let memory = Memory::new(desk, &config);
        let back = Memory::read(&memory.written());
        assert_eq!(back, memory);
        assert_eq!(back.last_run(), Some(config));
        for damaged in ["", "desk = 3", "][", "last_run = 7"] {
            assert_eq!(Memory::read(damaged), Memory::default(), "{damaged}");
        }
        let refused = Memory { last_run: Some("seed = -1".to_owned()), ..Memory::default() };
        assert_eq!(Memory::read(&refused.written()).last_run(), None);
        let later = "[desk]\nscale = 150\nlater = \"unknown\"\n";
        assert_eq!(Memory::read(later).desk.percent(), 150);
    }
}
