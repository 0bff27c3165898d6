//! The menu of the window itself: theme, sizes, which plots show, and the list of keys.
//! Says what is asked; does not carry it out.

use eframe::egui::{Button, Ui};

use crate::figure::PanelKind;
use crate::paint::{PlotView, Theme, Tiles};

use super::ask::Ask;
use super::desk::Desk;
use super::keys;
use super::preparation;
use super::room;
use super::session::Session;

const RESET: &str = "Put all plots above each other again, at their usual heights. Drag the title of \
    a plot to arrange them, or the border between two.";

/// Draws the button and, when it is pressed, the menu; adds what is asked.
pub(super) fn show(
    ui: &mut Ui,
    session: &Session,
    (view, desk): (&PlotView, &Desk),
    asks: &mut Vec<Ask>,
) {
    let is_tuned = preparation::is_tuned(session.current().initial_config());
    let contents = |ui: &mut Ui| {
        let now = Theme::of(ui.ctx());
        for theme in Theme::ALL {
            if ui.radio(theme == now, theme.word()).clicked() {
                asks.push(Ask::Theme(theme));
            }
        }
        ui.separator();
        let mut is_projector = desk.is_projector();
        if ui.checkbox(&mut is_projector, "Projector size (P)").changed() {
            asks.push(Ask::Projector);
        }
        let is_full = ui.input(|input| input.viewport().fullscreen.unwrap_or(false));
        let mut is_wanted = is_full;
        if ui.checkbox(&mut is_wanted, "Full screen (F11)").changed() {
            asks.push(Ask::FullScreen);
        }
        ui.horizontal(|ui| {
            ui.label(format!("Size {} %", desk.percent()));
            for (word, name, tenths) in [("−", "Smaller", -1), ("+", "Larger", 1)] {
                let button = ui.add(Button::new(word).small());
                let button = button.on_hover_text(format!("{name} (Ctrl {word})"));
                if button.accessible_name(name).clicked() {
                    asks.push(Ask::Scale(tenths));
                }
            }
        });
        ui.separator();
        for panel in PanelKind::ALL {
            let mut is_shown = desk.is_shown(panel);
            let words = format!("{} ({})", panel.title(), keys::digit(panel));
            if ui.checkbox(&mut is_shown, words).changed() {
                asks.push(Ask::Panel(panel));
            }
        }
        let is_arranged = view.tiles != Tiles::default();
        let reset = ui.add_enabled(is_arranged, Button::new("Reset layout"));
        if reset.on_hover_text(RESET).clicked() {
            asks.push(Ask::ResetLayout);
            ui.close();
        }
        ui.separator();
        if ui.button("Network (M)").clicked() {
            asks.push(Ask::Network);
            ui.close();
        }
        if is_tuned && ui.button("Preparation (G)").clicked() {
            asks.push(Ask::Preparation);
            ui.close();
        }
        if ui.button("Keys (?)").clicked() {
            asks.push(Ask::Keys);
            ui.close();
        }
    };
    let top = room::top(ui.ctx(), f32::INFINITY);
    ui.menu_button("View", |ui| room::scrolled(ui, top, contents))
        .response
        .on_hover_text("Theme, sizes, plots and keys.");
}
