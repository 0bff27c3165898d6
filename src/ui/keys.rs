//! Keys that act on the run while nobody is typing: space, full stop and R.
//! Does not know what a run does with them.

use eframe::egui::{Context, Key, Modifiers};

use super::wish::Wish;

/// What the keys of this frame ask for; none while a widget has the keyboard.
pub(super) fn wishes(ctx: &Context) -> Vec<Wish> {
    if ctx.egui_wants_keyboard_input() {
        return Vec::new();
    }
    let keys = [(Key::Space, Wish::Toggle), (Key::Period, Wish::StepOnce), (Key::R, Wish::Again)];
    ctx.input_mut(|input| {
        keys.into_iter()
            .filter(|(key, _)| input.consume_key(Modifiers::NONE, *key))
            .map(|(_, wish)| wish)
            .collect()
    })
}
