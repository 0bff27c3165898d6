//! Trials beside the current run: recommendation, curves and outcomes, live.

use eframe::egui::{Button, Context, Grid, Label, RichText, ScrollArea, Ui, Window, vec2};

use crate::figure::chart::{Cell, Table};
use crate::figure::{Advice, Suggestion, advice, suggestion_name, trial_name, trial_outcome};
use crate::history::Run;
use crate::paint::theme;
use crate::protocol::{EndKind, Question, Trial, Trials};
use crate::text;
use crate::ui::session::{Request, SETS_RATE, Session, TRIAL_STEPS, stable_rate};
use crate::ui::view_info::{RequestEffect, Scene, View, ViewInfo};
use crate::ui::widgets::{curve_styles, number_field};

use super::{table_copy, trial_curves};

/// Width of this view in points, before scaling.
const WIDTH: f32 = 560.0;

/// Height reserved for the recommendation in points, so nothing moves when it appears.
const ADVICE_HEIGHT: f32 = 40.0;

/// Height of the view's title bar and borders in points.
const FRAME_HEIGHT: f32 = 62.0;

/// Height of a row of the table in points.
const ROW_HEIGHT: f32 = 20.0;

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    on_request: effect_on_view,
    ..ViewInfo::new("Trials beside the run", |_, _| Box::new(TrialsView))
};

/// The view of the newest trials.
#[derive(Debug)]
struct TrialsView;

/// Starting trials opens the view; a suggestion applied in a new run closes it.
fn effect_on_view(request: &Request, session: &Session) -> Option<RequestEffect> {
    if matches!(request, Request::TryRates | Request::TryWarmup) {
        return Some(RequestEffect::Opens);
    }
    let Request::Apply(suggestion) = request else { return None };
    let is_live = matches!(suggestion, Suggestion::Rate(_)) && !session.current().is_over();
    (!is_live).then_some(RequestEffect::Closes)
}

/// Text of the button that tries rates.
pub(in crate::ui) const RATES: &str = "Try rates";

/// Text of the button that tries warmup lengths.
pub(in crate::ui) const WARMUP: &str = "Find warmup";

/// Tooltip of [`RATES`].
pub(in crate::ui) const RATES_TOOLTIP: &str = "Copies of this run continue beside it with half, one, two \
    and four times the learning rate, on the same batches. An ended run is tried from its first step, \
    a diverged one with an eighth to all of the rate. The run itself is not changed (Y).";

/// Tooltip of [`WARMUP`].
pub(in crate::ui) const WARMUP_TOOLTIP: &str = "The first steps of this run, without a warmup and then with \
    one as long as λ₁(0) is above its limit, doubled until it survives 64 steps at the full rate. \
    The run itself is not changed (U).";

/// Why a setting that the rule of the rate ignores is not tried.
pub(super) const NOT_READ: &str = "The rule for the learning rate does not use it.";

/// Why trials cannot start now.
pub(in crate::ui) fn why_not(session: &Session) -> &'static str {
    if session.is_trying() { "Trials are under way." } else { "The run has not started yet." }
}

impl View for TrialsView {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let mut requests = Vec::new();
        let space = ctx.content_rect().size();
        window.resizable(false).default_pos([360.0, 96.0]).show(ctx, |ui| {
            let factor = theme::factor(ui.style());
            let width = (WIDTH * factor).min(space.x - 60.0);
            ui.set_width(width);
            // As high as the window allows, regardless of egui's initial height.
            let height = space.y - FRAME_HEIGHT * factor;
            let scroll = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
            scroll.show(ui, |ui| {
                // egui draws the scroll bar over the right end.
                ui.set_width(width - 12.0);
                contents(ui, scene.session, &mut requests);
            });
        });
        requests
    }
}

fn contents(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    buttons(ui, session, requests);
    ui.separator();
    let newest = session.current().trials();
    let advice = newest.and_then(|(step, trials)| advice(*step, trials));
    recommendation(ui, session, advice, requests);
    let Some((step, trials)) = newest else { return };
    ui.separator();
    ui.label(RichText::new(heading(*step, trials)).strong());
    trial_curves::show(ui, trials);
    table(ui, session, trials, requests);
    ui.add_space(4.0);
    table_copy::show(ui, || as_table(trials));
}

