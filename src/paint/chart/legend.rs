//! Lays out and draws the legend of a chart: samples with names.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Pos2, Rect, Vec2, pos2, vec2};

use crate::figure::chart::{Entry, Sample};

use super::canvas::{Canvas, WIDER};
use super::{cells, layer_drawing};

/// Width of a line's sample and gap around names, in points on screen.
const SAMPLE: f32 = 30.0;
const ROOM: f32 = 6.0;

/// Width and height of a cell's sample.
const CELL: [f32; 2] = [20.0, 14.0];

/// How entries are arranged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rows {
    /// Below each other.
    OneEach,
    /// Beside each other within this width.
    Within(f32),
}

/// A laid-out legend.
pub(super) struct Key {
    /// Total size.
    pub(super) size: Vec2,
    entries: Vec<Placed>,
}

/// A laid-out entry: its sample and width, its name, and its upper left corner.
struct Placed {
    sample: Sample,
    width: f32,
    name: Arc<Galley>,
    at: Vec2,
}

impl Key {
    /// Lays out a legend.
    pub(super) fn new(canvas: &Canvas, entries: Vec<Entry>, rows: Rows) -> Self {
        let room = ROOM * canvas.factor;
        let named = |entry: Entry| {
            let name = canvas.line(&entry.name, &canvas.small, canvas.palette.text);
            Placed {
                sample: entry.sample,
                width: width(canvas, entry.sample),
                name,
                at: Vec2::ZERO,
            }
        };
        let mut entries: Vec<_> = entries.into_iter().map(named).collect();
        let height =
            entries.iter().map(|entry| entry.name.size().y).fold(0.0, f32::max) + room * 0.5;
        let widest = entries.iter().map(|entry| entry.width).fold(0.0, f32::max);
        let (mut at, mut size) = (Vec2::ZERO, Vec2::ZERO);
        for entry in &mut entries {
            let limit = match rows {
                Rows::OneEach => {
                    // Aligns names.
                    entry.width = widest;
                    0.0
                }
                Rows::Within(limit) => limit,
            };
            let wide = entry.width + room + entry.name.size().x * WIDER;
            if at.x > 0.0 && at.x + wide > limit {
                at = vec2(0.0, at.y + height);
            }
            entry.at = at;
            size = size.max(at + vec2(wide, height));
            at.x += wide + room * 2.0;
        }
        Self { size, entries }
    }

    /// Draws the legend from its upper left corner.
    pub(super) fn draw(&self, canvas: &Canvas, corner: Pos2) {
        for entry in &self.entries {
            let size = vec2(entry.width, entry.name.size().y);
            let rect = Rect::from_min_size(corner + entry.at, size);
            draw_sample(canvas, entry.sample, rect);
            let at = pos2(rect.right() + ROOM * canvas.factor, rect.center().y);
            canvas.put(&entry.name, Align2::LEFT_CENTER, at);
            canvas.divide();
        }
    }
}

/// Width of a sample; lines need space for dashes.
fn width(canvas: &Canvas, sample: Sample) -> f32 {
    let points = match sample {
        Sample::Cell(_) | Sample::Missing | Sample::Unplaced(_) => CELL[0],
        Sample::Points(_) => CELL[1],
        Sample::Boundary | Sample::Curve(_) | Sample::Reference(_) => SAMPLE,
    };
    points * canvas.factor
}

fn draw_sample(canvas: &Canvas, sample: Sample, rect: Rect) {
    let cell = Rect::from_center_size(rect.center(), vec2(CELL[0], CELL[1]) * canvas.factor);
    match sample {
        Sample::Cell(outcome) => cells::outcome(canvas, cell, outcome),
        Sample::Missing => {
            cells::missing(canvas, cell);
            cells::outline(canvas, cell);
        }
        Sample::Unplaced(what) => cells::unplaced_sample(canvas, cell, what),
        Sample::Boundary => cells::boundary_sample(canvas, rect),
        Sample::Points(class) => layer_drawing::points_sample(canvas, class, rect.center()),
        Sample::Curve(class) => layer_drawing::curve_sample(canvas, class, rect),
        Sample::Reference(i) => layer_drawing::reference_sample(canvas, i, rect),
    }
}
