//! The list of keys over the window, as the table of keys has it.
//! Does not know what the keys do.

use std::ops::Add;

use eframe::egui::{
    self, Align2, Context, Grid, Key, Modifiers, RichText, ScrollArea, Ui, Vec2, vec2,
};

use super::export::Open;
use super::keys::{self, Group};

/// Further than the list is long, in points.
const FAR: f32 = 1e5;

/// What an arrow key moves the list by, in points.
const LINE: f32 = 40.0;

/// What keys do on the control that has the keyboard.
const FOCUS: [&str; 2] = [
    "Tab goes from control to control; Enter or Space uses one.",
    "Arrow keys on the title of a plot move the plot, on a border between two the border.",
];

/// How far the keys that scroll move the list, in points; takes them from the run behind it.
pub(super) fn scrolled(ctx: &Context) -> Vec2 {
    let page = ctx.content_rect().height() * 0.7;
    let moves = [
        (Key::ArrowDown, vec2(0.0, -LINE)),
        (Key::ArrowUp, vec2(0.0, LINE)),
        (Key::ArrowRight, vec2(-LINE, 0.0)),
        (Key::ArrowLeft, vec2(LINE, 0.0)),
        (Key::PageDown, vec2(0.0, -page)),
        (Key::PageUp, vec2(0.0, page)),
        (Key::End, vec2(0.0, -FAR)),
        (Key::Home, vec2(0.0, FAR)),
    ];
    let pressed = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    moves
        .into_iter()
        .filter(|(key, _)| pressed(*key))
        .map(|(_, way)| way)
        .fold(Vec2::ZERO, Vec2::add)
}

/// Draws the list, moved so far; says whether it stays.
pub(super) fn show(ctx: &Context, moved: Vec2) -> Open {
    let mut is_open = true;
    let room = ctx.content_rect().size() - egui::vec2(40.0, 90.0);
    egui::Window::new("Keys")
        .open(&mut is_open)
        .collapsible(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, egui::Vec2::ZERO)
        .max_width(room.x)
        .show(ctx, |ui| {
            let area = ScrollArea::both().max_height(room.y).max_width(room.x);
            let area = area.min_scrolled_height(room.y).min_scrolled_width(room.x);
            area.show(ui, |ui| {
                ui.scroll_with_delta(moved);
                ui.horizontal_top(|ui| {
                    for column in keys::table().chunks(2) {
                        ui.vertical(|ui| column.iter().for_each(|group| list(ui, group)));
                        ui.add_space(18.0);
                    }
                });
                for line in FOCUS {
                    ui.weak(line);
                }
            });
        });
    if is_open { Open::Yes } else { Open::No }
}

fn list(ui: &mut Ui, group: &Group) {
    ui.strong(group.title);
    Grid::new(group.title).num_columns(2).spacing([18.0, 4.0]).show(ui, |ui| {
        for row in &group.rows {
            ui.label(RichText::new(row.shown).monospace().strong());
            ui.label(row.words);
            ui.end_row();
        }
    });
    ui.add_space(10.0);
}
