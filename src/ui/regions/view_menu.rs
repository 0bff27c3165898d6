//! The View menu: theme, scale, visible plots, layout, and the views that can be opened.

use eframe::egui::{Button, Ui};

use crate::figure::PanelKind;
use crate::paint::{PlotView, Theme};
use crate::ui::action::WindowAction;
use crate::ui::appearance::{Appearance, Arrangement};
use crate::ui::session::Session;
use crate::ui::views;
use crate::ui::widgets::fit_contents;

const RESET: &str = "Put all plots back where the arrangement has them, at its heights.";

const OWN: &str = "The plots and places that you chose yourself, as they were before a named \
    arrangement was shown.";

const PRESENT: &str =
    "The plots, one sentence and a strip of controls, in large type, and nothing else.";

/// Draws the menu button and the open menu; adds window actions.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
    plots: &PlotView,
    appearance: &Appearance,
    actions: &mut Vec<WindowAction>,
) {
    let contents = |ui: &mut Ui| {
        let now = Theme::of(ui.ctx());
        ui.horizontal(|ui| {
            for theme in Theme::ALL {
                if ui.radio(theme == now, theme.word()).clicked() {
                    actions.push(WindowAction::Theme(theme));
                }
            }
        });
        ui.separator();
        let mut is_present = appearance.is_present();
        if ui.checkbox(&mut is_present, "Present (P)").on_hover_text(PRESENT).changed() {
            actions.push(WindowAction::Present);
            ui.close();
        }
        let is_full = ui.input(|input| input.viewport().fullscreen.unwrap_or(false));
        let mut is_wanted = is_full;
        if ui.checkbox(&mut is_wanted, "Full screen (F11)").changed() {
            actions.push(WindowAction::FullScreen);
        }
        ui.horizontal(|ui| {
            ui.label(format!("Size {} %", appearance.percent()));
            for (word, name, tenths) in [("−", "Smaller", -1), ("+", "Larger", 1)] {
                let button = ui.add(Button::new(word).small());
                let button = button.on_hover_text(format!("{name} (Ctrl {word})"));
                if button.accessible_name(name).clicked() {
                    actions.push(WindowAction::Scale(tenths));
                }
            }
        });
        ui.separator();
        ui.horizontal(|ui| arrangements(ui, plots, appearance, actions));
        let shown = appearance.plots().all();
        for panel in PanelKind::in_order(&[&PanelKind::GROUPS[..], &shown].concat()) {
            let mut is_shown = shown.contains(&panel);
            let key = panel.declaration().digit.map(|digit| format!(" ({digit})"));
            let words = format!("{}{}", panel.title(), key.unwrap_or_default());
            if ui.checkbox(&mut is_shown, words).changed() {
                actions.push(WindowAction::Panel(panel));
            }
        }
        let usual = appearance.plots().base().tiles();
        let is_arranged = !plots.tiles.is_as(&usual, &shown);
        let reset = ui.add_enabled(is_arranged, Button::new("Reset layout"));
        if reset.on_hover_text(RESET).clicked() {
            actions.push(WindowAction::ResetLayout);
            ui.close();
        }
        ui.separator();
        for info in views::ALL.iter().filter(|info| (info.is_in_menu)(session)) {
            if ui.button(info.entry()).clicked() {
                actions.push(WindowAction::Toggle(info));
                ui.close();
            }
        }
    };
    let top = fit_contents::top(ui.ctx(), f32::INFINITY);
    ui.menu_button("View", |ui| fit_contents::scrolled(ui, top, contents))
        .response
        .on_hover_text("Theme, sizes, Present, plots, and keys and pointer.");
}

/// The named arrangements, and the user's own one if there is one.
fn arrangements(
    ui: &mut Ui,
    plots: &PlotView,
    appearance: &Appearance,
    actions: &mut Vec<WindowAction>,
) {
    let now = appearance.plots().arrangement(&plots.tiles);
    for arrangement in Arrangement::all() {
        let entry = ui.radio(now == Some(arrangement), arrangement.name);
        if entry.on_hover_text(arrangement.sentence).clicked() {
            actions.push(WindowAction::Arrange(Some(arrangement)));
        }
    }
    if appearance.plots().has_own(&plots.tiles)
        && ui.radio(now.is_none(), "Own").on_hover_text(OWN).clicked()
    {
        actions.push(WindowAction::Arrange(None));
    }
}
