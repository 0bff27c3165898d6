//! An empty plot with axes, labels and grid.

use eframe::egui::{TextStyle, Ui, Vec2b, vec2};
use egui_plot::{AxisHints, GridInput, GridMark, Plot};

use crate::figure::{Figure, Tick, readable_ticks};
use crate::paint::layout::PanelSlot;
use crate::paint::style::theme;

/// Least distance of labels on a vertical axis, in lines of text.
const LEAST_APART: f32 = 0.7;

/// An empty plot for a panel, without egui's own gestures.
pub(super) fn framed<'a>(ui: &Ui, figure: &Figure, slot: &PanelSlot<'a>) -> Plot<'a> {
    let palette = theme::colours(ui.visuals());
    let panel = slot.panel;
    let (scale, n_ticks, n_step_ticks) = (panel.scale, slot.n_ticks, slot.n_step_ticks);
    let row = ui.text_style_height(&TextStyle::Body);
    let (apart, height) = (row * LEAST_APART, slot.height);
    let axis = figure.axis;
    let along = move |range| axis.ticks(range, n_step_ticks);
    let up = move |range| readable_ticks(scale, range, n_ticks, apart, height);
    // Where space is short there is room for numbers only.
    let label = if slot.step_axis_height > 2.0 * row { figure.axis.label() } else { "" };
    let steps = AxisHints::new_x()
        .label(label)
        .min_thickness(slot.step_axis_height)
        .tick_label_color(palette.text)
        .formatter(move |mark, range| written(along([*range.start(), *range.end()]), mark));
    let heights = AxisHints::new_y()
        .label(panel.axis_label.as_str())
        .min_thickness(slot.axis_width)
        .tick_label_color(palette.text)
        .formatter(move |mark, range| written(up([*range.start(), *range.end()]), mark));
    Plot::new(panel.kind.title())
        .width(slot.plot.width())
        .height(slot.plot.height())
        .min_size(vec2(16.0, 16.0))
        .show_axes(Vec2b::new(slot.is_lowest, true))
        .custom_x_axes(vec![steps])
        .custom_y_axes(vec![heights])
        .x_grid_spacer(move |input| marks(along(input.bounds.into()), &input))
        .y_grid_spacer(move |input| marks(up(input.bounds.into()), &input))
        .grid_color(palette.grid)
        .cursor_color(palette.weak)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .allow_scroll(false)
        .allow_double_click_reset(false)
}

/// Grid lines. `egui_plot` derives their strength from a step size, which is large for labelled
/// ticks.
fn marks(ticks: Vec<Tick>, input: &GridInput) -> Vec<GridMark> {
    let mark = |tick: Tick| {
        let strength = if tick.label.is_empty() { 6.0 } else { 1e3 };
        GridMark { value: tick.place, step_size: input.base_step_size * strength }
    };
    ticks.into_iter().map(mark).collect()
}

fn written(ticks: Vec<Tick>, mark: GridMark) -> String {
    let found = ticks.into_iter().find(|tick| tick.place == mark.value);
    found.map_or_else(String::new, |tick| tick.label)
}
