//! Cards over the lower plots: a diverged or failed run, a refused request, a lost connection.

use eframe::egui::{
    Align2, Area, Color32, Context, Frame, Id, Order, Rect, RichText, ScrollArea, Stroke, Ui, Vec2,
};

use crate::history::{Crossing, Dated, Run};
use crate::platform::threads;
use crate::protocol::{RunEnd, RunId};
use crate::quantity;
use crate::text;
use crate::ui::session::measured::when;
use crate::ui::session::rescues::rescues;
use crate::ui::session::{Request, Session};

/// Shown when the workers have ended.
const LINK_GONE: &str = "The training threads have ended, so no run can continue. Plots and export \
                         still work; close the window and start eoscope again to train.";

/// The dismissed card and the last refusal.
#[derive(Debug, Default)]
pub(in crate::ui) struct Cards {
    dismissed: Option<RunId>,
    is_loss_dismissed: bool,
    /// Why the last request was refused; cleared by the next one that is carried out.
    pub(in crate::ui) refusal: Option<String>,
}

/// Draws all current cards over the lower end of `space`, so the plots stay where they are; returns
/// a request of the user.
pub(in crate::ui) fn show(
    ctx: &Context,
    space: Rect,
    cards: &mut Cards,
    session: &Session,
) -> Option<Request> {
    if !cards.has_any(session) {
        return None;
    }
    // Below windows and dialogs.
    let area = Area::new(Id::unique("cards")).order(Order::Background);
    let area = area.constrain_to(space).anchor(ANCHOR, Vec2::ZERO);
    let shown = area.show(ctx, |ui| {
        ui.set_width(space.width());
        ui.set_max_height(space.height());
        let scroll = ScrollArea::vertical().max_height(space.height()).min_scrolled_height(0.0);
        scroll.show(ui, |ui| contents(ui, cards, session)).inner
    });
    shown.inner
}

const ANCHOR: Align2 = Align2::LEFT_BOTTOM;

impl Cards {
    /// Takes away the card about the end of a run.
    pub(in crate::ui) fn dismiss(&mut self, run: RunId) {
        self.dismissed = Some(run);
    }

    fn has_any(&self, session: &Session) -> bool {
        let run = session.current();
        let is_bad = |end: &RunEnd| matches!(end, RunEnd::Diverged { .. } | RunEnd::Failed { .. });
        let is_ended = run.end().is_some_and(is_bad) && self.dismissed != Some(run.id());
        let is_told = self.refusal.is_some() || session.runs().notice().is_some();
        is_ended || is_told || session.is_link_gone() && !self.is_loss_dismissed
    }
}

fn contents(ui: &mut Ui, cards: &mut Cards, session: &Session) -> Option<Request> {
    let run = session.current();
    let mut request = None;
    if session.is_link_gone() && !cards.is_loss_dismissed {
        let refused = threads::REFUSAL.map(|why| format!("No run can be trained here: {why}."));
        let said = refused.as_deref().unwrap_or(LINK_GONE);
        cards.is_loss_dismissed =
            card(ui, ui.visuals().error_fg_color, |ui| told_and_dismissed(ui, said));
    }
    if let Some(refusal) = cards.refusal.clone()
        && card(ui, ui.visuals().warn_fg_color, |ui| told_and_dismissed(ui, &refusal))
    {
        cards.refusal = None;
    }
    if let Some(notice) = session.runs().notice()
        && card(ui, ui.visuals().warn_fg_color, |ui| told_and_dismissed(ui, notice))
    {
        request = Some(Request::DismissNotice);
    }
    let Some(end) = run.end().filter(|_| cards.dismissed != Some(run.id())) else { return request };
    let is_dismissed = match end {
        RunEnd::Diverged { loss } => card(ui, ui.visuals().error_fg_color, |ui| {
            ui.label(RichText::new(verdict(run, *loss)).strong());
            let row = ui.horizontal_wrapped(|ui| {
                let all = ui.button(TRY_ALL).on_hover_text(TRY_ALL_TOOLTIP);
                if all.clicked() {
                    request = Some(Request::TryRescues);
                }
                ui.label("or restart with");
                request = rescue_buttons(ui, session).or(request.take());
                ui.button(DISMISS).clicked()
            });
            row.inner
        }),
        RunEnd::Failed { message } => card(ui, ui.visuals().error_fg_color, |ui| {
            ui.label(RichText::new("The run failed.").strong());
            told_and_dismissed(ui, message)
        }),
        RunEnd::Finished | RunEnd::Stopped => false,
    };
    if is_dismissed {
        cards.dismissed = Some(run.id());
    }
    request
}

const DISMISS: &str = "Dismiss";

/// A sentence and a button; returns whether that was clicked.
fn told_and_dismissed(ui: &mut Ui, sentence: &str) -> bool {
    let row = ui.horizontal_wrapped(|ui| {
        ui.label(sentence);
        ui.small_button(DISMISS).clicked()
    });
    row.inner
}

const TRY_ALL: &str = "Try all";

const TRY_ALL_TOOLTIP: &str = "Trains a run for each of these changes, one after the other from the \
    same seed over up to 2,000 steps, and draws their curvatures beside each other. This run is kept.";

fn rescue_buttons(ui: &mut Ui, session: &Session) -> Option<Request> {
    let mut request = None;
    for rescue in rescues(&session.replay()) {
        let button = ui.button(rescue.label).on_hover_text("The same seed, with this one change.");
        if button.clicked() {
            request = Some(Request::Begin(Box::new(rescue.config)));
        }
    }
    request
}

