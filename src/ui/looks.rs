//! How the plots show the runs: ratio or eigenvalues, smoothing, seeds together, settings compared.
//! Changes choices of the view only; does not draw the plots.

use eframe::egui::{ComboBox, Grid, RichText, ScrollArea, Ui, Window};

use crate::figure::{SMOOTHINGS, seeds};
use crate::history::Run;
use crate::paint::PlotView;

use super::plots;
use super::session::Session;

/// Whether the table of settings is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Looks {
    is_comparing: bool,
}

/// Draws the row of choices, and the table of settings while it is open.
pub(super) fn show(ui: &mut Ui, looks: &mut Looks, session: &Session, view: &mut PlotView) {
    ui.horizontal(|ui| {
        let ratio = ui.toggle_value(&mut view.choices.is_ratio, "λ / threshold");
        ratio.on_hover_text(
            "Divide every eigenvalue by the stability threshold at its step: 1 is the edge.",
        );
        smoothing(ui, view);
        let n_seeds = seeds(&plots::shown(session)).len();
        if n_seeds > 1 {
            let words = format!("{n_seeds} seeds as one");
            ui.toggle_value(&mut view.choices.is_over_seeds, words).on_hover_text(
                "These runs differ by their seed only: draw the median and the range over them.",
            );
        }
        if session.ghosts().is_empty() {
            looks.is_comparing = false;
        } else {
            let compare = ui.toggle_value(&mut looks.is_comparing, "Compare settings");
            compare.on_hover_text("A table of the settings that differ between the runs shown.");
        }
    });
    let mut is_open = looks.is_comparing;
    Window::new("Settings that differ").open(&mut is_open).collapsible(false).show(
        ui.ctx(),
        |ui| {
            ScrollArea::both().show(ui, |ui| compare(ui, session));
        },
    );
    looks.is_comparing = is_open;
}

fn smoothing(ui: &mut Ui, view: &mut PlotView) {
    let words = |n: u32| if n == 1 { "off".to_owned() } else { format!("mean of {n} steps") };
    let name = ui.label("Smoothing");
    let now = &mut view.choices.smoothing;
    ComboBox::from_id_salt("smoothing")
        .width(140.0)
        .selected_text(words(*now))
        .show_ui(ui, |ui| {
            for n in SMOOTHINGS {
                ui.selectable_value(now, n, words(n));
            }
        })
        .response
        .labelled_by(name.id)
        .on_hover_text(
            "The running mean of losses, gradient norm and eigenvalues; the values stay visible \
             behind it.",
        );
}

/// One row a setting, one column a run; the current run first.
fn compare(ui: &mut Ui, session: &Session) {
    let current = session.current();
    let ghosts = session.ghosts();
    let rows = differing(current, ghosts);
    if rows.is_empty() {
        ui.label("All runs shown have the same settings.");
        return;
    }
    Grid::new("settings that differ").striped(true).spacing([18.0, 6.0]).show(ui, |ui| {
        ui.label(RichText::new("Setting").strong());
        ui.label(RichText::new("now").strong());
        for ghost in ghosts {
            ui.label(RichText::new(format!("run {}", ghost.id().0)).strong());
        }
        ui.end_row();
        for (name, values) in rows {
            ui.label(name);
            let now = values.first().cloned().unwrap_or_default();
            for value in values {
                let is_other = value != now;
                let text = RichText::new(value);
                ui.label(if is_other { text.strong() } else { text });
            }
            ui.end_row();
        }
    });
}

/// Settings that some run has otherwise than the current one, each with its value in every run;
/// as they are now, live changes included.
fn differing(current: &Run, ghosts: &[Run]) -> Vec<(String, Vec<String>)> {
    let config = current.config();
    let changes: Vec<_> = ghosts.iter().map(|ghost| config.changes_to(ghost.config())).collect();
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let mut keys = Vec::new();
    for change in changes.iter().flatten() {
        if keys.contains(&&change.key) || change.key == "live.pace" {
            continue;
        }
        keys.push(&change.key);
        let told = |value: &toml::Value| value.as_str().map_or(value.to_string(), str::to_owned);
        let label = crate::config::setting(&change.key).map_or(&*change.key, |row| row.label);
        let mut values = vec![told(&change.from)];
        for of_ghost in &changes {
            let own = of_ghost.iter().find(|other| other.key == change.key);
            values.push(told(own.map_or(&change.from, |own| &own.to)));
        }
        rows.push((label.to_owned(), values));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::RunId;

    #[test]
    fn the_table_has_a_row_for_every_setting_that_differs_and_a_value_for_every_run() {
        let run = |id, change: fn(&mut RunConfig)| {
            let mut config = RunConfig::default();
            change(&mut config);
            Run::new(RunId(id), config)
        };
        let ghosts = [
            run(1, |config| config.seed = 7),
            run(2, |config| config.live.peak_lr = 0.5),
            run(3, |_| {}),
        ];
        let rows = differing(&run(4, |_| {}), &ghosts);
        let values: Vec<_> = rows.iter().map(|(name, v)| (name.as_str(), v.join(" "))).collect();
        let seed = RunConfig::default().seed.to_string();
        let wanted =
            ["Learning rate 0.1 0.1 0.5 0.1".to_owned(), format!("Seed {seed} 7 {seed} {seed}")];
        let mut seen: Vec<_> = values.iter().map(|(name, v)| format!("{name} {v}")).collect();
        seen.sort();
        assert_eq!(seen, wanted);
        assert!(differing(&run(4, |_| {}), &ghosts[2..]).is_empty());
    }
}
