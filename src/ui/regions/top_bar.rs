//! The top bar: buttons of the run, preset, pace, progress, and buttons of the window.

use eframe::egui::{self, Align, Button, ComboBox, Label, Layout, RichText, TextWrapMode, Ui};
use toml::Value;

use crate::config::{Pace, PresetGroup, RunConfig, preset_groups, settings};
use crate::paint::{PlotView, theme};
use crate::protocol::Paused;
use crate::ui::action::WindowAction;
use crate::ui::appearance::Appearance;
use crate::ui::dialogs::export_dialog;
use crate::ui::gesture::Gesture;
use crate::ui::session::{PresetLibrary, Request, Session, USER_PRESET, status_word};
use crate::ui::widgets::fit_contents;

use super::tools::{self, SentenceLayout};
use super::view_menu;

/// Width in points below which preset and pace move to a second row.
const ONE_ROW_WIDTH: f32 = 1180.0;

/// Width in points of the user's column in the preset menu.
const OWN_WIDTH: f32 = 110.0;

/// Width in points below which all controls wrap.
const TWO_ROWS_WIDTH: f32 = 790.0;

/// Draws the bar; returns requests and window actions.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
    plots: &PlotView,
    appearance: &Appearance,
) -> (Vec<Request>, Vec<WindowAction>) {
    let mut requests = Vec::new();
    let mut actions = Vec::new();
    let width = ui.available_width() / theme::factor(ui.style());
    if width < TWO_ROWS_WIDTH {
        ui.horizontal_wrapped(|ui| {
            // Buttons are taller than the first line of text of a wrapped row.
            ui.spacing_mut().item_spacing.y = 16.0;
            run_buttons(ui, session, &mut requests);
            ui.add(Label::new(progress(session)).extend());
            choices(ui, session, &mut requests);
            window_buttons(ui, session, plots, appearance, &mut actions);
        });
    } else {
        let is_narrow = width < ONE_ROW_WIDTH;
        ui.horizontal(|ui| {
            run_buttons(ui, session, &mut requests);
            ui.separator();
            if !is_narrow {
                choices(ui, session, &mut requests);
                ui.separator();
            }
            ui.label(progress(session));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                window_buttons(ui, session, plots, appearance, &mut actions);
            });
        });
        if is_narrow {
            // Two lines of small type fit beside the choices.
            ui.horizontal(|ui| {
                choices(ui, session, &mut requests);
                tools::sentence(ui, session, SentenceLayout::Small);
            });
        }
    }
    let is_sentence_elsewhere = (TWO_ROWS_WIDTH..ONE_ROW_WIDTH).contains(&width);
    tools::show(ui, session, is_sentence_elsewhere, &mut requests, &mut actions);
    (requests, actions)
}

fn choices(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    preset_choice(ui, session, requests);
    pace_choice(ui, session, requests);
}

fn run_buttons(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let run = session.current();
    let (word, tooltip) = match session.is_paused() {
        _ if run.is_over() => {
            ("Start", "Start a new run with the current settings and seed (Space).")
        }
        Paused::No => ("Pause", "Pause training (Space)."),
        Paused::Yes => ("Resume", "Continue training (Space)."),
    };
    let toggle = Button::new(RichText::new(word).strong()).min_size(egui::vec2(76.0, 0.0));
    if ui.add(toggle).on_hover_text(tooltip).clicked() {
        requests.push(Request::Toggle);
    }
    let step = ui
        .add_enabled(!run.is_over(), Button::new("One step"))
        .on_hover_text("Take one step, then pause (.).");
    if step.clicked() {
        requests.push(Request::StepOnce);
    }
    let restart = ui.button("Restart").on_hover_text(
        "Run again from the same seed, repeating every change at its step (R). With Shift: with the \
             current settings and no later changes (Shift+R).",
    );
    if restart.clicked() {
        let is_clean = ui.input(|input| input.modifiers.shift);
        requests.push(if is_clean { Request::StartClean } else { Request::Restart });
    }
}

fn preset_choice(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let config = session.config_requested();
    let known = session.presets.find(&config.name);
    let replay = session.replay();
    let is_changed = known.is_some_and(|(preset, _)| tools::changed(preset, session).is_some());
    let shown = if is_changed { format!("{} (changed)", config.name) } else { config.name.clone() };
    fit_contents::keep_together(ui, 260.0);
    let name = ui.add(Label::new("Preset").extend());
    ComboBox::from_id_salt("preset")
        .width(190.0)
        .height(680.0)
        .selected_text(shown)
        .show_ui(ui, |ui| {
            // Compact, and in columns by subject, so the menu needs no scrolling.
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.spacing_mut().button_padding.y = 2.0;
            ui.spacing_mut().interact_size.y = 20.0;
            ui.horizontal_top(|ui| {
                let columns = preset_columns();
                let shortest = (0..columns.len()).min_by_key(|at| n_rows(&columns[*at]));
                for (at, column) in columns.iter().enumerate() {
                    ui.vertical(|ui| {
                        for group in column {
                            preset_list(ui, group, &replay, &mut *requests);
                        }
                        if Some(at) == shortest {
                            own_list(ui, &session.presets, &replay, &mut *requests);
                        }
                    });
                }
            });
        })
        .response
        .labelled_by(name.id)
        .on_hover_text("A named configuration that shows one effect; starts a new run.");
}

