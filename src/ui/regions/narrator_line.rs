//! The narrator's line above the plots: what the run does now, in one sentence that leads to its
//! step. Its row is always there, so that no plot moves.

use eframe::egui::{Align, Button, Color32, Layout, RichText, Sense, TextStyle, Ui, Visuals, vec2};

use crate::figure::narrator_sentence;
use crate::history::{Fact, Place, Run, narrate};
use crate::paint::theme;
use crate::ui::action::WindowAction;

/// Draws the row; returns the action of a click on the sentence.
pub(in crate::ui) fn show(ui: &mut Ui, run: &Run) -> Option<WindowAction> {
    let height = ui.spacing().interact_size.y.max(ui.text_style_height(&TextStyle::Body));
    let size = vec2(ui.available_width(), height);
    let row = ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        let facts = narrate(run, None);
        let fact = facts.first()?;
        dot(ui, colour(ui.visuals(), fact));
        let sentence = narrator_sentence(run, fact);
        let text = RichText::new(&sentence);
        let text = if is_old(fact) { text.weak() } else { text.strong() };
        let step = fact.step();
        let response = ui.add(Button::new(text).frame(false).truncate());
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
