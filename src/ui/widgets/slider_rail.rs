//! What is painted along a slider: a tick at a value that is not to be passed unseen, a tint beyond it,
//! and the handle of an upright slider.

use std::ops::RangeInclusive;

use eframe::egui::style::HandleShape;
use eframe::egui::{Pos2, Rect, Response, Shape, Stroke, Ui, pos2, vec2};

use crate::figure::Scale;
use crate::paint::theme;

/// Half the width of a handle, as a fraction of the width of the slider; egui's own.
const HANDLE_RADIUS: f32 = 0.4;

/// Opacity of the tint beyond a tick.
const TINT: f32 = 0.3;

/// A value marked on a slider.
#[derive(Clone, Debug)]
pub(in crate::ui) struct SliderTick {
    /// The value.
    pub(in crate::ui) value: f64,
    /// What it is, in words.
    pub(in crate::ui) words: String,
}

/// A slider as drawn.
#[derive(Debug)]
pub(super) struct Rail<'a> {
    rect: Rect,
    span: &'a RangeInclusive<f64>,
    scale: Scale,
    is_upright: bool,
    /// Distance of the centre of the handle at either end from that end.
    inset: f32,
}

impl<'a> Rail<'a> {
    /// An upright slider with a round handle.
    pub(super) fn upright(rect: Rect, span: &'a RangeInclusive<f64>, scale: Scale) -> Self {
        Self { rect, span, scale, is_upright: true, inset: rect.width() * HANDLE_RADIUS }
    }

    /// A slider that lies, with the handle of the theme.
    pub(super) fn level(ui: &Ui, rect: Rect, span: &'a RangeInclusive<f64>, scale: Scale) -> Self {
        let aspect = match ui.visuals().handle_shape {
            HandleShape::Circle => 1.0,
            HandleShape::Rect { aspect_ratio } => aspect_ratio,
        };
        let inset = rect.height() * HANDLE_RADIUS * aspect;
        Self { rect, span, scale, is_upright: false, inset }
    }

    /// The place of a value: 0 at the lower end, 1 at the upper one.
    fn part(&self, value: f64) -> Option<f32> {
        let ends = [*self.span.start(), *self.span.end(), value].map(|x| self.scale.to_axis(x));
        let [Some(low), Some(high), Some(at)] = ends else { return None };
        #[expect(clippy::cast_possible_truncation, reason = "a part of a slider")]
        let part = ((at - low) / (high - low)) as f32;
        part.is_finite().then_some(part)
    }

    /// The middle of the slider at a part of its length.
    fn point(&self, part: f32) -> Pos2 {
        let rect = self.rect.shrink(self.inset);
        if self.is_upright {
            pos2(self.rect.center().x, rect.bottom() - rect.height() * part)
        } else {
            pos2(rect.left() + rect.width() * part, self.rect.center().y)
        }
    }

    /// Paints a line across the slider at a value, or an arrow at the end beyond which the value is.
    pub(super) fn paint_tick(&self, ui: &Ui, value: f64) {
        let Some(part) = self.part(value) else { return };
        let color = theme::colours(ui.visuals()).vermillion;
        let unit = theme::factor(ui.style());
        let at = self.point(part.clamp(0.0, 1.0));
        if (0.0..=1.0).contains(&part) {
            let stroke = Stroke::new(3.0 * unit, color);
            if self.is_upright {
                let half = self.rect.width() * 0.75;
                ui.painter().hline(at.x - half..=at.x + half, at.y, stroke);
            } else {
                ui.painter().vline(at.x, self.rect.y_range(), stroke);
            }
            return;
        }
        let outwards = if part > 1.0 { 1.0 } else { -1.0 };
        let (tip, base) = if self.is_upright {
            (vec2(0.0, -6.0 * outwards), vec2(5.0, 0.0))
        } else {
            (vec2(6.0 * outwards, 0.0), vec2(0.0, 5.0))
        };
        let corners = [-base, base, tip];
        let points = corners.map(|corner| at + corner * unit).to_vec();
        ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
    }

    /// A tint of the level slider beyond a value.
    pub(super) fn tint_beyond(&self, ui: &Ui, value: f64) -> Shape {
        let Some(part) = self.part(value).filter(|part| *part < 1.0) else { return Shape::Noop };
        let color = theme::colours(ui.visuals()).vermillion.gamma_multiply(TINT);
        let from = self.point(part.max(0.0));
        let rect = self.rect.shrink2(vec2(0.0, 0.12 * self.rect.height())).with_min_x(from.x);
        Shape::rect_filled(rect, 2.0, color)
    }

    /// Paints the handle over egui's own, large and bright enough to be seen from afar.
    pub(super) fn paint_handle(&self, ui: &Ui, slider: &Response, value: f64) {
        let palette = theme::colours(ui.visuals());
        let Some(part) = self.part(value) else { return };
        let centre = self.point(part.clamp(0.0, 1.0));
        let is_marked = slider.hovered() || slider.dragged() || slider.has_focus();
        let stroke = if is_marked { Stroke::new(3.0, palette.accent) } else { Stroke::NONE };
        ui.painter().circle(centre, self.inset, palette.strong, stroke);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_its_place_between_the_ends_of_the_handles_way() {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(220.0, 20.0));
        let span = 0.01..=1.0;
        let mut rail = Rail::upright(rect, &span, Scale::Log);
        (rail.is_upright, rail.inset) = (false, 10.0);
        for (value, x) in [(0.01, 10.0), (0.1, 110.0), (1.0, 210.0)] {
            let at = rail.point(rail.part(value).unwrap());
            assert!((at.x - x).abs() < 0.01 && at.y == 10.0, "{value} at {at}");
        }
        assert_eq!(rail.part(0.0), None);
    }
}