/// Packs groups of presets into columns, short groups below each other.
fn preset_columns() -> Vec<Vec<PresetGroup>> {
    let groups = preset_groups();
    let most = groups.iter().map(|group| group.presets.len() + 2).max().unwrap_or(0);
    let mut columns: Vec<Vec<PresetGroup>> = Vec::new();
    for group in groups {
        let is_room = |column: &&mut Vec<PresetGroup>| n_rows(column) + group.presets.len() < most;
        match columns.iter_mut().find(is_room) {
            Some(column) => column.push(group),
            None => columns.push(vec![group]),
        }
    }
    columns
}

fn n_rows(column: &[PresetGroup]) -> usize {
    column.iter().map(|group| group.presets.len() + 1).sum()
}

fn preset_list(ui: &mut Ui, group: &PresetGroup, replay: &RunConfig, requests: &mut Vec<Request>) {
    ui.label(RichText::new(group.title).small().weak());
    for preset in group.presets {
        let is_chosen = preset.config.is_same_run(replay);
        let line =
            ui.selectable_label(is_chosen, preset.config.name.as_str()).on_hover_text(preset.sees);
        if line.clicked() {
            requests.push(Request::Preset(Box::new(preset.config.clone())));
        }
    }
}

/// Lists the user's presets, the last run, and messages about unreadable preset files.
fn own_list(ui: &mut Ui, presets: &PresetLibrary, replay: &RunConfig, requests: &mut Vec<Request>) {
    let own = presets.user_presets().iter().map(|own| (own, own.name.clone(), USER_PRESET));
    let last = presets.last_run().map(|last| {
        let name = format!("Last run ({})", last.name);
        (last, name, "The settings of the last run before the window was closed.")
    });
    let known: Vec<_> = own.chain(last).collect();
    if !known.is_empty() {
        ui.label(RichText::new("Your own").small().weak());
    }
    for (known, name, words) in known {
        let line = ui.selectable_label(known.is_same_run(replay), name).on_hover_text(words);
        if line.clicked() {
            requests.push(Request::Preset(Box::new(known.clone())));
        }
    }
    // A long message must not widen the column and push the next one away.
    ui.set_max_width(OWN_WIDTH * theme::factor(ui.style()));
    for sentence in presets.skipped() {
        let text = RichText::new(sentence).small().color(ui.visuals().warn_fg_color);
        ui.add(Label::new(text).wrap_mode(TextWrapMode::Truncate)).on_hover_text(sentence);
    }
}

fn pace_choice(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let now = session.config_requested().live.pace;
    fit_contents::keep_together(ui, 150.0);
    let name = ui.add(Label::new("Pace").extend());
    ComboBox::from_id_salt("pace")
        .width(96.0)
        .selected_text(pace_words(now))
        .show_ui(ui, |ui| {
            for pace in Pace::ALL {
                if ui.selectable_label(now == *pace, pace_words(*pace)).clicked() {
                    let value = Value::String(pace.word().to_owned());
                    requests.push(Request::Set {
                        setting: &settings::PACE,
                        value,
                        gesture: Gesture::New,
                    });
                }
            }
        })
        .response
        .labelled_by(name.id)
        .on_hover_text(settings::PACE.tooltip);
}

fn pace_words(pace: Pace) -> String {
    match pace {
        Pace::Unlimited => "unlimited".to_owned(),
        Pace::One => format!("{pace} step/s"),
        Pace::Ten | Pace::Thirty | Pace::Hundred => format!("{pace} steps/s"),
    }
}

fn progress(session: &Session) -> RichText {
    let run = session.current();
    let steps = format!("{} / {} steps", run.n_steps(), run.config().n_steps);
    match status_word(run, session.pending()) {
        None => RichText::new(steps),
        Some(word) => RichText::new(format!("{steps}, {word}")).strong(),
    }
}

/// The buttons at the right end, added from right to left.
fn window_buttons(
    ui: &mut Ui,
    session: &Session,
    plots: &PlotView,
    appearance: &Appearance,
    actions: &mut Vec<WindowAction>,
) {
    if ui.button("Export…").on_hover_text("Save a picture or the numbers (E).").clicked() {
        actions.push(WindowAction::Open(&export_dialog::VIEW));
    }
    view_menu::show(ui, session, plots, appearance, actions);
    let fit = "Show every step of this run (0). On the plots: drag pans, the wheel zooms the steps, a \
               right-drag zooms a box, a double click fits.";
    if ui.button("Fit").on_hover_text(fit).clicked() {
        actions.push(WindowAction::Fit);
    }
    let follow = ui.selectable_label(plots.is_following(), "Follow");
    if follow.on_hover_text("Keep the newest steps in view (F).").clicked() {
        actions.push(WindowAction::Follow);
    }
}
