//! Controls for hidden layers: a list of widths as text, or depth and width.

use eframe::egui::{Align, Layout, RichText, TextEdit, Ui};
use toml::Value;

use crate::config::Effect;
use crate::figure::Scale;

use super::control_range::{ControlRange, NumberKind};
use super::interaction::Interaction;
use super::number_control::{Edit, NumberControl};

/// Message for text that is no list of widths.
const REFUSAL: &str = "type widths such as 32, 32 (at most 16 layers of 1 to 4096 units)";

/// Typed text that is not yet applied, and the widths it would replace.
#[derive(Debug, Default)]
pub(in crate::ui) struct Draft {
    text: Option<String>,
    hidden: Vec<usize>,
    is_refused: bool,
}

/// Draws the controls; returns new widths once an edit is complete.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    hidden: &[usize],
    draft: &mut Draft,
    interaction: &mut Interaction,
) -> Option<Value> {
    let typed = typed(ui, hidden, draft);
    let width = hidden.iter().max().copied().unwrap_or(32);
    let depth =
        layer_control("depth", "Depth", "layers", hidden.len(), 0..=8).show(ui, interaction);
    let is_even = hidden.iter().all(|other| *other == width);
    let label = if is_even { "Width" } else { "Largest width" };
    let wide = layer_control("width", label, "units", width, 1..=256).show(ui, interaction);
    let settled = |edit| match edit {
        Some(Edit::Settled(x, _)) => Some(whole(x)),
        Some(Edit::Moving(..)) | None => None,
    };
    let even = match (settled(depth), settled(wide)) {
        (None, None) => None,
        (depth, wide) => Some(vec![wide.unwrap_or(width); depth.unwrap_or(hidden.len())]),
    };
    typed.or(even.map(array)).filter(|widths| *widths != array(hidden.to_vec()))
}

fn array(widths: Vec<usize>) -> Value {
    let whole = |width| Value::Integer(i64::try_from(width).unwrap_or(i64::MAX));
    Value::Array(widths.into_iter().map(whole).collect())
}

/// The text field; invalid text stays in it, with a message below.
fn typed(ui: &mut Ui, hidden: &[usize], draft: &mut Draft) -> Option<Value> {
    if draft.hidden != hidden {
        *draft = Draft { hidden: hidden.to_vec(), ..Draft::default() };
    }
    let mut text = draft.text.clone().unwrap_or_else(|| written(hidden));
    let edit = ui
        .horizontal(|ui| {
            let name = ui.label("Hidden layers");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(TextEdit::singleline(&mut text).desired_width(150.0)).labelled_by(name.id)
            })
            .inner
        })
        .inner
        .on_hover_text("Widths, first to last, for example 32, 32; press Enter to apply.");
    if edit.changed() {
        draft.text = Some(text.clone());
        draft.is_refused = false;
    }
    if draft.is_refused {
        ui.label(RichText::new(REFUSAL).small().color(ui.visuals().warn_fg_color));
    }
    if !edit.lost_focus() || draft.text.is_none() {
        return None;
    }
    let widths = parse(&text);
    draft.is_refused = widths.is_none();
    if !draft.is_refused {
        draft.text = None;
    }
    widths.map(array)
}

fn written(hidden: &[usize]) -> String {
    hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Parses widths separated by commas, semicolons, dashes, crosses or spaces; `None` if any is invalid or
/// there are too many.
fn parse(text: &str) -> Option<Vec<usize>> {
    let widths: Vec<usize> = text
        .split([',', ' ', ';', '-', '×'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let is_possible = widths.len() <= 16 && widths.iter().all(|width| (1..=4096).contains(width));
    is_possible.then_some(widths)
}

fn whole(x: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a control's whole number within its limits"
    )]
    let n = x.round().max(0.0) as usize;
    n
}

fn layer_control(
    key: &'static str,
    label: &'static str,
    unit: &'static str,
    value: usize,
    span: std::ops::RangeInclusive<u16>,
) -> NumberControl<'static> {
    let span = f64::from(*span.start())..=f64::from(*span.end());
    NumberControl {
        key,
        label,
        unit,
        tooltip: "All hidden layers at once, each of the same width.",
        effect: Effect::Restart,
        value: value as f64,
        reset_value: value as f64,
        range: ControlRange {
            limits: *span.start()..=if key == "depth" { 16.0 } else { 4096.0 },
            scale: if key == "depth" { Scale::Linear } else { Scale::Log },
            span: Some(span),
            kind: NumberKind::Whole,
            zero: None,
        },
        tick: None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn widths_are_read_between_commas_or_blanks() {
        assert_eq!(parse("32, 32"), Some(vec![32, 32]));
        assert_eq!(parse("30 20"), Some(vec![30, 20]));
        assert_eq!(parse(""), Some(vec![]));
        for nonsense in ["thirty", "32, banana", "0", "5000", &"8 ".repeat(17)] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
