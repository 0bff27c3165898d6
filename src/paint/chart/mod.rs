//! Draws charts of studies: axes, layers, legend and colour bar.

mod area;
mod bar;
mod canvas;
mod cells;
mod chart_layout;
mod chart_markers;
mod class_style;
mod colours;
mod frame;
mod layer_drawing;
mod legend;
mod sheet_layout;

use eframe::egui::{Rect, Ui, Vec2};

use crate::figure::chart::{Chart, Layer, LegendPlace, Sheet};

use canvas::Canvas;
use chart_layout::Layout;
use sheet_layout::Page;

/// Scale of text for a page of this size: about 7 points in one column of a paper, the size on
/// screen on a slide.
pub(super) fn text_factor(size: Vec2) -> f32 {
    (size.y / 500.0).min(size.x / 760.0).clamp(0.66, 1.0)
}

/// Draws a chart into the available space.
pub(super) fn draw(ui: &Ui, chart: &Chart) {
    let canvas = Canvas::new(ui);
    draw_in(&canvas, chart, ui.max_rect());
}

/// Draws the charts of a sheet into the available space, with the common title, legend and caption;
/// returns the rectangle of each chart.
pub fn draw_sheet(ui: &Ui, sheet: &Sheet) -> Vec<Rect> {
    let canvas = Canvas::new(ui);
    let page = Page::new(&canvas, sheet, ui.max_rect());
    let rooms = page.rooms(sheet);
    for (chart, rect) in sheet.charts.iter().zip(&rooms) {
        // Caption and legend are common to all charts.
        let own = Chart { caption: None, legend: LegendPlace::Hidden, ..chart.clone() };
        draw_in(&canvas, &own, *rect);
    }
    page.draw_words(&canvas);
    rooms
}

fn draw_in(canvas: &Canvas, chart: &Chart, room: Rect) {
    let layout = Layout::new(canvas, chart, room);
    layout.draw_words(canvas);
    let has_cells = chart.layers.iter().any(|layer| matches!(layer, Layer::Cells(_)));
    if !has_cells {
        frame::grid(canvas, &layout.plot);
    }
    let mut n_references = 0;
    for layer in &chart.layers {
        match layer {
            Layer::Cells(cells) => cells::draw(canvas, chart, &layout.plot, cells),
            Layer::Boundary(boundary) => cells::boundary(canvas, &layout.plot, boundary),
            Layer::Points(points) => layer_drawing::points(canvas, chart, &layout.plot, points),
            Layer::Curve(curve) => layer_drawing::curve(canvas, chart, &layout.plot, curve),
            Layer::Reference(line) => {
                layer_drawing::reference(canvas, chart, &layout.plot, line, n_references);
                n_references += 1;
            }
        }
    }
    frame::frame(canvas, &layout.plot);
}
