//! Keys that act on the run while nobody is typing: space, full stop, R, and undo and redo.
//! Does not know what a run does with them.

use eframe::egui::{Context, Key, Modifiers};

use super::wish::Wish;

/// What the keys of this frame ask for; none while a widget has the keyboard.
pub(super) fn wishes(ctx: &Context) -> Vec<Wish> {
    if ctx.egui_wants_keyboard_input() {
        return Vec::new();
    }
    let keys = [
        (Modifiers::COMMAND | Modifiers::SHIFT, Key::Z, Wish::Redo),
        (Modifiers::COMMAND, Key::Y, Wish::Redo),
        (Modifiers::COMMAND, Key::Z, Wish::Undo),
        (Modifiers::NONE, Key::Space, Wish::Toggle),
        (Modifiers::NONE, Key::Period, Wish::StepOnce),
        (Modifiers::NONE, Key::R, Wish::Again),
    ];
    ctx.input_mut(|input| {
        keys.into_iter()
            .filter(|(modifiers, key, _)| input.consume_key(*modifiers, *key))
            .map(|(_, _, wish)| wish)
            .collect()
    })
}