/// The step and loss of a divergence, the last change before it, and since when λ was above its limit.
fn verdict(run: &Run, loss: f64) -> String {
    let what = format!("Diverged at step {}: loss {}", run.n_steps(), text::number(loss));
    let what = last_change(run).map_or(what.clone(), |change| format!("{what}; {change}"));
    let symbol = run.governing_symbol();
    let Some(found) = run.governing() else {
        return format!("{what}; {symbol} was never measured.");
    };
    match run.crossing() {
        Some(crossing) => {
            let since = if run.is_outdated(crossing.last) {
                let Crossing { step, last, .. } = crossing;
                format!("was above the line from step {step} to {last}, when it was last measured")
            } else {
                format!("has been above the line since step {}", crossing.step)
            };
            let Dated { value, step } = crossing.max_ratio;
            let most = text::number(short(value));
            format!("{what}; {symbol} {since} (up to {most} times at step {step}).")
        }
        None if run.series(quantity::STABILITY_THRESHOLD).is_empty() => {
            format!("{what}; no stability limit is known for this optimizer.")
        }
        None if run.series(quantity::BINDING_RATIO).at(found.step).is_none() => {
            format!("{what}; {symbol} was last measured {}, with no limit.", when(run, found.step))
        }
        None => {
            format!("{what}; {symbol} was last measured below the line, {}.", when(run, found.step))
        }
    }
}

/// The last change that affected a step before the end, for example `Learning rate 0.1 → 100, two
/// steps before`.
fn last_change(run: &Run) -> Option<String> {
    let end = run.n_steps();
    let marker = run.markers().iter().rev().find(|marker| marker.step < end)?;
    let step = if marker.until < end { marker.until } else { marker.step };
    Some(format!("{}, {} before", marker.sentence(), text::counted(end - step, "step")))
}

/// Two digits below ten, whole numbers above.
fn short(ratio: f64) -> f64 {
    if ratio < 10.0 { (ratio * 10.0).round() / 10.0 } else { ratio.round() }
}

fn card(ui: &mut Ui, color: Color32, body: impl FnOnce(&mut Ui) -> bool) -> bool {
    let fill = ui.visuals().panel_fill.blend(color.gamma_multiply(0.10));
    let frame = Frame::group(ui.style()).fill(fill).stroke(Stroke::new(1.0, color));
    let shown = frame.inner_margin(10.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        body(ui)
    });
    shown.inner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Curvature, Eigenvalue, Event, Record, Sample, Source};

    const RUN: RunId = RunId(1);

    /// A run of `n` steps with a limit of 20, measured at the given steps and multiples of the limit.
    fn run(n: u64, measured: &[(u64, f64)], changes: &[(u64, f64, u64)]) -> Run {
        let mut run = Run::new(RUN, RunConfig::default());
        for step in 0..=n {
            for (_, peak_lr, gesture) in changes.iter().filter(|(at, ..)| *at == step) {
                let mut live = run.config().live.clone();
                live.peak_lr = *peak_lr;
                let source = Source::User(*gesture);
                run.apply(&Event::Tuned { run: RUN, step, live: Box::new(live), source });
            }
            let found = measured.iter().find(|(at, _)| *at == step);
            let curvature = found.map(|(_, ratio)| Curvature {
                top: vec![Eigenvalue {
                    value: 20.0 * ratio,
                    residual: 0.0,
                    is_converged: true,
                    identity: 0,
                    error: Some(0.0),
                }],
                ..Curvature::default()
            });
            let threshold = Some(20.0);
            let sample =
                Sample { step, curvature, stability_threshold: threshold, ..Sample::default() };
            let records = vec![Record { sample, ..Record::default() }];
            run.apply(&Event::Sampled { run: RUN, records });
        }
        let end = RunEnd::Diverged { loss: 3456.0 };
        run.apply(&Event::Ended { run: RUN, step: n, end });
        run
    }

    #[test]
    fn the_verdict_names_the_last_change_and_only_measured_steps() {
        for (measured, changes, wanted) in [
            (&[][..], &[][..], ""),
            (
                &[(0, 0.5), (40, 0.9)],
                &[(50, 100.0, 1)],
                "Learning rate 0.1 → 100, two steps before; ",
            ),
            (
                &[(0, 0.5), (30, 1.5), (40, 24.4)],
                &[(20, 0.2, 1), (47, 0.3, 1)],
                "Learning rate 0.1 → 0.3, 5 steps before; ",
            ),
            (
                &[(40, 1.5)],
                &[(50, 0.2, 1), (51, 0.1, 2)],
                "Learning rate 0.2 → 0.1, one step before; ",
            ),
            // Changes at step 0 make no marker, and one at the last step acted on no step.
            (&[(51, 3.1)], &[(0, 7.0, 1), (52, 9.0, 2)], ""),
        ] {
            let said = verdict(&run(52, measured, changes), 3456.0);
            let begin = format!("Diverged at step 52: loss 3456; {wanted}λ₁ ");
            assert!(said.starts_with(&begin), "{said}");
            let words: Vec<&str> = said[begin.len()..].split([' ', ',', ')', '.']).collect();
            for pair in words.windows(2).filter(|pair| ["step", "to"].contains(&pair[0])) {
                let Ok(step) = pair[1].parse::<u64>() else { continue };
                assert!(measured.iter().any(|(at, _)| *at == step), "step {step}: {said}");
            }
        }
    }
}
