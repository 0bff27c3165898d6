//! The layout of a chart: the plot gets the space that text, legend and colour bar leave.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Pos2, Rect, pos2};

use crate::figure::chart::{Chart, LegendPlace};
use crate::figure::{Tick, thinned_ticks};

use super::area::Plot;
use super::bar::Bar;
use super::canvas::Canvas;
use super::frame;
use super::legend::{Key, Rows};

/// Gap between parts, in points on screen.
pub(super) const GAP: f32 = 7.0;

/// Greatest fraction of the width for legend and colour bar; beyond it, the legend goes below.
const BESIDE: f32 = 0.3;

/// A laid-out chart.
pub(super) struct Layout {
    /// The area of data with its axes.
    pub(super) plot: Plot,
    title: Option<(Arc<Galley>, Pos2)>,
    caption: Option<(Arc<Galley>, Pos2)>,
    labels: [(Arc<Galley>, Pos2); 2],
    key: (Key, Pos2),
    bar: Option<(Bar, Pos2)>,
}

impl Layout {
    /// Lays out a chart on a page.
    pub(super) fn new(canvas: &Canvas, chart: &Chart, page: Rect) -> Self {
        let gap = GAP * canvas.factor;
        let (small, body) = (canvas.small.clone(), canvas.body.clone());
        let palette = canvas.palette;
        let wrapped = |words: &Option<String>, font, color| {
            words.as_ref().map(|words| canvas.lines(words, font, color, page.width()))
        };
        let title = wrapped(&chart.title, &canvas.heading, palette.strong);
        let caption = wrapped(&chart.caption, &small, palette.weak);
        let height = |galley: &Option<Arc<Galley>>| {
            galley.as_ref().map_or(0.0, |galley| galley.size().y + gap)
        };
        let row = canvas.line("0", &small, palette.text).size().y;
        let labels = [&chart.x, &chart.y].map(|axis| canvas.line(&axis.label, &body, palette.text));
        // A tick label at the upper end of the vertical axis extends half a row above it.
        let top = page.top() + height(&title).max(row / 2.0);
        let free = (page.bottom() - height(&caption) - top).max(1.0);
        let (key, is_beside) = key(canvas, chart, page);
        let below = if is_beside || key.size.y == 0.0 { 0.0 } else { key.size.y + gap };
        let axis_height = frame::tick(canvas) + row + labels[0].size().y + gap * 0.5;
        let bottom = top + (free - axis_height - below).max(1.0);
        let y_ticks = up_ticks(chart, bottom - top, row);
        let y_words = frame::widest(canvas, &y_ticks);
        let left = page.left() + labels[1].size().y + gap * 0.5 + y_words + frame::tick(canvas);
        let bar = Bar::new(canvas, chart, bottom - top);
        let beside = if is_beside && key.size.x > 0.0 { key.size.x + gap * 1.5 } else { 0.0 };
        let bar_width = bar.as_ref().map_or(0.0, |bar| bar.width + gap * 1.5);
        let last = if beside + bar_width == 0.0 { gap * 1.5 } else { 0.0 };
        let right = (page.right() - beside - bar_width - last).max(left + 1.0);
        let rect = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
        let x_ticks = along_ticks(canvas, chart, rect.width());
        let plot = Plot { rect, ranges: chart.ranges(), ticks: [x_ticks, y_ticks] };
        let under = bottom + axis_height;
        let key_at = if is_beside {
            pos2(page.right() - key.size.x, top)
        } else {
            pos2(centred(rect.center().x, key.size.x, page), under + gap)
        };
        let label_at = [
            pos2(rect.center().x, under - labels[0].size().y / 2.0),
            pos2(page.left() + labels[1].size().y / 2.0, rect.center().y),
        ];
        let [along, up] = labels;
        let title = title.map(|title| {
            let width = title.size().x;
            let left = centred(rect.center().x, width, page);
            (title, pos2(left + width / 2.0, page.top()))
        });
        let caption = caption.map(|caption| {
            let at = pos2(page.left(), page.bottom() - caption.size().y);
            (caption, at)
        });
        let bar = bar.map(|bar| (bar, pos2(right + gap * 1.5, top)));
        let labels = [(along, label_at[0]), (up, label_at[1])];
        Self { plot, title, caption, labels, key: (key, key_at), bar }
    }

    /// Draws everything outside the plot except ticks.
    pub(super) fn draw_words(&self, canvas: &Canvas) {
        if let Some((title, at)) = &self.title {
            canvas.put(title, Align2::CENTER_TOP, *at);
        }
        if let Some((caption, at)) = &self.caption {
            canvas.put(caption, Align2::LEFT_TOP, *at);
        }
        let [(along, at), (up, up_at)] = &self.labels;
        canvas.put(along, Align2::CENTER_CENTER, *at);
        canvas.put_upwards(up, *up_at);
        self.key.0.draw(canvas, self.key.1);
        if let Some((bar, at)) = &self.bar {
            bar.draw(canvas, *at, self.plot.rect.height());
        }
    }
}

/// The left end of an item centred at `middle`, shifted to stay on the page.
fn centred(middle: f32, width: f32, page: Rect) -> f32 {
    (middle - width / 2.0).min(page.right() - width).max(page.left())
}

/// The laid-out legend, and whether it is beside the plot.
fn key(canvas: &Canvas, chart: &Chart, page: Rect) -> (Key, bool) {
    let key = |rows| Key::new(canvas, chart.legend(), rows);
    let bar = Bar::new(canvas, chart, page.height()).map_or(0.0, |bar| bar.width);
    let fits =
        |key: &Key| key.size.x + bar <= BESIDE * page.width() && key.size.y <= 0.8 * page.height();
    match chart.legend {
        LegendPlace::Hidden => (Key::new(canvas, Vec::new(), Rows::OneEach), false),
        LegendPlace::Below => (key(Rows::Within(page.width())), false),
        LegendPlace::Beside => (key(Rows::OneEach), true),
        LegendPlace::Fitting => {
            let beside = key(Rows::OneEach);
            if fits(&beside) { (beside, true) } else { (key(Rows::Within(page.width())), false) }
        }
    }
}

fn up_ticks(chart: &Chart, height: f32, row: f32) -> Vec<Tick> {
    let range = sorted(chart.ranges()[1]);
    let ticks = chart.y.ticks(range, fitting(height, row * 2.2));
    thinned_ticks(ticks, chart.y.tick_scale(), range, row * 0.9, height)
}

fn along_ticks(canvas: &Canvas, chart: &Chart, width: f32) -> Vec<Tick> {
    let range = sorted(chart.ranges()[0]);
    let room = canvas.small.size;
    let ticks = chart.x.ticks(range, fitting(width, room * 4.0));
    let apart = frame::widest(canvas, &ticks) + room * 0.5;
    thinned_ticks(ticks, chart.x.tick_scale(), range, apart, width)
}

fn sorted([a, b]: [f64; 2]) -> [f64; 2] {
    [a.min(b), a.max(b)]
}

/// How many labels fit on a length if each needs `each`.
fn fitting(length: f32, each: f32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
    let n = (length / each).clamp(2.0, 12.0) as usize;
    n
}
