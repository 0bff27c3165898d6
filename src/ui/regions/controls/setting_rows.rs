//! The control of one setting, by its range, with a pin at its right.

use eframe::egui::{
    Align, Color32, ComboBox, Label, Layout, Pos2, Rect, RichText, Sense, TextStyle, Ui, UiBuilder,
    pos2, vec2,
};
use toml::Value;

use crate::config::settings::TASK;
use crate::config::{Choice, Effect, Range, RunConfig, Setting, TaskSource, plain};
use crate::ui::action::WindowAction;
use crate::ui::appearance::can_pin;
use crate::ui::gesture::Gesture;
use crate::ui::session::{Request, Session};
use crate::ui::widgets::control_range::ControlRange;
use crate::ui::widgets::number_control::{self, Edit, NumberControl};
use crate::ui::widgets::pin::{self, PinState};
use crate::ui::widgets::{factor_list, width_list};

use super::choice_list::{self, Columns};
use super::control_panel::{Controls, Panel, RESTARTS, RESTARTS_TOOLTIP};
use super::rate_controls::limit_tick;

/// Width of a combo box in points.
const COMBO_WIDTH: f32 = 150.0;

impl Panel<'_> {
    /// The control of a setting, with a pin at its right.
    pub(super) fn row(&mut self, ui: &mut Ui, row: &'static Setting) {
        let (right, corner) = (ui.max_rect().right(), ui.cursor().min);
        pin::beside(ui, |ui| self.control(ui, row));
        if row.effect == Effect::Restart {
            restart_sign(ui, corner, row);
        }
        if !can_pin(row) {
            return;
        }
        let size = vec2(pin::width(ui), ui.spacing().interact_size.y);
        let place = Rect::from_min_size(pos2(right - size.x, corner.y), size);
        let state = match (self.pins.is_pinned(row), self.pins.has_room()) {
            (true, _) => PinState::Pinned,
            (false, true) => PinState::Free,
            (false, false) => PinState::Full,
        };
        if pin::show(ui, place, row, state) {
            self.actions.push(WindowAction::Pin(row));
        }
    }

    /// The control for a setting's range.
    fn control(&mut self, ui: &mut Ui, row: &'static Setting) {
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

    fn choice(&mut self, ui: &mut Ui, row: &'static Setting, choices: &[Choice]) {
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
                    .height(ui.ctx().content_rect().height())
                    .selected_text(now.as_str())
                    .show_ui(ui, |ui| {
                        let fits = |choice: &&Choice| {
                            let value = Value::String(choice.word.to_owned());
                            is_file(row, choice.word) || row.chosen(&self.config, &value).is_ok()
                        };
                        let columns = Columns::of(ui, choices);
                        for choice in choices.iter().filter(fits) {
                            let word = choice.word;
                            let shown = if is_file(row, word) { "file…" } else { word };
                            let is_chosen = now == word;
                            let entry = choice_list::entry(ui, columns, choice, shown, is_chosen);
                            if entry.clicked() {
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
        let Some(control) = number_control_of(row, &self.config, &self.reset_target) else {
            return;
        };
        let control = NumberControl { tick: limit_tick(self.session, row), ..control };
        let edit = control.show(ui, &mut self.controls.interaction);
        self.requests.extend(edit.and_then(|edit| request(row, edit)));
    }
}

/// Draws the sign of a setting that starts the run again, after the name in the row that begins at a
/// corner.
fn restart_sign(ui: &mut Ui, corner: Pos2, row: &Setting) {
    let font = TextStyle::Body.resolve(ui.style());
    let name = ui.painter().layout_no_wrap(row.label.to_owned(), font, Color32::PLACEHOLDER);
    let box_width = match row.range {
        Range::Switch => ui.spacing().icon_width + ui.spacing().icon_spacing,
        Range::Real { .. }
        | Range::Whole { .. }
        | Range::WholeOr(_)
        | Range::Word(_)
        | Range::Widths
        | Range::Factors
        | Range::Text => 0.0,
    };
    let left = corner + vec2(name.size().x + box_width + 5.0, 0.0);
    let size = vec2(ui.spacing().interact_size.y, ui.spacing().interact_size.y);
    let builder = UiBuilder::new()
        .id_salt(("restarts", row.key))
        .max_rect(Rect::from_min_size(left, size))
        .layout(Layout::left_to_right(Align::Center));
    ui.new_child(builder)
        .label(RichText::new(RESTARTS).small().weak())
        .on_hover_text(RESTARTS_TOOLTIP);
}

/// The control of a setting that is a number; `None` for others.
fn number_control_of<'a>(
    setting: &'static Setting,
    config: &'a RunConfig,
    reset_target: &RunConfig,
) -> Option<NumberControl<'a>> {
    let [value, reset_value] = [config, reset_target].map(|config| number(&setting.get(config)));
    Some(NumberControl {
        key: setting.key,
        label: setting.label,
        unit: setting.unit_in(config),
        tooltip: setting.tooltip,
        effect: setting.effect,
        value,
        reset_value,
        range: ControlRange::of(setting, config, reset_target)?,
        tick: None,
    })
}

/// The request of an edit; `None` while a setting that starts a new run is still dragged.
fn request(setting: &'static Setting, edit: Edit) -> Option<Request> {
    let (value, gesture) = match edit {
        Edit::Moving(value, gesture) if setting.effect == Effect::Live => (value, gesture),
        Edit::Settled(value, gesture) => (value, gesture),
        Edit::Moving(..) => return None,
    };
    Some(Request::Set { setting, value: setting.of_number(value), gesture })
}

/// Draws an upright control of a setting that is a number; returns the user's request.
pub(in crate::ui) fn show_upright(
    ui: &mut Ui,
    controls: &mut Controls,
    session: &Session,
    setting: &'static Setting,
    symbol: &str,
) -> Option<Request> {
    let (config, reset_target) = (session.config_requested(), session.reset_target());
    let control = number_control_of(setting, &config, &reset_target)?;
    let control = NumberControl { tick: limit_tick(session, setting), ..control };
    let edit = control.show_upright(ui, &mut controls.interaction, symbol)?;
    request(setting, edit)
}

/// Whether this word stands for a file of the user, which is always offered.
fn is_file(row: &Setting, word: &str) -> bool {
    *row == TASK && word == TaskSource::File.word()
}

/// A setting's value as a number; a word such as `off` counts as 0.
fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|n| n as f64)).unwrap_or(0.0)
}
