//! The list of keys and pointer actions over the window.

use std::ops::Add;

use eframe::egui::{
    Align2, Context, Grid, Key, Modifiers, RichText, ScrollArea, Ui, Vec2, Window, vec2,
};

use crate::ui::session::Request;
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{Scene, View, ViewInfo, ViewKind, always};

/// Scroll distance to either end of the list, in points.
const FAR: f32 = 1e5;

/// Scroll distance of an arrow key, in points.
const LINE: f32 = 40.0;

/// What the list leaves free around it in points, title and margins included: the bar stays in view.
const AROUND: Vec2 = vec2(40.0, 170.0);

/// Keys of the focused control.
const FOCUS: [&str; 2] = [
    "Tab goes from control to control; Enter or Space uses one.",
    "Arrow keys on the title of a plot move the plot, on a border between two the border.",
];

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    kind: ViewKind::Help,
    shortcut: Some(Shortcut {
        section: Section::Window,
        keys: &[(Modifiers::NONE, Key::Questionmark), (Modifiers::NONE, Key::F1)],
        key_label: "?",
        description: "This list",
    }),
    is_in_menu: always,
    ..ViewInfo::new("Keys and pointer", |_, _| Box::new(KeyList::default()))
};

/// The list.
#[derive(Debug, Default)]
struct KeyList {
    /// Scroll offset by the keys of this frame, in points.
    scroll: Vec2,
}

impl View for KeyList {
    /// Scrolls by arrow keys, which would otherwise change the run.
    fn take_keys(&mut self, ctx: &Context) {
        self.scroll = scrolled(ctx);
    }

    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let space = ctx.content_rect().size() - AROUND;
        let window = window.resizable(false).anchor(Align2::CENTER_CENTER, Vec2::ZERO);
        window.max_width(space.x).show(ctx, |ui| {
            let area = ScrollArea::both().max_height(space.y).max_width(space.x);
            let area = area.min_scrolled_height(space.y).min_scrolled_width(space.x);
            area.show(ui, |ui| {
                ui.scroll_with_delta(self.scroll);
                ui.horizontal_top(|ui| {
                    for column in Section::ALL.chunks(2) {
                        ui.vertical(|ui| {
                            for section in column {
                                list(ui, *section, scene.shortcuts);
                            }
                        });
                        ui.add_space(18.0);
                    }
                });
                for line in FOCUS {
                    ui.weak(line);
                }
            });
        });
        Vec::new()
    }
}

/// Consumes the scroll keys of this frame; returns their offset in points.
fn scrolled(ctx: &Context) -> Vec2 {
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
        .map(|(_, offset)| offset)
        .fold(Vec2::ZERO, Vec2::add)
}

fn list(ui: &mut Ui, section: Section, shortcuts: &[&Shortcut]) {
    ui.strong(section.title());
    Grid::new(section.title()).num_columns(2).spacing([18.0, 4.0]).show(ui, |ui| {
        for shortcut in shortcuts.iter().filter(|shortcut| shortcut.section == section) {
            ui.label(RichText::new(shortcut.key_label).monospace().strong());
            ui.label(shortcut.description);
            ui.end_row();
        }
    });
    ui.add_space(10.0);
}
