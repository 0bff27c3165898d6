//! The controls of the learning rate: those that the rule in force reads, then clipping.
//! Does not know how a control looks.

use eframe::egui::{Align, Button, Checkbox, Layout, RichText, Ui};

use super::{Panel, fold};
use crate::config::{ClipMode, RateRule, setting};
use crate::protocol::SearchKind;
use crate::text;
use crate::ui::wish::{SETS_RATE, Touch, WarmupFrom, Wish};
use crate::ui::{reach, search, trials};

/// The control that is shown in place of one that a rule does not read.
pub(in crate::ui) fn shown_for(key: &'static str, rule: RateRule) -> &'static str {
    match (key, rule) {
        ("live.peak_lr", RateRule::Cdat) => "live.rate.sigma",
        ("live.warmup.steps", RateRule::Catapult) => "live.warmup.initial_lr",
        ("live.peak_lr", RateRule::LineSearch)
        | ("live.warmup.steps", RateRule::Cdat | RateRule::LineSearch) => "live.rate.rule",
        _ => key,
    }
}

impl Panel<'_> {
    /// What is changed before an audience: rate, warmup and clipping.
    pub(super) fn rate(&mut self, ui: &mut Ui) {
        let rule = self.config.live.rate.rule;
        if rule.has_peak() {
            self.row(ui, "live.peak_lr");
            self.largest_stable(ui);
            self.searches(ui);
            self.trials(ui);
            self.starting_ratio(ui);
        }
        match rule {
            RateRule::Schedule => self.warmup(ui),
            RateRule::Cdat => self.row(ui, "live.rate.sigma"),
            RateRule::LineSearch => {
                ui.weak("Every step takes the rate with the lowest loss.");
            }
            RateRule::Catapult => {
                self.row(ui, "live.rate.raise");
                self.row(ui, "live.warmup.initial_lr");
            }
        }
        self.row(ui, "live.clip.mode");
        if self.config.live.clip.mode != ClipMode::Off {
            self.row(ui, "live.clip.value");
        }
    }

    /// The buttons that search for a rate from where the run is.
    fn searches(&mut self, ui: &mut Ui) {
        let can_search = self.session.can_search();
        let why_not = if self.session.searching().is_some() {
            "A search is under way; the run waits for it."
        } else {
            "Only a run that goes on, or stands still, can be searched from."
        };
        ui.horizontal(|ui| {
            for kind in [SearchKind::FirstRate, SearchKind::RangeTest] {
                let button = ui
                    .add_enabled(can_search, Button::new(search::name(kind)))
                    .on_hover_text(search::tooltip(kind))
                    .on_disabled_hover_text(why_not);
                if button.clicked() {
                    self.wishes.push(Wish::Search(kind));
                }
            }
        });
    }

    /// The buttons that try settings beside the run.
    fn trials(&mut self, ui: &mut Ui) {
        let can_try = self.session.can_try();
        let why_not = trials::why_not(self.session);
        let has_warmup = self.config.live.rate.rule.has_schedule();
        ui.horizontal(|ui| {
            for (is_read, word, tooltip, wish) in [
                (true, trials::RATES, trials::RATES_TOOLTIP, Wish::TryRates),
                (has_warmup, trials::WARMUP, trials::WARMUP_TOOLTIP, Wish::TryWarmup),
            ] {
                if !is_read {
                    continue;
                }
                let button = ui
                    .add_enabled(can_try, Button::new(word))
                    .on_hover_text(tooltip)
                    .on_disabled_hover_text(why_not);
                if button.clicked() {
                    self.wishes.push(wish);
                }
            }
        });
    }

    /// The largest rate that is stable where the run is, with its reason and a button that takes it.
    fn largest_stable(&mut self, ui: &mut Ui) {
        let Some(row) = setting("live.peak_lr") else { return };
        let Some(reach) = reach::of(row, &self.config, &self.home) else { return };
        let run = self.session.current();
        let rate = reach::largest_stable(run).map(reach::below);
        ui.horizontal(|ui| {
            let value = rate.map_or_else(|| "–".to_owned(), text::number);
            let tooltip = "The learning rate at which the stability limit, as it is at this step, \
                           would be the curvature last measured: above it steps overshoot. It \
                           holds for full batch, with a norm that is clipped as at this step.";
            ui.label(format!("Largest stable η now {value}")).on_hover_text(tooltip);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let rate = rate.filter(|rate| reach.limits.contains(rate));
                let button = ui
                    .add_enabled(rate.is_some(), Button::new("Use").small())
                    .on_hover_text(SETS_RATE)
                    .on_disabled_hover_text(format!("Nothing to use: {}.", reach::why_stable(run)));
                let button = button.accessible_name("Use the largest stable rate");
                if let Some(rate) = rate.filter(|_| button.clicked()) {
                    let value = reach::value(row, rate);
                    self.wishes.push(Wish::Set { key: row.key, value, touch: Touch::New });
                }
            });
        });
        ui.label(RichText::new(reach::why_stable(run)).small().weak());
    }

    /// Which rule gives the rate, and what it does after warmup.
    pub(super) fn rate_rule(&mut self, ui: &mut Ui) {
        self.row(ui, "live.rate.rule");
        if !self.config.live.rate.rule.has_schedule() {
            return;
        }
        self.row(ui, "live.schedule.shape");
        let shape = self.config.live.schedule.shape;
        for (key, is_read) in [
            ("live.schedule.steps", shape.has_steps()),
            ("live.schedule.factor", shape.has_factor()),
            ("live.schedule.exponent", shape.has_exponent()),
        ] {
            if is_read {
                self.row(ui, key);
            }
        }
    }

    fn warmup(&mut self, ui: &mut Ui) {
        self.row(ui, "live.warmup.steps");
        let mut is_from_zero = self.session.warmup_from() == WarmupFrom::StepZero;
        let toggle = ui
            .add(Checkbox::new(&mut is_from_zero, "Warm up from step 0"))
            .on_hover_text("Off: a changed warmup that is over begins again at the present step.");
        if toggle.changed() {
            let from = if is_from_zero { WarmupFrom::StepZero } else { WarmupFrom::Now };
            self.wishes.push(Wish::WarmupFrom(from));
        }
        fold(ui, "Warmup shape", |ui| {
            self.row(ui, "live.warmup.initial_lr");
            self.row(ui, "live.warmup.power");
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_does_not_read_is_looked_for_where_the_rule_has_something() {
        for rule in RateRule::ALL {
            let is_shown = shown_for("live.peak_lr", *rule) == "live.peak_lr";
            assert_eq!(is_shown, rule.has_peak(), "{rule}");
            let is_shown = shown_for("live.warmup.steps", *rule) == "live.warmup.steps";
            assert_eq!(is_shown, rule.has_schedule(), "{rule}");
            assert_eq!(shown_for("live.clip.mode", *rule), "live.clip.mode");
        }
    }
}
