//! A table of the network's layers with ops and sizes, and the share of the top Hessian eigenvector in
//! each layer, live.

use eframe::egui::{
    Context, Grid, Key, Label, Modifiers, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo,
    Window, vec2,
};

use crate::history::Run;
use crate::paint::theme;
use crate::protocol::{LayerFacts, OpFacts, RunFacts};
use crate::text;
use crate::ui::session::{Request, measured};
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{Scene, View, ViewInfo, always};

/// Width of a bar in points.
const BAR_WIDTH: f32 = 110.0;

/// Height of a bar in points.
const BAR_HEIGHT: f32 = 12.0;

/// Preferred width of the table in points.
const WIDTH: f32 = 860.0;

/// Width of the ops column in points; longer chains wrap.
const OPS_WIDTH: f32 = 360.0;

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    shortcut: Some(Shortcut {
        section: Section::Window,
        keys: &[(Modifiers::NONE, Key::M)],
        key_label: "M",
        description: "The network, and where u₁ lies",
    }),
    is_in_menu: always,
    ..ViewInfo::new("Network", |_, _| Box::new(Network))
};

/// The view.
#[derive(Debug)]
struct Network;

impl View for Network {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let run = scene.session.current();
        let space = ctx.content_rect().size();
        window
            .default_pos([360.0, 140.0])
            .min_width(WIDTH.min(space.x - 60.0))
            .max_width(space.x - 40.0)
            .max_height(space.y - 120.0)
            .show(ctx, |ui| match run.facts() {
                Some(facts) => draw(ui, facts, run),
                None => {
                    ui.label("The network is being built.");
                }
            });
        Vec::new()
    }
}

fn draw(ui: &mut Ui, facts: &RunFacts, run: &Run) {
    ui.label(format!(
        "{} in {}; one example costs {} multiply-adds forward.",
        text::plural(facts.n_params as u64, "parameter"),
        text::plural(facts.layers.len() as u64, "layer"),
        text::number(text::rounded(facts.work as f64, 3)),
    ));
    let record = run.last_measured();
    let curvature = record.and_then(|record| record.sample.curvature.as_ref());
    if let Some(record) = record {
        ui.label(format!("Shares of u₁ {}.", measured::when(run, record.sample.step)));
    }
    let shares = curvature.map_or(&[][..], |curvature| curvature.layer_shares.as_slice());
    ui.add_space(6.0);
    ScrollArea::both().show(ui, |ui| {
        Grid::new("network").striped(true).spacing([18.0, 6.0]).show(ui, |ui| {
            for (title, tooltip) in [
                ("Layer", "A named part of the network."),
                (
                    "Share of u₁",
                    "Fraction of the squared norm of the top eigenvector in the layer: \
                     where the sharpest direction is. All layers sum to 100 %.",
                ),
                ("Parameters", "Trainable numbers."),
                ("Output", "Of one example: pixels or tokens × features."),
                ("Ops", "What is computed, in order."),
            ] {
                ui.strong(title).on_hover_text(tooltip);
            }
            ui.end_row();
            for (i, layer) in facts.layers.iter().enumerate() {
                ui.label(RichText::new(&layer.name).strong());
                share(ui, &layer.name, shares.get(i).copied());
                ui.label(layer.n_params.to_string());
                ui.label(layer.ops.last().map(size).unwrap_or_default());
                ui.scope(|ui| {
                    ui.set_min_width(OPS_WIDTH);
                    ui.add(Label::new(ops(&facts.layers, i)).wrap());
                });
                ui.end_row();
            }
        });
    });
}

/// The ops of a layer as a chain; inputs from earlier layers are named after their layer.
fn ops(layers: &[LayerFacts], at: usize) -> String {
    let n_before: usize = layers[..at].iter().map(|layer| layer.ops.len()).sum();
    let chain = layers[at].ops.iter().zip(n_before..).map(|(op, number)| {
        // Value 0 is the batch, value i + 1 the output of op i; so `number` is the preceding value.
        let others = op.inputs.iter().filter(|value| **value != number && **value <= n_before);
        let mut names: Vec<_> = others.map(|value| source(layers, *value)).collect();
        names.dedup();
        match names.as_slice() {
            [] => op.label.clone(),
            names if op.inputs.len() > 1 => format!("{} with {}", op.label, names.join(", ")),
            names => format!("({}) {}", names.join(", "), op.label),
        }
    });
    chain.collect::<Vec<_>>().join(" → ")
}

/// The name of the layer that outputs a value.
fn source(layers: &[LayerFacts], value: usize) -> &str {
    let mut n_ops = 0;
    let made = layers.iter().find(|layer| {
        n_ops += layer.ops.len();
        value <= n_ops
    });
    if value == 0 { "the batch" } else { made.map_or("", |layer| layer.name.as_str()) }
}

/// Size of an op's output for one example.
fn size(op: &OpFacts) -> String {
    match op.positions {
        1 => op.features.to_string(),
        positions => format!("{positions} × {}", op.features),
    }
}

/// A bar of a layer's share, with the percentage.
fn share(ui: &mut Ui, layer: &str, share: Option<f64>) {
    let Some(share) = share.filter(|share| share.is_finite()) else {
        ui.weak("not measured");
        return;
    };
    #[expect(clippy::cast_possible_truncation, reason = "a length on screen")]
    let length = share.clamp(0.0, 1.0) as f32 * BAR_WIDTH;
    let words = text::percent(share, 1);
    ui.horizontal(|ui| {
        let (place, bar) = ui.allocate_exact_size(vec2(BAR_WIDTH, BAR_HEIGHT), Sense::hover());
        let filled = Rect::from_min_size(place.min, vec2(length, BAR_HEIGHT));
        ui.painter().rect_filled(place, 0.0, ui.visuals().extreme_bg_color);
        ui.painter().rect_filled(filled, 0.0, theme::colours(ui.visuals()).blue);
        bar.widget_info(|| {
            let label = format!("{layer}: {words} of the top eigenvector");
            WidgetInfo::labeled(Role::ProgressIndicator, true, label)
        });
        ui.label(&words);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: &str, ops: &[(&str, &[usize])]) -> LayerFacts {
        let op = |(label, inputs): &(&str, &[usize])| OpFacts {
            label: (*label).to_owned(),
            inputs: inputs.to_vec(),
            ..OpFacts::default()
        };
        LayerFacts { name: name.into(), ops: ops.iter().map(op).collect(), n_params: 1 }
    }

    #[test]
    fn a_sum_names_the_layer_that_its_shortcut_comes_from() {
        let layers = [
            layer("stem", &[("conv", &[0]), ("relu", &[1])]),
            layer("block1", &[("conv", &[2]), ("sum", &[2, 3]), ("relu", &[4])]),
            layer("block2", &[("conv", &[5]), ("sum", &[5, 6])]),
        ];
        assert_eq!(ops(&layers, 0), "conv → relu");
        assert_eq!(ops(&layers, 1), "conv → sum with stem → relu");
        assert_eq!(ops(&layers, 2), "conv → sum with block1");
    }
}
