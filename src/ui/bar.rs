//! The top bar: start, pause, step, restart, preset, pace, progress, and what must be seen.
//! Returns wishes; does not carry them out.

use eframe::egui::{self, Align, Button, ComboBox, Layout, RichText, Role, Ui, WidgetInfo};
use toml::Value;

use crate::config::{Pace, Preset, RunConfig, preset, presets};
use crate::figure::Axis;
use crate::history::Status;
use crate::paint::PlotView;
use crate::protocol::StopReason;

use super::session::Session;
use super::tools;
use super::wish::{Touch, Wish};

/// Presets in one column of their menu.
const MAX_PRESETS_BELOW: usize = 9;

/// Points below which the choices go to a row of their own.
const ONE_ROW_WIDTH: f32 = 1180.0;

/// What the bar asks of the window itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ask {
    /// Nothing.
    #[default]
    Nothing,
    /// The export dialog.
    Export,
    /// The other theme.
    SwitchTheme,
    /// Another horizontal axis.
    Axis(Axis),
    /// Plots that scroll with the newest step.
    Follow,
    /// Plots that show everything.
    Fit,
}

/// Draws the bar; returns what the person wants of the runs and of the window.
pub(super) fn show(ui: &mut Ui, session: &Session, view: &PlotView) -> (Vec<Wish>, Ask) {
    let mut wishes = Vec::new();
    let mut ask = Ask::default();
    let is_narrow = ui.available_width() < ONE_ROW_WIDTH;
    ui.horizontal(|ui| {
        run_buttons(ui, session, &mut wishes);
        ui.separator();
        if !is_narrow {
            preset_choice(ui, session, &mut wishes);
            pace_choice(ui, session, &mut wishes);
            ui.separator();
        }
        ui.label(progress(session));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ask = window_buttons(ui, view);
        });
    });
    if is_narrow {
        ui.horizontal(|ui| {
            preset_choice(ui, session, &mut wishes);
            pace_choice(ui, session, &mut wishes);
        });
    }
    tools::show(ui, session, &mut wishes);
    (wishes, ask)
}

fn run_buttons(ui: &mut Ui, session: &Session, wishes: &mut Vec<Wish>) {
    let run = session.current();
    let (word, tooltip) = match run.status() {
        Status::Starting | Status::Running => ("Pause", "Stand still (Space)."),
        Status::Paused => ("Resume", "Go on (Space)."),
        Status::Stopped(_) => ("Start", "Begin again from the same seed (Space)."),
    };
    let toggle = Button::new(RichText::new(word).strong()).min_size(egui::vec2(76.0, 0.0));
    if ui.add(toggle).on_hover_text(tooltip).clicked() {
        wishes.push(Wish::Toggle);
    }
    let step = ui
        .add_enabled(!run.is_over(), Button::new("One step"))
        .on_hover_text("Take one step, then stand still (.).");
    if step.clicked() {
        wishes.push(Wish::StepOnce);
    }
    let again = ui
        .button("Restart")
        .on_hover_text("Begin again from the same seed with the settings as they are now (R).");
    if again.clicked() {
        wishes.push(Wish::Again);
    }
}

fn preset_choice(ui: &mut Ui, session: &Session, wishes: &mut Vec<Wish>) {
    let config = session.config_asked();
    let is_changed =
        preset(&config.name).is_ok_and(|preset| tools::changed(&preset.config, &config).is_some());
    let shown = if is_changed { format!("{} (changed)", config.name) } else { config.name.clone() };
    let name = ui.label("Preset");
    ComboBox::from_id_salt("preset")
        .width(190.0)
        .height(600.0)
        .selected_text(shown)
        .show_ui(ui, |ui| {
            // Close together and in columns, so that all fit the menu without scrolling.
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal_top(|ui| {
                for column in presets().chunks(MAX_PRESETS_BELOW) {
                    ui.vertical(|ui| preset_column(ui, column, &config, &mut *wishes));
                }
            });
        })
        .response
        .labelled_by(name.id)
        .on_hover_text("A named configuration with something to see; starts a new run.");
}

