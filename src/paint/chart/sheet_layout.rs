//! The layout of a sheet: common title, legend and caption, and a rectangle for each chart.

use std::num::NonZeroUsize;
use std::sync::Arc;

use eframe::egui::{Align2, Galley, Rect, Vec2, pos2, vec2};

use crate::figure::chart::Sheet;

use super::canvas::Canvas;
use super::chart_layout::GAP;
use super::legend::{Key, Rows};

/// A laid-out sheet.
pub(super) struct Page {
    whole: Rect,
    free: Rect,
    gap: f32,
    title: Option<Arc<Galley>>,
    caption: Option<Arc<Galley>>,
    key: Key,
}

impl Page {
    /// Lays out a sheet on a page.
    pub(super) fn new(canvas: &Canvas, sheet: &Sheet, page: Rect) -> Self {
        let gap = GAP * canvas.factor;
        let wrapped = |words: &Option<String>, font, color| {
            words.as_ref().map(|words| canvas.lines(words, font, color, page.width()))
        };
        let title = wrapped(&sheet.title, &canvas.heading, canvas.palette.strong);
        let caption = wrapped(&sheet.caption, &canvas.small, canvas.palette.weak);
        let key = Key::new(canvas, sheet.legend(), Rows::Within(page.width()));
        let taken = |height: f32| if height > 0.0 { height + gap } else { 0.0 };
        let height = |galley: &Option<Arc<Galley>>| {
            taken(galley.as_ref().map_or(0.0, |galley| galley.size().y))
        };
        let top = page.top() + height(&title);
        let bottom = page.bottom() - height(&caption) - taken(key.size.y);
        let free = Rect::from_x_y_ranges(page.x_range(), top..=bottom.max(top + 1.0));
        Self { whole: page, free, gap, title, caption, key }
    }

    /// Equal rectangles for the charts of a sheet.
    pub(super) fn rooms(&self, sheet: &Sheet) -> Vec<Rect> {
        let n = sheet.charts.len();
        let n_columns = sheet.n_columns.map_or(n, NonZeroUsize::get).clamp(1, n.max(1));
        let counts = [n_columns, n.div_ceil(n_columns)];
        let gap = self.gap * 1.5;
        let of_one = |whole: f32, count: usize| (whole + gap) / count.max(1) as f32 - gap;
        let size =
            vec2(of_one(self.free.width(), counts[0]), of_one(self.free.height(), counts[1]));
        let room = |i: usize| {
            let steps = vec2((i % n_columns) as f32, (i / n_columns) as f32);
            Rect::from_min_size(self.free.min + steps * (size + Vec2::splat(gap)), size)
        };
        (0..n).map(room).collect()
    }

    /// Draws the common title, legend and caption.
    pub(super) fn draw_words(&self, canvas: &Canvas) {
        let middle = self.whole.center().x;
        if let Some(title) = &self.title {
            canvas.put(title, Align2::CENTER_TOP, pos2(middle, self.whole.top()));
        }
        if let Some(caption) = &self.caption {
            canvas.put(caption, Align2::LEFT_BOTTOM, self.whole.left_bottom());
        }
        let left = (middle - self.key.size.x / 2.0).max(self.whole.left());
        self.key.draw(canvas, pos2(left, self.free.bottom() + self.gap));
    }
}
