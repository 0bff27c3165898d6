//! Progress of tuning the initial weights: its objective and the sizes of tensors by iteration.

use eframe::egui::{Align, Context, Key, Layout, Modifiers, RichText, Ui, Window, vec2};
use egui_plot::{HLine, HoverPosition, Line, LineStyle, Plot, PlotPoints};

use crate::config::{RunConfig, Tuning};
use crate::figure::floor_sentence;
use crate::history::Run;
use crate::paint::theme;
use crate::protocol::Preparation;
use crate::text;
use crate::ui::session::Request;
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{Scene, View, ViewInfo};
use crate::ui::widgets::{curve_styles, fit_contents, plot_ticks};

/// Height of each of the plots in points.
const PLOT_HEIGHT: f32 = 170.0;

/// Width of the view in points.
const WIDTH: f32 = 520.0;

/// Text for a run whose weights are not tuned.
const UNTUNED: &str = "The weights of this run start as they were drawn; “Tuning” adjusts them.";

/// The most lines with a legend above the plot; more would leave no room.
const MAX_NAMES: usize = 16;

/// The most points drawn of a line; more cannot be distinguished at this width.
const MAX_POINTS: usize = 1000;

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    shortcut: Some(Shortcut {
        section: Section::Window,
        keys: &[(Modifiers::NONE, Key::G)],
        key_label: "G",
        description: "The tuning of the initial weights",
    }),
    is_in_menu: |session| is_tuned(session.current().initial_config()),
    opens_for: |session| session.current().is_preparing().then(|| session.current().id()),
    ..ViewInfo::new("Preparation", |_, _| Box::new(PreparationView))
};

/// The view of the current run's tuning.
#[derive(Debug)]
struct PreparationView;

impl View for PreparationView {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let run = scene.session.current();
        let mut request = None;
        let top = fit_contents::top(ctx, 160.0);
        window.resizable(false).default_pos([380.0, top]).default_width(WIDTH).show(ctx, |ui| {
            fit_contents::scrolled(ui, top, |ui| {
                if is_tuned(run.initial_config()) {
                    request = draw(ui, run);
                } else {
                    ui.label(UNTUNED);
                }
            });
        });
        request.into_iter().collect()
    }
}

/// Whether the run tunes its initial weights.
fn is_tuned(config: &RunConfig) -> bool {
    config.init.tuning != Tuning::None
}

/// Progress of the tuning in one sentence; `None` unless it is running.
pub(in crate::ui) fn progress(run: &Run) -> Option<String> {
    run.is_preparing().then(|| sentence(run))
}

fn sentence(run: &Run) -> String {
    let tuning = run.initial_config().init.tuning;
    let Some(last) = run.preparation().last() else { return format!("{} begins", tuning.title()) };
    let norm = last.grad_norm.map(|norm| format!(" · gradient norm {}", three(norm)));
    format!(
        "{} {}/{} · {} {}{}",
        tuning.title(),
        last.iteration,
        last.n_iterations,
        tuning.objective(),
        three(last.objective),
        norm.unwrap_or_default()
    )
}

fn three(x: f64) -> String {
    text::number(text::rounded(x, 3))
}

fn draw(ui: &mut Ui, run: &Run) -> Option<Request> {
    ui.set_width(fit_contents::width(ui.ctx(), WIDTH));
    let tuning = run.initial_config().init.tuning;
    let mut request = None;
    ui.horizontal(|ui| {
        ui.label(RichText::new(sentence(run)).strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let cancel = "Train from the sizes found so far; the run is recorded with as many \
                          iterations.";
            if run.is_preparing() && ui.button("Cancel").on_hover_text(cancel).clicked() {
                request = Some(Request::CutPreparation);
            }
        });
    });
    if let Some(n) = run.tuning_cut() {
        ui.label(format!("Stopped by the user after {}.", text::plural(n, "iteration")));
    }
    let records = run.preparation();
    if let Some(floor) = records.last().and_then(|newest| floor_sentence(tuning, newest)) {
        ui.label(RichText::new(floor).color(ui.visuals().warn_fg_color));
    }
    let objective = tuning.objective();
    let mut above = vec![curve(objective, records, |record| Some(record.objective))];
    let mut bound = None;
    if tuning == Tuning::GradInit {
        above.push(curve("gradient norm", records, |record| record.grad_norm));
        bound = Some(run.initial_config().init.grad.gamma);
    }
    plot(ui, objective, above, bound);
    let (sizes, unit) = match tuning {
        Tuning::MetaInit => ("Norm of each tensor", "norm"),
        Tuning::None | Tuning::Lsuv | Tuning::GradInit => {
            ("Size of each tensor relative to the drawn one", "size / drawn")
        }
    };
    ui.label(sizes).on_hover_text("A tensor that starts at 0 stays there: it has no size.");
    plot(ui, unit, size_curves(records), None);
    request
}

