//! Result of the last search for a learning rate: loss against rate, and the suggested rate.

use eframe::egui::{Color32, Context, Rect, RichText, Sense, Ui, Window, vec2};
use egui_plot::{HLine, HoverPosition, Line, LineStyle, Plot, PlotPoints, Points, VLine};
use toml::Value;

use crate::config::settings;
use crate::figure::search_sentence;
use crate::paint::theme;
use crate::protocol::{Search, SearchKind};
use crate::text;
use crate::ui::gesture::Gesture;
use crate::ui::session::{Request, SETS_RATE, Session};
use crate::ui::view_info::{RequestEffect, Scene, View, ViewInfo};
use crate::ui::widgets::{fit_contents, plot_ticks};

/// Size of the plot in points.
const PLOT: [f32; 2] = [460.0, 240.0];

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    on_request: |request, _| matches!(request, Request::Search(_)).then_some(RequestEffect::Opens),
    ..ViewInfo::new("Search for a rate", |_, _| Box::new(SearchView))
};

/// The view of the current run's last search.
#[derive(Debug)]
struct SearchView;

/// Name of a kind of search, on its button.
pub(in crate::ui) fn name(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::FirstRate => "Find η₀",
        SearchKind::RangeTest => "Range test",
    }
}

/// Tooltip of a search: what it does and costs.
pub(in crate::ui) fn tooltip(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::FirstRate => {
            "The largest rate at which one step from here lowers the loss, to 1 %: doubled from \
             1e-4, then bisected. Repeated, such steps may diverge. Costs one gradient and some 20 \
             to 30 forward passes on the next batch; the run is not changed."
        }
        SearchKind::RangeTest => {
            "Up to 141 steps from here at rates that rise from 1e-5, 20 per decade, until the loss \
             of the probe set is 4 times its lowest; then all of them are undone. Suggests a tenth \
             of the rate with the lowest loss, if that loss is lower than by chance. The run waits, \
             and is not changed."
        }
    }
}

impl View for SearchView {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let top = fit_contents::top(ctx, 120.0);
        let shown = window
            .resizable(false)
            .default_pos([360.0, top])
            .max_width(fit_contents::width(ctx, f32::INFINITY))
            .show(ctx, |ui| fit_contents::scrolled(ui, top, |ui| contents(ui, scene.session)));
        shown.and_then(|shown| shown.inner.flatten()).into_iter().collect()
    }
}

fn contents(ui: &mut Ui, session: &Session) -> Option<Request> {
    if let Some(kind) = session.searching() {
        ui.label(format!("{} … the run waits.", name(kind)));
        return None;
    }
    let Some((step, search)) = session.current().searches().last() else {
        ui.label("This run has not searched yet.");
        return None;
    };
    ui.label(RichText::new(format!("{} from step {step}", name(search.kind))).strong());
    ui.set_max_width(PLOT[0] * theme::factor(ui.style()));
    ui.label(search_sentence(search));
    plot(ui, search);
    let mut chosen = None;
    ui.horizontal(|ui| {
        if let Some(rate) = suggested(search) {
            let button = ui.button(format!("Use {}", text::number(rate))).on_hover_text(SETS_RATE);
            if button.clicked() {
                chosen = Some(rate);
            }
        }
    });
    let value = Value::Float(chosen?);
    Some(Request::Set { setting: &settings::PEAK_LR, value, gesture: Gesture::New })
}

/// The suggested rate in three digits; `None` if it is outside the setting's range.
fn suggested(search: &Search) -> Option<f64> {
    let rate = search.suggested.map(|rate| text::rounded(rate, 3));
    rate.filter(|rate| (1e-5..=100.0).contains(rate))
}

