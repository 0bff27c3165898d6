//! The rescues of a diverged run, tried one after the other: a chart for each.

use std::num::NonZeroUsize;

use eframe::egui::{
    Button, Context, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo,
    Window, vec2,
};

use crate::figure::chart::{NamedRun, Sheet, small_multiples};
use crate::paint::{draw_sheet, theme};
use crate::ui::session::Request;
use crate::ui::session::rescues::{Attempt, Rescues};
use crate::ui::view_info::{RequestEffect, Scene, View, ViewInfo};
use crate::ui::widgets::fit_contents;

/// Least size of a chart in points, before scaling.
const CHART: [f32; 2] = [250.0, 170.0];

/// Charts in a row, at most.
const MAX_COLUMNS: usize = 3;

/// Room around the view in points.
const AROUND: f32 = 24.0;

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    is_in_menu: |session| session.rescues().is_some(),
    has_contents: |session| session.rescues().is_some(),
    on_request: |request, _| {
        if matches!(request, Request::TryRescues) {
            return Some(RequestEffect::Opens);
        }
        let is_shown = matches!(request, Request::ShowRescue(_) | Request::OverlayRescues);
        is_shown.then_some(RequestEffect::Closes)
    },
    ..ViewInfo::new("What saves it", |_, _| Box::new(RescueCharts))
};

/// The view of the rescues that were tried last.
#[derive(Debug)]
struct RescueCharts;

impl View for RescueCharts {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let Some(rescues) = scene.session.rescues() else { return Vec::new() };
        let space = ctx.content_rect().shrink(AROUND);
        let top = space.top();
        let shown = window.resizable(false).fixed_pos(space.min).show(ctx, |ui| {
            ui.set_width(fit_contents::width(ctx, space.width()));
            fit_contents::scrolled(ui, top, |ui| contents(ui, rescues))
        });
        shown.and_then(|shown| shown.inner.flatten()).into_iter().collect()
    }
}

/// What the charts show, below the buttons.
const ABOUT: &str = "The same data and seed, one thing changed in each. A run trains while its curvature \
    follows the limit; click a chart to go on with its run.";

fn contents(ui: &mut Ui, rescues: &Rescues) -> Option<Request> {
    let mut request = None;
    ui.horizontal_wrapped(|ui| {
        let stop = ui
            .add_enabled(rescues.is_going_on(), Button::new("Stop"))
            .on_hover_text("Ends the run that is training and tries no other; the results stay.")
            .on_disabled_hover_text("All have been tried, or were stopped.");
        if stop.clicked() {
            request = Some(Request::EndRescues);
        }
        let is_any_begun = rescues.attempts.iter().any(has_data);
        let overlay = ui
            .add_enabled(is_any_begun, Button::new("Put all on the plots"))
            .on_hover_text(
                "Adds these runs to the drawer, where those of a family are drawn together.",
            )
            .on_disabled_hover_text("None has begun.");
        if overlay.clicked() {
            request = Some(Request::OverlayRescues);
        }
        ui.label(RichText::new(ABOUT).weak());
    });
    let chosen = charts(ui, rescues);
    request.or(chosen)
}

fn has_data(attempt: &Attempt) -> bool {
    attempt.run.last().is_some()
}

/// Draws the charts, the diverged run first; returns the request to show one that was clicked.
fn charts(ui: &mut Ui, rescues: &Rescues) -> Option<Request> {
    let plain = NamedRun { name: "as it was", run: &rescues.diverged };
    let tried =
        rescues.attempts.iter().map(|tried| NamedRun { name: tried.label, run: &tried.run });
    let runs: Vec<_> = std::iter::once(plain).chain(tried).collect();
    let least = vec2(CHART[0], CHART[1]) * theme::factor(ui.style());
    let size = ui.available_size();
    let fitting = (1..=MAX_COLUMNS).rev().find(|n| *n as f32 * least.x <= size.x).unwrap_or(1);
    let n_rows = runs.len().div_ceil(fitting) as f32;
    let height = size.y.max(n_rows * least.y);
    let (page, _) = ui.allocate_exact_size(vec2(size.x, height), Sense::hover());
    let sheet = Sheet { n_columns: NonZeroUsize::new(fitting), ..small_multiples(&runs) };
    let drawn = ui.scope_builder(UiBuilder::new().max_rect(page), |ui| draw_sheet(ui, &sheet));
    let rooms = drawn.inner.into_iter().skip(1);
    let mut chosen = None;
    for (tried, room) in rescues.attempts.iter().zip(rooms) {
        if has_data(tried) && is_clicked(ui, tried.label, room) {
            chosen = Some(Request::ShowRescue(tried.run.id()));
        }
    }
    chosen
}

/// Makes a chart a button.
fn is_clicked(ui: &Ui, label: &str, room: Rect) -> bool {
    let button = ui.interact(room, ui.scope_id().with(label), Sense::click());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Show {label}")));
    if button.hovered() || button.has_focus() {
        let stroke = Stroke::new(1.0, ui.visuals().strong_text_color());
        ui.painter().rect_stroke(room.expand(2.0), 4.0, stroke, StrokeKind::Outside);
    }
    button.on_hover_text("Shows this run; the present one goes to the drawer.").clicked()
}
