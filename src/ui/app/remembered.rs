//! What the window remembers from one time to the next: its set-up, and the settings of the last run.
//! Does not know where it is stored; what cannot be read counts as absent.

use serde::{Deserialize, Deserializer, Serialize};

use crate::config::RunConfig;
use crate::figure::PanelKind;
use crate::paint::{Column, Tiles};
use crate::ui::appearance::Appearance;

/// What it is stored under.
pub(in crate::ui) const KEY: &str = "eoscope";

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::ui) struct Remembered {
    /// The set-up of the window; stored under a name of its own.
    #[serde(rename = "desk")]
    pub(in crate::ui) appearance: Appearance,
    /// Which plot stands where, column by column; none while nobody has arranged them.
    #[serde(deserialize_with = "readable", skip_serializing_if = "Vec::is_empty")]
    tiles: Vec<StoredColumn>,
    /// The configuration of the last run, as a document of its own.
    last_run: Option<String>,
}

/// A column of plots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct StoredColumn {
    /// Share of the width.
    share: f32,
    /// Titles from top to bottom.
    panels: Vec<String>,
    /// Their shares of the height.
    heights: Vec<f32>,
}

/// Columns that can be read; what is damaged or of a later version is as good as nothing, and takes
/// nothing else with it.
fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StoredColumn>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    Ok(value.try_into().unwrap_or_else(|error| {
        tracing::warn!("the arrangement of the plots cannot be read and is ignored: {error}");
        Vec::new()
    }))
}

impl Remembered {
    /// What is to be remembered now.
    pub(in crate::ui) fn new(appearance: Appearance, tiles: &Tiles, last_run: &RunConfig) -> Self {
        let stored = |column: &Column| StoredColumn {
            share: column.share,
            panels: column.panels.iter().map(|(kind, _)| kind.title().to_owned()).collect(),
            heights: column.panels.iter().map(|(_, share)| *share).collect(),
        };
        let is_usual = *tiles == Tiles::default();
        let tiles =
            if is_usual { Vec::new() } else { tiles.columns().iter().map(stored).collect() };
        Self { appearance, tiles, last_run: Some(last_run.to_toml()) }
    }

    /// Which plot stands where; titles that this version does not know are left out.
    pub(in crate::ui) fn tiles(&self) -> Tiles {
        let known = |title: &String| PanelKind::ALL.into_iter().find(|kind| kind.title() == title);
        let column = |stored: &StoredColumn| {
            let heights = stored.heights.iter().copied().chain(std::iter::repeat(f32::NAN));
            let panels = stored.panels.iter().zip(heights);
            let panels = panels.filter_map(|(title, share)| Some((known(title)?, share)));
            Column { share: stored.share, panels: panels.collect() }
        };
        Tiles::of(self.tiles.iter().map(column))
    }

    /// The text to store.
    pub(in crate::ui) fn written(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// What a stored text says; damage is logged and forgotten.
    pub(in crate::ui) fn read(text: &str) -> Self {
        toml::from_str(text).unwrap_or_else(|error| {
            tracing::warn!("what the window remembered cannot be read and is ignored: {error}");
            Self::default()
        })
    }

    /// The settings of the last run; `None` without one, or when this version refuses them.
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
    use crate::paint::{Side, Theme};

    #[test]
    fn what_is_remembered_comes_back_and_damage_is_nothing() {
        let mut appearance = Appearance::default();
        appearance.set_theme(Theme::Contrast);
        appearance.scale(5);
        appearance.toggle(crate::figure::PanelKind::Loss);
        let config = RunConfig { seed: 9, ..RunConfig::default() };
        let memory = Remembered::new(appearance, &Tiles::default(), &config);
        let back = Remembered::read(&memory.written());
        assert_eq!(back, memory);
        assert_eq!(back.last_run(), Some(config));
        for damaged in ["", "desk = 3", "][", "last_run = 7"] {
            assert_eq!(Remembered::read(damaged), Remembered::default(), "{damaged}");
        }
        let refused = Remembered { last_run: Some("seed = -1".to_owned()), ..Remembered::default() };
        assert_eq!(Remembered::read(&refused.written()).last_run(), None);
        let later = "[desk]\nscale = 150\nlater = \"unknown\"\n";
        assert_eq!(Remembered::read(later).appearance.percent(), 150);
    }
    #[test]
    fn an_arrangement_comes_back_and_a_damaged_one_takes_nothing_else_with_it() {
        let mut tiles = Tiles::default();
        tiles.put(PanelKind::Loss, Side::Right, PanelKind::Sharpness);
        tiles.put(PanelKind::GradNorm, Side::Below, PanelKind::Loss);
        let mut appearance = Appearance::default();
        appearance.scale(5);
        let memory = Remembered::new(appearance, &tiles, &RunConfig::default());
        let text = memory.written();
        assert_eq!(Remembered::read(&text).tiles(), tiles);
        for damaged in ["3", "\"broken\"", "[]", "[{ share = \"wide\" }]", "[{ panels = [7] }]"] {
            let text = format!("tiles = {damaged}\n[desk]\nscale = 150\n");
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
