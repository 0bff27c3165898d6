//! Controls of the learning rate under the current rule: limit, searches, trials, warmup.

use eframe::egui::{Align, Button, Checkbox, Label, Layout, RichText, Ui};

use crate::config::settings::{INITIAL_LR, PEAK_LR, RATE_RULE, SIGMA, WARMUP_STEPS};
use crate::config::{RateRule, Section, Setting};
use crate::paint::theme;
use crate::text;
use crate::ui::action::WindowAction;
use crate::ui::gesture::Gesture;
use crate::ui::session::{Request, SETS_RATE, Session, WarmupFrom, measured, stable_rate};
use crate::ui::views::WHICH_RATE;
use crate::ui::widgets::slider_rail::SliderTick;

use super::control_panel::Panel;

/// What the limit of the learning rate is.
const LIMIT_TOOLTIP: &str = "The learning rate whose stability limit equals the curvature last \
    measured: above it steps overshoot. It holds for full batch, and with the norm clipped as at that \
    step.";

/// The largest stable rate now, as a tick on the slider of the learning rate; `None` without one, and
/// for other settings.
pub(super) fn limit_tick(session: &Session, setting: &Setting) -> Option<SliderTick> {
    let run = session.current();
    let value = stable_rate::largest_stable(run).filter(|_| *setting == PEAK_LR)?;
    let why = stable_rate::explain_largest_stable(run);
    let rate = text::number(stable_rate::rounded_down(value));
    Some(SliderTick {
        value,
        words: format!("The line is the largest stable η now, {rate}: {why}."),
    })
}

/// The setting to focus instead of one that the current rule does not read.
pub(in crate::ui) fn shown_for(setting: &'static Setting, rule: RateRule) -> &'static Setting {
    let (is_peak, is_warmup) = (*setting == PEAK_LR, *setting == WARMUP_STEPS);
    match rule {
        RateRule::Cdat if is_peak => &SIGMA,
        RateRule::Catapult if is_warmup => &INITIAL_LR,
        RateRule::LineSearch if is_peak => &RATE_RULE,
        RateRule::Cdat | RateRule::LineSearch if is_warmup => &RATE_RULE,
        RateRule::Schedule | RateRule::Cdat | RateRule::LineSearch | RateRule::Catapult => setting,
    }
}

impl Panel<'_> {
    /// What else the rule of the rate reads.
    pub(super) fn rate_of_rule(&mut self, ui: &mut Ui) {
        match self.config.live.rate.rule {
            RateRule::Catapult => self.section(ui, Section::Warmup),
            RateRule::LineSearch => {
                ui.weak("Every step takes the rate with the lowest loss.");
            }
            RateRule::Schedule | RateRule::Cdat => {}
        }
    }

    /// The form of warmup, and where a changed one begins.
    pub(super) fn warmup_shape(&mut self, ui: &mut Ui) {
        self.section(ui, Section::Warmup);
        self.warmup_start(ui);
    }

    /// The button that opens the card of all tools that name a rate.
    pub(super) fn which_rate(&mut self, ui: &mut Ui) {
        let tooltip =
            "The limit, searches and trials on one axis, and which rate and warmup to take.";
        if ui.button(WHICH_RATE.title).on_hover_text(tooltip).clicked() {
            self.actions.push(WindowAction::Toggle(&WHICH_RATE));
        }
    }

    /// The largest stable rate now with its step, and a button that sets it; or why there is none.
    pub(super) fn limit(&mut self, ui: &mut Ui) {
        let Some(limits) = PEAK_LR.limits_in(&self.config) else { return };
        let run = self.session.current();
        let why = stable_rate::explain_largest_stable(run);
        let rate = stable_rate::largest_stable(run).map(stable_rate::rounded_down);
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let usable = rate.filter(|rate| limits.contains(rate));
                let button = ui
                    .add_enabled(usable.is_some(), Button::new("Use").small())
                    .on_hover_text(SETS_RATE)
                    .on_disabled_hover_text(format!("Nothing to use: {why}."));
                let button = button.accessible_name("Use the largest stable rate");
                if let Some(rate) = usable.filter(|_| button.clicked()) {
                    let value = PEAK_LR.of_number(rate);
                    self.requests.push(Request::Set {
                        setting: &PEAK_LR,
                        value,
                        gesture: Gesture::New,
                    });
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let palette = theme::colours(ui.visuals());
                    let words = match (rate, run.last_measured()) {
                        (Some(rate), Some(record)) => {
                            let when = measured::when(run, record.sample.step);
                            let words = format!("limit {} {when}", text::number(rate));
                            RichText::new(words).color(palette.ink(palette.vermillion))
                        }
                        _ => RichText::new(format!("no limit: {why}")).weak(),
                    };
                    ui.add(Label::new(words.small()).truncate())
                        .on_hover_text(format!("{LIMIT_TOOLTIP}\n{}", text::sentence(&why)));
                });
            });
        });
    }

    /// The choice where a changed warmup begins.
    fn warmup_start(&mut self, ui: &mut Ui) {
        let mut is_from_zero = self.session.warmup_from() == WarmupFrom::StepZero;
        let toggle = ui.add(Checkbox::new(&mut is_from_zero, "Warm up from step 0")).on_hover_text(
            "Off: a changed warmup that is already over starts again at the present step.",
        );
        if toggle.changed() {
            let from = if is_from_zero { WarmupFrom::StepZero } else { WarmupFrom::Now };
            self.requests.push(Request::WarmupFrom(from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::CLIP_MODE;

    #[test]
    fn focus_moves_from_an_unread_setting_to_one_that_the_rule_reads() {
        for rule in RateRule::ALL {
            let is_shown = |setting: &'static Setting| *shown_for(setting, *rule) == *setting;
            assert_eq!(is_shown(&PEAK_LR), rule.has_peak(), "{rule}");
            assert_eq!(is_shown(&WARMUP_STEPS), rule.has_schedule(), "{rule}");
            assert!(is_shown(&CLIP_MODE), "{rule}");
        }
    }
}
