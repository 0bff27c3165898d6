//! The hidden layers: their widths as text, or as depth times width.
//! Does not know what a network is.

use eframe::egui::{Align, Layout, TextEdit, Ui};
use toml::Value;

use crate::config::Effect;
use crate::figure::Scale;

use super::gauge::{Gauge, Hand, Turn};
use super::reach::{Grain, Reach};

/// Draws the controls; returns the new widths once they are meant.
pub(super) fn show(
    ui: &mut Ui,
    hidden: &[usize],
    draft: &mut Option<String>,
    hand: &mut Hand,
) -> Option<Value> {
    let typed = typed(ui, hidden, draft);
    let width = hidden.iter().max().copied().unwrap_or(32);
    let depth = gauge("depth", "Depth", "layers", hidden.len(), 0..=8).show(ui, hand);
    let wide = gauge("width", "Width", "units", width, 1..=256).show(ui, hand);
    let settled = |turn| match turn {
        Some(Turn::Settled(x, _)) => Some(whole(x)),
        Some(Turn::Moving(..)) | None => None,
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

/// The widths as typed; text that is none goes on as it is, to be refused with a reason.
fn typed(ui: &mut Ui, hidden: &[usize], draft: &mut Option<String>) -> Option<Value> {
    let mut text = draft.clone().unwrap_or_else(|| written(hidden));
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
        *draft = Some(text.clone());
    }
    if !edit.lost_focus() {
        return None;
    }
    *draft = None;
    Some(parse(&text).map_or(Value::String(text), array))
}

fn written(hidden: &[usize]) -> String {
    hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Widths between commas or blanks; `None` when something else stands there.
fn parse(text: &str) -> Option<Vec<usize>> {
    text.split([',', ' ', ';', '-', '×'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect()
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

fn gauge(
    key: &'static str,
    label: &'static str,
    unit: &'static str,
    value: usize,
    span: std::ops::RangeInclusive<u16>,
) -> Gauge<'static> {
    let span = f64::from(*span.start())..=f64::from(*span.end());
    Gauge {
        key,
        label,
        unit,
        tooltip: "All hidden layers at once, each of the same width.",
        effect: Effect::Restart,
        value: value as f64,
        home: value as f64,
        reach: Reach {
            limits: *span.start()..=if key == "depth" { 16.0 } else { 4096.0 },
            scale: if key == "depth" { Scale::Linear } else { Scale::Log },
            span: Some(span),
            grain: Grain::Whole,
            zero: None,
        },
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
        assert_eq!(parse("thirty"), None);
    }
}
