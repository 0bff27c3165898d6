//! Display options of the plots: ratio or eigenvalues, smoothing, horizontal axis, seeds as one, and
//! the plots that can be added.

use eframe::egui::{ComboBox, Role, Ui, WidgetInfo};

use crate::figure::{Axis, SMOOTHINGS, ghost_seed_groups, seed_group};
use crate::paint::PlotView;
use crate::ui::action::WindowAction;
use crate::ui::appearance::Appearance;
use crate::ui::session::{Session, plotted_runs};

use super::above_plots::readout;
use super::{plot_chips, plot_list, runs_button};

/// Draws the row of options, which is always one line high; returns a window action.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    session: &Session,
    view: &mut PlotView,
    appearance: &Appearance,
) -> Option<WindowAction> {
    let row = ui.horizontal(|ui| {
        ui.set_height(ui.spacing().interact_size.y + 4.0);
        ratio(ui, view);
        smoothing(ui, view);
        axis_choice(ui, view);
        seeds(ui, session, view);
        let run = session.current();
        let action = runs_button::show(ui, session)
            .or(plot_list::button(ui, run, appearance.plots()))
            .or(plot_chips::show(ui, run, view, appearance.plots()));
        readout::show_at_right(ui, session.current());
        action
    });
    row.inner
}

/// The options as entries of a menu; returns a window action.
pub(in crate::ui) fn menu(
    ui: &mut Ui,
    session: &Session,
    view: &mut PlotView,
    appearance: &Appearance,
) -> Option<WindowAction> {
    ratio(ui, view);
    ui.menu_button("Smoothing", |ui| smoothings(ui, view));
    ui.menu_button("Horizontal axis", |ui| axes(ui, view));
    seeds(ui, session, view);
    let run = session.current();
    plot_list::button(ui, run, appearance.plots())
        .or(plot_chips::menu(ui, run, view, appearance.plots()))
        .or(runs_button::show(ui, session))
}

fn ratio(ui: &mut Ui, view: &mut PlotView) {
    ui.checkbox(&mut view.choices.is_ratio, "λ / threshold").on_hover_text(
        "Divide every eigenvalue by the limit that binds at its step: 1 is the edge.",
    );
}

fn seeds(ui: &mut Ui, session: &Session, view: &mut PlotView) {
    let shown = plotted_runs::runs(session);
    let n_seeds = seed_group(&shown).len();
    if n_seeds > 1 || !ghost_seed_groups(&shown).is_empty() {
        let words =
            if n_seeds > 1 { format!("{n_seeds} seeds as one") } else { "Seeds as one".into() };
        ui.checkbox(&mut view.choices.is_over_seeds, words)
            .on_hover_text("Draw the median and range of runs that differ only by seed.");
    }
}

/// The choice of the horizontal axis.
fn axis_choice(ui: &mut Ui, view: &mut PlotView) {
    let now = view.axis();
    let choice = ComboBox::from_id_salt("axis").selected_text(format!("over {}", now.label()));
    let choice = choice.width(120.0).show_ui(ui, |ui| axes(ui, view));
    let response = choice.response.on_hover_text("The quantity on the horizontal axis.");
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(now.label().to_owned()),
        ..WidgetInfo::labeled(Role::ComboBox, true, "Horizontal axis")
    });
}

fn axes(ui: &mut Ui, view: &mut PlotView) {
    let now = view.axis();
    for axis in Axis::ALL {
        if ui.selectable_label(axis == now, axis.label()).clicked() {
            view.set_axis(axis);
        }
    }
}

fn smoothing(ui: &mut Ui, view: &mut PlotView) {
    let now = view.choices.smoothing;
    let choice = ComboBox::from_id_salt("smoothing").selected_text(match now {
        1 => "no smoothing".to_owned(),
        n => smoothing_words(n),
    });
    let choice = choice.width(120.0).show_ui(ui, |ui| smoothings(ui, view));
    let response = choice.response.on_hover_text(
        "The running mean of losses, gradient norm and eigenvalues; the values stay visible \
         behind it.",
    );
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(smoothing_words(now)),
        ..WidgetInfo::labeled(Role::ComboBox, true, "Smoothing")
    });
}

fn smoothings(ui: &mut Ui, view: &mut PlotView) {
    for n in SMOOTHINGS {
        ui.selectable_value(&mut view.choices.smoothing, n, smoothing_words(n));
    }
}

fn smoothing_words(n: u32) -> String {
    if n == 1 { "off".to_owned() } else { format!("mean of {n} steps") }
}
