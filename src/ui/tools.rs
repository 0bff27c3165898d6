//! The row below the bar: what must be seen, and tools for the settings: undo, redo, reset, save, copy.
//! Returns wishes; does not carry them out.

use eframe::egui::{Align, Button, Label, Layout, RichText, Ui};

use crate::config::RunConfig;

use super::ask::Ask;
use super::session::Session;
use super::undo::Way;
use super::wish::{Reset, Wish};

/// Changed settings that are named; more would not be read.
const MAX_CHANGES: usize = 3;

/// What a sentence has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// One line, cut where it is too long.
    One,
    /// As many as it takes, in small type.
    Small,
}

/// Draws the row, with the sentence unless that is told elsewhere; adds what the person wants.
pub(super) fn show(
    ui: &mut Ui,
    session: &Session,
    is_told: bool,
    (wishes, asks): (&mut Vec<Wish>, &mut Vec<Ask>),
) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let copy = ui.small_button("Copy command").on_hover_text(
                "Copy the command that trains this run again, live changes included (K).",
            );
            if copy.clicked() {
                asks.push(Ask::CopyCommand);
            }
            let keep = ui.small_button("Save preset…");
            if keep.on_hover_text("Save the settings as a preset of yours (Ctrl+S).").clicked() {
                asks.push(Ask::Keep);
            }
            reset(ui, session, wishes);
            for (way, word, keys, wish) in [
                (Way::Again, "Redo", "Ctrl+Shift+Z", Wish::Redo),
                (Way::Back, "Undo", "Ctrl+Z", Wish::Undo),
            ] {
                let told = session.retracing(way);
                let button = ui.add_enabled(told.is_some(), Button::new(word).small());
                let told = told.unwrap_or_default();
                let button = button
                    .on_hover_text(format!("{told} at the next step ({keys})."))
                    .on_disabled_hover_text("No change of a live setting to go to.");
                if button.clicked() {
                    wishes.push(wish);
                }
            }
            if !is_told {
                let layout = Layout::left_to_right(Align::Center);
                ui.with_layout(layout, |ui| sentence(ui, session, Lines::One));
            }
        });
    });
}

/// The button says beforehand whether the run goes on.
fn reset(ui: &mut Ui, session: &Session, wishes: &mut Vec<Wish>) {
    let (word, tooltip) = match session.resetting() {
        Reset::Nothing => ("Reset", "The settings are the preset's."),
        Reset::Live => ("Reset", "All settings as in the preset, at the next step."),
        Reset::Restart => (
            "Reset (restarts)",
            "All settings as in the preset: begins a new run; this one stays as a ghost.",
        ),
    };
    let is_possible = session.resetting() != Reset::Nothing;
    let button = ui.add_enabled(is_possible, Button::new(word).small());
    if button.on_hover_text(tooltip).on_disabled_hover_text(tooltip).clicked() {
        wishes.push(Wish::Reset);
    }
}

/// What there is to see in the preset, or what is changed.
pub(super) fn sentence(ui: &mut Ui, session: &Session, lines: Lines) {
    let config = session.config_asked();
    let Some((preset, sees)) = session.shelf.find(&config.name) else { return };
    let said = |words: &str| {
        let words = RichText::new(words).italics();
        match lines {
            Lines::One => Label::new(words).truncate(),
            Lines::Small => Label::new(words.small()).wrap(),
        }
    };
    match changed(preset, &config) {
        None => ui.add(said(sees)),
        Some(sentence) => {
            // A run that is over stays as it was: what is changed now waits.
            let waits = session.current().is_over() && session.is_waiting_for_echo();
            let sentence = if waits { format!("Next run: {sentence}") } else { sentence };
            ui.add(said(&sentence)).on_hover_text(format!("The preset unchanged: {sees}"))
        }
    };
}

/// How settings differ from those of their preset; `None` when nothing that shapes a run does.
pub(super) fn changed(preset: &RunConfig, config: &RunConfig) -> Option<String> {
    let mut told: Vec<String> = preset
        .changes_to(config)
        .iter()
        .filter(|change| !matches!(change.key.as_str(), "live.pace" | "live.warmup.start"))
        .map(ToString::to_string)
        .collect();
    if preset.changes != config.changes {
        told.push("dated changes".to_owned());
    }
    let n_more = told.len().saturating_sub(MAX_CHANGES);
    told.truncate(MAX_CHANGES);
    let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
    (!told.is_empty()).then(|| format!("{}, changed: {}{more}", config.name, told.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Pace;

    #[test]
    fn a_changed_preset_says_what_is_changed_and_counts_what_it_does_not_name() {
        let preset = RunConfig::default();
        assert_eq!(changed(&preset, &preset), None);
        let mut config = preset.clone();
        config.live.pace = Pace::Ten;
        assert_eq!(changed(&preset, &config), None);
        config.live.peak_lr = 0.2;
        let said = changed(&preset, &config).unwrap();
        assert_eq!(said, "fashion-edge, changed: Learning rate 0.1 → 0.2");
        config.seed += 1;
        config.n_steps += 1;
        config.init.scale = 3.0;
        config.live.momentum += 0.01;
        let said = changed(&preset, &config).unwrap();
        assert_eq!(said.matches('→').count(), 3, "{said}");
        assert!(said.ends_with(" and 2 more"), "{said}");
    }
}
