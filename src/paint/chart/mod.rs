//! How a chart is drawn: axes, layers, legend and colour bar on a page.
//! Does not decide what a chart shows.

mod area;
mod bar;
mod canvas;
mod cells;
mod colours;
mod frame;
mod layers;
mod layout;
mod legend;
mod looks;
mod sheet;
mod signs;

use eframe::egui::{Rect, Ui, Vec2};

use crate::figure::chart::{Chart, Layer, LegendPlace, Sheet};

use canvas::Canvas;
use layout::Layout;
use sheet::Page;

/// Letters of 7 to 11 points of print: about 7 in one column of a paper, as large as on screen on a
/// page of the size of a slide.
pub(super) fn text_factor(size: Vec2) -> f32 {
    (size.y / 500.0).min(size.x / 760.0).clamp(0.66, 1.0)
}

/// Draws a chart into all the room there is.
pub(super) fn draw(ui: &Ui, chart: &Chart) {
    let canvas = Canvas::new(ui);
    draw_in(&canvas, chart, ui.max_rect());
}

/// Draws charts beside each other into all the room there is, their legend and caption below.
pub(super) fn draw_sheet(ui: &Ui, sheet: &Sheet) {
    let canvas = Canvas::new(ui);
    let page = Page::new(&canvas, sheet, ui.max_rect());
    for (chart, rect) in sheet.charts.iter().zip(page.rooms(sheet.charts.len())) {
        // What is told once for all.
        let own = Chart { caption: None, legend: LegendPlace::Hidden, ..chart.clone() };
        draw_in(&canvas, &own, rect);
    }
    page.draw_words(&canvas);
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
            Layer::Points(points) => layers::points(canvas, chart, &layout.plot, points),
            Layer::Curve(curve) => layers::curve(canvas, chart, &layout.plot, curve),
            Layer::Reference(line) => {
                layers::reference(canvas, chart, &layout.plot, line, n_references);
                n_references += 1;
            }
        }
    }
    frame::frame(canvas, &layout.plot);
}