/// A line for each tensor.
fn size_curves(records: &[Preparation]) -> Vec<Curve> {
    let names = records.first().map(|record| &*record.names).unwrap_or_default();
    let of =
        |(at, name): (usize, &String)| curve(name, records, |record| record.sizes.get(at).copied());
    names.iter().enumerate().map(of).collect()
}

/// A named line.
struct Curve {
    name: String,
    points: PlotPoints<'static>,
}

/// Base-10 logarithms of positive values, by iteration.
fn curve(name: &str, records: &[Preparation], read: impl Fn(&Preparation) -> Option<f64>) -> Curve {
    let every = records.len().div_ceil(MAX_POINTS).max(1);
    let is_drawn = |at: usize| at.is_multiple_of(every) || at + 1 == records.len();
    let drawn = records.iter().enumerate().filter(|(at, _)| is_drawn(*at)).map(|(_, r)| r);
    let points: PlotPoints<'static> = drawn
        .filter_map(|record| {
            let y = read(record).filter(|y| *y > 0.0)?.log10();
            Some([record.iteration as f64, y])
        })
        .collect();
    Curve { name: name.to_owned(), points }
}

/// The legend, above the plot so it covers no line.
fn key(ui: &mut Ui, curves: &[Curve], bound: Option<f64>) {
    let palette = theme::colours(ui.visuals());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        for (at, curve) in curves.iter().enumerate() {
            curve_styles::entry(ui, at, &curve.name);
            ui.add_space(6.0);
        }
        if let Some(bound) = bound {
            let words = format!("- - bound γ = {}", text::number(bound));
            ui.label(RichText::new(words).small().color(palette.ink(palette.weak)));
        }
    });
}

/// Curves over iterations on a logarithmic axis.
fn plot(ui: &mut Ui, quantity: &'static str, curves: Vec<Curve>, bound: Option<f64>) {
    let palette = theme::colours(ui.visuals());
    let factor = theme::factor(ui.style());
    if curves.len() <= MAX_NAMES {
        key(ui, &curves, bound);
    }
    Plot::new(("preparation", quantity))
        .height(PLOT_HEIGHT)
        .width(WIDTH)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .grid_color(palette.grid)
        .x_grid_spacer(|input| plot_ticks::even(&input))
        .y_grid_spacer(|input| plot_ticks::logarithmic(&input))
        .x_axis_label("iteration")
        .y_axis_label(quantity)
        .y_axis_min_width(plot_ticks::NUMBERS_WIDTH * factor)
        .x_axis_formatter(|mark, _| text::number(mark.value))
        .y_axis_formatter(plot_ticks::of_logarithm)
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                let [iteration, value] = [text::number(position.x), plot_ticks::number(position.y)];
                Some(format!("{plot_name}\niteration {iteration}\n{value}"))
            }
            HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, |plot| {
            for (at, Curve { name, points }) in curves.into_iter().enumerate() {
                let (color, style) = curve_styles::style(palette, at);
                let line = Line::new(name, points).color(color).width(curve_styles::WIDTH * factor);
                plot.line(line.style(style));
            }
            if let Some(bound) = bound {
                let line = HLine::new("bound γ", bound.log10()).color(palette.weak);
                plot.hline(
                    line.style(LineStyle::dashed_loose()).width(curve_styles::WIDTH * factor),
                );
            }
        });
}
