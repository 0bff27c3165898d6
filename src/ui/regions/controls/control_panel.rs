//! The left panel: a control for every setting, grouped into live settings and those that restart.

use eframe::egui::{
    Align, CollapsingHeader, Color32, ComboBox, Label, Layout, RichText, Sense, Ui, vec2,
};
use toml::Value;

use crate::config::settings::{PEAK_LR, SEED, TASK, WARMUP_STEPS};
use crate::config::{Effect, Range, RunConfig, Section, Setting, TaskSource, plain};
use crate::paint::theme;
use crate::quantity;
use crate::text;
use crate::ui::gesture::Gesture;
use crate::ui::session::{Request, Session, stable_rate};
use crate::ui::widgets::control_range::{self, ControlRange};
use crate::ui::widgets::number_control::{self, Edit, Interaction, NumberControl};
use crate::ui::widgets::{factor_list, width_list};

use super::data_file::DataFileField;

/// Width of a combo box in points.
const COMBO_WIDTH: f32 = 150.0;

/// State of the panel between frames.
#[derive(Debug, Default)]
pub(in crate::ui) struct Controls {
    interaction: Interaction,
    widths: width_list::Draft,
    factors: factor_list::Draft,
    data_file: DataFileField,
    is_smallest_shown: bool,
}

impl Controls {
    /// Gives keyboard focus to the control of a setting when it is next drawn.
    pub(in crate::ui) fn focus(&mut self, key: &'static str) {
        self.interaction.focus(key);
    }

    /// Whether the plots show the smallest eigenvalue.
    pub(in crate::ui) fn is_smallest_shown(&self) -> bool {
        self.is_smallest_shown
    }
}

/// Which controls the panel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Extent {
    /// All controls.
    All,
    /// Projector mode: only rate, warmup and clipping.
    Live,
}

/// One frame of the panel: requested settings, the settings to reset to, and the user's requests.
pub(super) struct Panel<'a> {
    pub(super) controls: &'a mut Controls,
    pub(super) session: &'a Session,
    pub(super) config: RunConfig,
    pub(super) reset_target: RunConfig,
    pub(super) requests: Vec<Request>,
}

/// Draws the panel; returns the user's requests.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    controls: &mut Controls,
    session: &Session,
    extent: Extent,
) -> Vec<Request> {
    controls.interaction.give_focus(ui.ctx());
    let factor = theme::factor(ui.style());
    let config = session.config_requested();
    let reset_target = session.reset_target();
    ui.spacing_mut().item_spacing.y = 4.0 * factor;
    ui.spacing_mut().interact_size.y = 22.0 * factor;
    ui.spacing_mut().button_padding = vec2(8.0, 3.0) * factor;
    let mut panel = Panel { controls, session, config, reset_target, requests: Vec::new() };
    panel.live(ui);
    if extent == Extent::All {
        panel.live_rest(ui);
        ui.add_space(10.0);
        panel.restart(ui);
    }
    panel.requests
}

