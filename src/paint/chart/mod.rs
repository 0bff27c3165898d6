//! How a chart is drawn: axes, layers, legend and colour bar on a page.
//! Does not decide what a chart shows.

mod bar;
mod canvas;
mod cells;
mod colours;
mod frame;
mod layers;
mod layout;
mod legend;
mod looks;
mod signs;

use eframe::egui::{Ui, Vec2};

use crate::figure::chart::{Chart, Layer};

use canvas::Canvas;
use layout::Layout;

/// Letters of 7 to 11 points of print: about 7 in one column of a paper, as large as on screen on a
/// page of the size of a slide.
pub(super) fn text_factor(size: Vec2) -> f32 {
    (size.y / 500.0).min(size.x / 760.0).clamp(0.66, 1.0)
}

/// Draws a chart into all the room there is.
pub(super) fn draw(ui: &Ui, chart: &Chart) {
    let canvas = Canvas::new(ui);
    let layout = Layout::new(&canvas, chart, ui.max_rect());
    layout.draw_words(&canvas);
    let has_cells = chart.layers.iter().any(|layer| matches!(layer, Layer::Cells(_)));
    if !has_cells {
        frame::grid(&canvas, &layout.plot);
    }
    let mut n_references = 0;
    for layer in &chart.layers {
        match layer {
            Layer::Cells(cells) => cells::draw(&canvas, chart, &layout.plot, cells),
            Layer::Boundary(boundary) => cells::boundary(&canvas, &layout.plot, boundary),
            Layer::Points(points) => layers::points(&canvas, chart, &layout.plot, points),
            Layer::Curve(curve) => layers::curve(&canvas, chart, &layout.plot, curve),
            Layer::Reference(line) => {
                layers::reference(&canvas, chart, &layout.plot, (line, n_references));
                n_references += 1;
            }
        }
    }
    frame::frame(&canvas, &layout.plot);
}
