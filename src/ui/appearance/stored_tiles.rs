//! The places of plots as they are stored between launches. A damaged or unknown layout becomes the
//! default one and affects nothing else.

use serde::{Deserialize, Deserializer, Serialize};

use crate::figure::PanelKind;
use crate::paint::{Column, Tiles};

/// Columns of plots; none for the default layout.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub(in crate::ui) struct StoredTiles(Vec<StoredColumn>);

/// A stored column of plots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct StoredColumn {
    /// Fraction of the width.
    share: f32,
    /// Titles of its plots, top to bottom.
    panels: Vec<String>,
    /// Their fractions of the height.
    heights: Vec<f32>,
}

impl<'de> Deserialize<'de> for StoredTiles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        Ok(Self(value.try_into().unwrap_or_else(|error| {
            tracing::warn!("the stored layout of the plots cannot be read and is ignored: {error}");
            Vec::new()
        })))
    }
}

impl StoredTiles {
    /// The places to store.
    pub(in crate::ui) fn new(tiles: &Tiles) -> Self {
        let stored = |column: &Column| StoredColumn {
            share: column.share,
            panels: column.panels.iter().map(|(kind, _)| kind.title().to_owned()).collect(),
            heights: column.panels.iter().map(|(_, share)| *share).collect(),
        };
        let is_usual = *tiles == Tiles::default();
        Self(if is_usual { Vec::new() } else { tiles.columns().iter().map(stored).collect() })
    }

    /// Whether they are the default ones.
    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The places; unknown titles are skipped.
    pub(in crate::ui) fn tiles(&self) -> Tiles {
        let column = |stored: &StoredColumn| {
            let heights = stored.heights.iter().copied().chain(std::iter::repeat(f32::NAN));
            let panels = stored.panels.iter().zip(heights);
            let panels =
                panels.filter_map(|(title, share)| Some((PanelKind::titled(title)?, share)));
            Column { share: stored.share, panels: panels.collect() }
        };
        Tiles::of(self.0.iter().map(column))
    }
}