impl Panel<'_> {
    fn live(&mut self, ui: &mut Ui) {
        let title = if self.session.has_unconfirmed_settings() { "Live …" } else { "Live" };
        let green = theme::colours(ui.visuals()).green;
        heading(ui, "●", green, title, "These take effect at the next step; the run continues.");
        self.rate(ui);
    }

    fn live_rest(&mut self, ui: &mut Ui) {
        self.section(ui, Section::Schedule);
        self.section(ui, Section::Rule);
        fold(ui, "Decay", |ui| self.section(ui, Section::Decay));
        fold(ui, "Measurements", |ui| {
            self.section(ui, Section::Measurements);
            self.section(ui, Section::Tests);
            ui.checkbox(&mut self.controls.is_smallest_shown, "Show λ min")
                .on_hover_text("A thin line for the smallest eigenvalue, where it is measured.");
        });
    }

    /// The controls of a section. Unread settings are hidden, or disabled with the reason.
    pub(super) fn section(&mut self, ui: &mut Ui, section: Section) {
        for setting in Setting::all().filter(|setting| setting.section == section) {
            match setting.why_unread(&self.config) {
                None => self.row(ui, setting),
                Some(why) if setting.is_always_shown => {
                    ui.add_enabled_ui(false, |ui| self.row(ui, setting))
                        .response
                        .on_disabled_hover_text(text::sentence(&why));
                }
                Some(_) => continue,
            }
            self.extras_below(ui, setting);
        }
    }

    /// Extra controls below that of a setting.
    fn extras_below(&mut self, ui: &mut Ui, setting: &'static Setting) {
        if *setting == PEAK_LR {
            self.largest_stable(ui);
            self.searches(ui);
            self.trials(ui);
            self.starting_ratio(ui);
        } else if *setting == WARMUP_STEPS {
            self.warmup_start(ui);
        } else if *setting == TASK {
            let controls = &mut *self.controls;
            let field = &mut controls.data_file;
            self.requests.extend(field.show(ui, &self.config, &mut controls.interaction));
        } else if *setting == SEED {
            self.new_seed(ui);
        }
    }

    /// r₀ = η·λ₁(0)/limit: the peak rate as a multiple of the rate at which the run starts on the limit.
    fn starting_ratio(&mut self, ui: &mut Ui) {
        let Some(rate) = ControlRange::of(&PEAK_LR, &self.config, &self.reset_target) else {
            return;
        };
        let run = self.session.current();
        let Some((unit, limit)) = stable_rate::starting_ratio(run, 1.0) else {
            let is_measured = !run.series(quantity::SHARPNESS).is_empty();
            let words =
                if is_measured { "r₀: no limit to start from" } else { "r₀ not measured yet" };
            // As high as the control that replaces it.
            ui.horizontal(|ui| ui.weak(words));
            return;
        };
        let rates = rate.limits.clone();
        let control = NumberControl {
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
            effect: PEAK_LR.effect,
            value: text::rounded(self.config.live.peak_lr * unit, 3),
            reset_value: self.reset_target.live.peak_lr * unit,
            range: ControlRange {
                limits: rates.start() * unit..=rates.end() * unit,
                span: None,
                ..rate
            },
        };
        let edit = control.show(ui, &mut self.controls.interaction);
        let Some(Edit::Moving(ratio, gesture) | Edit::Settled(ratio, gesture)) = edit else {
            return;
        };
        let rate = text::rounded(ratio / unit, 6).clamp(*rates.start(), *rates.end());
        let value = control_range::value_of(&PEAK_LR, rate);
        self.requests.push(Request::Set { setting: &PEAK_LR, value, gesture });
    }

    /// The control for a setting's range.
    fn row(&mut self, ui: &mut Ui, row: &'static Setting) {
        match row.range {
            Range::Word(words) => self.choice(ui, row, &words()),
            Range::Real { .. } | Range::Whole { .. } | Range::WholeOr(_) => self.number(ui, row),
            Range::Switch => self.switch(ui, row),
            Range::Factors => self.factors(ui, row),
            Range::Widths => self.widths(ui, row),
            // A name has no control, and a path one below its task.
            Range::Text => {}
        }
    }

    fn factors(&mut self, ui: &mut Ui, row: &'static Setting) {
        let now = row.get(&self.config);
        let now: Vec<f64> =
            now.as_array().into_iter().flatten().filter_map(Value::as_float).collect();
        if let Some(value) = factor_list::show(ui, row, &now, &mut self.controls.factors) {
            self.requests.push(Request::Set { setting: row, value, gesture: Gesture::New });
        }
    }

    fn widths(&mut self, ui: &mut Ui, row: &'static Setting) {
        let controls = &mut *self.controls;
        let hidden = &self.config.model.hidden;
        let typed = width_list::show(ui, hidden, &mut controls.widths, &mut controls.interaction);
        if let Some(value) = typed {
            self.requests.push(Request::Set { setting: row, value, gesture: Gesture::New });
        }
    }

    fn choice(&mut self, ui: &mut Ui, row: &'static Setting, words: &[&'static str]) {
        let [now, reset_value] =
            [&self.config, &self.reset_target].map(|config| plain(&row.get(config)));
        let mut chosen = None;
        ui.horizontal(|ui| {
            let name = ui.add(Label::new(row.label).sense(Sense::click())).on_hover_text(format!(
                "{}\nDouble-click, or Enter, for the preset's {reset_value}.",
                row.tooltip
            ));
            if name.double_clicked() || number_control::is_pressed_by_key(&name) {
                chosen = Some(reset_value.clone());
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let combo = ComboBox::from_id_salt(row.key)
                    .width(COMBO_WIDTH)
                    .selected_text(now.as_str())
                    .show_ui(ui, |ui| {
                        let fits = |word: &&str| {
                            if is_file(row, word) {
                                return true;
                            }
                            let value = Value::String((*word).to_owned());
                            row.chosen(&self.config, &value).is_ok()
                        };
                        for word in words.iter().copied().filter(fits) {
                            let shown = if is_file(row, word) { "file…" } else { word };
                            if ui.selectable_label(now == word, shown).clicked() {
                                chosen = Some(word.to_owned());
                            }
                        }
                    })
                    .response
                    .labelled_by(name.id)
                    .on_hover_text(row.tooltip);
                self.controls.interaction.drawn(row.key, &combo);
            });
        });
        if let Some(word) = chosen.filter(|word| *word != now) {
            if is_file(row, &word) {
                // A run of it begins once a file is named.
                self.controls.data_file.open();
                return;
            }
            if *row == TASK {
                self.controls.data_file.close();
            }
            let value = Value::String(word);
            self.requests.push(Request::Set { setting: row, value, gesture: Gesture::New });
        }
    }

    fn switch(&mut self, ui: &mut Ui, row: &'static Setting) {
        let mut is_on = row.get(&self.config).as_bool().unwrap_or_default();
        let toggle = ui.checkbox(&mut is_on, row.label).on_hover_text(row.tooltip);
        if toggle.changed() {
            let value = Value::Boolean(is_on);
            self.requests.push(Request::Set { setting: row, value, gesture: Gesture::New });
        }
    }

    fn number(&mut self, ui: &mut Ui, row: &'static Setting) {
        let Some(range) = ControlRange::of(row, &self.config, &self.reset_target) else { return };
        let [value, reset_value] =
            [&self.config, &self.reset_target].map(|config| number(&row.get(config)));
        let control = NumberControl {
            key: row.key,
            label: row.label,
            unit: row.unit_in(&self.config),
            tooltip: row.tooltip,
            effect: row.effect,
            value,
            reset_value,
            range,
        };
        let (value, gesture) = match control.show(ui, &mut self.controls.interaction) {
            Some(Edit::Moving(value, gesture)) if row.effect == Effect::Live => (value, gesture),
            Some(Edit::Settled(value, gesture)) => (value, gesture),
            Some(Edit::Moving(..)) | None => return,
        };
        let value = control_range::value_of(row, value);
        self.requests.push(Request::Set { setting: row, value, gesture });
    }
}

/// Whether this word stands for a file of the user, which is always offered.
fn is_file(row: &Setting, word: &str) -> bool {
    *row == TASK && word == TaskSource::File.word()
}

/// A setting's value as a number; a word such as `off` counts as 0.
fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|n| n as f64)).unwrap_or(0.0)
}

/// A group's heading: badge and title with the same tooltip.
pub(super) fn heading(ui: &mut Ui, badge: &str, color: Color32, title: &str, tooltip: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(badge).heading().color(color)).on_hover_text(tooltip);
        ui.label(RichText::new(title).heading().strong()).on_hover_text(tooltip);
    });
}

pub(super) fn fold(ui: &mut Ui, title: &str, body: impl FnOnce(&mut Ui)) {
    CollapsingHeader::new(title).default_open(false).show(ui, body);
}
