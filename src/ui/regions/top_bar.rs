//! The top bar: buttons of the run, preset, pace, progress, and buttons of the window. It is one row
//! high; what has no room in it is in its menu.

use eframe::egui::{self, Align, Button, ComboBox, Label, Layout, RichText, Role, Ui, WidgetInfo};
use toml::Value;

use crate::config::{Pace, settings};
use crate::paint::PlotView;
use crate::protocol::Paused;
use crate::ui::action::WindowAction;
use crate::ui::appearance::Appearance;
use crate::ui::dialogs::export_dialog;
use crate::ui::gesture::Gesture;
use crate::ui::session::{Request, Session, status_word};
use crate::ui::widgets::fit_contents;

use super::asked::Asked;
use super::room::{BarLevel, Room};
use super::{plot_options, preset_choice, tools, view_menu};

/// Draws the bar and the row of tools; returns what the user asked for.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
    plots: &mut PlotView,
    appearance: &Appearance,
    room: Room,
) -> Asked {
    let mut asked = Asked::default();
    ui.horizontal(|ui| {
        toggle(ui, session, &mut asked.requests);
        if room.bar >= BarLevel::Wide {
            step(ui, session, &mut asked.requests);
            restart(ui, &mut asked.requests);
        }
        if room.bar >= BarLevel::Medium {
            preset_choice::show(ui, session, &mut asked.requests);
        }
        if room.bar >= BarLevel::Whole {
            pace_choice(ui, session, &mut asked.requests);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if room.has_menu() {
                menu(ui, session, plots, appearance, room, &mut asked);
            }
            if room.bar >= BarLevel::Wide {
                export(ui, &mut asked.actions);
            }
            if room.bar >= BarLevel::Narrow {
                view_menu::show(ui, session, plots, appearance, &mut asked.actions);
            }
            if room.bar >= BarLevel::Wide {
                fit(ui, &mut asked.actions);
                follow(ui, plots, &mut asked.actions);
            }
            if !room.has_controls && room.bar >= BarLevel::Narrow {
                controls(ui, &mut asked.actions);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(progress(session)).truncate());
            });
        });
    });
    if room.has_tools {
        tools::show(ui, session, &mut asked.requests, &mut asked.actions);
    }
    asked
}

/// The menu of everything without room.
fn menu(
    ui: &mut Ui,
    session: &Session,
    plots: &mut PlotView,
    appearance: &Appearance,
    room: Room,
    asked: &mut Asked,
) {
    let contents = |ui: &mut Ui| {
        let Asked { requests, actions } = asked;
        if !room.has_controls {
            controls(ui, actions);
        }
        if room.bar < BarLevel::Wide {
            step(ui, session, requests);
            restart(ui, requests);
        }
        if room.bar < BarLevel::Medium {
            ui.menu_button("Preset", |ui| preset_choice::lists(ui, session, requests));
        }
        if room.bar < BarLevel::Whole {
            ui.menu_button("Pace", |ui| paces(ui, session, requests));
        }
        if room.bar < BarLevel::Wide {
            fit(ui, actions);
            follow(ui, plots, actions);
            export(ui, actions);
        }
        if room.bar < BarLevel::Narrow {
            view_menu::show(ui, session, plots, appearance, actions);
        }
        if !room.has_options {
            ui.separator();
            actions.extend(plot_options::menu(ui, session, plots, appearance));
        }
        if !room.has_tools {
            ui.separator();
            tools::menu(ui, session, requests, actions);
        }
    };
    let top = fit_contents::top(ui.ctx(), f32::INFINITY);
    ui.menu_button("More", |ui| fit_contents::scrolled(ui, top, contents))
        .response
        .on_hover_text("What has no room in this window.");
}

fn controls(ui: &mut Ui, actions: &mut Vec<WindowAction>) {
    let button = ui.button("Controls").on_hover_text("Show the settings of the run, or hide them.");
    if button.clicked() {
        actions.push(WindowAction::Controls);
        ui.close();
    }
}

/// The word of the button that pauses and resumes, and its tooltip.
pub(super) fn toggle_words(session: &Session) -> [&'static str; 2] {
    match session.is_paused() {
        _ if session.current().is_over() => [
            "Start",
            "Run again with its seed, its changes at their steps, and what was set since (Space).",
        ],
        Paused::No => ["Pause", "Pause training (Space)."],
        Paused::Yes => ["Resume", "Continue training (Space)."],
    }
}

fn toggle(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let [word, tooltip] = toggle_words(session);
    let toggle = Button::new(RichText::new(word).strong()).min_size(egui::vec2(76.0, 0.0));
    if ui.add(toggle).on_hover_text(tooltip).clicked() {
        requests.push(Request::Toggle);
    }
}

fn step(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let step = ui
        .add_enabled(!session.current().is_over(), Button::new("One step"))
        .on_hover_text("Take one step, then pause (.).");
    if step.clicked() {
        requests.push(Request::StepOnce);
    }
}

fn restart(ui: &mut Ui, requests: &mut Vec<Request>) {
    let restart = ui.button("Restart").on_hover_text(
        "Run again from the same seed, repeating every change at its step (R). With Shift: with the \
             current settings and no later changes (Shift+R).",
    );
    if restart.clicked() {
        let is_clean = ui.input(|input| input.modifiers.shift);
        requests.push(if is_clean { Request::StartClean } else { Request::Restart });
    }
}

fn pace_choice(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let shown = pace_words(session.config_requested().live.pace);
    let response = ComboBox::from_id_salt("pace")
        .width(96.0)
        .selected_text(shown.as_str())
        .show_ui(ui, |ui| paces(ui, session, requests))
        .response
        .on_hover_text(settings::PACE.tooltip);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(shown.clone()),
        ..WidgetInfo::labeled(Role::ComboBox, true, "Pace")
    });
}

fn paces(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let now = session.config_requested().live.pace;
    for pace in Pace::ALL {
        if ui.selectable_label(now == *pace, pace_words(*pace)).clicked() {
            let value = Value::String(pace.word().to_owned());
            requests.push(Request::Set { setting: &settings::PACE, value, gesture: Gesture::New });
        }
    }
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

fn export(ui: &mut Ui, actions: &mut Vec<WindowAction>) {
    if ui.button("Export…").on_hover_text("Save a picture or the numbers (E).").clicked() {
        actions.push(WindowAction::Open(&export_dialog::VIEW));
    }
}

fn fit(ui: &mut Ui, actions: &mut Vec<WindowAction>) {
    let fit = "Show every step of this run (0, or a double click on a plot).";
    if ui.button("Fit").on_hover_text(fit).clicked() {
        actions.push(WindowAction::Fit);
    }
}

fn follow(ui: &mut Ui, plots: &PlotView, actions: &mut Vec<WindowAction>) {
    let follow = ui.selectable_label(plots.is_following(), "Follow");
    if follow.on_hover_text("Keep the newest steps in view (F).").clicked() {
        actions.push(WindowAction::Follow);
    }
}
