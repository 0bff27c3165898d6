//! A drawing of the network: its layers with their ops and sizes, and how much of the top
//! eigenvector of the Hessian lies in each, live. Reads one history; does not know how either is made.

use eframe::egui::{
    Context, Grid, ProgressBar, RichText, Role, ScrollArea, Ui, WidgetInfo, Window,
};

use crate::history::Run;
use crate::protocol::{LayerFacts, OpFacts, RunFacts};
use crate::text;

/// Width of a bar in points.
const BAR_WIDTH: f32 = 160.0;

/// Whether the drawing is open.
#[derive(Debug, Default)]
pub(super) struct Network {
    is_open: bool,
}

impl Network {
    /// Opens the drawing, or closes it.
    pub(super) fn toggle(&mut self) {
        self.is_open = !self.is_open;
    }

    /// Closes the drawing; says whether it was open.
    pub(super) fn close(&mut self) -> bool {
        std::mem::take(&mut self.is_open)
    }

    /// Draws the network of this run if the drawing is open.
    pub(super) fn show(&mut self, ctx: &Context, run: &Run) {
        let room = ctx.content_rect().size();
        Window::new("Network")
            .open(&mut self.is_open)
            .collapsible(false)
            .default_pos([360.0, 140.0])
            .max_width(room.x - 40.0)
            .max_height(room.y - 120.0)
            .show(ctx, |ui| match run.facts() {
                Some(facts) => draw(ui, facts, run),
                None => {
                    ui.label("The network is being built.");
                }
            });
    }
}

fn draw(ui: &mut Ui, facts: &RunFacts, run: &Run) {
    ui.label(format!(
        "{} in {}; one example costs {} multiply-adds forward.",
        text::plural(facts.n_params as u64, "parameter"),
        text::plural(facts.layers.len() as u64, "layer"),
        text::number(text::rounded(facts.work as f64, 3)),
    ));
    let curvature = run.last_measured().and_then(|record| record.sample.curvature.as_ref());
    let shares = curvature.map_or(&[][..], |curvature| curvature.layer_shares.as_slice());
    ui.add_space(6.0);
    ScrollArea::both().show(ui, |ui| {
        Grid::new("network").striped(true).spacing([18.0, 6.0]).show(ui, |ui| {
            for (title, tooltip) in [
                ("Layer", "The beginning of the names of its parameters."),
                ("Ops", "What is computed, in order."),
                ("Output", "Of one example: pixels or tokens × features."),
                ("Parameters", "Trainable numbers."),
                (
                    "Share of u₁",
                    "Part of the squared norm of the top eigenvector that lies in the layer: \
                     where the sharpest direction is. All layers sum to 100 %.",
                ),
            ] {
                ui.strong(title).on_hover_text(tooltip);
            }
            ui.end_row();
            for (i, layer) in facts.layers.iter().enumerate() {
                ui.label(RichText::new(&layer.name).strong());
                ui.label(ops(layer));
                ui.label(layer.ops.last().map(size).unwrap_or_default());
                ui.label(layer.n_params.to_string());
                share(ui, &layer.name, shares.get(i).copied());
                ui.end_row();
            }
        });
    });
}

/// The ops of a layer as a chain.
fn ops(layer: &LayerFacts) -> String {
    layer.ops.iter().map(|op| op.label.as_str()).collect::<Vec<_>>().join(" → ")
}

/// The size of one example in an op's output.
fn size(op: &OpFacts) -> String {
    match op.positions {
        1 => op.features.to_string(),
        positions => format!("{positions} × {}", op.features),
    }
}

/// A bar as long as the share, with the share in per cent.
fn share(ui: &mut Ui, layer: &str, share: Option<f64>) {
    let Some(share) = share.filter(|share| share.is_finite()) else {
        ui.weak("not measured");
        return;
    };
    #[expect(clippy::cast_possible_truncation, reason = "a length on screen")]
    let length = share as f32;
    let words = format!("{:.1} %", 100.0 * share);
    let bar = ProgressBar::new(length).desired_width(BAR_WIDTH).text(words.clone());
    ui.add(bar).widget_info(|| {
        let told = format!("{layer}: {words} of the top eigenvector");
        WidgetInfo::labeled(Role::ProgressIndicator, true, told)
    });
}
