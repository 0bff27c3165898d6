//! A text field for a list of factors.

use eframe::egui::{Align, Layout, RichText, TextEdit, Ui};
use toml::Value;

use crate::config::{MAX_FACTORS, Setting};
use crate::text;

/// Message for text that is no list of factors.
const REFUSAL: &str = "type factors such as 1, 0.5 (each between 0 and 100)";

/// Typed text not yet applied, and the factors it would replace.
#[derive(Debug, Default)]
pub(in crate::ui) struct Draft {
    text: Option<String>,
    factors: Vec<f64>,
    is_refused: bool,
}

/// Draws the field of a setting; returns new factors when it loses focus or on Enter. Invalid text
/// stays in the field, with a message below it.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    row: &Setting,
    factors: &[f64],
    draft: &mut Draft,
) -> Option<Value> {
    if draft.factors != factors {
        *draft = Draft { factors: factors.to_vec(), ..Draft::default() };
    }
    let written = || factors.iter().map(|x| text::number(*x)).collect::<Vec<_>>().join(", ");
    let mut typed = draft.text.clone().unwrap_or_else(written);
    let edit = ui
        .horizontal(|ui| {
            let name = ui.label(row.label);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(TextEdit::singleline(&mut typed).desired_width(150.0)).labelled_by(name.id)
            })
            .inner
        })
        .inner
        .on_hover_text(format!("{} Type them as 1, 0.5 and press Enter.", row.tooltip));
    if edit.changed() {
        draft.text = Some(typed.clone());
        draft.is_refused = false;
    }
    if draft.is_refused {
        ui.label(RichText::new(REFUSAL).small().color(ui.visuals().warn_fg_color));
    }
    if !edit.lost_focus() || draft.text.is_none() {
        return None;
    }
    let meant = parse(&typed);
    draft.is_refused = meant.is_none();
    if !draft.is_refused {
        draft.text = None;
    }
    let array = |factors: Vec<f64>| Value::Array(factors.into_iter().map(Value::Float).collect());
    meant.filter(|meant| meant != factors).map(array)
}

/// Parses factors separated by commas, semicolons or spaces; `None` if any is invalid or there are too
/// many.
fn parse(text: &str) -> Option<Vec<f64>> {
    let factors: Vec<f64> = text
        .split([',', ' ', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let is_possible =
        factors.len() <= MAX_FACTORS && factors.iter().all(|x| (0.0..=100.0).contains(x));
    is_possible.then_some(factors)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn factors_are_read_between_commas_or_blanks() {
        assert_eq!(parse("1, 0.5"), Some(vec![1.0, 0.5]));
        assert_eq!(parse("1 .5;2"), Some(vec![1.0, 0.5, 2.0]));
        assert_eq!(parse(""), Some(vec![]));
        for nonsense in ["half", "1, banana", "-1", "101", "nan", &"1 ".repeat(129)] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
