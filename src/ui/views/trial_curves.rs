//! Plots of trials: loss and λ₁/limit over steps. The table of trials is their legend.

use eframe::egui::{RichText, Ui};
use egui_plot::{HLine, HoverPosition, Line, LineStyle, Plot, PlotPoints};

use crate::figure::trial_name;
use crate::paint::theme;
use crate::protocol::{Trial, Trials};
use crate::text;
use crate::ui::widgets::{curve_styles, plot_ticks};

/// Heights of the two plots in points.
const HEIGHTS: [f32; 2] = [160.0, 110.0];

/// Upper limit of the loss plot, as a multiple of the highest initial loss.
const MAX_RISE: f64 = 10.0;

/// Range of the ratio plot; values beyond leave it.
const RATIOS: [f64; 2] = [0.01, 100.0];

/// Name of the quantity of the second plot.
const RATIO: &str = "λ₁/limit";

/// Draws the loss, and the ratio if any trial measured it.
pub(in crate::ui) fn show(ui: &mut Ui, trials: &Trials) {
    let losses: Vec<Vec<[f64; 2]>> = trials.trials.iter().map(losses).collect();
    let ratios: Vec<Vec<[f64; 2]>> = trials.trials.iter().map(ratios).collect();
    let starts = losses.iter().filter_map(|curve| curve.first()).map(|[_, loss]| *loss);
    let highest = starts.fold(f64::NEG_INFINITY, f64::max) + MAX_RISE.log10();
    plot(ui, trials, &losses, "loss", [f64::NEG_INFINITY, highest]);
    if ratios.iter().any(|curve| !curve.is_empty()) {
        plot(ui, trials, &ratios, RATIO, RATIOS.map(f64::log10));
    }
}

/// Steps, and log₁₀ of positive finite values.
fn logarithmic(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let is_drawn = |[_, y]: &[f64; 2]| *y > 0.0 && y.is_finite();
    points.filter(is_drawn).map(|[x, y]| [x, y.log10()]).collect()
}

fn losses(trial: &Trial) -> Vec<[f64; 2]> {
    logarithmic(trial.losses.iter().enumerate().map(|(step, loss)| [step as f64, *loss]))
}

fn ratios(trial: &Trial) -> Vec<[f64; 2]> {
    logarithmic(trial.ratios.iter().copied())
}

fn plot(
    ui: &mut Ui,
    trials: &Trials,
    curves: &[Vec<[f64; 2]>],
    quantity: &'static str,
    within: [f64; 2],
) {
    let palette = theme::colours(ui.visuals());
    let factor = theme::factor(ui.style());
    let is_ratio = quantity == RATIO;
    let longest = trials.trials.iter().map(|trial| trial.n_steps).max().unwrap_or(1);
    let [low, high] = range(curves, within, is_ratio);
    let words = if is_ratio {
        format!("{quantity}, dashed at 1, above which steps overshoot")
    } else {
        format!("{quantity} by steps taken")
    };
    let highest = curves.iter().flatten().map(|[_, y]| *y).fold(f64::NEG_INFINITY, f64::max);
    let is_whole = highest <= within[1];
    let words = if is_whole {
        words
    } else {
        format!("{words}; ▲ up to {}", plot_ticks::number(highest))
    };
    ui.label(RichText::new(words).small().color(palette.weak));
    Plot::new(("trials", quantity))
        .height(HEIGHTS[usize::from(is_ratio)])
        .width(ui.available_width())
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .grid_color(palette.grid)
        .x_grid_spacer(|input| plot_ticks::even(&input))
        .y_grid_spacer(|input| plot_ticks::logarithmic(&input))
        .y_axis_min_width(plot_ticks::NUMBERS_WIDTH * factor)
        .x_axis_formatter(|mark, _| text::number(mark.value))
        .y_axis_formatter(plot_ticks::of_logarithm)
        .label_formatter(move |at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                let value = plot_ticks::number(position.y);
                Some(format!("{plot_name}\nstep {:.0}\n{quantity} {value}", position.x))
            }
            HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, |plot| {
            plot.set_plot_bounds_x(0.0..=longest as f64);
            plot.set_plot_bounds_y(low..=high);
            if is_ratio {
                let edge = HLine::new("edge of stability", 0.0).color(palette.weak);
                plot.hline(edge.style(LineStyle::dashed_loose()));
            }
            for (at, (curve, trial)) in curves.iter().zip(&trials.trials).enumerate() {
                let (color, style) = curve_styles::style(palette, at);
                let name = trial_name(&trials.question, trial);
                let line = Line::new(name, PlotPoints::from(curve.clone()));
                plot.line(line.color(color).width(curve_styles::WIDTH * factor).style(style));
            }
        });
}

/// Vertical range of the plot with a margin; includes the line at 1 of the ratio.
fn range(curves: &[Vec<[f64; 2]>], within: [f64; 2], is_ratio: bool) -> [f64; 2] {
    let drawn = curves.iter().flatten().map(|[_, y]| y.clamp(within[0], within[1]));
    let drawn = drawn.chain(is_ratio.then_some(0.0));
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    drawn.for_each(|y| (low, high) = (low.min(y), high.max(y)));
    if !(low.is_finite() && high.is_finite()) {
        return [-1.0, 1.0];
    }
    let margin = (0.05 * (high - low)).max(0.02);
    [low - margin, high + margin]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_that_blows_up_does_not_flatten_the_others() {
        let curves = [vec![[0.0, -1.0], [1.0, -2.0]], vec![[0.0, -1.0], [1.0, 300.0]]];
        let [low, high] = range(&curves, [f64::NEG_INFINITY, 0.0], false);
        assert!((-2.2..-2.0).contains(&low) && (0.0..0.2).contains(&high), "{low} {high}");
        assert_eq!(range(&[Vec::new()], [f64::NEG_INFINITY, 0.0], false), [-1.0, 1.0]);
        let [low, high] = range(&curves[..1], RATIOS.map(f64::log10), true);
        assert!(low < -2.0 && high > 0.0);
    }
}
