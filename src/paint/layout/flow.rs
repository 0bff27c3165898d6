//! Flow layout of a header: items in rows from left to right.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Color32, FontId, Galley, Pos2, Rect, Ui, Vec2, pos2};

/// One line of text, truncated with an ellipsis if it is wider than `width`.
pub(in crate::paint) fn elided(
    ui: &Ui,
    text: &str,
    font: &FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let whole = ui.painter().layout_no_wrap(text.to_owned(), font.clone(), color);
    if whole.size().x <= width {
        return whole;
    }
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font.clone(), color);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    ui.painter().layout_job(job)
}

/// Where rows after the first begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::paint) enum Rows {
    /// Beside the title, while there is room.
    Beside,
    /// Below the title.
    Below,
}

/// Places items in rows.
pub(in crate::paint) struct Flow {
    /// Left end of rows after the first, while items fit there.
    left: f32,
    /// Right end of rows beside the title, and of rows below it.
    ends: [f32; 2],
    row: f32,
    /// Left end of the current row.
    start: f32,
    at: Pos2,
}

impl Flow {
    /// Rows of a height; the first extends from `start` to the first of `ends`.
    pub(in crate::paint) fn new(start: f32, ends: [f32; 2], row: f32, rows: Rows) -> Self {
        let left = if rows == Rows::Beside { start } else { 0.0 };
        Self { left, ends, row, start, at: pos2(start, 0.0) }
    }

    /// The rectangle for the next item, followed by a gap. An item without room beside the title
    /// goes below it, as do all further ones.
    pub(in crate::paint) fn place(&mut self, size: Vec2, gap: f32) -> Rect {
        let is_below = self.start == 0.0;
        let end = if is_below { self.ends[1] } else { self.ends[0] };
        let is_beyond = |x: f32| x + size.x > end;
        if is_beyond(self.at.x) && (self.at.x > self.start || !is_below) {
            self.start = if is_below || is_beyond(self.left) { 0.0 } else { self.left };
            self.at = pos2(self.start, self.at.y + self.row);
        }
        let rect = Rect::from_min_size(self.at, size);
        self.at.x += size.x + gap;
        // An item may be several rows high.
        self.at.y = (rect.bottom() - self.row).max(self.at.y);
        rect
    }

    /// Height of all rows so far.
    pub(in crate::paint) fn height(&self) -> f32 {
        self.at.y + self.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::vec2;

    #[test]
    fn items_do_not_overlap_and_wide_ones_go_below_the_title() {
        let mut flow = Flow::new(60.0, [150.0, 200.0], 10.0, Rows::Beside);
        let sizes = [[50.0, 10.0], [80.0, 10.0], [30.0, 10.0], [170.0, 10.0], [20.0, 10.0]];
        let wide = [[190.0, 30.0], [190.0, 10.0], [100.0, 10.0]];
        let placed = |size: [f32; 2]| flow.place(vec2(size[0], size[1]), 5.0);
        let rects: Vec<Rect> = sizes.into_iter().chain(wide).map(placed).collect();
        for (i, rect) in rects.iter().enumerate() {
            let end = if rect.left() < 60.0 || i > 3 { 200.0 } else { 150.0 };
            assert!(rect.right() <= end, "{rect:?}");
            assert!(rects[..i].iter().all(|other| !other.shrink(0.5).intersects(*rect)));
        }
        let corners = [0, 1, 2, 3, 4].map(|i| (rects[i].left(), rects[i].top()));
        assert_eq!(corners, [(60.0, 0.0), (60.0, 10.0), (60.0, 20.0), (0.0, 30.0), (175.0, 30.0)]);
        assert_eq!(flow.height(), rects[7].bottom());
    }

    #[test]
    fn rows_below_the_title_begin_at_the_edge_and_end_at_the_other() {
        let mut flow = Flow::new(60.0, [150.0, 200.0], 10.0, Rows::Below);
        let corners = [80.0, 90.0, 90.0, 20.0].map(|width| {
            let rect = flow.place(vec2(width, 10.0), 5.0);
            (rect.left(), rect.top())
        });
        assert_eq!(corners, [(60.0, 0.0), (0.0, 10.0), (95.0, 10.0), (0.0, 20.0)]);
    }
}
