//! The window in Present: the plots, one sentence and a strip, and the rest at the edges.

use eframe::egui::{CentralPanel, Frame, Panel, Ui};

use crate::paint::theme;
use crate::ui::regions::above_plots::{narrator_line, readout};
use crate::ui::regions::asked::Asked;
use crate::ui::regions::present::{self, Edge};
use crate::ui::regions::room::Room;
use crate::ui::regions::{status, top_bar};

use super::application::App;

impl App {
    /// Draws Present in all of the window.
    pub(super) fn present(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let factor = theme::factor(ui.style());
        let size = ctx.content_rect().size();
        let margin = present::margin(size, factor);
        let frame = Frame::side_top_panel(ui.style()).inner_margin(margin.min(5.0 * factor));
        let strip = Panel::left("strip")
            .frame(frame)
            .resizable(false)
            .exact_size(present::WIDTH * factor)
            .show(ui, |ui| {
                self.strip.show(ui, &mut self.controls, &self.session, &self.appearance)
            });
        self.obey(&ctx, strip.inner);
        let space = ui.available_rect_before_wrap();
        let frame = Frame::central_panel(ui.style()).inner_margin(margin);
        CentralPanel::default().frame(frame).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0 * factor;
            let clicked =
                narrator_line::show_large(ui, self.session.current(), present::SENTENCE_ROWS);
            if let Some(action) = clicked {
                self.act(&ctx, action);
            }
            if present::has_readout(size, factor) {
                readout::show(ui, self.session.current());
                ui.add_space(3.0 * factor);
            }
            self.plots(ui);
        });
        let room = Room::at_edges(size, factor);
        let bar = present::show_at_edge(&ctx, Edge::Top, space, |ui| {
            top_bar::show(ui, &self.session, &mut self.plots, &self.appearance, room)
        });
        self.obey(&ctx, bar.unwrap_or_else(Asked::default));
        present::show_at_edge(&ctx, Edge::Bottom, space, |ui| {
            status::show(ui, self.session.current(), &self.speed);
        });
        if self.is_controls_open {
            self.controls_over(&ctx, space);
        }
    }
}
