//! Carries out window actions; those that concern a run become requests to the session.

use eframe::egui::Context;

use crate::config::Setting;
use crate::config::settings::PEAK_LR;
use crate::figure::{PanelKind, place_of_step};
use crate::paint::Theme;
use crate::text;
use crate::ui::action::WindowAction;
use crate::ui::appearance::{self, Arrangement};
use crate::ui::gesture::Gesture;
use crate::ui::regions::controls::{section_of, shown_for};
use crate::ui::regions::tools;
use crate::ui::session::Request;

use super::application::App;

impl App {
    /// Carries out a window action.
    pub(super) fn act(&mut self, ctx: &Context, action: WindowAction) {
        match action {
            WindowAction::Open(view) => self.views.open(view),
            WindowAction::Toggle(view) => self.views.toggle(view),
            WindowAction::CopyCommand => {
                ctx.copy_text(self.session.replay().command_line());
                tools::say_copied(ctx);
            }
            WindowAction::Theme(theme) => self.appearance.set_theme(theme),
            WindowAction::NextTheme => self.appearance.set_theme(after(Theme::of(ctx))),
            WindowAction::Present => self.show_present(!self.appearance.is_present()),
            WindowAction::Pin(setting) => self.appearance.pins.toggle(setting),
            WindowAction::Section(section) => self.appearance.sections.toggle(section),
            WindowAction::FullScreen => appearance::toggle_full_screen(ctx),
            WindowAction::Scale(tenths) => self.appearance.scale(tenths),
            WindowAction::Panel(panel) => self.toggle_plot(panel),
            WindowAction::Controls => self.is_controls_open = !self.is_controls_open,
            WindowAction::Arrange(arrangement) => self.arrange(arrangement),
            WindowAction::NextArrangement => {
                self.arrange(self.appearance.next_arrangement(&self.plots.tiles));
            }
            WindowAction::ResetLayout => {
                self.plots.tiles = self.appearance.plots().base().tiles();
            }
            WindowAction::Follow => self.plots.follow(),
            WindowAction::Fit => self.plots.fit(),
            WindowAction::ShowStep(step) => {
                let place = place_of_step(self.session.current(), self.plots.axis(), step);
                self.plots.show_place(place);
            }
            WindowAction::Pan(fraction) => self.plots.pan(fraction),
            WindowAction::Zoom(factor) => self.plots.zoom(factor),
            WindowAction::MultiplyRate(factor, gesture) => {
                let request = self.rate(factor, gesture);
                self.carry_out(request);
            }
            WindowAction::Focus(setting) => self.focus(setting),
            WindowAction::FindControl => {
                self.controls.find();
                self.is_controls_open = true;
            }
            WindowAction::Close => self.close(),
        }
        if matches!(
            action,
            WindowAction::Theme(_) | WindowAction::NextTheme | WindowAction::Scale(_)
        ) {
            self.appearance.apply(ctx);
        }
    }

    /// Shows Present or the desk view, with nothing open over it.
    fn show_present(&mut self, is_present: bool) {
        self.appearance.set_present(is_present);
        self.is_controls_open = false;
        self.strip.close();
    }

    /// Closes what was opened last; with nothing open, leaves Present.
    fn close(&mut self) {
        if self.views.is_any_open() {
            self.views.close_last();
        } else if self.controls.close_find() {
        } else if self.is_controls_open {
            self.is_controls_open = false;
        } else if !self.strip.close() {
            self.appearance.set_present(false);
        }
    }

    /// Gives keyboard focus to the control of a setting. In Present, the learning rate is in the strip.
    fn focus(&mut self, setting: &'static Setting) {
        let rule = self.session.config_requested().live.rate.rule;
        let shown = shown_for(setting, rule);
        if let Some(section) = section_of(shown) {
            self.appearance.sections.open(section);
        }
        self.controls.focus(shown.key);
        self.is_controls_open = !self.appearance.is_present() || *setting != PEAK_LR;
    }

    /// Shows a named arrangement, or the user's own one if `None`.
    fn arrange(&mut self, arrangement: Option<&'static Arrangement>) {
        self.appearance.arrange(arrangement, &mut self.plots.tiles);
        self.plots.room.favourite = None;
    }

    /// Shows or hides a plot. One without room, and one that appears, gets the room of others.
    fn toggle_plot(&mut self, panel: PanelKind) {
        let room = &mut self.plots.room;
        if !room.without_room().contains(&panel) {
            self.appearance.toggle(panel);
        }
        let is_shown = self.appearance.plots().is_shown(panel);
        room.favourite = is_shown.then_some(panel).or(room.favourite);
    }

    /// A request for the learning rate times a factor, in two digits; `None` if the rule has no peak rate.
    fn rate(&self, factor: f64, gesture: Gesture) -> Option<Request> {
        let config = self.session.config_requested();
        if !config.live.rate.rule.has_peak() {
            return None;
        }
        let limits = PEAK_LR.limits_in(&config)?;
        let rate = text::rounded(config.live.peak_lr * factor, 2);
        let value = PEAK_LR.of_number(rate.clamp(*limits.start(), *limits.end()));
        Some(Request::Set { setting: &PEAK_LR, value, gesture })
    }
}

fn after(theme: Theme) -> Theme {
    let at = Theme::ALL.iter().position(|known| *known == theme).unwrap_or(0);
    Theme::ALL[(at + 1) % Theme::ALL.len()]
}
