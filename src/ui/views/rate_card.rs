//! The card "Which rate?": the rates that several tools name for this run on one axis, why they differ,
//! and one suggestion; the same for warmup.

use eframe::egui::{Button, Context, Grid, Response, RichText, Ui, Window};

use crate::figure::chart::{Cell, Table};
use crate::figure::{KnownRates, RateTool, Suggestion, TriedRates, advice};
use crate::history::{Dated, Run};
use crate::paint::theme;
use crate::protocol::{Question, SearchKind, TrialsStatus};
use crate::text;
use crate::ui::session::{Request, Session, stable_rate};
use crate::ui::view_info::{Scene, View, ViewInfo, always};
use crate::ui::widgets::fit_contents;

use super::rate_axis::{self, AxisMark};
use super::{search_view, table_copy, trials_view};

/// Width of this view in points, before scaling.
const WIDTH: f32 = 470.0;

/// Why a search cannot start.
const SEARCHING: &str = "A search is under way; the run waits for it.";

/// View declaration.
pub(in crate::ui) static VIEW: ViewInfo =
    ViewInfo { is_in_menu: always, ..ViewInfo::new("Which rate?", |_, _| Box::new(RateCard)) };

/// The card.
#[derive(Debug)]
struct RateCard;

impl View for RateCard {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let mut requests = Vec::new();
        let top = fit_contents::top(ctx, 110.0);
        let left = ctx.content_rect().right() - WIDTH - 40.0;
        window.resizable(false).default_pos([left.max(8.0), top]).show(ctx, |ui| {
            let width = WIDTH * theme::factor(ui.style());
            ui.set_width(fit_contents::width(ctx, width));
            fit_contents::scrolled(ui, top, |ui| contents(ui, scene.session, &mut requests));
        });
        requests
    }
}

/// The rates that are known of a run.
fn known_rates(run: &Run) -> KnownRates {
    let measured = run.last_measured().map(|record| record.sample.step);
    let limit = stable_rate::largest_stable(run).zip(measured);
    let searched = |kind: SearchKind| {
        let last = run.searches().iter().rev().find(|(_, search)| search.kind == kind);
        last.and_then(|(step, search)| Some(Dated { value: search.suggested?, step: *step }))
    };
    KnownRates {
        limit: limit
            .map(|(value, step)| Dated { value: stable_rate::rounded_down(value), step })
            .ok_or_else(|| format!("limit: {}", stable_rate::explain_largest_stable(run))),
        one_step: searched(SearchKind::FirstRate),
        range_test: searched(SearchKind::RangeTest),
        trials: run.trials().and_then(|(step, trials)| TriedRates::of(*step, trials)),
    }
}

fn contents(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let run = session.current();
    let known = known_rates(run);
    let config = session.config_requested();
    let has_peak = config.live.rate.rule.has_peak();
    let marks: Vec<AxisMark> = RateTool::ALL
        .into_iter()
        .enumerate()
        .filter_map(|(at, tool)| {
            let value = known.of(tool)?.value;
            Some(AxisMark { at, name: tool.title(), value })
        })
        .collect();
    let now = has_peak.then_some(config.live.peak_lr);
    rate_axis::show(ui, &marks, now);
    Grid::new("rates").num_columns(4).min_col_width(0.0).spacing([12.0, 5.0]).show(ui, |ui| {
        for (at, tool) in RateTool::ALL.into_iter().enumerate() {
            rate_axis::sample(ui, at);
            ui.label(tool.title()).on_hover_text(text::sentence(tool.meaning()));
            match known.of(tool) {
                Some(Dated { value, step }) => {
                    let value = text::number(text::rounded(value, 3));
                    ui.label(format!("{value} at step {step}"));
                }
                None => {
                    ui.weak(unknown(&known, tool));
                }
            }
            run_tool(ui, session, tool, requests);
            ui.end_row();
        }
    });
    ui.add_space(4.0);
    table_copy::show(ui, || as_table(&known));
    ui.separator();
    rate_advice(ui, session, &known, requests);
    ui.add_space(4.0);
    ui.label(RichText::new("Why they differ").small().weak());
    for tool in RateTool::ALL {
        let words = format!("{}: {}.", tool.title(), tool.meaning());
        ui.label(RichText::new(words).small());
    }
    ui.separator();
    warmup(ui, session, requests);
}

/// The rates as a table, with all digits.
fn as_table(known: &KnownRates) -> Option<Table> {
    let rows = RateTool::ALL.into_iter().map(|tool| {
        let found = known.of(tool);
        vec![
            Cell::text(tool.title()),
            Cell::number(found.map(|found| found.value), 3),
            Cell::number(found.map(|found| found.step as f64), 7),
        ]
    });
    table_copy::table(["Tool", "η", "at step"], rows.collect())
}

