//! The tuning of the initial weights as it goes on: what it makes small, and the sizes it gives to
//! tensors. Reads one history; does not know how sizes are found.

use eframe::egui::{Align, Color32, Context, Layout, RichText, Ui, Window, vec2};
use egui_plot::{GridMark, HLine, Line, LineStyle, Plot, PlotPoints};

use crate::config::{RunConfig, Tuning};
use crate::history::Run;
use crate::paint::theme;
use crate::protocol::{Preparation, RunId};
use crate::text;

use super::wish::Wish;

/// Height of each of the plots in points.
const PLOT_HEIGHT: f32 = 170.0;

/// Width of the view in points.
const WIDTH: f32 = 520.0;

/// What is said of a run whose weights are not tuned.
const UNTUNED: &str = "The weights of this run start as they were drawn; “Tuning” adjusts them.";

/// Width of the numbers beside a plot in points.
const TICKS_WIDTH: f32 = 48.0;

/// Lines that are named above a plot at most; more would take its place.
const MAX_NAMES: usize = 16;

/// Points drawn of a line at most; more cannot be told apart at this width.
const MAX_POINTS: usize = 1000;

/// Whether the view is open, and whose tuning it follows by itself.
#[derive(Debug, Default)]
pub(super) struct PreparationView {
    is_open: bool,
    /// The run for whose tuning it opened.
    opened_for: Option<RunId>,
    /// The run whose tuning is going on.
    followed: Option<RunId>,
}

impl PreparationView {
    /// Opens the view, or closes it.
    pub(super) fn toggle(&mut self) {
        self.is_open = !self.is_open;
    }

    /// Closes the view; says whether it was open.
    pub(super) fn close(&mut self) -> bool {
        std::mem::take(&mut self.is_open)
    }

    /// Draws the tuning of this run if the view is open; it opens by itself when one begins and
    /// closes when that is over.
    pub(super) fn show(&mut self, ctx: &Context, run: &Run) -> Option<Wish> {
        if run.is_preparing() {
            self.is_open |= self.opened_for != Some(run.id());
            (self.opened_for, self.followed) = (Some(run.id()), Some(run.id()));
        } else if self.followed.take().is_some() {
            self.is_open = false;
        }
        let mut wish = None;
        Window::new("Preparation")
            .open(&mut self.is_open)
            .collapsible(false)
            .resizable(false)
            .default_pos([380.0, 160.0])
            .default_width(WIDTH)
            .show(ctx, |ui| {
                if is_tuned(run.initial_config()) {
                    wish = draw(ui, run);
                } else {
                    ui.label(UNTUNED);
                }
            });
        wish
    }
}

/// Whether there is anything to show.
pub(super) fn is_tuned(config: &RunConfig) -> bool {
    config.init.tuning != Tuning::None
}

/// How far the tuning is, in one sentence; `None` where it is over or there is none.
pub(super) fn progress(run: &Run) -> Option<String> {
    run.is_preparing().then(|| told(run))
}

fn told(run: &Run) -> String {
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

fn draw(ui: &mut Ui, run: &Run) -> Option<Wish> {
    ui.set_width(WIDTH);
    let tuning = run.initial_config().init.tuning;
    let mut wish = None;
    ui.horizontal(|ui| {
        ui.label(RichText::new(told(run)).strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let cancel = "Train from the sizes found so far; the run is recorded with as many \
                          iterations.";
            if run.is_preparing() && ui.button("Cancel").on_hover_text(cancel).clicked() {
                wish = Some(Wish::CutPreparation);
            }
        });
    });
    if let Some(n) = run.tuning_cut() {
        ui.label(format!("Ended by hand after {}.", text::plural(n, "iteration")));
    }
    let records = run.preparation();
    let colours = theme::colours(ui.visuals());
    let mut above = vec![curve(tuning.objective(), records, colours.blue, |r| Some(r.objective))];
    let mut bound = None;
    if tuning == Tuning::GradInit {
        above.push(curve("gradient norm", records, colours.orange, |record| record.grad_norm));
        bound = Some(run.initial_config().init.grad.gamma);
    }
    plot(ui, "objective", above, bound);
    let sizes = match tuning {
        Tuning::MetaInit => "Norm of each tensor",
        Tuning::None | Tuning::Lsuv | Tuning::GradInit => {
            "Size of each tensor relative to the drawn one"
        }
    };
    ui.label(sizes).on_hover_text("A tensor that starts at 0 stays there: it has no size.");
    plot(ui, "sizes", size_curves(records, colours), None);
    wish
}

