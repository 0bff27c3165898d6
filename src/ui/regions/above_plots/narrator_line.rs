//! The narrator's line above the plots: what the run does now, in one sentence that leads to its
//! step. Its row is always there, so that no plot moves.

use std::sync::Arc;

use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, Button, Color32, Galley, Layout, Sense, TextStyle, Ui, Vec2, Visuals, vec2,
};

use crate::figure::narrator_sentence;
use crate::history::{Fact, Place, Run, narrate};
use crate::paint::theme;
use crate::ui::action::WindowAction;

/// Draws the sentence in a row of body text; returns the action of a click on it.
pub(in crate::ui) fn show(ui: &mut Ui, run: &Run) -> Option<WindowAction> {
    let height = ui.spacing().interact_size.y.max(ui.text_style_height(&TextStyle::Body));
    show_in(ui, run, height, &[TextStyle::Body])
}

/// Draws the sentence in large text, in so many rows; a long one is smaller.
pub(in crate::ui) fn show_large(ui: &mut Ui, run: &Run, n_rows: f32) -> Option<WindowAction> {
    let height = n_rows * ui.text_style_height(&TextStyle::Heading);
    show_in(ui, run, height, &[TextStyle::Heading, TextStyle::Body, TextStyle::Small])
}

/// Draws the sentence at a fixed height, in the first text style in which all of it has room.
fn show_in(ui: &mut Ui, run: &Run, height: f32, text_styles: &[TextStyle]) -> Option<WindowAction> {
    let size = vec2(ui.available_width(), height);
    let row = ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        let facts = narrate(run, None);
        let fact = facts.first()?;
        dot(ui, colour(ui.visuals(), fact));
        let sentence = narrator_sentence(run, fact);
        let visuals = ui.visuals();
        let color =
            if is_old(fact) { visuals.weak_text_color() } else { visuals.strong_text_color() };
        let size = vec2(ui.available_width() - 2.0 * ui.spacing().button_padding.x, height);
        let galley = fitted(ui, &sentence, size, color, text_styles)?;
        let step = fact.step();
        let response = ui.add(Button::new(galley).frame(false));
        let response = response.on_hover_ui(|ui| {
            for fact in &facts {
                ui.label(narrator_sentence(run, fact));
            }
            ui.weak(format!("A click shows step {step} in the plots."));
        });
        response.clicked().then_some(WindowAction::ShowStep(step))
    });
    row.inner
}

/// The sentence in the first text style in which all of it fits; in the last one it may be elided.
fn fitted(
    ui: &Ui,
    sentence: &str,
    size: Vec2,
    color: Color32,
    text_styles: &[TextStyle],
) -> Option<Arc<Galley>> {
    let mut galley = None;
    for text_style in text_styles {
        let font = text_style.resolve(ui.style());
        let mut job = LayoutJob::simple(sentence.to_owned(), font, color, size.x);
        job.wrap.max_rows = n_rows(size.y / ui.text_style_height(text_style));
        let laid = galley.insert(ui.painter().layout_job(job));
        if !laid.elided {
            break;
        }
    }
    galley
}

fn n_rows(ratio: f32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few rows")]
    let n = ratio.clamp(1.0, 9.0) as usize;
    n
}

fn dot(ui: &mut Ui, colour: Color32) {
    let radius = 4.0 * theme::factor(ui.style());
    let (rect, _) = ui.allocate_exact_size(vec2(3.0 * radius, 2.0 * radius), Sense::hover());
    ui.painter().circle_filled(rect.center(), radius, colour);
}

/// The colour of the limit where the curvature is at or above it, and that of an error after a
/// divergence.
fn colour(visuals: &Visuals, fact: &Fact) -> Color32 {
    let palette = theme::colours(visuals);
    match fact {
        Fact::Diverged(_) => visuals.error_fg_color,
        Fact::Position(position) => match position.place {
            Place::Below => palette.accent,
            Place::AtEdge { .. } | Place::Crossed(_) | Place::Above | Place::OnLimit => {
                palette.vermillion
            }
        },
        Fact::Jumped(_) => palette.vermillion,
        Fact::Changed(_) => palette.accent,
        Fact::Unmeasured(_) | Fact::Unlimited(_) | Fact::Crossed(_) | Fact::WasAtEdge(_) => {
            palette.weak
        }
    }
}

/// Whether the fact is no longer that of the newest step.
fn is_old(fact: &Fact) -> bool {
    match fact {
        Fact::Position(position) => position.is_old,
        Fact::Unlimited(unlimited) => unlimited.is_old,
        Fact::Unmeasured(_) | Fact::Crossed(_) | Fact::WasAtEdge(_) => true,
        Fact::Diverged(_) | Fact::Changed(_) | Fact::Jumped(_) => false,
    }
}
