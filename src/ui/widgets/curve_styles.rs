//! Colours and dashes that distinguish the curves of a small plot, and samples for its legend.

use eframe::egui::{Color32, RichText, Sense, Shape, Stroke, TextStyle, Ui, pos2, vec2};
use egui_plot::LineStyle;

use crate::paint::theme::{self, Palette};

/// Width of a sample in points.
const SAMPLE_WIDTH: f32 = 34.0;

/// Width of a curve in points.
pub(in crate::ui) const WIDTH: f32 = 1.8;

/// Draws a sample of the curve with index `at`.
pub(in crate::ui) fn sample(ui: &mut Ui, at: usize) {
    let factor = theme::factor(ui.style());
    let size = vec2(SAMPLE_WIDTH, 12.0) * factor;
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let (color, style) = style(theme::colours(ui.visuals()), at);
    let ends = [rect.left_center(), pos2(rect.right(), rect.center().y)];
    let stroke = Stroke::new(WIDTH * factor, color);
    let shapes = match style {
        LineStyle::Solid => vec![Shape::line_segment(ends, stroke)],
        LineStyle::Dashed { length } => {
            let gap = length * (std::f32::consts::GOLDEN_RATIO - 1.0);
            Shape::dashed_line(&ends, stroke, length, gap)
        }
        LineStyle::Dotted { spacing } => Shape::dotted_line(&ends, color, spacing, stroke.width),
    };
    ui.painter().extend(shapes);
}

/// Colour and dash of the curve with index `at`. The first twelve are distinct, and similar colours
/// differ in dash.
pub(in crate::ui) fn style(palette: &Palette, at: usize) -> (Color32, LineStyle) {
    let Palette { blue, orange, green, purple, sky, vermillion, .. } = *palette;
    let all = [(orange, 0), (blue, 1), (green, 2), (purple, 3), (vermillion, 2), (sky, 3)];
    let styles = [
        LineStyle::Dashed { length: 5.0 },
        LineStyle::Solid,
        LineStyle::Dashed { length: 12.0 },
        LineStyle::Dotted { spacing: 5.0 },
    ];
    let (color, style) = all[at % all.len()];
    (color, styles[(style + at / all.len()) % styles.len()])
}

/// A sample of the curve with index `at` and its name, kept together in a wrapping layout.
pub(in crate::ui) fn entry(ui: &mut Ui, at: usize, name: &str) {
    let font = TextStyle::Small.resolve(ui.style());
    let name_width =
        ui.painter().layout_no_wrap(name.to_owned(), font, Color32::PLACEHOLDER).size().x;
    let sample_width = SAMPLE_WIDTH * theme::factor(ui.style());
    let width = sample_width + ui.spacing().item_spacing.x + name_width;
    if ui.available_size_before_wrap().x < width {
        ui.end_row();
    }
    sample(ui, at);
    ui.label(RichText::new(name).small());
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{Context, Visuals};

    #[test]
    fn no_two_of_the_first_twelve_curves_look_alike() {
        theme::install(&Context::default());
        let palette = theme::colours(&Visuals::dark());
        let all: Vec<_> = (0..12).map(|at| style(palette, at)).collect();
        for (i, a) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|b| a != b), "{i}: {a:?}");
        }
        // The curves of four trials differ in both.
        for i in 0..4 {
            assert!(all[..i].iter().all(|b| all[i].0 != b.0 && all[i].1 != b.1), "{i}");
        }
    }
}
