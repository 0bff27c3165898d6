//! State stored between launches: appearance, layout, known files and the settings of the last run.
//! Whatever cannot be read counts as absent.

use serde::{Deserialize, Deserializer, Serialize};

use crate::config::RunConfig;
use crate::paint::Tiles;
use crate::ui::appearance::{Appearance, StoredTiles};
use crate::ui::session::remembered_files::KnownFiles;

/// Storage key.
pub(in crate::ui) const KEY: &str = "eoscope";

/// The stored state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct Remembered {
    /// Theme, scale and visible plots; the stored name differs.
    #[serde(rename = "desk")]
    pub(in crate::ui) appearance: Appearance,
    /// Layout of the plots, by column; empty for the default layout.
    #[serde(skip_serializing_if = "StoredTiles::is_empty")]
    tiles: StoredTiles,
    /// Files that were opened, and where exports went.
    #[serde(deserialize_with = "lenient_files")]
    pub(in crate::ui) files: KnownFiles,
    /// The configuration of the last run, as TOML text.
    last_run: Option<String>,
}

/// Reads the known files; damaged ones become none without affecting the other fields.
fn lenient_files<'de, D: Deserializer<'de>>(deserializer: D) -> Result<KnownFiles, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    Ok(value.try_into().unwrap_or_else(|error| {
        tracing::warn!("the stored names of files cannot be read and are ignored: {error}");
        KnownFiles::default()
    }))
}

impl Remembered {
    /// The state to store now.
    pub(in crate::ui) fn new(
        appearance: Appearance,
        tiles: &Tiles,
        files: KnownFiles,
        last_run: &RunConfig,
    ) -> Self {
        let tiles = StoredTiles::new(tiles);
        Self { appearance, tiles, files, last_run: Some(last_run.to_toml()) }
    }

    /// Layout of the plots.
    pub(in crate::ui) fn tiles(&self) -> Tiles {
        self.tiles.tiles()
    }

    /// The state as TOML.
    pub(in crate::ui) fn written(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// Parses stored TOML; damage is logged and gives the default.
    pub(in crate::ui) fn read(text: &str) -> Self {
        toml::from_str(text).unwrap_or_else(|error| {
            tracing::warn!("the stored state of the window cannot be read and is ignored: {error}");
            Self::default()
        })
    }

    /// The settings of the last run; `None` without one, or if this version refuses them.
    pub(in crate::ui) fn last_run(&self) -> Option<RunConfig> {
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
    use crate::figure::PanelKind;
    use crate::paint::{Side, Theme};

    #[test]
    fn stored_state_is_read_back_and_damage_gives_the_default() {
        let mut appearance = Appearance::default();
        appearance.set_theme(Theme::Contrast);
        appearance.scale(5);
        appearance.toggle(crate::figure::PanelKind::Loss);
        let config = RunConfig { seed: 9, ..RunConfig::default() };
        let mut files = KnownFiles::default();
        files.recent.add(std::path::Path::new("/talk/edge.png"));
        files.exports.remember("/talk/edge.png".as_ref(), "/home/run1.png".as_ref());
        let memory = Remembered::new(appearance, &Tiles::default(), files, &config);
        let back = Remembered::read(&memory.written());
        assert_eq!(back, memory);
        assert_eq!(back.last_run(), Some(config));
        for damaged in ["", "desk = 3", "][", "last_run = 7"] {
            assert_eq!(Remembered::read(damaged), Remembered::default(), "{damaged}");
        }
        let refused =
            Remembered { last_run: Some("seed = -1".to_owned()), ..Remembered::default() };
        assert_eq!(Remembered::read(&refused.written()).last_run(), None);
        let later = "[desk]\nscale = 150\nlater = \"unknown\"\n";
        assert_eq!(Remembered::read(later).appearance.percent(), 150);
    }

    #[test]
    fn a_layout_is_read_back_and_a_damaged_one_affects_nothing_else() {
        let mut tiles = Tiles::default();
        tiles.put(PanelKind::Loss, Side::Right, PanelKind::Sharpness);
        tiles.put(PanelKind::GradNorm, Side::Below, PanelKind::Loss);
        let mut appearance = Appearance::default();
        appearance.scale(5);
        let files = KnownFiles::default();
        let memory = Remembered::new(appearance, &tiles, files, &RunConfig::default());
        let text = memory.written();
        assert_eq!(Remembered::read(&text).tiles(), tiles);
        for damaged in ["3", "\"broken\"", "[]", "[{ share = \"wide\" }]", "[{ panels = [7] }]"] {
            let text = format!("tiles = {damaged}\nfiles = {damaged}\n[desk]\nscale = 150\n");
            let read = Remembered::read(&text);
            assert_eq!(
                (read.appearance.percent(), read.tiles()),
                (150, Tiles::default()),
                "{damaged}"
            );
        }
        let later = text.replace("\"Loss\"", "\"Entropy\"").replace("share", "later");
        let read = Remembered::read(&later);
        assert_eq!((read.appearance.percent(), read.tiles().columns().len()), (150, 2));
        assert_eq!(read.last_run(), Some(RunConfig::default()));
    }
}
