//! The row below the top bar: what the preset shows or how it was changed, and undo, redo, reset,
//! save and copy.

use eframe::egui::{
    Align, Button, Color32, Context, Id, Label, Layout, RichText, TextStyle, Ui, Vec2, vec2,
};

use crate::config::{Change, RunConfig, settings};
use crate::figure::{begun_and_later, live_changes};
use crate::ui::action::WindowAction;
use crate::ui::dialogs::save_preset;
use crate::ui::session::{Direction, Request, Reset, Session};

/// The most changed settings listed by name.
const MAX_CHANGES: usize = 3;

/// Label of the button that copies the command.
const COPY: &str = "Copy command";

/// Seconds for which the button reads "Copied".
const COPIED_SECS: f64 = 2.0;

/// Draws the row; adds requests and actions.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
    requests: &mut Vec<Request>,
    actions: &mut Vec<WindowAction>,
) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            copy(ui, actions);
            save(ui, actions);
            reset(ui, session, requests);
            undo(ui, session, Direction::Redo, requests);
            undo(ui, session, Direction::Undo, requests);
            let layout = Layout::left_to_right(Align::Center);
            ui.with_layout(layout, |ui| sentence(ui, session));
        });
    });
}

/// The tools as entries of a menu; adds requests and actions.
pub(super) fn menu(
    ui: &mut Ui,
    session: &Session,
    requests: &mut Vec<Request>,
    actions: &mut Vec<WindowAction>,
) {
    undo(ui, session, Direction::Undo, requests);
    undo(ui, session, Direction::Redo, requests);
    reset(ui, session, requests);
    save(ui, actions);
    copy(ui, actions);
}

fn copy(ui: &mut Ui, actions: &mut Vec<WindowAction>) {
    let copy = ui.add(Button::new(copy_word(ui.ctx())).small().min_size(copy_size(ui)));
    let copy = copy.on_hover_text(
        "Copy the command that opens a window with this run again, with every change at its step (K).",
    );
    if copy.clicked() {
        actions.push(WindowAction::CopyCommand);
    }
}

fn save(ui: &mut Ui, actions: &mut Vec<WindowAction>) {
    let save = ui.small_button("Save preset…");
    let tooltip = "Save this run as a user preset, including its changes (Ctrl+S).";
    if save.on_hover_text(tooltip).clicked() {
        actions.push(WindowAction::Open(&save_preset::VIEW));
    }
}

fn undo(ui: &mut Ui, session: &Session, direction: Direction, requests: &mut Vec<Request>) {
    let (word, keys, request) = match direction {
        Direction::Redo => ("Redo", "Ctrl+Shift+Z", Request::Redo),
        Direction::Undo => ("Undo", "Ctrl+Z", Request::Undo),
    };
    let preview = session.undo_preview(direction);
    let button = ui.add_enabled(preview.is_some(), Button::new(word).small());
    let preview = preview.unwrap_or_default();
    let button = button.on_hover_text(format!("{preview} ({keys}).")).on_disabled_hover_text(
        "There is no change of a live setting and no removed run to undo or redo.",
    );
    if button.clicked() {
        requests.push(request);
    }
}

/// The reset button, whose text says whether it restarts the run.
fn reset(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let (word, tooltip) = match session.reset_effect() {
        Reset::Nothing => ("Reset", "The settings equal the preset's."),
        Reset::Live => ("Reset", "All settings as in the preset, at the next step."),
        Reset::Restart => (
            "Reset (restarts)",
            "All settings as in the preset: starts a new run; this one goes to the drawer of runs.",
        ),
    };
    let is_possible = session.reset_effect() != Reset::Nothing;
    let button = ui.add_enabled(is_possible, Button::new(word).small());
    if button.on_hover_text(tooltip).on_disabled_hover_text(tooltip).clicked() {
        requests.push(Request::Reset);
    }
}

/// What the preset shows, or which settings are changed, in one line.
fn sentence(ui: &mut Ui, session: &Session) {
    let config = session.config_requested();
    let Some((preset, sees)) = session.presets.find(&config.name) else { return };
    let label = |words: &str| Label::new(RichText::new(words).italics()).truncate();
    match changed(preset, session) {
        None => ui.add(label(sees)),
        Some(sentence) => {
            // Changes to an ended run apply to the next one.
            let waits = session.current().is_over() && session.has_unconfirmed_settings();
            let sentence = if waits { format!("Next run: {sentence}") } else { sentence };
            ui.add(label(&sentence)).on_hover_text(format!("The preset unchanged: {sees}"))
        }
    };
}