/// A line for each tensor.
fn size_curves(records: &[Preparation], colours: &theme::Palette) -> Vec<Curve> {
    let theme::Palette { blue, orange, green, purple, sky, vermillion, .. } = *colours;
    let colours = [blue, orange, green, purple, sky, vermillion];
    let names = records.first().map(|record| record.names.clone()).unwrap_or_default();
    let layer = |name: &str| name.rsplit_once('.').map_or("", |(layer, _)| layer).to_owned();
    let mut layers: Vec<String> = Vec::new();
    let mut curves = Vec::new();
    for (at, name) in names.iter().enumerate() {
        // Of one layer, the first tensor is solid and the others are dashed.
        let is_dashed = layers.last() == Some(&layer(name));
        if !is_dashed {
            layers.push(layer(name));
        }
        let colour = colours[(layers.len() - 1) % colours.len()];
        let sizes = |record: &Preparation| record.sizes.get(at).copied();
        curves.push(Curve { is_dashed, ..curve(name, records, colour, sizes) });
    }
    curves
}

/// A line and how it is told from the others.
struct Curve {
    name: String,
    colour: Color32,
    is_dashed: bool,
    points: PlotPoints<'static>,
}

/// Logarithms of what is above 0, by iteration.
fn curve(
    name: &str,
    records: &[Preparation],
    colour: Color32,
    read: impl Fn(&Preparation) -> Option<f64>,
) -> Curve {
    let every = records.len().div_ceil(MAX_POINTS).max(1);
    let is_drawn = |at: usize| at.is_multiple_of(every) || at + 1 == records.len();
    let drawn = records.iter().enumerate().filter(|(at, _)| is_drawn(*at)).map(|(_, r)| r);
    let points: PlotPoints<'static> = drawn
        .filter_map(|record| {
            let y = read(record).filter(|y| *y > 0.0)?.log10();
            Some([record.iteration as f64, y])
        })
        .collect();
    Curve { name: name.to_owned(), colour, is_dashed: false, points }
}

/// What each line is, above the plot, where it covers none of them.
fn key(ui: &mut Ui, curves: &[Curve], bound: Option<f64>) {
    let palette = theme::colours(ui.visuals());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(12.0, 2.0);
        let bound = bound.map(|_| ("bound γ", palette.grey, false));
        let own = curves.iter().map(|c| (c.name.as_str(), c.colour, c.is_dashed));
        for (name, colour, is_dashed) in own.chain(bound) {
            let stroke = if is_dashed { "- -" } else { "—" };
            let text = RichText::new(format!("{stroke} {name}")).small();
            ui.label(text.color(palette.ink(colour)));
        }
    });
}

fn plot(ui: &mut Ui, id: &str, curves: Vec<Curve>, bound: Option<f64>) {
    let decade = |mark: GridMark, _: &std::ops::RangeInclusive<f64>| three(10_f64.powf(mark.value));
    let colour = theme::colours(ui.visuals()).grey;
    if curves.len() <= MAX_NAMES {
        key(ui, &curves, bound);
    }
    let shown = Plot::new(("preparation", id))
        .height(PLOT_HEIGHT)
        .width(WIDTH)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .x_axis_label("iteration")
        .y_axis_min_width(TICKS_WIDTH)
        .y_axis_formatter(decade);
    shown.show(ui, |plot| {
        for Curve { name, colour, is_dashed, points } in curves {
            let line = Line::new(name, points).color(colour).width(1.8);
            let style = if is_dashed { LineStyle::dashed_loose() } else { LineStyle::Solid };
            plot.line(line.style(style));
        }
        if let Some(bound) = bound {
            plot.hline(HLine::new("bound γ", bound.log10()).color(colour));
        }
    });
}
