//! The left panel: every setting as a control, in groups that say what touching them does.
//! Returns wishes; does not carry them out and shows no result.

mod batches;
mod optimizer;
pub(super) mod rates;
mod restart;

use std::collections::BTreeMap;

use eframe::egui::{
    Align, CollapsingHeader, Color32, ComboBox, Label, Layout, RichText, Sense, Ui, vec2,
};
use toml::Value;

use crate::config::{Effect, Range, RunConfig, Setting, setting};
use crate::paint::theme;
use crate::quantity;
use crate::text;

use super::factors;
use super::gauge::{self, Gauge, Hand, Turn};
use super::reach::{self, Reach};
use super::session::Session;
use super::widths;
use super::wish::{Touch, Wish};

/// Width of a combo box in points.
const COMBO_WIDTH: f32 = 150.0;

/// What the panel remembers between frames.
#[derive(Debug, Default)]
pub(super) struct Controls {
    hand: Hand,
    widths: widths::Draft,
    factors: factors::Draft,
    is_smallest_shown: bool,
}

impl Controls {
    /// Gives the keyboard to the control of a setting, when that is drawn next.
    pub(super) fn find(&mut self, key: &'static str) {
        self.hand.find(key);
    }

    /// Whether the smallest eigenvalue gets a line.
    pub(super) fn is_smallest_shown(&self) -> bool {
        self.is_smallest_shown
    }
}

/// Which controls there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All.
    All,
    /// What is changed before an audience: rate, warmup and clipping.
    Live,
}

/// One frame of the panel: the settings in force, where they reset to, and what is wished.
struct Panel<'a> {
    controls: &'a mut Controls,
    session: &'a Session,
    config: RunConfig,
    values: BTreeMap<String, Value>,
    home: RunConfig,
    homes: BTreeMap<String, Value>,
    wishes: Vec<Wish>,
}

/// Draws the panel; returns what the person wants.
pub(super) fn show(
    ui: &mut Ui,
    controls: &mut Controls,
    (session, extent): (&Session, Extent),
) -> Vec<Wish> {
    controls.hand.give_keyboard(ui.ctx());
    let factor = theme::factor(ui.style());
    let config = session.config_asked();
    let home = session.home();
    let homes = home.leaves();
    let values = config.leaves();
    ui.spacing_mut().item_spacing.y = 4.0 * factor;
    ui.spacing_mut().interact_size.y = 22.0 * factor;
    ui.spacing_mut().button_padding = vec2(8.0, 3.0) * factor;
    let mut panel = Panel { controls, session, config, values, home, homes, wishes: Vec::new() };
    panel.live(ui);
    if extent == Extent::All {
        panel.live_rest(ui);
        ui.add_space(10.0);
        panel.restart(ui);
    }
    panel.wishes
}

