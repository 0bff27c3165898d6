//! A table that compares the runs on the plots: differing settings, progress and outcome, every
//! measured value with its step.

use eframe::egui::{Context, Grid, RichText, ScrollArea, Ui, Window};

use crate::config::{Setting, plain};
use crate::figure::chart::{Cell, Table};
use crate::history::{Dated, Run, course};
use crate::quantity;
use crate::ui::session::measured::{dated, when};
use crate::ui::session::run_list::ListedRun;
use crate::ui::session::{Request, status_word};
use crate::ui::view_info::{RequestEffect, Scene, View, ViewInfo};
use crate::ui::widgets::fit_contents;

use super::table_copy;

/// The most steps of changes listed for a run.
const MAX_STEPS: usize = 6;

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    is_in_menu: |session| session.drawn().next().is_some(),
    has_contents: |session| session.drawn().next().is_some(),
    on_request: |request, _| matches!(request, Request::Compare).then_some(RequestEffect::Opens),
    ..ViewInfo::new("Compare runs", |_, _| Box::new(Compare))
};

/// The table.
#[derive(Debug)]
struct Compare;

/// One row of the table, with a value for every run.
#[derive(Debug, PartialEq)]
struct Row {
    label: &'static str,
    tooltip: &'static str,
    values: Vec<String>,
}

impl View for Compare {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let session = scene.session;
        let drawn: Vec<&ListedRun> = session.drawn().collect();
        let former = drawn.iter().rev().map(|listed| (listed.card.name.as_str(), &listed.run));
        let name = session.current_card().name.as_str();
        let (names, runs): (Vec<&str>, Vec<&Run>) =
            std::iter::once((name, session.current())).chain(former).unzip();
        let (top, width) = (fit_contents::top(ctx, 160.0), fit_contents::width(ctx, f32::INFINITY));
        window.resizable(false).default_pos([360.0, top]).show(ctx, |ui| {
            let area = ScrollArea::horizontal().max_width(width).min_scrolled_width(width);
            fit_contents::scrolled(ui, top, |ui| {
                let rows = all_rows(&runs);
                area.show(ui, |ui| table(ui, &names, &rows));
                ui.add_space(4.0);
                table_copy::show(ui, || as_table(&names, &rows));
            });
        });
        Vec::new()
    }
}

/// Settings that differ, or a row that says that none does, then progress and outcome.
fn all_rows(runs: &[&Run]) -> Vec<Row> {
    let mut settings = differing(runs);
    if settings.is_empty() {
        let mut values = vec![String::new(); runs.len()];
        values[..1].fill("all the same".to_owned());
        let tooltip = "No setting of these runs differs, nor do the changes made during them.";
        settings.push(Row { label: "Settings", tooltip, values });
    }
    settings.into_iter().chain(progress_rows(runs)).collect()
}

/// The rows as a table with a column for each run.
fn as_table(names: &[&str], rows: &[Row]) -> Option<Table> {
    let cells = |row: &Row| {
        let values = row.values.iter().map(|value| table_copy::text(value));
        std::iter::once(Cell::text(row.label)).chain(values).collect()
    };
    let headers = std::iter::once("").chain(names.iter().copied());
    table_copy::table(headers, rows.iter().map(cells).collect())
}

fn table(ui: &mut Ui, names: &[&str], rows: &[Row]) {
    Grid::new("runs").striped(true).spacing([24.0, 6.0]).show(ui, |ui| {
        ui.label("");
        for (i, name) in names.iter().enumerate() {
            let now = if i == 0 { ", current" } else { "" };
            ui.strong(format!("{name}{now}"));
        }
        ui.end_row();
        for row in rows {
            ui.label(RichText::new(row.label).strong()).on_hover_text(row.tooltip);
            for value in &row.values {
                ui.label(value);
            }
            ui.end_row();
        }
    });
}

/// Settings that differ between runs; one changed during a run with all its changes.
fn differing(runs: &[&Run]) -> Vec<Row> {
    let rows: Vec<Row> = Setting::all()
        .filter(|setting| setting.is_reported())
        .map(|setting| Row {
            label: setting.label,
            tooltip: setting.tooltip,
            values: runs.iter().map(|run| value(run, setting)).collect(),
        })
        .filter(Row::differs)
        .collect();
    let rest = Some(changed_at(runs)).filter(|row| rows.is_empty() && row.differs());
    rows.into_iter().chain(rest).collect()
}

/// The steps at which settings changed, for runs that differ in nothing else.
fn changed_at(runs: &[&Run]) -> Row {
    let steps = |run: &&Run| {
        let changes = run.so_far().effective_changes();
        let steps = changes.iter().map(|(step, _)| step.to_string());
        let listed = steps.take(MAX_STEPS).collect::<Vec<_>>().join(", ");
        if listed.is_empty() { "–".to_owned() } else { listed }
    };
    let tooltip = "The steps at which settings changed during the run.";
    Row { label: "Changes at steps", tooltip, values: runs.iter().map(steps).collect() }
}

impl Row {
    fn differs(&self) -> bool {
        self.values.windows(2).any(|pair| pair[0] != pair[1])
    }
}