/// Why a tool has no rate.
fn unknown(known: &KnownRates, tool: RateTool) -> String {
    match (tool, &known.limit) {
        (RateTool::Limit, Err(_)) => "none now".to_owned(),
        (RateTool::Trials, _) if known.trials.is_some() => "none survived".to_owned(),
        (RateTool::Limit | RateTool::OneStep | RateTool::RangeTest | RateTool::Trials, _) => {
            "not known".to_owned()
        }
    }
}

/// The button that runs a tool; for the limit, which needs none, why there is none.
fn run_tool(ui: &mut Ui, session: &Session, tool: RateTool, requests: &mut Vec<Request>) {
    let has_peak = session.config_requested().live.rate.rule.has_peak();
    let search = |ui: &mut Ui, kind: SearchKind| {
        let why = match session.searching() {
            Some(_) => SEARCHING,
            None => "Only a running or paused run can be searched from.",
        };
        let button = button(ui, session.can_search(), search_view::name(kind), why);
        button.on_hover_text(search_view::tooltip(kind)).clicked().then_some(Request::Search(kind))
    };
    let request = match tool {
        RateTool::Limit => {
            let why = stable_rate::explain_largest_stable(session.current());
            ui.label(RichText::new(why).small().weak());
            None
        }
        RateTool::OneStep => search(ui, SearchKind::FirstRate),
        RateTool::RangeTest => search(ui, SearchKind::RangeTest),
        RateTool::Trials => {
            let is_possible = session.can_try() && has_peak;
            let why = if has_peak { trials_view::why_not(session) } else { trials_view::NOT_READ };
            let button = button(ui, is_possible, trials_view::RATES, why);
            button.on_hover_text(trials_view::RATES_TOOLTIP).clicked().then_some(Request::TryRates)
        }
    };
    requests.extend(request);
}

fn button(ui: &mut Ui, is_possible: bool, word: &str, why_not: &str) -> Response {
    ui.add_enabled(is_possible, Button::new(word)).on_disabled_hover_text(why_not)
}

/// The one suggestion, with its reason and a button that takes it.
fn rate_advice(ui: &mut Ui, session: &Session, known: &KnownRates, requests: &mut Vec<Request>) {
    let advice = known.advice();
    ui.label(RichText::new(&advice.sentence).strong());
    let has_peak = session.config_requested().live.rate.rule.has_peak();
    if let Some(rate) = advice.rate.filter(|rate| (1e-5..=100.0).contains(rate)) {
        let word = format!("Use η = {}", text::number(rate));
        let response = button(ui, has_peak, &word, trials_view::NOT_READ);
        let tooltip = trials_view::apply_tooltip(session, Suggestion::Rate(rate));
        if response.on_hover_text(tooltip).clicked() {
            requests.push(Request::Apply(Suggestion::Rate(rate)));
        }
    }
}

/// Whether a warmup is needed, what trials of it found, and buttons that try and take it.
fn warmup(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let run = session.current();
    let tried = run.trials().filter(|(_, trials)| {
        trials.question == Question::Warmup && trials.status == TrialsStatus::Done
    });
    let found = tried.and_then(|(step, trials)| advice(*step, trials));
    let sentence =
        found.as_ref().map_or_else(|| untried_warmup(run), |found| found.sentence.clone());
    ui.label(RichText::new("Which warmup?").strong());
    ui.label(sentence);
    let has_schedule = session.config_requested().live.rate.rule.has_schedule();
    ui.horizontal(|ui| {
        let why = if has_schedule { trials_view::why_not(session) } else { trials_view::NOT_READ };
        let find = button(ui, session.can_try() && has_schedule, trials_view::WARMUP, why);
        if find.on_hover_text(trials_view::WARMUP_TOOLTIP).clicked() {
            requests.push(Request::TryWarmup);
        }
        if let Some(suggestion @ Suggestion::Warmup(n)) = found.and_then(|found| found.setting) {
            let take = ui
                .button(format!("Use warmup {n}"))
                .on_hover_text(trials_view::apply_tooltip(session, suggestion));
            if take.clicked() {
                requests.push(Request::Apply(suggestion));
            }
        }
    });
}

/// What is known of warmup where none was tried.
fn untried_warmup(run: &Run) -> String {
    match stable_rate::starting_ratio(run, run.config().live.peak_lr) {
        Some((ratio, _)) if ratio > 1.0 => format!(
            "The run starts at {} × its limit, and no warmup was tried: trials find the shortest that \
             it survives.",
            text::number(text::rounded(ratio, 3))
        ),
        Some((ratio, _)) => format!(
            "None is needed at the start: the run starts at {} × its limit.",
            text::number(text::rounded(ratio, 3))
        ),
        None => "No suggestion: the limit at the start is not known, and no warmup was tried."
            .to_owned(),
    }
}
