//! The small picture of a run: its curvature over its limit by step, with the limit as a line.

use eframe::egui::{Pos2, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use crate::history::{Run, Series};
use crate::paint::{run_color, theme};
use crate::quantity;
use crate::text;

/// Height in points, before scaling.
const HEIGHT: f32 = 26.0;

/// The ratio at the upper edge: all pictures have the same scale, with the limit in the middle.
const TOP: f64 = 2.0;

/// Pieces that the steps are divided into at most; of each, the extremes are drawn.
const N_PIECES: usize = 100;

/// Shows the picture of a run in the colour of its style.
pub(super) fn show(ui: &mut Ui, run: &Run, style: Option<usize>) {
    let factor = theme::factor(ui.style());
    let size = vec2(ui.available_width(), HEIGHT * factor);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let rect = rect.shrink2(vec2(0.0, 2.0 * factor));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let palette = theme::colours(ui.visuals());
    let series = run.series(quantity::BINDING_RATIO);
    let words = words(series);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
    if series.is_empty() {
        let font = TextStyle::Small.resolve(ui.style());
        let at = rect.left_center();
        ui.painter().text(at, eframe::egui::Align2::LEFT_CENTER, words, font, palette.weak);
        return;
    }
    let limit = [rect.left_center(), rect.right_center()];
    let stroke = Stroke::new(factor, palette.vermillion);
    ui.painter().extend(Shape::dashed_line(&limit, stroke, 3.0 * factor, 3.0 * factor));
    let (points, color) = (points(series, run.n_steps(), rect), run_color(ui, style));
    if let [only] = points.as_slice() {
        ui.painter().circle_filled(*only, 2.0 * factor, color);
    }
    ui.painter().add(Shape::line(points, Stroke::new(1.5 * factor, color)));
    response.on_hover_text(format!("{words}. The dashed line is 1, the upper edge is 2."));
}

/// The extremes of every piece, in the order of their steps.
fn points(series: &Series, n_steps: u64, rect: Rect) -> Vec<Pos2> {
    let width = n_steps.max(2) as f64 - 1.0;
    #[expect(clippy::cast_possible_truncation, reason = "a position on the screen")]
    let place = |(index, value): (usize, f64)| {
        let x = (series.step(index) as f64 / width).clamp(0.0, 1.0) as f32;
        let y = (value.clamp(0.0, TOP) / TOP) as f32;
        pos2(rect.left() + x * rect.width(), rect.bottom() - y * rect.height())
    };
    let n = series.len();
    let n_pieces = n.min(N_PIECES);
    let mut points = Vec::new();
    for piece in 0..n_pieces {
        let [start, end] = [piece, piece + 1].map(|at| at * n / n_pieces);
        let found = series.summary([start, end]);
        let mut ends: Vec<(usize, f64)> =
            found.lowest().into_iter().chain(found.highest()).collect();
        ends.sort_by_key(|(index, _)| *index);
        ends.dedup_by_key(|(index, _)| *index);
        points.extend(ends.into_iter().map(place));
    }
    points
}

/// The picture in words.
fn words(series: &Series) -> String {
    let found = series.summary([0, series.len()]);
    let (Some((_, low)), Some((_, high)), Some((step, now))) =
        (found.lowest(), found.highest(), series.last())
    else {
        return "λ₁ / limit: not measured".to_owned();
    };
    let [low, high, now] = [low, high, now].map(|value| text::number(text::rounded(value, 2)));
    format!("λ₁ / limit: {low} to {high}, {now} at step {step}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pictures_have_one_scale_and_the_limit_is_in_the_middle() {
        let series: Series = [(0, 0.0), (5, 1.0), (10, 24.0)].into_iter().collect();
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 20.0));
        let found = points(&series, 11, rect);
        assert_eq!(found, [pos2(0.0, 20.0), pos2(50.0, 10.0), pos2(100.0, 0.0)]);
        assert_eq!(words(&series), "λ₁ / limit: 0 to 24, 24 at step 10");
        assert_eq!(words(&Series::default()), "λ₁ / limit: not measured");
    }

    #[test]
    fn the_extremes_of_a_long_run_are_all_drawn() {
        let value = |i: u64| if i == 777 { 2.0 } else { 1.0 };
        let series: Series = (0..10_000).map(|i| (i, value(i))).collect();
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 20.0));
        let found = points(&series, 10_000, rect);
        assert!(found.len() <= 2 * N_PIECES, "{}", found.len());
        assert!(found.iter().any(|at| at.y == 0.0));
    }
}