/// Plots loss against rate on logarithmic axes, without losses ≤ 0.
fn plot(ui: &mut Ui, search: &Search) {
    let palette = theme::colours(ui.visuals());
    let factor = theme::factor(ui.style());
    let points: Vec<[f64; 2]> = search
        .points
        .iter()
        .filter(|point| point[0] > 0.0 && point[1] > 0.0)
        .map(|[rate, loss]| [rate.log10(), loss.log10()])
        .collect();
    let (width, height) = (PLOT[0] * factor, PLOT[1] * factor);
    if points.is_empty() {
        let (place, _) = ui.allocate_exact_size(vec2(width, 4.0), Sense::hover());
        ui.painter().rect_filled(Rect::from_min_size(place.min, place.size()), 0.0, palette.plot);
        return;
    }
    let lines = lines(search, palette);
    key(ui, search, &lines);
    Plot::new("search")
        .width(width)
        .height(height)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .grid_color(palette.grid)
        .x_grid_spacer(|input| plot_ticks::logarithmic(&input))
        .y_grid_spacer(|input| plot_ticks::logarithmic(&input))
        .x_axis_label("η")
        .y_axis_label("loss after the step")
        .y_axis_min_width(plot_ticks::NUMBERS_WIDTH * factor)
        .x_axis_formatter(plot_ticks::of_logarithm)
        .y_axis_formatter(plot_ticks::of_logarithm)
        .label_formatter(move |at| match at {
            HoverPosition::NearDataPoint { position, .. } => {
                let [rate, loss] = [position.x, position.y].map(plot_ticks::number);
                Some(format!("η = {rate}\nloss {loss}"))
            }
            HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, |plot| {
            let (line, dots) = (PlotPoints::from(points.clone()), PlotPoints::from(points));
            plot.line(Line::new("", line).color(palette.blue).width(1.5));
            plot.points(Points::new("", dots).color(palette.blue).radius(2.5));
            if search.start_loss > 0.0 {
                let start = HLine::new("loss now", search.start_loss.log10());
                plot.hline(start.color(palette.weak).style(LineStyle::dashed_loose()));
            }
            for (name, rate, color) in lines {
                plot.vline(VLine::new(name, rate.log10()).color(color).width(2.0));
            }
        });
}

/// Vertical lines of the plot: name, rate and colour.
fn lines(search: &Search, palette: &theme::Palette) -> Vec<(&'static str, f64, Color32)> {
    let is_range = search.kind == SearchKind::RangeTest;
    let suggested = search.suggested.filter(|_| is_range);
    // If the loss fell no more than its noise, the rates mean nothing.
    let is_meaningful = !is_range || suggested.is_some();
    let found = if is_range { "falls, smoothed, up to" } else { "largest that lowers it" };
    [
        ("falls fastest", search.steepest.filter(|_| is_meaningful), palette.purple),
        (found, search.found.filter(|_| is_meaningful), palette.orange),
        ("suggested", suggested, palette.green),
    ]
    .into_iter()
    .filter_map(|(name, rate, color)| Some((name, rate.filter(|rate| *rate > 0.0)?, color)))
    .collect()
}

/// The legend of the straight lines, above the plot so it covers no point.
fn key(ui: &mut Ui, search: &Search, lines: &[(&'static str, f64, Color32)]) {
    let palette = theme::colours(ui.visuals());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(14.0, 2.0);
        let now = format!("- - loss now {}", text::number(text::rounded(search.start_loss, 3)));
        ui.label(RichText::new(now).small().color(palette.ink(palette.weak)));
        for (name, rate, color) in lines {
            let words = format!("| {name} {}", text::number(text::rounded(*rate, 3)));
            ui.label(RichText::new(words).small().color(palette.ink(*color)));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_suggested_in_three_digits_and_only_within_range() {
        let of = |rate| suggested(&Search::example(SearchKind::RangeTest, Some(0.3), rate));
        assert_eq!(of(Some(0.030_123)), Some(0.0301));
        assert_eq!(of(Some(5e4)), None);
        assert_eq!(of(None), None);
    }
}