fn preset_column(
    ui: &mut Ui,
    column: &'static [Preset],
    config: &RunConfig,
    wishes: &mut Vec<Wish>,
) {
    for preset in column {
        let is_chosen = preset.config.name == config.name;
        let line =
            ui.selectable_label(is_chosen, preset.config.name.as_str()).on_hover_text(preset.sees);
        if line.clicked() {
            wishes.push(Wish::Preset(&preset.config.name));
        }
    }
}

fn pace_choice(ui: &mut Ui, session: &Session, wishes: &mut Vec<Wish>) {
    let now = session.config_asked().live.pace;
    let name = ui.label("Pace");
    ComboBox::from_id_salt("pace")
        .width(96.0)
        .selected_text(pace_words(now))
        .show_ui(ui, |ui| {
            for pace in Pace::ALL {
                if ui.selectable_label(now == *pace, pace_words(*pace)).clicked() {
                    let value = Value::String(pace.word().to_owned());
                    wishes.push(Wish::Set { key: "live.pace", value, touch: Touch::New });
                }
            }
        })
        .response
        .labelled_by(name.id)
        .on_hover_text("Steps a second at most; never changes a number.");
}

fn pace_words(pace: Pace) -> String {
    match pace {
        Pace::Unlimited => "unlimited".to_owned(),
        Pace::One | Pace::Ten | Pace::Thirty | Pace::Hundred => format!("{pace} steps/s"),
    }
}

fn progress(session: &Session) -> RichText {
    let run = session.current();
    let steps = format!("{} / {} steps", run.n_steps(), run.config().n_steps);
    let word = match run.status() {
        Status::Running => return RichText::new(steps),
        Status::Starting => "starting…",
        Status::Paused => "paused",
        Status::Stopped(StopReason::Finished) => "finished",
        Status::Stopped(StopReason::Requested) => "stopped",
        Status::Stopped(StopReason::Diverged { .. }) => "diverged",
        Status::Stopped(StopReason::Failed { .. }) => "failed",
    };
    RichText::new(format!("{steps}, {word}")).strong()
}

/// Buttons at the right end, from right to left.
fn window_buttons(ui: &mut Ui, view: &PlotView) -> Ask {
    let mut ask = Ask::default();
    let theme = if ui.visuals().dark_mode { "Light" } else { "Dark" };
    if ui.button("Export…").on_hover_text("Save a picture or the numbers.").clicked() {
        ask = Ask::Export;
    }
    if ui.button(theme).on_hover_text("Switch between dark and light.").clicked() {
        ask = Ask::SwitchTheme;
    }
    if ui.button("Fit").on_hover_text("Show every step of every run.").clicked() {
        ask = Ask::Fit;
    }
    let follow = ui.selectable_label(view.is_following(), "Follow");
    if follow.on_hover_text("Keep the newest steps in view.").clicked() {
        ask = Ask::Follow;
    }
    if let Some(axis) = axis_choice(ui, view.axis()) {
        ask = Ask::Axis(axis);
    }
    ask
}

/// What the plots are drawn over; `Some` when another is chosen.
fn axis_choice(ui: &mut Ui, now: Axis) -> Option<Axis> {
    let mut chosen = None;
    let choice = ComboBox::from_id_salt("axis").width(84.0).selected_text(now.label());
    let choice = choice.show_ui(ui, |ui| {
        for axis in Axis::ALL {
            if ui.selectable_label(axis == now, axis.label()).clicked() {
                chosen = Some(axis);
            }
        }
    });
    let response = choice.response.on_hover_text("What runs along the horizontal axis.");
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(now.label().to_owned()),
        ..WidgetInfo::labeled(Role::ComboBox, true, "Horizontal axis")
    });
    chosen
}
