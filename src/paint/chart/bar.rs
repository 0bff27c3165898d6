//! The colour bar, and the colours of numbers.

use std::sync::Arc;

use eframe::egui::epaint::StrokeKind;
use eframe::egui::{Align2, Color32, Galley, Pos2, Rect, pos2, vec2};

use crate::figure::chart::{Chart, Unplaced};
use crate::figure::{Scale, Tick, thinned_ticks, ticks};

use super::canvas::Canvas;
use super::colours::viridis;
use super::frame;

/// Width of the coloured part, in points on screen.
const WIDTH: f32 = 14.0;

/// Number of uniform strips that make up the gradient.
const N_STRIPS: u16 = 96;

/// The colour of a number on a scale between two values; beyond them, that of the nearer end.
pub(super) fn colour(scale: Scale, [low, high]: [f64; 2], value: f64) -> Result<Color32, Unplaced> {
    let at = |value: f64| scale.to_axis(value);
    let place = at(value).ok_or(Unplaced::of(value))?;
    let (low, high) = (at(low).unwrap_or(place), at(high).unwrap_or(place));
    #[expect(clippy::cast_possible_truncation, reason = "a share of the bar")]
    let share = if high > low { ((place - low) / (high - low)) as f32 } else { 0.5 };
    Ok(viridis(share))
}

/// A laid-out colour bar.
pub(super) struct Bar {
    /// Total width with ticks and label.
    pub(super) width: f32,
    label: Arc<Galley>,
    /// Places at its ends.
    range: [f64; 2],
    ticks: Vec<Tick>,
}

impl Bar {
    /// Lays out the colour bar of a chart; `None` if it has no cells with numbers.
    pub(super) fn new(canvas: &Canvas, chart: &Chart, height: f32) -> Option<Self> {
        let range = chart.colour_range()?;
        let scale = chart.colour_bar.scale;
        let range = [scale.to_axis(range[0])?, scale.to_axis(range[1])?];
        let label = canvas.line(&chart.colour_bar.label, &canvas.body, canvas.palette.text);
        let row = canvas.small.size * 1.2;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let n_ticks = (height / (row * 2.2)).clamp(2.0, 10.0) as usize;
        let ticks = thinned_ticks(ticks(scale, range, n_ticks), scale, range, row, height);
        let words = frame::widest(canvas, &ticks) + frame::tick(canvas);
        let width = WIDTH * canvas.factor + words + 4.0 * canvas.factor + label.size().y;
        Some(Self { width, label, range, ticks })
    }

    /// Draws the bar from its upper left corner.
    pub(super) fn draw(&self, canvas: &Canvas, corner: Pos2, height: f32) {
        let rect = Rect::from_min_size(corner, vec2(WIDTH * canvas.factor, height));
        for i in 0..N_STRIPS {
            let share = |i: u16| f32::from(i) / f32::from(N_STRIPS);
            let y = |i: u16| rect.bottom() - share(i) * height;
            // Each strip extends to the top, so there are no gaps.
            let strip = Rect::from_min_max(rect.min, pos2(rect.right(), y(i)));
            canvas.painter.rect_filled(strip, 0.0, viridis(share(i) + 0.5 * share(1)));
        }
        let palette = canvas.palette;
        let stroke = canvas.stroke(1.0, palette.weak);
        canvas.painter.rect_stroke(rect, 0.0, stroke, StrokeKind::Middle);
        let length = frame::tick(canvas);
        for tick in &self.ticks {
            #[expect(clippy::cast_possible_truncation, reason = "a share of the bar")]
            let share = ((tick.place - self.range[0]) / (self.range[1] - self.range[0])) as f32;
            let y = rect.bottom() - share * height;
            let share_of_length = if tick.label.is_empty() { 0.3 } else { 0.55 };
            canvas.painter.hline(rect.right()..=rect.right() + length * share_of_length, y, stroke);
            let label = canvas.line(&tick.label, &canvas.small, palette.text);
            canvas.put(&label, Align2::LEFT_CENTER, pos2(rect.right() + length, y));
        }
        let middle = corner.x + self.width - self.label.size().y / 2.0;
        canvas.put_upwards(&self.label, pos2(middle, rect.center().y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_bar_have_the_colour_of_its_end_and_nan_has_none() {
        let log = |value| colour(Scale::Log, [0.01, 100.0], value);
        assert_eq!(log(1e9), log(100.0));
        assert_eq!(log(1.0), Ok(viridis(0.5)));
        assert_eq!(log(0.0), Err(Unplaced::NotPositive));
        assert_eq!(log(f64::NAN), Err(Unplaced::Nan));
        assert_eq!(colour(Scale::Linear, [0.0, 1.0], f64::INFINITY), Err(Unplaced::Infinite));
        assert_eq!(colour(Scale::Linear, [3.0, 3.0], 3.0), Ok(viridis(0.5)));
    }
}
