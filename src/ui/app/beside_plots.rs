//! The drawer of runs at the right of the plots, in a window that is wide enough.

use eframe::egui::{Frame, Panel, Ui};

use crate::paint::theme;
use crate::ui::view_info::Scene;
use crate::ui::views;

use super::application::App;
use super::keys;

/// Width of the drawer in points, before scaling.
const WIDTH: f32 = 270.0;

impl App {
    /// Draws the drawer if it is open; elsewhere it is a window.
    pub(super) fn drawer(&mut self, ui: &mut Ui, frame: Frame) {
        if !self.views.is_open(&views::RUN_DRAWER) {
            return;
        }
        let (shortcuts, panels) = (keys::shortcuts(), self.appearance.plots().all());
        let scene = Scene {
            session: &self.session,
            plots: &self.plots,
            panels: &panels,
            is_smallest_shown: self.controls.is_smallest_shown(),
            shortcuts: &shortcuts,
        };
        let width = WIDTH * theme::factor(ui.style()).sqrt();
        let panel = Panel::right("runs").frame(frame).resizable(false).exact_size(width);
        let open = &mut self.views;
        let shown = panel.show(ui, |ui| open.show_docked(&views::RUN_DRAWER, ui, scene));
        self.carry_out(shown.inner);
    }
}
