//! The settings of gradient clipping: its mode and its level.

use serde::{Deserialize, Serialize};

use super::super::choices::word_enum;
use super::declaration::{Section, SliderRange, log};
use super::group::{any_of, settings};

settings! {
    /// Clipping of the gradient.
    Clip at (live.clip) {
        /// absolute clips the gradient's global norm at the level, relative at a multiple of ‖g₀‖;
        /// value clips each coordinate; adaptive clips each unit's norm, relative to that of its
        /// weights.
        mode: ClipMode = ClipMode::Off => CLIP_MODE,
            live(Section::Clipping, "Clipping", any_of!(ClipMode)).also_sets(|config, before| {
                config.live.clip.value = before.live.clip.level_for(config.live.clip.mode);
            });
        /// Largest value left unclipped: of the gradient's norm, a coordinate's size, or a unit's
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
    /// Clipping in this mode at this level.
    #[must_use]
    pub fn at(mode: ClipMode, value: f64) -> Self {
        Self { mode, value }
    }

    /// The level after a change to `mode`: unchanged if both modes measure the same kind of
    /// quantity, else the new mode's default.
    fn level_for(&self, mode: ClipMode) -> f64 {
        let kind = |mode: ClipMode| match mode {
            ClipMode::Off | ClipMode::Absolute | ClipMode::Relative => ClipMode::Off,
            ClipMode::Value | ClipMode::Adaptive => mode,
        };
        if kind(self.mode) == kind(mode) { self.value } else { mode.default_level() }
    }
}

word_enum! {
    /// What is clipped, and the unit of `Clip::value`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum ClipMode {
        /// No clipping.
        Off => "off",
        /// The global norm, at c: g ← g·min(1, c/‖g‖).
        Absolute => "absolute",
        /// The global norm, at c times the first gradient's norm ‖g₀‖.
        Relative => "relative",
        /// Each coordinate, at ±c.
        Value => "value",
        /// Each unit's norm, at c times the norm of its weights (arXiv 2102.06171).
        Adaptive => "adaptive",
    }
}

impl ClipMode {
    /// Whether the level bounds the global norm.
    #[must_use]
    pub const fn is_of_norm(self) -> bool {
        matches!(self, Self::Absolute | Self::Relative)
    }

    /// The default level, in the unit of this mode.
    #[must_use]
    pub const fn default_level(self) -> f64 {
        match self {
            Self::Off | Self::Absolute | Self::Relative => 1.0,
            Self::Value | Self::Adaptive => 0.01,
        }
    }
}
