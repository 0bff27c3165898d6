//! Sentences in one line; those without room are in a list that opens from a button.

use eframe::egui::{Button, FontSelection, Response, TextWrapMode, Ui, WidgetText};

/// Distance between sentences in points.
const GAP: f32 = 18.0;

/// A sentence with its tooltip, which can be empty.
#[derive(Debug)]
pub(in crate::ui) struct Sentence {
    pub(in crate::ui) text: WidgetText,
    pub(in crate::ui) tooltip: String,
}

impl Sentence {
    /// A sentence without a tooltip.
    pub(in crate::ui) fn new(text: impl Into<WidgetText>) -> Self {
        Self { text: text.into(), tooltip: String::new() }
    }

    /// The sentence with a tooltip.
    pub(in crate::ui) fn on_hover(self, tooltip: impl Into<String>) -> Self {
        Self { tooltip: tooltip.into(), ..self }
    }

    fn show(&self, ui: &mut Ui) -> Response {
        let response = ui.label(self.text.clone());
        if self.tooltip.is_empty() { response } else { response.on_hover_text(&self.tooltip) }
    }
}

/// Draws sentences into the rest of a horizontal row, the first always, if need be shortened.
pub(in crate::ui) fn show(ui: &mut Ui, sentences: &[Sentence]) {
    ui.spacing_mut().item_spacing.x = GAP;
    let width = |ui: &Ui, text: &WidgetText| {
        let wrap = Some(TextWrapMode::Extend);
        text.clone().into_galley(ui, wrap, f32::INFINITY, FontSelection::Default).size().x
    };
    let widths: Vec<f32> = sentences.iter().map(|sentence| width(ui, &sentence.text)).collect();
    let button = width(ui, &more(sentences.len()).into()) + 2.0 * ui.spacing().button_padding.x;
    let room = ui.available_width();
    let whole: f32 = widths.iter().map(|width| width + GAP).sum();
    let room = if whole - GAP <= room { room } else { room - button - GAP };
    let mut taken = 0.0;
    let n_fitting = widths.iter().take_while(|width| {
        taken += **width + GAP;
        taken - GAP <= room
    });
    let n_shown = n_fitting.count().max(1).min(sentences.len());
    let (shown, folded) = sentences.split_at(n_shown);
    for sentence in shown {
        if widths[0] > room {
            ui.scope(|ui| {
                ui.set_max_width(room.max(0.0));
                ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
                sentence.show(ui);
            });
        } else {
            sentence.show(ui);
        }
    }
    if !folded.is_empty() {
        let button = Button::new(more(folded.len())).small();
        let menu = eframe::egui::containers::menu::MenuButton::from_button(button);
        menu.ui(ui, |ui| {
            for sentence in folded {
                sentence.show(ui);
            }
        });
    }
}

fn more(n: usize) -> String {
    format!("+{n}")
}