/// How a run differs from its preset: initial settings, then changes made during the run and changes
/// still to come, with their steps. `None` if it is the same run.
pub(in crate::ui) fn changed(preset: &RunConfig, session: &Session) -> Option<String> {
    let (run, replay) = (session.current(), session.replay());
    if replay.is_same_run(preset) {
        return None;
    }
    if run.is_over() && session.has_unconfirmed_settings() {
        return difference(preset, &replay, replay.described_changes(), Vec::new());
    }
    let requested = run.config().changes_to(&session.config_requested());
    let requested = requested.iter().filter(|change| is_listed(change)).map(ToString::to_string);
    // A tuning that was ended early has the iterations that were made.
    let begun = RunConfig { init: replay.init.clone(), ..run.initial_config().clone() };
    difference(preset, &begun, live_changes(run), requested.collect())
}

fn is_listed(change: &Change) -> bool {
    !change.is_of(&settings::PACE) && !change.is_of(&settings::WARMUP_START)
}

/// Differences of the initial settings from the preset, dated changes, and changes that the run has
/// not confirmed.
fn difference(
    preset: &RunConfig,
    begun: &RunConfig,
    later: Vec<String>,
    requested: Vec<String>,
) -> Option<String> {
    let apart = preset.changes_to(begun);
    let apart = apart.iter().filter(|change| is_listed(change)).map(ToString::to_string);
    let mut apart: Vec<String> = apart.collect();
    let is_without = later.is_empty() && requested.is_empty() && !preset.changes.is_empty();
    // Scheduled changes of the preset itself are no difference.
    let mut later = if later == preset.described_changes() { Vec::new() } else { later };
    let newest = if later.is_empty() { &mut apart } else { &mut later };
    newest.extend(requested);
    if apart.is_empty() && later.is_empty() && is_without {
        apart.push("without its changes at later steps".to_owned());
    }
    let n = apart.len() + later.len();
    apart.truncate(MAX_CHANGES);
    later.truncate(MAX_CHANGES - apart.len());
    let n_more = n - apart.len() - later.len();
    let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
    let text = begun_and_later(&apart, &later);
    (!text.is_empty()).then(|| format!("{}, changed: {text}{more}", begun.name))
}

/// Makes the copy button read "Copied" for a moment.
pub(in crate::ui) fn say_copied(ctx: &Context) {
    let until = ctx.input(|input| input.time) + COPIED_SECS;
    ctx.data_mut(|data| data.insert_temp(Id::unique(COPY), until));
}

fn copy_word(ctx: &Context) -> &'static str {
    let until: f64 = ctx.data(|data| data.get_temp(Id::unique(COPY))).unwrap_or(f64::NEG_INFINITY);
    let left = until - ctx.input(|input| input.time);
    if left <= 0.0 {
        return COPY;
    }
    ctx.request_repaint_after_secs(as_f32(left));
    "Copied"
}

/// Fixed size of the button, wide enough for both its texts.
fn copy_size(ui: &Ui) -> Vec2 {
    let font = TextStyle::Body.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(COPY.to_owned(), font, Color32::WHITE);
    vec2(galley.size().x + 2.0 * ui.spacing().button_padding.x, 0.0)
}

#[expect(clippy::cast_possible_truncation, reason = "a second or two")]
fn as_f32(secs: f64) -> f32 {
    secs as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Pace;

    #[test]
    fn a_changed_preset_lists_its_changes_and_counts_the_rest() {
        let preset = RunConfig::default();
        let difference = |config: &RunConfig| difference(&preset, config, Vec::new(), Vec::new());
        assert_eq!(difference(&preset), None);
        let mut config = preset.clone();
        config.live.pace = Pace::Ten;
        assert_eq!(difference(&config), None);
        config.live.peak_lr = 0.2;
        let label = difference(&config).unwrap();
        assert_eq!(label, "fashion-edge, changed: Learning rate 0.1 → 0.2");
        config.seed += 1;
        config.n_steps += 1;
        config.init.scale = 3.0;
        config.live.momentum += 0.01;
        let label = difference(&config).unwrap();
        assert_eq!(label.matches('→').count(), 3, "{label}");
        assert!(label.ends_with(" and 2 more"), "{label}");
    }
}
