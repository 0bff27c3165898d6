//! Cards above the plots: a run that diverged or failed, a refused wish, a lost link.
//! Says what, where and what to do; returns wishes, and changes nothing itself.

use eframe::egui::{Color32, Frame, RichText, Stroke, Ui};

use crate::history::{Crossing, Dated, Run, Status};
use crate::protocol::{RunId, StopReason};
use crate::text;

use super::rescue;
use super::session::Session;
use super::told::when;
use super::wish::Wish;

/// What is said when nobody is left at the other end of the link.
const LINK_GONE: &str = "The training threads have ended, so no run can go on. Plots and export \
                         still work; close the window and start eoscope again to train.";

/// Which cards were put away, and why the last wish was refused.
#[derive(Debug, Default)]
pub(super) struct Cards {
    dismissed: Option<RunId>,
    /// The last refusal, until something is granted.
    pub(super) complaint: Option<String>,
}

/// Draws the cards there are; returns what the person wants.
pub(super) fn show(ui: &mut Ui, cards: &mut Cards, session: &Session) -> Option<Wish> {
    let run = session.current();
    let mut wish = None;
    let mut is_dismissed = false;
    if session.is_link_gone() {
        card(ui, ui.visuals().error_fg_color, |ui| ui.label(LINK_GONE));
    }
    if let Some(complaint) = &cards.complaint {
        card(ui, ui.visuals().warn_fg_color, |ui| ui.label(complaint));
    }
    if let Status::Stopped(reason) = run.status()
        && cards.dismissed != Some(run.id())
    {
        match reason {
            StopReason::Diverged { loss } => {
                card(ui, ui.visuals().error_fg_color, |ui| {
                    ui.label(RichText::new(verdict(run, *loss)).strong());
                    ui.horizontal_wrapped(|ui| {
                        ui.label("Restart with");
                        wish = rescue_buttons(ui, session);
                        is_dismissed = ui.button("Dismiss").clicked();
                    });
                });
            }
            StopReason::Failed { message } => {
                card(ui, ui.visuals().error_fg_color, |ui| {
                    ui.label(RichText::new("The run failed.").strong());
                    ui.label(message);
                    is_dismissed = ui.button("Dismiss").clicked();
                });
            }
            StopReason::Finished | StopReason::Requested => {}
        }
    }
    if is_dismissed {
        cards.dismissed = Some(run.id());
    }
    wish
}

fn rescue_buttons(ui: &mut Ui, session: &Session) -> Option<Wish> {
    let mut wish = None;
    for rescue in rescue::rescues(&session.config_asked()) {
        let button = ui.button(rescue.label).on_hover_text("Same seed, this one thing changed.");
        if button.clicked() {
            wish = Some(Wish::Begin(Box::new(rescue.config)));
        }
    }
    wish
}

/// When it diverged, at what loss, and since when the sharpness had been above the line.
fn verdict(run: &Run, loss: f64) -> String {
    let what = format!("Diverged at step {}: loss {}", run.n_steps(), text::number(loss));
    let symbol = run.governing_symbol();
    let Some(found) = run.governing() else {
        return format!("{what}; {symbol} was never measured.");
    };
    match run.crossing() {
        Some(crossing) => {
            let since = if run.is_old(crossing.last) {
                let Crossing { step, last, .. } = crossing;
                format!("was above the line from step {step} to {last}, when it was last measured")
            } else {
                format!("has been above the line since step {}", crossing.step)
            };
            let Dated { value, step } = crossing.max_ratio;
            let most = text::number(short(value));
            format!("{what}; {symbol} {since} (up to {most} times at step {step}).")
        }
        None if run.series("stability_threshold").is_empty() => {
            format!("{what}; the optimizer has no stability limit.")
        }
        None if run.series("binding_ratio").at(found.step).is_none() => {
            format!("{what}; {symbol} was last measured {}, with no limit.", when(run, found.step))
        }
        None => {
            format!("{what}; {symbol} was last measured below the line, {}.", when(run, found.step))
        }
    }
}

/// Two digits below ten, whole numbers above.
fn short(ratio: f64) -> f64 {
    if ratio < 10.0 { (ratio * 10.0).round() / 10.0 } else { ratio.round() }
}

fn card<R>(ui: &mut Ui, color: Color32, body: impl FnOnce(&mut Ui) -> R) {
    Frame::group(ui.style())
        .fill(color.gamma_multiply(0.10))
        .stroke(Stroke::new(1.0, color))
        .inner_margin(10.0)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            body(ui);
        });
    ui.add_space(4.0);
}