/// The trials as a table, with all digits.
fn as_table(trials: &Trials) -> Option<Table> {
    let rows = trials.trials.iter().map(|trial| {
        let [step, ratio] = trial.ratios.last().map_or([None; 2], |last| last.map(Some));
        vec![
            Cell::text(trial_name(&trials.question, trial)),
            Cell::text(trial_outcome(&trials.question, trial)),
            Cell::number(trial.last_loss(), 3),
            Cell::number(ratio, 3),
            step.map_or(Cell::Missing, |step| Cell::text(text::exact(step))),
        ]
    });
    let headers = ["Trial", "Outcome", "Last loss", "λ₁/limit", "at step"];
    table_copy::table(headers, rows.collect())
}

fn buttons(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let rule = session.config_requested().live.rate.rule;
    let why = |is_read: bool| if is_read { why_not(session) } else { NOT_READ };
    ui.horizontal(|ui| {
        let can_try = session.can_try();
        let rates = ui
            .add_enabled(can_try && rule.has_peak(), Button::new("Rates"))
            .on_hover_text(RATES_TOOLTIP)
            .on_disabled_hover_text(why(rule.has_peak()));
        if rates.clicked() {
            requests.push(Request::TryRates);
        }
        let mut n_steps = session.trial_settings().n_steps();
        let name = ui.label("for steps");
        let field = number_field::whole(ui, &mut n_steps, "", TRIAL_STEPS);
        let field = field.labelled_by(name.id).on_hover_text(format!(
            "Steps of each trial of a rate, from {} to {}.",
            TRIAL_STEPS.start(),
            TRIAL_STEPS.end()
        ));
        if field.changed() {
            requests.push(Request::TrialSteps(n_steps));
        }
        ui.separator();
        let warmup = ui
            .add_enabled(can_try && rule.has_schedule(), Button::new("Warmup"))
            .on_hover_text(WARMUP_TOOLTIP)
            .on_disabled_hover_text(why(rule.has_schedule()));
        if warmup.clicked() {
            requests.push(Request::TryWarmup);
        }
        ui.separator();
        let cancel = ui
            .add_enabled(session.is_trying(), Button::new("Cancel"))
            .on_hover_text("Ends the trials with the results so far.")
            .on_disabled_hover_text("No trials are under way.");
        if cancel.clicked() {
            requests.push(Request::EndTrials);
        }
    });
}

/// The recommendation with its reason, and a button that applies it.
fn recommendation(
    ui: &mut Ui,
    session: &Session,
    advice: Option<Advice>,
    requests: &mut Vec<Request>,
) {
    let factor = theme::factor(ui.style());
    let setting = advice.as_ref().and_then(|advice| advice.setting);
    let sentence = match advice {
        Some(advice) => format!("Recommended: {}", advice.sentence),
        None if session.is_trying() => "The trials are running beside the run …".to_owned(),
        None => first_recommendation(session.current()),
    };
    let height = ADVICE_HEIGHT * factor;
    let width = ui.available_width();
    ui.allocate_ui(vec2(width, height), |ui| {
        ui.set_min_size(vec2(width, height));
        ui.add(Label::new(sentence).wrap());
    });
    ui.horizontal(|ui| {
        ui.set_min_height(ui.spacing().interact_size.y);
        let Some(setting) = setting else { return };
        let word = suggestion_name(setting);
        let button = ui.add_enabled(is_in_range(setting), Button::new(word));
        if button.on_hover_text(apply_tooltip(session, setting)).clicked() {
            requests.push(Request::Apply(setting));
        }
    });
}

/// What to try first, before any trials.
fn first_recommendation(run: &Run) -> String {
    match stable_rate::starting_ratio(run, run.config().live.peak_lr) {
        Some((ratio, _)) if ratio > 1.0 => format!(
            "This run starts at {} × its stability limit: look for a warmup that it survives.",
            text::number(text::rounded(ratio, 3))
        ),
        _ if run.has_diverged() => {
            "This run diverged: try smaller rates from its first step.".to_owned()
        }
        Some(_) | None => {
            "Try rates beside this run to see which one has the lowest loss.".to_owned()
        }
    }
}

/// Whether the suggestion is within the range of its setting.
fn is_in_range(suggestion: Suggestion) -> bool {
    match suggestion {
        Suggestion::Rate(rate) => (1e-5..=100.0).contains(&rate),
        Suggestion::Warmup(_) => true,
    }
}

