//! The gesture in progress and pending focus, shared by all number controls.

use std::ops::RangeInclusive;

use eframe::egui::{Context, Id, Response};

use crate::ui::gesture::Gesture;

/// The longest time between the presses of a double-click, in seconds; egui's default.
pub(super) const DOUBLE_CLICK_SECS: f64 = 0.3;

/// The press or drag in progress and pending focus, shared by all controls.
#[derive(Debug, Default)]
pub(in crate::ui) struct Interaction {
    pub(super) held: Option<Held>,
    last_press: Option<(&'static str, f64)>,
    next_gesture: Option<Gesture>,
    /// Key of the control to focus, and its id once it was drawn.
    wanted: Option<(&'static str, Option<Id>)>,
    /// Key of the control whose text was refused, the message, and the value that stayed. The message
    /// stays until that control is used again, so nothing moves under the pointer.
    pub(super) refused: Option<(&'static str, String, f64)>,
}

/// A slider or field that is held.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) key: &'static str,
    pub(super) value: f64,
    pub(super) span: Option<RangeInclusive<f64>>,
    /// Time at which a released slider takes effect, unless a second click comes first.
    pub(super) due_secs: Option<f64>,
}

impl Interaction {
    pub(super) fn held(&self, key: &str) -> Option<&Held> {
        self.held.as_ref().filter(|held| held.key == key)
    }

    /// Requests keyboard focus for a control, by key.
    pub(in crate::ui) fn focus(&mut self, key: &'static str) {
        self.wanted = Some((key, None));
    }

    /// Reports that a control was drawn. If its focus was requested, it gets focus before the next frame,
    /// as if by Tab, so a field selects its text.
    pub(in crate::ui) fn drawn(&mut self, key: &str, control: &Response) {
        if let Some((wanted, place @ None)) = &mut self.wanted
            && *wanted == key
        {
            *place = Some(control.id);
            control.scroll_to_me(None);
            control.ctx.request_repaint();
        }
    }

    /// Gives focus to the control found in the last frame. Call before drawing any control.
    pub(in crate::ui) fn give_focus(&mut self, ctx: &Context) {
        if let Some((_, Some(id))) = self.wanted {
            self.wanted = None;
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Starts a gesture, unless the press is the second of a double-click.
    pub(super) fn press(&mut self, key: &'static str, now: f64) {
        let is_second = self
            .last_press
            .is_some_and(|(last, at)| last == key && now - at <= 2.0 * DOUBLE_CLICK_SECS);
        self.next_gesture = Some(if is_second { Gesture::Continued } else { Gesture::New });
        self.last_press = Some((key, now));
    }

    pub(super) fn gesture(&mut self) -> Gesture {
        self.next_gesture.replace(Gesture::Continued).unwrap_or(Gesture::New)
    }
}