impl Panel<'_> {
    fn live(&mut self, ui: &mut Ui) {
        let title = if self.session.is_waiting_for_echo() { "Live …" } else { "Live" };
        let green = theme::colours(ui.visuals()).green;
        heading(ui, ("●", green), title, "These act at the next step; the run goes on.");
        self.rate(ui);
    }

    fn live_rest(&mut self, ui: &mut Ui) {
        self.rate_rule(ui);
        self.optimizer(ui);
        fold(ui, "Measurements", |ui| {
            for key in [
                "live.probe.every",
                "live.probe.top_k",
                "live.probe.min_every",
                "live.probe.audit_every",
                "live.probe.tolerance",
                "live.eval_every",
            ] {
                self.row(ui, key);
            }
            self.batches(ui);
            ui.checkbox(&mut self.controls.is_smallest_shown, "Show λ min")
                .on_hover_text("A thin line for the smallest eigenvalue, where it is measured.");
        });
    }

    /// r₀ = η·λ₁(0)/limit: the peak rate as a multiple of the one that would start on the line.
    fn starting_ratio(&mut self, ui: &mut Ui) {
        let Some(row) = setting("live.peak_lr") else { return };
        let Some(rate) = reach::of(row, &self.config, &self.home) else { return };
        let run = self.session.current();
        let Some((unit, limit)) = reach::starting_ratio(run, 1.0) else {
            let is_measured = !run.series(quantity::SHARPNESS).is_empty();
            let words =
                if is_measured { "r₀: no limit to start from" } else { "r₀ not measured yet" };
            // As high as the control that comes in its place.
            ui.horizontal(|ui| ui.weak(words));
            return;
        };
        let rates = rate.limits.clone();
        let gauge = Gauge {
            key: "r₀",
            label: &format!(
                "r₀ = η·{}(0)/{}",
                run.governing_symbol(),
                text::number(text::rounded(limit, 4))
            ),
            unit: "",
            tooltip: "Rate times first measured sharpness over the number in the stability limit \
                      (2 in 2/η): above 1 a run starts unstable, below 1 stable. Typing it sets \
                      the learning rate.",
            effect: row.effect,
            value: text::rounded(self.config.live.peak_lr * unit, 3),
            home: number(self.homes.get(row.key)) * unit,
            reach: Reach { limits: rates.start() * unit..=rates.end() * unit, span: None, ..rate },
        };
        let turn = gauge.show(ui, &mut self.controls.hand);
        let Some(Turn::Moving(ratio, touch) | Turn::Settled(ratio, touch)) = turn else { return };
        let rate = text::rounded(ratio / unit, 6).clamp(*rates.start(), *rates.end());
        let value = reach::value(row, rate);
        self.wishes.push(Wish::Set { key: row.key, value, touch });
    }

    /// The control that fits the setting's range.
    fn row(&mut self, ui: &mut Ui, key: &'static str) {
        let Some(row) = setting(key) else { return };
        match row.range {
            Range::Word(words) => self.choice(ui, row, &words()),
            Range::Real { .. } | Range::Whole { .. } | Range::WholeOr(_) => self.number(ui, row),
            Range::Switch => self.switch(ui, row),
            Range::Factors => self.factors(ui, row),
            Range::Widths | Range::Text => {}
        }
    }

    fn factors(&mut self, ui: &mut Ui, row: &'static Setting) {
        let array = self.values.get(row.key).and_then(Value::as_array);
        let now: Vec<f64> = array.into_iter().flatten().filter_map(Value::as_float).collect();
        if let Some(value) = factors::show(ui, row, &now, &mut self.controls.factors) {
            self.wishes.push(Wish::Set { key: row.key, value, touch: Touch::New });
        }
    }

    fn choice(&mut self, ui: &mut Ui, row: &'static Setting, words: &[&'static str]) {
        let now = self.values.get(row.key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let home = self.homes.get(row.key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut chosen = None;
        ui.horizontal(|ui| {
            let name = ui.add(Label::new(row.label).sense(Sense::click())).on_hover_text(format!(
                "{}\nDouble-click, or Enter, for the preset's {home}.",
                row.tooltip
            ));
            if name.double_clicked() || gauge::is_pressed_by_key(&name) {
                chosen = Some(home.clone());
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let combo = ComboBox::from_id_salt(row.key)
                    .width(COMBO_WIDTH)
                    .selected_text(now.as_str())
                    .show_ui(ui, |ui| {
                        let fits = |word: &&str| reach::fits(&self.config, row.key, word);
                        for word in words.iter().copied().filter(fits) {
                            if ui.selectable_label(now == word, word).clicked() {
                                chosen = Some(word.to_owned());
                            }
                        }
                    })
                    .response
                    .labelled_by(name.id)
                    .on_hover_text(row.tooltip);
                self.controls.hand.found(row.key, &combo);
            });
        });
        if let Some(word) = chosen.filter(|word| *word != now) {
            let value = Value::String(word);
            self.wishes.push(Wish::Set { key: row.key, value, touch: Touch::New });
        }
    }

    fn switch(&mut self, ui: &mut Ui, row: &'static Setting) {
        let mut is_on = self.values.get(row.key).and_then(Value::as_bool).unwrap_or_default();
        let toggle = ui.checkbox(&mut is_on, row.label).on_hover_text(row.tooltip);
        if toggle.changed() {
            let value = Value::Boolean(is_on);
            self.wishes.push(Wish::Set { key: row.key, value, touch: Touch::New });
        }
    }

    fn number(&mut self, ui: &mut Ui, row: &'static Setting) {
        let Some(reach) = reach::of(row, &self.config, &self.home) else { return };
        let home = number(self.homes.get(row.key));
        let gauge = Gauge {
            key: row.key,
            label: row.label,
            unit: reach::unit(row, &self.config),
            tooltip: row.tooltip,
            effect: row.effect,
            value: number(self.values.get(row.key)),
            home,
            reach,
        };
        let (value, touch) = match gauge.show(ui, &mut self.controls.hand) {
            Some(Turn::Moving(value, touch)) if row.effect == Effect::Live => (value, touch),
            Some(Turn::Settled(value, touch)) => (value, touch),
            Some(Turn::Moving(..)) | None => return,
        };
        let value = reach::value(row, value);
        self.wishes.push(Wish::Set { key: row.key, value, touch });
    }
}

/// A setting as a number; a word such as `off` stands for 0.
fn number(value: Option<&Value>) -> f64 {
    value.and_then(|v| v.as_float().or_else(|| v.as_integer().map(|n| n as f64))).unwrap_or(0.0)
}

/// A group's badge and title; the same tooltip on both.
fn heading(ui: &mut Ui, (badge, color): (&str, Color32), title: &str, tooltip: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(badge).heading().color(color)).on_hover_text(tooltip);
        ui.label(RichText::new(title).heading().strong()).on_hover_text(tooltip);
    });
}

fn fold(ui: &mut Ui, title: &str, body: impl FnOnce(&mut Ui)) {
    CollapsingHeader::new(title).default_open(false).show(ui, body);
}
