//! The drawer of runs: a card for the current run and for every former one. Beside the plots where there
//! is room, else a window over the controls.

mod icons;
mod run_tile;
mod sparkline;

use eframe::egui::{Button, Context, RichText, ScrollArea, Ui, Window};
use eframe::egui::{Key, Modifiers};

use crate::history::Run;
use crate::paint::theme;
use crate::ui::session::run_list::{RunCard, Shown, Why, family_words};
use crate::ui::session::{Request, Session};
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{Scene, View, ViewInfo, always};
use crate::ui::widgets::fit_contents;

use run_tile::{Tile, TypedName};

/// Width of the drawer as a window in points, before scaling.
const WIDTH: f32 = 300.0;

/// View declaration.
pub(in crate::ui) static VIEW: ViewInfo = ViewInfo {
    shortcut: Some(Shortcut {
        section: Section::Window,
        keys: &[(Modifiers::NONE, Key::D)],
        key_label: "D",
        description: "Drawer of runs",
    }),
    is_in_menu: always,
    ..ViewInfo::new("Runs", |_, _| Box::new(RunDrawer::default()))
};

/// The open drawer.
#[derive(Debug, Default)]
struct RunDrawer {
    /// The run whose name the user is typing, with the text so far.
    typed: Option<TypedName>,
}

impl View for RunDrawer {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let top = fit_contents::top(ctx, 90.0);
        let width = fit_contents::width(ctx, WIDTH * theme::factor(&ctx.global_style()).sqrt());
        let window = window.resizable(false).fixed_pos([8.0, top]).default_width(width);
        let shown = window.show(ctx, |ui| {
            ui.set_width(width);
            fit_contents::scrolled(ui, top, |ui| self.contents(ui, scene.session))
        });
        shown.and_then(|shown| shown.inner).unwrap_or_default()
    }

    fn show_docked(&mut self, ui: &mut Ui, scene: Scene<'_>) -> Vec<Request> {
        ui.strong("Runs").on_hover_text("The drawer of runs; D closes it.");
        let area = ScrollArea::vertical().auto_shrink(false);
        let shown = area.show(ui, |ui| {
            // Space for the scroll bar, which egui draws over the contents.
            ui.set_width((ui.available_width() - 10.0).max(60.0));
            let requests = self.contents(ui, scene.session);
            fit_contents::follow_focus(ui);
            requests
        });
        shown.inner
    }

    fn take_keys(&mut self, ctx: &Context) {
        // Esc leaves the name as it was.
        if self.typed.is_some()
            && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape))
        {
            self.typed = None;
        }
    }
}

impl RunDrawer {
    fn contents(&mut self, ui: &mut Ui, session: &Session) -> Vec<Request> {
        let mut requests = Vec::new();
        let family = family_words(session.current().config());
        ui.add(eframe::egui::Label::new(RichText::new(family).weak()).truncate()).on_hover_text(
            "Runs of the same task, number of examples and loss as the current run are drawn over \
             it by themselves. The others wait until their eye is opened.",
        );
        requests.extend(self.tile(ui, session.current(), session.current_card(), None));
        let shown = session.runs().shown(session.current().config());
        let all: Vec<_> = session.runs().former().iter().zip(shown).rev().collect();
        let is_other = |shown: &Shown| *shown == Shown::Waiting(Why::OtherFamily);
        let n_others = all.iter().filter(|(_, shown)| is_other(shown)).count();
        for (listed, shown) in all.iter().filter(|(_, shown)| !is_other(shown)) {
            requests.extend(self.tile(ui, &listed.run, &listed.card, Some(shown)));
        }
        if n_others > 0 {
            ui.add_space(4.0);
            ui.weak(format!("Of another task, size or loss ({n_others})"));
        }
        for (listed, shown) in all.iter().filter(|(_, shown)| is_other(shown)) {
            requests.extend(self.tile(ui, &listed.run, &listed.card, Some(shown)));
        }
        requests.extend(buttons(ui, session));
        requests
    }

    fn tile(
        &mut self,
        ui: &mut Ui,
        run: &Run,
        card: &RunCard,
        shown: Option<&Shown>,
    ) -> Option<Request> {
        let pushed =
            ui.push_id(run.id().0, |ui| Tile { run, card, shown }.show(ui, &mut self.typed));
        pushed.inner
    }
}

/// What concerns all runs: compare, remove, bring back.
fn buttons(ui: &mut Ui, session: &Session) -> Vec<Request> {
    let mut requests = Vec::new();
    ui.horizontal_wrapped(|ui| {
        let is_any_drawn = session.drawn().next().is_some();
        let compare = ui
            .add_enabled(is_any_drawn, Button::new("Compare").small())
            .on_hover_text("A table of the settings that differ, and of results with their steps.")
            .on_disabled_hover_text("No former run is drawn.");
        if compare.clicked() {
            requests.push(Request::Compare);
        }
        let is_any = session.runs().former().iter().any(|listed| !listed.card.is_pinned);
        let remove = ui
            .add_enabled(is_any, Button::new("Remove all").small())
            .on_hover_text("Removes every former run without a pin; Ctrl+Z brings them back.")
            .on_disabled_hover_text("There is no former run without a pin.");
        if remove.clicked() {
            requests.push(Request::RemoveRuns);
        }
        if let Some(words) = session.removal_preview()
            && ui.add(Button::new(words).small()).on_hover_text("Ctrl+Z").clicked()
        {
            requests.push(Request::Undo);
        }
    });
    requests
}
