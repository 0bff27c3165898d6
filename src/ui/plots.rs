//! The plots of the window: the current run and its ghosts, drawn by the paint room.
//! Does not know how a curve is composed or painted.

use eframe::egui::{Color32, Ui};

use super::session::Session;

/// What is in view.
#[derive(Debug, Default)]
pub(super) struct Plots {
    is_following: bool,
}

impl Plots {
    pub(super) fn show(&mut self, ui: &mut Ui, _session: &Session) {
        ui.label("plots");
    }
    pub(super) fn follow(&mut self) { self.is_following = !self.is_following; }
    pub(super) fn fit(&mut self) {}
    pub(super) fn is_following(&self) -> Option<()> { self.is_following.then_some(()) }
}

pub(super) fn ghost_color(_ui: &Ui, _index: usize) -> Color32 { Color32::GRAY }
pub(super) fn install_theme(_ctx: &eframe::egui::Context) {}
