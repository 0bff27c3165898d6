//! Chooses the two settings of a phase diagram, their values, the steps and the folder.

use std::path::PathBuf;

use eframe::egui::{Button, ComboBox, DragValue, Grid, RichText, TextEdit, Ui};

use crate::config::settings::{N_STEPS, PEAK_LR, SCALE, SEED, WARMUP_STEPS};
use crate::config::{Effect, RunConfig, Setting};
use crate::study::{Span, Study};
use crate::text;
use crate::ui::session::{Request, Session};
use crate::ui::widgets::number_field;

/// Values of each setting at first.
const N_VALUES: u8 = 5;

/// The most values of a setting.
const MAX_VALUES: u8 = 16;

/// The most steps of a run at first.
const USUAL_STEPS: u64 = 500;

/// What is chosen so far.
#[derive(Debug)]
pub(super) struct Setup {
    /// The horizontal setting, then the vertical one.
    spans: [Span; 2],
    n_steps: u64,
    dir: String,
    /// Why the study was refused.
    refusal: Option<String>,
}

impl Setup {
    /// The learning rate over the warmup.
    pub(super) fn new(base: &RunConfig) -> Self {
        Self {
            spans: [&PEAK_LR, &WARMUP_STEPS].map(|setting| usual(setting, base)),
            n_steps: base.n_steps.min(USUAL_STEPS),
            dir: format!("{}-grid", base.name),
            refusal: None,
        }
    }

    /// Draws the choice; returns the request to start the study.
    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session) -> Option<Request> {
        let base = session.grid_base();
        ui.label(
            "Trains a run for every combination of two settings, and shows which train and which \
             diverge. All else is as now.",
        );
        ui.horizontal(|ui| {
            for (name, setting) in [("η and warmup", &WARMUP_STEPS), ("η and scale", &SCALE)] {
                if ui.button(name).on_hover_text(setting.tooltip).clicked() {
                    self.spans = [&PEAK_LR, setting].map(|setting| usual(setting, &base));
                }
            }
        });
        Grid::new("axes").num_columns(5).show(ui, |ui| {
            for (name, span) in ["Across", "Up"].into_iter().zip(&mut self.spans) {
                axis(ui, name, span, &base);
                ui.end_row();
            }
        });
        for span in &self.spans {
            let values: Vec<String> = span.values().into_iter().map(text::number).collect();
            let words = format!("{}: {}", span.setting.label, values.join(", "));
            ui.label(RichText::new(words).small().weak());
        }
        ui.horizontal(|ui| {
            let name = ui.label("Steps of each run");
            number_field::whole(ui, &mut self.n_steps, "", 1..=1_000_000).labelled_by(name.id);
        });
        ui.horizontal(|ui| {
            let name = ui.label("Folder");
            let field = TextEdit::singleline(&mut self.dir).desired_width(f32::INFINITY);
            ui.add(field).labelled_by(name.id).on_hover_text(
                "Holds the runs and their table, as eoscope sweep writes them; a study that was \
                 begun there goes on.",
            );
        });
        if let Some(refusal) = &self.refusal {
            number_field::refusal(ui, refusal);
        }
        let n = self.spans.iter().map(|span| span.values().len() as u64).product();
        let words = format!("Train {}", text::plural(n, "run"));
        let start = ui.add(Button::new(words));
        start.clicked().then(|| self.study(base)).flatten()
    }

    /// The request to start the chosen study; `None` if it is refused.
    fn study(&mut self, base: RunConfig) -> Option<Request> {
        let base = RunConfig { n_steps: self.n_steps, ..base };
        let [across, up] = self.spans;
        let name = format!("{}-grid", base.name);
        let dir = PathBuf::from(self.dir.trim());
        match Study::of_two(&name, &base, [up, across]) {
            Ok(study) => Some(Request::StartGrid { study: Box::new(study), dir }),
            Err(error) => {
                self.refusal = Some(error.to_string());
                None
            }
        }
    }
}

/// The row of an axis: setting, first and last value, number of values.
fn axis(ui: &mut Ui, name: &str, span: &mut Span, base: &RunConfig) {
    let title = ui.label(name);
    let choice = ComboBox::from_id_salt(name).selected_text(span.setting.label);
    let shown = choice.show_ui(ui, |ui| {
        for setting in candidates(base) {
            let entry = ui.selectable_label(span.setting == setting, setting.label);
            if entry.on_hover_text(setting.tooltip).clicked() {
                *span = usual(setting, base);
            }
        }
    });
    shown.response.labelled_by(title.id);
    for (label, value) in [("from", &mut span.from), ("to", &mut span.to)] {
        let speed = 0.01 * value.abs().max(0.1);
        let field = DragValue::new(value)
            .speed(speed)
            .prefix(format!("{label} "))
            .custom_formatter(|x, _| text::number(text::rounded(x, 3)));
        ui.add(field);
    }
    ui.add(DragValue::new(&mut span.n).range(2..=MAX_VALUES).suffix(" values"));
}

/// The settings that can be an axis: numbers that this configuration reads.
fn candidates(base: &RunConfig) -> impl Iterator<Item = &'static Setting> {
    Setting::all().filter(|setting| {
        let is_number = setting.limits_in(base).is_some();
        let is_own = [&SEED, &N_STEPS].contains(setting) || setting.effect == Effect::Cosmetic;
        is_number && !is_own && setting.why_unread(base).is_none()
    })
}

/// From a quarter to four times the present value; from 0 to the end of the slider where that is 0, a
/// number of steps to half of the run.
fn usual(setting: &'static Setting, base: &RunConfig) -> Span {
    let value = setting.get(base);
    let value = value.as_float().or_else(|| value.as_integer().map(|n| n as f64)).unwrap_or(0.0);
    let limits = setting.limits_in(base).unwrap_or(0.0..=1.0);
    let slider = setting.slider_range_in(base, base).unwrap_or_else(|| limits.clone());
    let (from, to) = if value > 0.0 {
        (0.25 * value, 4.0 * value)
    } else if setting.unit_in(base) == "steps" {
        (0.0, (base.n_steps.min(USUAL_STEPS) / 2).max(1) as f64)
    } else {
        (0.0, *slider.end())
    };
    let fit = |x: f64| text::rounded(x.clamp(*limits.start(), *limits.end()), 3);
    Span { setting, from: fit(from), to: fit(to), n: N_VALUES }
}
