//! The legend: samples with names, outside the plot.
//! Does not decide what is told.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Pos2, Rect, Vec2, pos2, vec2};

use crate::figure::chart::{Chart, Sample};

use super::canvas::Canvas;
use super::{cells, layers};

/// Width of a sample and room around names, in points on screen.
const SAMPLE: f32 = 30.0;
const ROOM: f32 = 6.0;

/// How entries stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rows {
    /// Below each other.
    OneEach,
    /// Beside each other within this width.
    Within(f32),
}

/// A legend whose words are laid out.
pub(super) struct Key {
    /// What it takes.
    pub(super) size: Vec2,
    entries: Vec<(Sample, Arc<Galley>, Vec2)>,
}

impl Key {
    /// Lays a chart's legend out.
    pub(super) fn new(canvas: &Canvas, chart: &Chart, rows: Rows) -> Self {
        let (sample, room) = (SAMPLE * canvas.factor, ROOM * canvas.factor);
        let names = chart.legend().into_iter().map(|entry| {
            let name = canvas.line(&entry.name, &canvas.small, canvas.palette.text);
            (entry.sample, name)
        });
        let names: Vec<_> = names.collect();
        let height = names.iter().map(|(_, name)| name.size().y).fold(0.0, f32::max) + room * 0.5;
        let wide = |name: &Galley| sample + room + name.size().x;
        let width = match rows {
            Rows::OneEach => 0.0,
            Rows::Within(width) => width,
        };
        let (mut at, mut size, mut entries) = (Vec2::ZERO, Vec2::ZERO, Vec::new());
        for (sample, name) in names {
            let wide = wide(&name);
            if at.x > 0.0 && at.x + wide > width {
                at = vec2(0.0, at.y + height);
            }
            entries.push((sample, name, at));
            size = size.max(at + vec2(wide, height));
            at.x += wide + room * 2.5;
        }
        Self { size, entries }
    }

    /// Draws it with its upper left corner at a place.
    pub(super) fn draw(&self, canvas: &Canvas, corner: Pos2) {
        for (sample, name, offset) in &self.entries {
            let size = vec2(SAMPLE * canvas.factor, name.size().y);
            let rect = Rect::from_min_size(corner + *offset, size);
            draw_sample(canvas, *sample, rect);
            let at = pos2(rect.right() + ROOM * canvas.factor, rect.center().y);
            canvas.put(name, Align2::LEFT_CENTER, at);
            canvas.divide();
        }
    }
}

fn draw_sample(canvas: &Canvas, sample: Sample, rect: Rect) {
    let cell = Rect::from_center_size(rect.center(), vec2(rect.height() * 1.3, rect.height() * 0.9));
    match sample {
        Sample::Cell(outcome) => cells::outcome(canvas, cell, outcome),
        Sample::Missing => {
            cells::missing(canvas, cell);
            cells::outline(canvas, cell);
        }
        Sample::Unplaced(what) => cells::lost_sample(canvas, cell, what),
        Sample::Boundary => cells::boundary_sample(canvas, rect),
        Sample::Points(class) => layers::points_sample(canvas, class, rect.center()),
        Sample::Curve(class) => layers::curve_sample(canvas, class, rect),
        Sample::Reference(i) => layers::reference_sample(canvas, i, rect),
    }
}
