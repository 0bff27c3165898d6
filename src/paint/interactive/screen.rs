//! Draws a figure, in a window with pan, zoom, hover and a clickable legend, or on a page.

use eframe::egui;
use eframe::egui::{Rect, Role as Part, TextStyle, Ui, UiBuilder, Vec2b, WidgetInfo, pos2};
use egui_plot::{PlotBounds, PlotTransform};

use crate::figure::{Figure, Panel};
use crate::paint::layout::{PanelSlot, PlotView, Stack, header, stack};
use crate::paint::plot::{PlotContents, ViewRange, empty_plot, end_labels, items, limit_marks};
use crate::paint::style::theme;

use super::gestures::{Gesture, gestures};
use super::hover::{self, Hovered};
use super::{handles, plot_axes};

/// Distance from the pointer at which a setting change is shown, as a fraction of the visible
/// range.
const NEAR_MARK: f64 = 0.006;

/// The result of drawing a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlotResponse {
    /// The place under the pointer on the horizontal axis.
    pub hovered_step: Option<f64>,
    /// Total height in points of the plots inside the available space, without axes, for the column
    /// where that is least.
    pub plots_height: f32,
    /// Lower end of the first plot of the first column.
    pub lead_bottom: Option<f32>,
}

/// Shows a figure in the available space and applies gestures to the view: dragging pans, the wheel
/// zooms steps, a right-drag zooms a box, dragging an axis rescales it, a double click fits.
pub fn show(ui: &mut Ui, figure: &Figure, view: &mut PlotView) -> PlotResponse {
    draw(ui, figure, view, Medium::Screen)
}

/// What a figure is drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::paint) enum Medium {
    /// A window, many times per second: dense lines are reduced to their extent per logical point.
    Screen,
    /// A page, once: all lines in full.
    Page,
}

/// Draws a figure with its title and caption.
pub(in crate::paint) fn draw(
    ui: &mut Ui,
    figure: &Figure,
    view: &mut PlotView,
    medium: Medium,
) -> PlotResponse {
    let all = ui.available_rect_before_wrap();
    let rect = paint_title_and_caption(ui, figure, all);
    let stack = Stack::new(ui, figure, view, rect, medium == Medium::Screen);
    ui.advance_cursor_after_rect(all.union(stack.rect));
    let plots_height = stack.plots_height(all);
    let lead_bottom = stack.slots.first().map(|slot| slot.plot.bottom());
    let mut response = PlotResponse { plots_height, lead_bottom, ..PlotResponse::default() };
    let mut gestures = Vec::new();
    let mut plots = Vec::new();
    let mut titles = Vec::new();
    for slot in &stack.slots {
        let drawn = plot(ui, figure, slot, view, medium);
        response.hovered_step = response.hovered_step.or(drawn.hovered_step);
        gestures.extend(drawn.gestures.iter().map(|gesture| (slot.panel, *gesture)));
        plots.push((slot, drawn));
        titles.push(slot.header.show(ui, slot.corner, view));
    }
    // After the plots, as they are drawn into low ones.
    for column in &stack.columns {
        let (flags, corner) = &column.flags;
        flags.show(ui, *corner);
    }
    // Last, because tables may extend beyond a low plot.
    let is_table_shown = response.hovered_step.is_some() && medium == Medium::Screen;
    if let Some(step) = figure.hovered.filter(|_| is_table_shown) {
        for (slot, drawn) in &plots {
            show_table(ui, figure, slot, drawn, view, step, stack.rect);
        }
    }
    if medium == Medium::Screen {
        handles::show(ui, &stack, &titles, &mut view.tiles);
    }
    if view.hover(response.hovered_step) {
        ui.ctx().request_repaint();
    }
    for (panel, gesture) in gestures {
        match gesture {
            Gesture::Fit => view.fit(),
            Gesture::Steps(steps) => view.go_to(steps),
            Gesture::Height(range) => view.set_height(panel.kind, panel.scale, range),
        }
        ui.ctx().request_repaint();
    }
    response
}

/// Shows the table of one plot at the step under the pointer.
fn show_table(
    ui: &Ui,
    figure: &Figure,
    slot: &PanelSlot<'_>,
    drawn: &Drawn,
    view: &PlotView,
    step: f64,
    all: Rect,
) {
    let (panel, range) = (slot.panel, slot.range);
    let distance = (range.steps[1] - range.steps[0]) * NEAR_MARK;
    let is_near = |step_of: f64| drawn.hovered_step.is_some() && (step_of - step).abs() <= distance;
    let marks = figure.marks.iter().filter(|mark| is_near(mark.place)).collect();
    let contents =
        PlotContents { lines: stack::visible_lines(&panel.lines, view), range, is_banded: true };
    let limits = Rect::from_x_y_ranges(slot.tile.x_range(), all.y_range());
    let hovered = Hovered { axis: figure.axis, step, marks, limits };
    if let Some(words) = hover::paint(ui, panel, &contents, &drawn.transform, &hovered) {
        drawn.response.widget_info(|| WidgetInfo::labeled(Part::Image, true, &words));
    }
}

