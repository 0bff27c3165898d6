//! Three cards that say what the plots show, over the running plots. They open by themselves where
//! eoscope was never started before.

mod drawing;

use eframe::egui::{Align, Align2, Context, Layout, RichText, Ui, Window, vec2};

use crate::paint::theme;
use crate::ui::session::Request;
use crate::ui::view_info::{Scene, View, ViewInfo, ViewKind, always};

use self::drawing::Drawing;

/// Width of a card in points, before scaling.
const WIDTH: f32 = 380.0;

/// Free space between the cards and the corner of the window, in points.
const INSET: [f32; 2] = [-16.0, -48.0];

/// View declaration.
pub(in crate::ui) static VIEW: ViewInfo = ViewInfo {
    kind: ViewKind::Help,
    is_in_menu: always,
    ..ViewInfo::new("First steps", |_, _| Box::new(FirstSteps { at: 0 }))
};

/// A card.
struct Card {
    title: &'static str,
    drawing: Drawing,
    words: &'static [&'static str],
}

/// All cards, in reading order.
static CARDS: [Card; 3] = [
    Card {
        title: "λ₁: how sharply the loss curves",
        drawing: Drawing::Curvature,
        words: &[
            "The blue line is λ₁, the largest eigenvalue of the Hessian of the loss: the curvature \
             in the direction of the weights in which the loss bends most. It is measured while the \
             network trains.",
        ],
    },
    Card {
        title: "2/η: how much curvature a step bears",
        drawing: Drawing::Steps,
        words: &[
            "The orange line is the limit that the learning rate η sets: 2/η for gradient descent, \
             another number for other optimizers. Where λ₁ is below it, every step lands nearer to \
             the bottom of the valley. Above it, every step lands higher on the other side.",
        ],
    },
    Card {
        title: "The edge of stability",
        drawing: Drawing::Edge,
        words: &[
            "Training raises λ₁ to the limit and then holds it there, while the loss still falls \
             (arXiv 2103.00065). Drag the learning rate and the limit moves; λ₁ follows.",
            "The preset “blowup” starts far above its limit. “Try all” on the card that then opens \
             shows what saves it: warmup, clipping, another initialization or architecture.",
            "Space pauses, P presents, Ctrl G explains every word, ? lists the keys.",
        ],
    },
];

/// The open cards.
#[derive(Debug)]
struct FirstSteps {
    /// Index of the card shown; their number after the last.
    at: usize,
}

impl View for FirstSteps {
    fn show(&mut self, window: Window<'_>, ctx: &Context, _scene: Scene<'_>) -> Vec<Request> {
        let space = ctx.content_rect().size() - vec2(40.0, 80.0);
        let window = window.resizable(false).anchor(Align2::RIGHT_BOTTOM, INSET);
        window.show(ctx, |ui| {
            ui.set_width((WIDTH * theme::factor(ui.style())).min(space.x));
            let card = &CARDS[self.at.min(CARDS.len() - 1)];
            ui.label(RichText::new(card.title).strong());
            drawing::show(ui, card.drawing, 0.25 * space.y);
            for words in card.words {
                ui.label(*words);
            }
            ui.add_space(4.0);
            self.buttons(ui);
        });
        Vec::new()
    }

    fn is_done(&self) -> bool {
        self.at == CARDS.len()
    }
}

impl FirstSteps {
    fn buttons(&mut self, ui: &mut Ui) {
        let (at, n) = (self.at, CARDS.len());
        ui.horizontal(|ui| {
            ui.weak(format!("{} of {n}", at + 1));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(if at + 1 < n { "Next" } else { "Done" }).clicked() {
                    self.at = at + 1;
                }
                if at > 0 && ui.button("Back").clicked() {
                    self.at = at - 1;
                }
            });
        });
    }
}
