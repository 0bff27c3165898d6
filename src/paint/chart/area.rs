//! The plot of a chart: converts places on its axes to positions on the page.

use eframe::egui::{Pos2, Rect, pos2};

use crate::figure::Tick;

/// The area where data are drawn.
#[derive(Debug)]
pub(super) struct Plot {
    /// The plot without its axes.
    pub(super) rect: Rect,
    /// Places at the ends of the horizontal and the vertical axis.
    pub(super) ranges: [[f64; 2]; 2],
    /// Ticks of both axes.
    pub(super) ticks: [Vec<Tick>; 2],
}

impl Plot {
    /// The position on the page of a place on both axes.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> Pos2 {
        let share = |place: f64, [from, to]: [f64; 2]| {
            #[expect(clippy::cast_possible_truncation, reason = "a place on a page")]
            let share = ((place - from) / (to - from)) as f32;
            share
        };
        let across = share(x, self.ranges[0]);
        let up = share(y, self.ranges[1]);
        pos2(
            self.rect.left() + across * self.rect.width(),
            self.rect.bottom() - up * self.rect.height(),
        )
    }
}