/// Tooltip of a button that applies a suggestion.
pub(super) fn apply_tooltip(session: &Session, suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::Rate(_) if !session.current().is_over() => SETS_RATE,
        Suggestion::Rate(_) | Suggestion::Warmup(_) => {
            "Starts a new run from the same seed; this one goes to the drawer."
        }
    }
}

fn heading(step: u64, trials: &Trials) -> String {
    match &trials.question {
        Question::Rates { n_steps, .. } => format!("Rates over {n_steps} steps from step {step}"),
        Question::Warmup => "Warmup from step 0".to_owned(),
    }
}

/// A row for every trial: curve style, outcome, measurements and a button to use it.
fn table(ui: &mut Ui, session: &Session, trials: &Trials, requests: &mut Vec<Request>) {
    let row_height = ROW_HEIGHT * theme::factor(ui.style());
    let grid = Grid::new("trials").striped(true).spacing([14.0, 3.0]).min_row_height(row_height);
    grid.show(ui, |ui| {
        for (title, tooltip) in [
            ("", ""),
            ("Trial", "The changed setting and its value."),
            ("Outcome", "Its state, or how it ended."),
            ("Last loss", "Mean over the last tenth of its steps."),
            ("λ₁/limit", "As last measured, with the step; above 1 steps overshoot."),
            ("", ""),
        ] {
            ui.label(RichText::new(title).small().weak()).on_hover_text(tooltip);
        }
        ui.end_row();
        for (at, trial) in trials.trials.iter().enumerate() {
            curve_styles::sample(ui, at);
            ui.label(trial_name(&trials.question, trial));
            let outcome = trial_outcome(&trials.question, trial);
            if trial.end == Some(EndKind::DIVERGED) {
                ui.colored_label(ui.visuals().error_fg_color, outcome);
            } else {
                ui.label(outcome);
            }
            ui.label(number(trial.last_loss()));
            ui.label(last_ratio(trial));
            let suggestion = suggestion(&trials.question, trial);
            let use_it = ui
                .add_enabled(is_in_range(suggestion), Button::new("Use").small())
                .on_hover_text(apply_tooltip(session, suggestion));
            let name = format!("Use {}", trial_name(&trials.question, trial));
            if use_it.accessible_name(name).clicked() {
                requests.push(Request::Apply(suggestion));
            }
            ui.end_row();
        }
    });
}

/// The newest ratio, with its step if that is not the last one.
fn last_ratio(trial: &Trial) -> String {
    let Some([step, ratio]) = trial.ratios.last() else { return number(None) };
    let is_last = step + 1.0 >= trial.n_taken() as f64;
    let when = if is_last { String::new() } else { format!(" at {}", text::number(*step)) };
    format!("{}{when}", number(Some(*ratio)))
}

fn suggestion(question: &Question, trial: &Trial) -> Suggestion {
    match question {
        Question::Rates { .. } => Suggestion::Rate(trial.rate),
        Question::Warmup => Suggestion::Warmup(trial.warmup),
    }
}

fn number(x: Option<f64>) -> String {
    x.map_or_else(|| "–".to_owned(), |x| text::number(text::rounded(x, 3)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trials_are_copied_with_all_digits_and_nothing_where_nothing_was_measured() {
        let trial = |ratios: &[[f64; 2]]| Trial {
            rate: 0.1,
            factor: 1.0,
            warmup: 0,
            n_steps: 200,
            losses: vec![0.5, f64::NAN],
            ratios: ratios.to_vec(),
            end: Some(EndKind::DIVERGED),
        };
        let question = Question::Rates { n_steps: 200, factors: vec![1.0] };
        let two = vec![trial(&[[31.0, 1.0 / 3.0]]), trial(&[])];
        let trials = Trials { trials: two, ..Trials::new(question) };
        let csv = as_table(&trials).unwrap().csv().unwrap();
        let rows: Vec<&str> = csv.lines().collect();
        assert_eq!(rows[0], "Trial,Outcome,Last loss,λ₁/limit,at step");
        assert!(rows[1].ends_with(",,0.3333333333333333,31"), "{csv}");
        assert!(rows[2].ends_with(",,,"), "{csv}");
        assert!(as_table(&trials).unwrap().markdown().contains("| 0.333 | 31 |"));
    }
}
