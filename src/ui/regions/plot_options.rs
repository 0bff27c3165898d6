//! Display options of the plots: ratio or eigenvalues, smoothing, horizontal axis, seeds as one.

use eframe::egui::{ComboBox, Role, Ui, WidgetInfo};

use crate::figure::{Axis, SMOOTHINGS, ghost_seed_groups, seed_group};
use crate::paint::PlotView;
use crate::ui::session::{Session, plotted_runs};
use crate::ui::widgets::fit_contents;

/// Draws the row of options.
pub(in crate::ui) fn show(ui: &mut Ui, session: &Session, view: &mut PlotView) {
    ui.horizontal_wrapped(|ui| {
        let ratio = ui.checkbox(&mut view.choices.is_ratio, "λ / threshold");
        ratio.on_hover_text(
            "Divide every eigenvalue by the limit that binds at its step: 1 is the edge.",
        );
        smoothing(ui, view);
        axis_choice(ui, view);
        let shown = plotted_runs::runs(session);
        let n_seeds = seed_group(&shown).len();
        if n_seeds > 1 || !ghost_seed_groups(&shown).is_empty() {
            let words =
                if n_seeds > 1 { format!("{n_seeds} seeds as one") } else { "Seeds as one".into() };
            ui.checkbox(&mut view.choices.is_over_seeds, words)
                .on_hover_text("Draw the median and range of runs that differ only by seed.");
        }
    });
}

/// The choice of the horizontal axis.
fn axis_choice(ui: &mut Ui, view: &mut PlotView) {
    let now = view.axis();
    fit_contents::keep_together(ui, 210.0);
    ui.label("Over");
    let choice = ComboBox::from_id_salt("axis").width(150.0).selected_text(now.label());
    let choice = choice.show_ui(ui, |ui| {
        for axis in Axis::ALL {
            if ui.selectable_label(axis == now, axis.label()).clicked() {
                view.set_axis(axis);
            }
        }
    });
    let response = choice.response.on_hover_text("The quantity on the horizontal axis.");
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(now.label().to_owned()),
        ..WidgetInfo::labeled(Role::ComboBox, true, "Horizontal axis")
    });
}

fn smoothing(ui: &mut Ui, view: &mut PlotView) {
    let words = |n: u32| if n == 1 { "off".to_owned() } else { format!("mean of {n} steps") };
    fit_contents::keep_together(ui, 240.0);
    let name = ui.label("Smoothing");
    let now = &mut view.choices.smoothing;
    ComboBox::from_id_salt("smoothing")
        .width(140.0)
        .selected_text(words(*now))
        .show_ui(ui, |ui| {
            for n in SMOOTHINGS {
                ui.selectable_value(now, n, words(n));
            }
        })
        .response
        .labelled_by(name.id)
        .on_hover_text(
            "The running mean of losses, gradient norm and eigenvalues; the values stay visible \
             behind it.",
        );
}
