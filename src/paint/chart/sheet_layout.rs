//! The layout of a sheet: common title, legend and caption, and a rectangle for each chart.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Rect, pos2};

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

    /// `n` equal rectangles for charts.
    pub(super) fn rooms(&self, n: usize) -> Vec<Rect> {
        let gap = self.gap * 1.5;
        let width = (self.free.width() + gap) / n.max(1) as f32 - gap;
        let left = |i: usize| self.free.left() + i as f32 * (width + gap);
        let room = |i| Rect::from_x_y_ranges(left(i)..=left(i) + width, self.free.y_range());
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
