//! The phase diagram: a study of two settings, trained beside the current run, as a grid of outcomes
//! that fills while it goes on.

mod phase_cells;
mod setup;

use std::time::Duration;

use eframe::egui::{Button, Context, RichText, Ui, Window, vec2};

use crate::text::{self, short_path};
use crate::ui::session::phase_grid::{CellState, PhaseGrid};
use crate::ui::session::{Request, Session};
use crate::ui::view_info::{Scene, View, ViewInfo, always};
use crate::ui::widgets::fit_contents;

use self::setup::Setup;

/// Time between two looks at the runs, which wake no window.
const INTERVAL: Duration = Duration::from_millis(250);

/// Width of the view in points.
const WIDTH: f32 = 620.0;

/// Height of the window's title and margins in points.
const TITLE: f32 = 70.0;

/// View declaration.
pub(super) static VIEW: ViewInfo = ViewInfo {
    is_in_menu: always,
    ..ViewInfo::new("Phase diagram", |_, scene| Box::new(PhaseDiagram::new(scene.session)))
};

/// The open view.
#[derive(Debug)]
struct PhaseDiagram {
    /// The study that is being chosen; `None` while one is shown.
    setup: Option<Setup>,
}

impl PhaseDiagram {
    fn new(session: &Session) -> Self {
        let setup = session.grid().is_none().then(|| Setup::new(&session.grid_base()));
        Self { setup }
    }
}

impl View for PhaseDiagram {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        if scene.session.grid().is_some_and(PhaseGrid::is_going_on) {
            ctx.request_repaint_after(INTERVAL);
        }
        let top = fit_contents::top(ctx, 130.0);
        let height = ctx.content_rect().height() - top - TITLE;
        let window = window.resizable(false).default_pos([360.0, top]);
        let shown = window.show(ctx, |ui| {
            ui.set_width(fit_contents::width(ctx, WIDTH));
            fit_contents::scrolled(ui, top, |ui| self.contents(ui, scene.session, height))
        });
        shown.and_then(|shown| shown.inner.flatten()).into_iter().collect()
    }
}

impl PhaseDiagram {
    fn contents(&mut self, ui: &mut Ui, session: &Session, height: f32) -> Option<Request> {
        if let Some(setup) = &mut self.setup {
            let request = setup.show(ui, session);
            if request.is_some() {
                self.setup = None;
            }
            return request;
        }
        let grid = session.grid()?;
        let mut request = None;
        ui.horizontal_wrapped(|ui| {
            let can_stop = grid.is_going_on() && !grid.is_stopped();
            let stop = ui
                .add_enabled(can_stop, Button::new("Stop"))
                .on_hover_text("Ends the runs that train; finished ones stay.")
                .on_disabled_hover_text("No run trains.");
            if stop.clicked() {
                request = Some(Request::StopGrid);
            }
            let another = ui
                .add_enabled(!grid.is_going_on(), Button::new("Another…"))
                .on_hover_text("Chooses two settings anew; the files of this study stay.")
                .on_disabled_hover_text("Stop this study first.");
            if another.clicked() {
                self.setup = Some(Setup::new(&session.grid_base()));
            }
            ui.label(progress(grid));
        });
        let rest = (height - 120.0).max(160.0);
        let opened = phase_cells::show(ui, grid, vec2(ui.available_width(), rest));
        footer(ui, grid);
        request.or(opened)
    }
}

/// How far the study is, in words.
fn progress(grid: &PhaseGrid) -> String {
    let n_done =
        grid.cells.iter().filter(|cell| matches!(cell.state, CellState::Done(_))).count() as u64;
    let n = text::plural(grid.cells.len() as u64, "run");
    match &grid.end {
        None if grid.is_stopped() => "stopping…".to_owned(),
        None => format!("{n_done} of {n} done, {} taken", text::plural(grid.n_steps(), "step")),
        Some(Ok(_)) if n_done < grid.cells.len() as u64 => format!("stopped after {n_done} of {n}"),
        Some(Ok(_)) => format!("all {n} done"),
        Some(Err(why)) => format!("ended after {n_done} of {n}: {why}"),
    }
}

/// Where the files are, and what the sweep remarked.
fn footer(ui: &mut Ui, grid: &PhaseGrid) {
    let dir = short_path(&grid.dir);
    let words = format!(
        "A click on a cell trains its run here. Runs and table are in {dir}; eoscope sweep and eoscope \
         report read it."
    );
    ui.label(RichText::new(words).small().weak());
    for remark in &grid.remarks {
        ui.label(RichText::new(remark).small().color(ui.visuals().warn_fg_color));
    }
}
