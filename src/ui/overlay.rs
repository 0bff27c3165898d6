//! The list of keys over the window, as the table of keys has it.
//! Does not know what the keys do.

use eframe::egui::{self, Align2, Context, Grid, RichText, ScrollArea, Ui};

use super::export::Open;
use super::keys::{self, Group};

/// What keys do on the control that has the keyboard.
const FOCUS: [&str; 2] = [
    "Tab goes from control to control; Enter or Space uses one.",
    "Arrow keys on the title of a plot move the plot, on a border between two the border.",
];

/// Draws the list; says whether it stays.
pub(super) fn show(ctx: &Context) -> Open {
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
