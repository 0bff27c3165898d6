//! One logarithmic axis of learning rates, with a mark for each.

use eframe::egui::{
    Align2, Color32, FontId, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use crate::figure::Scale;
use crate::paint::theme::{self, Palette};
use crate::text;

/// Height of the rows of names, of the axis, and of its numbers, in points before scaling.
const ROW: f32 = 16.0;

/// Factor beyond the outermost marks.
const MARGIN: f64 = 1.6;

/// A rate to mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AxisMark {
    /// Its place among the colours.
    pub(super) at: usize,
    /// Its name.
    pub(super) name: &'static str,
    /// The rate.
    pub(super) value: f64,
}

/// The colour of a mark: the first is that of the limit, and none that of the current run.
fn color(palette: &Palette, at: usize) -> Color32 {
    let colors = [palette.vermillion, palette.green, palette.purple, palette.brown];
    colors[at % colors.len()]
}

/// The sample of a mark's colour.
pub(super) fn sample(ui: &mut Ui, at: usize) {
    let side = 10.0 * theme::factor(ui.style());
    let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    let color = color(theme::colours(ui.visuals()), at);
    ui.painter().circle_filled(rect.center(), 0.5 * side, color);
}

/// Draws the axis with its marks, and the present rate below it.
pub(super) fn show(ui: &mut Ui, marks: &[AxisMark], now: Option<f64>) {
    let unit = theme::factor(ui.style());
    let rows = marks.len().max(1) as f32;
    let size = vec2(ui.available_width(), (rows + 2.6) * ROW * unit);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let values = marks.iter().map(|mark| mark.value).chain(now).filter(|value| *value > 0.0);
    let (low, high) = values.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), value| {
        (low.min(value), high.max(value))
    });
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(marks, now)));
    if low > high {
        return;
    }
    let axis = Axis {
        rect: rect.shrink2(vec2(16.0 * unit, 0.0)),
        low: low / MARGIN,
        high: high * MARGIN,
        y: rect.top() + (rows + 0.4) * ROW * unit,
    };
    axis.paint_scale(ui, unit, now);
    let palette = theme::colours(ui.visuals());
    let font = TextStyle::Small.resolve(ui.style());
    if let Some((now, x)) = now.and_then(|now| Some((now, axis.x(now)?))) {
        let (y, ink) = (axis.y + 1.5 * ROW * unit, palette.text);
        ui.painter().vline(x, axis.y - 3.0 * unit..=y, Stroke::new(1.5 * unit, ink));
        let words = format!("η now {}", text::number(text::rounded(now, 3)));
        axis.write(ui, pos2(x, y), &words, &font, ink);
    }
    for (row, mark) in marks.iter().enumerate() {
        let Some(x) = axis.x(mark.value) else { continue };
        let color = color(palette, mark.at);
        let y = rect.top() + (row as f32 + 0.5) * ROW * unit;
        ui.painter().vline(x, y..=axis.y, Stroke::new(1.5 * unit, color));
        ui.painter().circle_filled(pos2(x, axis.y), 4.0 * unit, color);
        let words = format!("{} {}", mark.name, text::number(text::rounded(mark.value, 3)));
        axis.write(ui, pos2(x, y), &words, &font, palette.ink(color));
    }
}

/// The axis in words.
fn spoken(marks: &[AxisMark], now: Option<f64>) -> String {
    let number = |value: f64| text::number(text::rounded(value, 3));
    let marks = marks.iter().map(|mark| format!("{} {}", mark.name, number(mark.value)));
    let all: Vec<String> =
        now.map(|now| format!("now {}", number(now))).into_iter().chain(marks).collect();
    format!("Rates on one axis: {}", all.join(", "))
}

/// A logarithmic axis in a rectangle.
struct Axis {
    rect: Rect,
    low: f64,
    high: f64,
    y: f32,
}

impl Axis {
    fn x(&self, value: f64) -> Option<f32> {
        let ends = [self.low, self.high, value].map(|x| Scale::Log.to_axis(x));
        let [Some(low), Some(high), Some(at)] = ends else { return None };
        #[expect(clippy::cast_possible_truncation, reason = "a part of a width")]
        let part = ((at - low) / (high - low)) as f32;
        Some(self.rect.left() + part * self.rect.width())
    }

    /// The line, with a number at 1, 2 and 5 times each power of ten, except under the line of the
    /// present rate.
    fn paint_scale(&self, ui: &Ui, unit: f32, now: Option<f64>) {
        let palette = theme::colours(ui.visuals());
        let stroke = Stroke::new(unit, palette.frame);
        ui.painter().hline(self.rect.x_range(), self.y, stroke);
        let font = TextStyle::Small.resolve(ui.style());
        for value in scale_numbers(self.low, self.high) {
            let Some(x) = self.x(value) else { continue };
            ui.painter().vline(x, self.y..=self.y + 4.0 * unit, stroke);
            let at = pos2(x, self.y + 5.0 * unit);
            let words =
                ui.painter().layout_no_wrap(text::number(value), font.clone(), palette.weak);
            let place = Align2::CENTER_TOP.anchor_size(at, words.size());
            let is_crossed = now
                .and_then(|now| self.x(now))
                .is_some_and(|x| place.x_range().expand(2.0 * unit).contains(x));
            if !is_crossed {
                ui.painter().galley(place.min, words, palette.weak);
            }
        }
    }

    /// Writes words beside a line, on the side that has room.
    fn write(
        &self,
        ui: &Ui,
        at: eframe::egui::Pos2,
        words: &str,
        font: &FontId,
        color: eframe::egui::Color32,
    ) {
        let is_left = at.x > self.rect.center().x;
        let (align, shift) =
            if is_left { (Align2::RIGHT_CENTER, -4.0) } else { (Align2::LEFT_CENTER, 4.0) };
        ui.painter().text(at + vec2(shift, 0.0), align, words, font.clone(), color);
    }
}

/// The numbers at an axis: 1, 2 and 5 times powers of ten, or the powers alone if it is long.
fn scale_numbers(low: f64, high: f64) -> Vec<f64> {
    let factors: &[f64] = if high / low > 2e3 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    #[expect(clippy::cast_possible_truncation, reason = "exponents of rates")]
    let [first, last] = [low.log10().floor() as i32, high.log10().ceil() as i32];
    let all = (first..=last).flat_map(|n| factors.iter().map(move |factor| factor * 10f64.powi(n)));
    all.filter(|value| (low..=high).contains(value)).map(|value| text::rounded(value, 3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_readable_numbers_and_says_its_marks() {
        assert_eq!(scale_numbers(0.03, 0.8), [0.05, 0.1, 0.2, 0.5]);
        assert_eq!(scale_numbers(1e-4, 1.5), [1e-4, 1e-3, 0.01, 0.1, 1.0]);
        let marks = [AxisMark { at: 0, name: "Limit", value: 0.097_77 }];
        assert_eq!(spoken(&marks, Some(0.1)), "Rates on one axis: now 0.1, Limit 0.0978");
    }
}