/// Paints title and caption; returns the rectangle between them.
fn paint_title_and_caption(ui: &Ui, figure: &Figure, mut rect: Rect) -> Rect {
    let gap = 6.0 * theme::factor(ui.style());
    if let Some(title) = &figure.title {
        let galley = header::paragraph(ui, title, &TextStyle::Heading, rect.width());
        let height = galley.size().y;
        ui.painter().galley(header::centred(rect, &galley), galley, ui.visuals().text_color());
        *rect.top_mut() += height + gap;
    }
    if let Some(caption) = &figure.caption {
        let galley = header::paragraph(ui, caption, &TextStyle::Small, rect.width());
        let height = galley.size().y;
        let at = pos2(rect.left(), rect.bottom() - height);
        ui.painter().galley(at, galley, ui.visuals().text_color());
        *rect.bottom_mut() -= height + gap;
    }
    rect
}

struct Drawn {
    response: egui::Response,
    transform: PlotTransform,
    hovered_step: Option<f64>,
    gestures: Vec<Gesture>,
}

fn plot(
    ui: &mut Ui,
    figure: &Figure,
    slot: &PanelSlot<'_>,
    view: &PlotView,
    medium: Medium,
) -> Drawn {
    let panel = slot.panel;
    let contents = PlotContents {
        lines: stack::visible_lines(&panel.lines, view),
        range: slot.range,
        is_banded: medium == Medium::Screen,
    };
    let has_own_height = view.height(panel.kind, panel.scale).is_some();
    let group = ui.scope_id().with("cursor");
    let plot = plot_axes::framed(ui, figure, slot).link_cursor(group, Vec2b::new(true, false));
    let builder = UiBuilder::new().id_salt(panel.kind.title()).max_rect(slot.plot);
    let drawn = ui.scope_builder(builder, |ui| {
        plot.show(ui, |plot| {
            plot.set_plot_bounds(bounds(slot.range));
            items::add(plot, figure, panel, &contents);
        })
    });
    let drawn = drawn.inner;
    drawn.response.widget_info(|| WidgetInfo::labeled(Part::Image, true, panel.spoken()));
    paint_clipped(ui, panel, &drawn.transform);
    // Again, because egui_plot paints grid and shading over the outline.
    let outline = egui::Stroke::new(1.0, theme::colours(ui.visuals()).frame);
    let frame = *drawn.transform.frame();
    ui.painter().rect_stroke(frame, 2.0, outline, egui::StrokeKind::Inside);
    end_labels::paint(ui, panel, &contents, &drawn.transform);
    limit_marks::paint(ui, panel, &contents, &drawn.transform);
    empty_plot::paint(ui, panel, frame);
    let pointer = drawn.response.hover_pos();
    Drawn {
        hovered_step: pointer.map(|at| drawn.transform.value_from_position(at).x),
        gestures: gestures(ui, &drawn.response, &drawn.transform, slot.range, has_own_height),
        response: drawn.response,
        transform: drawn.transform,
    }
}

fn bounds(range: ViewRange) -> PlotBounds {
    let ([x0, x1], [y0, y1]) = (range.steps, range.height);
    PlotBounds::from_min_max([x0, y0], [x1, y1])
}

/// Paints the strip of clipped steps along the lower edge; opacity shows the fraction.
fn paint_clipped(ui: &Ui, panel: &Panel, transform: &PlotTransform) {
    let palette = theme::colours(ui.visuals());
    let frame = *transform.frame();
    let height = 4.0 * theme::factor(ui.style());
    let painter = ui.painter().with_clip_rect(frame);
    for clipped in &panel.clipped {
        let left = transform.position_from_point_x(clipped.range[0]);
        let right = transform.position_from_point_x(clipped.range[1]).max(left + 1.0);
        let rect =
            Rect::from_min_max(pos2(left, frame.bottom() - height), pos2(right, frame.bottom()));
        #[expect(clippy::cast_possible_truncation, reason = "an opacity")]
        let opacity = 0.25 + 0.75 * clipped.fraction as f32;
        painter.rect_filled(rect, 0.0, palette.vermillion.gamma_multiply(opacity));
    }
}
