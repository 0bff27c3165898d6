//! Typed numbers: parsing with a message on refusal, and a field for whole numbers.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use eframe::egui::emath::Numeric;
use eframe::egui::{DragValue, Id, Response, RichText, Ui};

use crate::text;

use super::control_range::{ControlRange, NumberKind};

/// The most characters quoted from refused text.
const MAX_QUOTED: usize = 24;

/// Parses a typed number with a decimal point or comma. Out-of-range numbers are refused, never
/// clamped; the error says that `former` stays.
pub(in crate::ui) fn read(typed: &str, range: &ControlRange, former: f64) -> Result<f64, String> {
    let typed = typed.trim();
    let number = typed.replace(',', ".");
    if range.zero == Some(number.as_str()) {
        return Ok(0.0);
    }
    let quoted: String = typed.chars().take(MAX_QUOTED).collect();
    let refuse = |why: &str| Err(format!("“{quoted}” {why}; {} stays", range.written(former)));
    let Some(number) = number.parse().ok().filter(|x: &f64| !x.is_nan()) else {
        return refuse("is not a number");
    };
    if !range.limits.contains(&number) {
        let [least, most] = [range.limits.start(), range.limits.end()].map(|x| range.written(*x));
        return refuse(&format!("is not from {least} to {most}"));
    }
    if range.kind == NumberKind::Whole && number.fract() != 0.0 {
        return refuse("is not a whole number");
    }
    Ok(number)
}

/// Shows the message below a field.
pub(in crate::ui) fn refusal(ui: &mut Ui, sentence: &str) {
    ui.label(RichText::new(sentence).small().color(ui.visuals().warn_fg_color));
}

/// A field for a whole number; a refused one leaves the value, with a message beside the field.
pub(in crate::ui) fn whole<N: Numeric>(
    ui: &mut Ui,
    value: &mut N,
    unit: &str,
    limits: RangeInclusive<N>,
) -> Response {
    let range = ControlRange {
        limits: limits.start().to_f64()..=limits.end().to_f64(),
        span: None,
        scale: crate::figure::Scale::Linear,
        kind: NumberKind::Whole,
        zero: None,
    };
    let former = value.to_f64();
    let before = *value;
    let refused: RefCell<Option<String>> = RefCell::new(None);
    let field = ui.add(
        DragValue::new(value)
            .range(limits)
            .suffix(unit)
            .speed(5.0)
            .update_while_editing(false)
            .custom_formatter(|x, _| text::number(x))
            .custom_parser(|typed| {
                let typed = typed.trim().trim_end_matches(unit.trim());
                // egui also parses an untouched field.
                let number =
                    if typed.is_empty() { return None } else { read(typed, &range, former) };
                number.map_err(|sentence| *refused.borrow_mut() = Some(sentence)).ok()
            }),
    );
    let place: Id = field.id.with("refused");
    if let Some(sentence) = refused.into_inner() {
        ui.data_mut(|data| data.insert_temp(place, sentence));
    } else if *value != before || field.gained_focus() || field.drag_started() {
        ui.data_mut(|data| data.remove_temp::<String>(place));
    }
    if let Some(sentence) = ui.data(|data| data.get_temp::<String>(place)) {
        refusal(ui, &sentence);
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{EVERY, PEAK_LR, SEED};
    use crate::config::{RunConfig, Setting};

    fn range(setting: &'static Setting) -> ControlRange {
        let config = RunConfig::default();
        ControlRange::of(setting, &config, &config).unwrap()
    }

    #[test]
    fn a_typed_number_is_taken_unchanged_or_refused() {
        let rate = range(&PEAK_LR);
        assert_eq!(read(" 0,25 ", &rate, 0.1), Ok(0.25));
        for (typed, sentence) in [
            ("1e9", "“1e9” is not from 1e-5 to 100; 0.1 stays"),
            ("-1", "“-1” is not from 1e-5 to 100; 0.1 stays"),
            ("inf", "“inf” is not from 1e-5 to 100; 0.1 stays"),
            ("nan", "“nan” is not a number; 0.1 stays"),
            ("fast", "“fast” is not a number; 0.1 stays"),
        ] {
            assert_eq!(read(typed, &rate, 0.1).unwrap_err(), sentence);
        }
        let seed = read("3.7", &range(&SEED), 1.0);
        assert_eq!(seed.unwrap_err(), "“3.7” is not a whole number; 1 stays");
        let seed = read("1e9", &range(&SEED), 6.0).unwrap_err();
        assert_eq!(seed, "“1e9” is not from 0 to 999999999; 6 stays");
        let every = range(&EVERY);
        assert_eq!((read("off", &every, 1.0), read("7", &every, 1.0)), (Ok(0.0), Ok(7.0)));
    }

    #[test]
    fn no_field_of_a_setting_clamps_a_number() {
        let config = RunConfig::default();
        for row in Setting::all() {
            let Some(range) = ControlRange::of(row, &config, &config) else { continue };
            let (least, most) = (*range.limits.start(), *range.limits.end());
            for (typed, is_read) in
                [(least, true), (most, true), (least - 1.0, false), (most * 1.5 + 1.0, false)]
            {
                let read = read(&typed.to_string(), &range, least);
                assert_eq!(read.ok(), is_read.then_some(typed), "{} {typed}", row.key);
            }
        }
    }
}
