//! Carries out what a person asked of the window.
//! Changes no run; what concerns one becomes a wish.

use eframe::egui::Context;

use crate::config::settings::PEAK_LR;
use crate::paint::{Theme, Tiles};
use crate::text;

use super::app::App;
use super::ask::Ask;
use super::controls::rates::shown_for;
use super::desk;
use super::export::Export;
use super::keep::Keep;
use super::reach;
use super::tools;
use super::wish::{Touch, Wish};

impl App {
    /// Does what was asked.
    pub(super) fn answer(&mut self, ctx: &Context, ask: Ask) {
        match ask {
            Ask::Export => {
                let is_smallest_shown = self.controls.is_smallest_shown();
                let export = Export::new(ctx, &self.session, &self.view, is_smallest_shown);
                self.export = Some(export);
            }
            Ask::Keep => self.keep = Some(Keep::new(self.session.again())),
            Ask::CopyCommand => {
                ctx.copy_text(self.session.again().command_line());
                tools::say_copied(ctx);
            }
            Ask::Theme(theme) => self.desk.choose(theme),
            Ask::NextTheme => self.desk.choose(after(Theme::of(ctx))),
            Ask::Projector => self.desk.toggle_projector(ctx),
            Ask::FullScreen => desk::toggle_full_screen(ctx),
            Ask::Scale(tenths) => self.desk.scale(tenths),
            Ask::Panel(panel) => self.desk.toggle(panel),
            Ask::Network => self.network.toggle(),
            Ask::Preparation => self.preparation.toggle(),
            Ask::ResetLayout => self.view.tiles = Tiles::default(),
            Ask::Keys => self.are_keys_shown = !self.are_keys_shown,
            Ask::Follow => self.view.follow(),
            Ask::Fit => self.view.fit(),
            Ask::Pan(fraction) => self.view.pan(fraction),
            Ask::Zoom(factor) => self.view.zoom(factor),
            Ask::Rate(factor, touch) => {
                let wish = self.rate(factor, touch);
                self.grant(wish);
            }
            Ask::Find(setting) => {
                let rule = self.session.config_asked().live.rate.rule;
                self.controls.find(shown_for(setting, rule).key);
            }
            Ask::Close => self.close(),
        }
        if matches!(ask, Ask::Theme(_) | Ask::NextTheme | Ask::Projector | Ask::Scale(_)) {
            self.desk.lay_out(ctx);
        }
    }

    /// The learning rate times a factor, in two digits; nothing where the rule does not read it.
    fn rate(&self, factor: f64, touch: Touch) -> Option<Wish> {
        let config = self.session.config_asked();
        if !config.live.rate.rule.has_peak() {
            return None;
        }
        let limits = PEAK_LR.limits_in(&config)?;
        let rate = text::rounded(config.live.peak_lr * factor, 2);
        let value = reach::value(&PEAK_LR, rate.clamp(*limits.start(), *limits.end()));
        Some(Wish::Set { setting: &PEAK_LR, value, touch })
    }

    fn close(&mut self) {
        if self.are_keys_shown {
            self.are_keys_shown = false;
        } else if self.keep.is_some() {
            self.keep = None;
        } else if !self.search.close()
            && !self.trials.close()
            && !self.compare.close()
            && !self.network.close()
            && !self.preparation.close()
        {
            self.export = None;
        }
    }
}

fn after(theme: Theme) -> Theme {
    let at = Theme::ALL.iter().position(|known| *known == theme).unwrap_or(0);
    Theme::ALL[(at + 1) % Theme::ALL.len()]
}
