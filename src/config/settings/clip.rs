//! The settings of clipping: what of the gradient is clipped, and at which level.
//! Does not clip (`optim/` does).

use serde::{Deserialize, Serialize};

use super::super::choices::word_enum;
use super::declaration::{Section, SliderRange, log};
use super::group::{any_of, settings};

settings! {
    /// Clipping of the gradient.
    Clip at (live.clip) {
        /// Clip the gradient's global norm at a level, given itself (absolute) or as a multiple of
        /// ‖g₀‖ (relative), each coordinate (value), or each unit's norm against that of its weights
        /// (adaptive).
        mode: ClipMode = ClipMode::Off => CLIP_MODE,
            live(Section::Clipping, "Clipping", any_of!(ClipMode)).also_sets(|config, before| {
                config.live.clip.value = before.live.clip.level_for(config.live.clip.mode);
            });
        /// The largest that is let through: the gradient's norm, a coordinate's size, or a unit's
        /// gradient norm as a multiple of its weights' norm.
        value: f64 = 1.0 => CLIP_VALUE,
            live(Section::Clipping, "Clip level", log(1e-6, 1e4))
                .slider_range(SliderRange::Of(|config, _| {
                    if config.live.clip.mode.is_of_norm() { [1e-3, 1e3] } else { [1e-5, 10.0] }
                }))
                .unit_of(|config| match config.live.clip.mode {
                    ClipMode::Relative => Some("× ‖g₀‖"),
                    ClipMode::Adaptive => Some("× ‖w‖"),
                    ClipMode::Off | ClipMode::Absolute | ClipMode::Value => None,
                })
                .unread(|config| {
                    (config.live.clip.mode == ClipMode::Off).then(|| "clipping is off".into())
                });
    }
}

impl Clip {
    /// Clipping of this kind at this level.
    #[must_use]
    pub fn at(mode: ClipMode, value: f64) -> Self {
        Self { mode, value }
    }

    /// The level in another mode: the usual one where the former is of another kind, for a norm is
    /// no coordinate, and neither is a multiple of the weights.
    fn level_for(&self, mode: ClipMode) -> f64 {
        let kind = |mode: ClipMode| match mode {
            ClipMode::Off | ClipMode::Absolute | ClipMode::Relative => ClipMode::Off,
            ClipMode::Value | ClipMode::Adaptive => mode,
        };
        if kind(self.mode) == kind(mode) { self.value } else { mode.default_level() }
    }
}

/// What is clipped, and what `Clip::value` is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClipMode {
    /// No clipping.
    Off,
    /// The global norm, at the largest gradient norm c itself: g ← g·min(1, c/‖g‖).
    Absolute,
    /// The same at a multiple of the first gradient's norm ‖g₀‖.
    Relative,
    /// Each coordinate, at ±c.
    Value,
    /// Each unit's norm, at c times the norm of its weights (arXiv 2102.06171).
    Adaptive,
}
word_enum!(ClipMode {
    Off => "off", Absolute => "absolute", Relative => "relative", Value => "value",
    Adaptive => "adaptive",
});

impl ClipMode {
    /// Whether the global norm is what is compared with the level.
    #[must_use]
    pub const fn is_of_norm(self) -> bool {
        matches!(self, Self::Absolute | Self::Relative)
    }

    /// A level to begin with, in the units of this mode.
    #[must_use]
    pub const fn default_level(self) -> f64 {
        match self {
            Self::Off | Self::Absolute | Self::Relative => 1.0,
            Self::Value | Self::Adaptive => 0.01,
        }
    }
}