/// The value of a setting, with all its changes during the run.
fn value(run: &Run, setting: &Setting) -> String {
    course(run.markers(), setting.key).unwrap_or_else(|| plain(&setting.get(run.config())))
}

/// Progress and outcome of the runs.
fn progress_rows(runs: &[&Run]) -> Vec<Row> {
    let row = |label, tooltip, value: fn(&Run) -> Option<String>| Row {
        label,
        tooltip,
        values: runs.iter().map(|run| value(run).unwrap_or_else(|| "–".to_owned())).collect(),
    };
    vec![
        row("Steps taken", "Optimizer steps so far.", |run| Some(run.n_steps().to_string())),
        row("Training loss", "At the newest step.", |run| {
            Some(dated(run, run.newest(quantity::LOSS)?))
        }),
        row("λ₁ / limit", "Over the limit that bound at its step; 1 is the edge.", |run| {
            let step = run.governing()?.step;
            let ratio = run.series(quantity::BINDING_RATIO).at(step);
            let ratio = ratio.map(|value| dated(run, Dated { value, step }));
            Some(ratio.unwrap_or_else(|| format!("no limit {}", when(run, step))))
        }),
        row("Outcome", "State of the run, or how it ended.", |run| {
            Some(status_word(run, None).unwrap_or("running").to_owned())
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::preset;
    use crate::protocol::{Event, RunEnd, RunId, Source};

    fn run(id: u64, name: &str) -> Run {
        Run::new(RunId(id), preset(name).unwrap().config.clone())
    }

    fn row<'a>(rows: &'a [Row], label: &str) -> &'a [String] {
        &rows.iter().find(|row| row.label == label).unwrap().values
    }

    /// A run whose rate is changed at two steps.
    fn changed(id: u64, rates: [(u64, f64); 2], source: fn(u64) -> Source) -> Run {
        let mut run = run(id, "blowup");
        for (step, rate) in rates {
            let mut live = run.config().live.clone();
            live.peak_lr = rate;
            let (live, source) = (Box::new(live), source(step));
            run.apply(&Event::Tuned { run: RunId(id), step, live, source });
        }
        run
    }

    #[test]
    fn only_differing_settings_are_listed_and_live_changes_with_both_values() {
        let (plain, mut warmed) = (run(1, "blowup"), run(2, "blowup-warmup"));
        let mut live = warmed.config().live.clone();
        live.peak_lr = 0.1;
        let source = Source::User(1);
        warmed.apply(&Event::Tuned { run: RunId(2), step: 5, live: Box::new(live), source });
        let rows = differing(&[&warmed, &plain]);
        assert_eq!(row(&rows, "Warmup"), ["256", "0"]);
        assert_eq!(row(&rows, "Learning rate"), ["0.2 → 0.1 at step 5", "0.2"]);
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(differing(&[&plain, &plain]).is_empty());
        // Changed, and changed back.
        let back = changed(3, [(5, 0.1), (9, 0.2)], Source::User);
        let rows = differing(&[&back, &plain]);
        assert_eq!(row(&rows, "Learning rate"), ["0.2 → 0.1 at step 5 → 0.2 at 9", "0.2"]);
        // Two drags to the same end.
        let drag = |id, last| changed(id, [(5, 0.15), (last, 0.1)], |_| Source::User(1));
        let rows = differing(&[&drag(4, 9), &drag(5, 7)]);
        assert_eq!(row(&rows, "Changes at steps"), ["5, 9", "5, 7"]);
    }

    #[test]
    fn the_table_is_copied_with_a_column_for_each_run_and_nothing_for_a_dash() {
        let (plain, warmed) = (run(1, "blowup"), run(2, "blowup-warmup"));
        let table = as_table(&["a, b", "c"], &all_rows(&[&plain, &warmed])).unwrap();
        let csv = table.csv().unwrap();
        assert!(csv.starts_with(",\"a, b\",c\nWarmup,0,256\n"), "{csv}");
        assert!(csv.contains("\nTraining loss,,\n"), "{csv}");
        let markdown = table.markdown();
        assert!(markdown.starts_with("|  | a, b | c |\n"), "{markdown}");
        assert!(markdown.contains("| Training loss | – | – |\n"), "{markdown}");
        let same = as_table(&["a", "b"], &all_rows(&[&plain, &plain])).unwrap();
        assert!(same.csv().unwrap().contains("\nSettings,all the same,\n"));
    }

    #[test]
    fn a_run_without_records_shows_dashes() {
        let mut diverged = run(1, "blowup");
        let end = RunEnd::Diverged { loss: f64::NAN };
        diverged.apply(&Event::Ended { run: RunId(1), step: 15, end });
        let rows = progress_rows(&[&diverged, &run(2, "blowup")]);
        assert_eq!(row(&rows, "Steps taken"), ["15", "0"]);
        assert_eq!(row(&rows, "λ₁ / limit"), ["–", "–"]);
        assert_eq!(row(&rows, "Outcome"), ["diverged", "starting…"]);
    }
}
