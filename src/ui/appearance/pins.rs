//! The controls that the user has pinned to the strip of Present, by the keys of their settings.

use serde::{Deserialize, Serialize};

use crate::config::settings::{CLIP_MODE, PEAK_LR, SCALE, WARMUP_STEPS};
use crate::config::{Range, Setting};

/// The most controls that can be pinned.
const MAX_PINS: usize = 3;

/// Keys of the pinned settings, in the order of pinning; unknown ones are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::ui) struct Pins(Vec<String>);

impl Default for Pins {
    /// What a lecture changes besides the learning rate.
    fn default() -> Self {
        Self([&WARMUP_STEPS, &CLIP_MODE, &SCALE].map(|setting| setting.key.to_owned()).into())
    }
}

impl Pins {
    /// The pinned settings, in the order of pinning.
    pub(in crate::ui) fn settings(&self) -> Vec<&'static Setting> {
        let known = |key: &String| Setting::all().find(|setting| setting.key == key);
        self.0.iter().filter_map(known).filter(|setting| can_pin(setting)).take(MAX_PINS).collect()
    }

    /// Whether a setting is pinned.
    pub(in crate::ui) fn is_pinned(&self, setting: &Setting) -> bool {
        self.settings().contains(&setting)
    }

    /// Whether another setting can be pinned.
    pub(in crate::ui) fn has_room(&self) -> bool {
        self.settings().len() < MAX_PINS
    }

    /// Pins a setting if there is room, or removes its pin.
    pub(in crate::ui) fn toggle(&mut self, setting: &'static Setting) {
        let mut pinned = self.settings();
        if self.is_pinned(setting) {
            pinned.retain(|other| *other != setting);
        } else if self.has_room() && can_pin(setting) {
            pinned.push(setting);
        }
        self.0 = pinned.into_iter().map(|setting| setting.key.to_owned()).collect();
    }
}

/// Whether a setting has a control that fits the strip; the learning rate is always in it.
pub(in crate::ui) fn can_pin(setting: &Setting) -> bool {
    let is_single = match setting.range {
        Range::Real { .. }
        | Range::Whole { .. }
        | Range::WholeOr(_)
        | Range::Switch
        | Range::Word(_) => true,
        Range::Widths | Range::Factors | Range::Text => false,
    };
    is_single && *setting != PEAK_LR
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{MOMENTUM, SEED};

    #[test]
    fn three_controls_are_pinned_and_a_fourth_waits_for_room() {
        let mut pins = Pins::default();
        assert_eq!(pins.settings(), [&WARMUP_STEPS, &CLIP_MODE, &SCALE]);
        pins.toggle(&MOMENTUM);
        assert!(!pins.is_pinned(&MOMENTUM) && !pins.has_room());
        pins.toggle(&CLIP_MODE);
        pins.toggle(&MOMENTUM);
        assert_eq!(pins.settings(), [&WARMUP_STEPS, &SCALE, &MOMENTUM]);
        pins.toggle(&PEAK_LR);
        assert!(!pins.is_pinned(&PEAK_LR));
        let unknown = vec!["live.later".to_owned(), SEED.key.to_owned()];
        assert_eq!(Pins(unknown).settings(), [&SEED]);
    }
}
