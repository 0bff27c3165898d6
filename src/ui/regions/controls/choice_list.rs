//! The entries of a list of choices: a word, and a sentence that says what it is.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Color32, FontId, Response, Role, Sense, StrokeKind, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use crate::config::Choice;
use crate::paint::theme;

/// The widest list in points, before scaling.
const MAX_WIDTH: f32 = 660.0;

/// Sizes that all entries of a list share.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Columns {
    /// Width of the column of words.
    word: f32,
    /// Width of an entry.
    entry: f32,
}

impl Columns {
    /// The sizes for these choices, within the window.
    pub(in crate::ui) fn of(ui: &Ui, choices: &[Choice]) -> Self {
        let unit = theme::factor(ui.style());
        let width = |text: &str, style: TextStyle| {
            let font = style.resolve(ui.style());
            ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
        };
        let words = choices.iter().map(|choice| width(choice.word, TextStyle::Body));
        let sentences = choices.iter().map(|choice| width(&plain(choice), TextStyle::Small));
        let word = words.fold(0.0, f32::max) + 22.0 * unit;
        let space = ui.ctx().content_rect().width() - 40.0;
        let entry = word + sentences.fold(0.0, f32::max) + 12.0 * unit;
        Self { word, entry: entry.min(MAX_WIDTH * unit).min(space) }
    }
}

/// Draws an entry under a name, which is its word if nothing else is said.
pub(in crate::ui) fn entry(
    ui: &mut Ui,
    columns: Columns,
    choice: &Choice,
    name: &str,
    is_chosen: bool,
) -> Response {
    let size = vec2(columns.entry, ui.spacing().interact_size.y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let look = ui.style().interact_selectable(&response, is_chosen);
    if is_chosen || response.hovered() || response.has_focus() {
        ui.painter().rect(
            rect,
            look.corner_radius,
            look.weak_bg_fill,
            look.bg_stroke,
            StrokeKind::Inside,
        );
    }
    let body = TextStyle::Body.resolve(ui.style());
    let small = TextStyle::Small.resolve(ui.style());
    let weak = if is_chosen { look.text_color() } else { ui.visuals().weak_text_color() };
    let left = 6.0 * theme::factor(ui.style());
    let room = columns.entry - columns.word - left;
    let sentence = plain(choice);
    for (text, font, color, x, width) in [
        (name, body, look.text_color(), left, columns.word),
        (sentence.as_str(), small, weak, columns.word, room),
    ] {
        let galley = ui.painter().layout_job(elided(text, font, color, width));
        let at = pos2(rect.left() + x, rect.center().y - 0.5 * galley.size().y);
        ui.painter().galley(at, galley, color);
    }
    response.on_hover_text(sentence)
}

/// The sentence of a choice without the marks of documentation.
fn plain(choice: &Choice) -> String {
    choice.sentence.replace("[`", "").replace("`]", "").replace('`', "")
}

fn elided(text: &str, font: FontId, color: Color32, width: f32) -> LayoutJob {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    job
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Range, Setting};

    #[test]
    fn every_choice_of_a_list_has_a_sentence_of_its_own() {
        for setting in Setting::all() {
            let Range::Word(choices) = setting.range else { continue };
            let sentences: Vec<String> = choices().iter().map(plain).collect();
            for (i, sentence) in sentences.iter().enumerate() {
                assert!(
                    sentence.ends_with('.') && !sentence.contains('`'),
                    "{setting}: {sentence}"
                );
                assert!(!sentences[..i].contains(sentence), "{setting}: {sentence}");
            }
        }
    }
}
