//! The application: drains events, draws regions and views, and carries out what they return.

use std::time::Duration;

use eframe::egui::{
    Area, CentralPanel, Context, Frame, Id, Margin, Panel, Popup, Rect, ScrollArea, Ui, vec2,
};

use crate::config::RunConfig;
use crate::history::Run;
use crate::paint::{PlotView, theme};
use crate::platform::clock::Instant;
use crate::protocol::UiEnd;
use crate::store::PresetFolder;
use crate::ui::action::WindowAction;
use crate::ui::appearance::Appearance;
use crate::ui::regions::above_plots::narrator_line;
use crate::ui::regions::asked::Asked;
use crate::ui::regions::cards::Cards;
use crate::ui::regions::controls::Controls;
use crate::ui::regions::present::Strip;
use crate::ui::regions::room::Room;
use crate::ui::regions::speed::Speed;
use crate::ui::regions::{cards, controls, plot_options, plots, status, top_bar};
use crate::ui::session::{Drained, PresetLibrary, Request, Session};
use crate::ui::view_info::Scene;
use crate::ui::views::{self, OpenViews};
use crate::ui::widgets::fit_contents;

use super::keys::{self, KeyAction};
use super::monitor::MonitorCheck;
use super::remembered::{self, Remembered};
use super::ui_trace::UiTrace;

/// The most time a frame spends on events; more would make the window stutter.
const DRAIN_TIME: Duration = Duration::from_millis(8);

/// Width of the left panel in points.
const CONTROLS_WIDTH: f32 = 338.0;

/// The window's contents.
#[derive(Debug)]
pub struct App {
    pub(super) session: Session,
    pub(super) controls: Controls,
    /// The strip of Present.
    pub(super) strip: Strip,
    cards: Cards,
    pub(super) plots: PlotView,
    pub(super) appearance: Appearance,
    pub(super) speed: Speed,
    monitor: MonitorCheck,
    pub(super) views: OpenViews,
    trace: Option<UiTrace>,
    /// Whether the controls are open over the plots, in a window that is too narrow for both.
    pub(super) is_controls_open: bool,
}

impl App {
    /// An application without stored state; the first run is requested before the first frame.
    #[must_use]
    pub fn new(cc: &eframe::CreationContext, link: UiEnd, start: RunConfig) -> Self {
        theme::install(&cc.egui_ctx);
        // The window has its own zoom keys, which are limited and whose result is stored.
        cc.egui_ctx.options_mut(|options| options.zoom_with_keyboard = false);
        Self {
            session: Session::new(link, start),
            controls: Controls::default(),
            strip: Strip::default(),
            cards: Cards::default(),
            plots: PlotView::default(),
            appearance: Appearance::default(),
            speed: Speed::default(),
            monitor: MonitorCheck::default(),
            views: OpenViews::new(views::ALL),
            trace: UiTrace::from_environment(&cc.egui_ctx),
            is_controls_open: false,
        }
    }

    /// An application with the user's presets and the state stored by the previous launch.
    #[must_use]
    pub fn with_stored_state(
        cc: &eframe::CreationContext,
        link: UiEnd,
        start: RunConfig,
        folder: Option<PresetFolder>,
    ) -> Self {
        let stored = cc.storage.and_then(|storage| storage.get_string(remembered::KEY));
        let is_first_start = cc.storage.is_some() && stored.is_none();
        let memory = stored.map(|text| Remembered::read(&text)).unwrap_or_default();
        let mut app = Self::new(cc, link, start);
        if is_first_start {
            app.views.open(&views::FIRST_STEPS);
        }
        app.session.presets = PresetLibrary::new(folder, memory.last_run());
        app.session.files = memory.files.clone();
        app.plots.tiles = memory.tiles();
        app.appearance = memory.appearance;
        app.appearance.apply(&cc.egui_ctx);
        app
    }

    /// The run that the controls act on.
    #[must_use]
    pub fn current(&self) -> &Run {
        self.session.current()
    }

    /// Former runs that the drawer keeps, oldest first.
    #[must_use]
    pub fn former_runs(&self) -> Vec<&Run> {
        self.session.runs().former().iter().map(|listed| &listed.run).collect()
    }

    /// Names of the former runs that are drawn, oldest first.
    #[must_use]
    pub fn drawn_runs(&self) -> Vec<&str> {
        self.session.drawn().map(|listed| listed.card.name.as_str()).collect()
    }

    /// Carries out requests; a refusal becomes a card.
    pub(super) fn carry_out(&mut self, requests: impl IntoIterator<Item = Request>) {
        for request in requests {
            self.views.follow_request(&request, &self.session);
            if matches!(request, Request::OverlayRescues) {
                // Its card would cover what the user wants to see, and its steps are few.
                self.cards.dismiss(self.session.current().id());
                self.plots.show_all_runs();
            }
            let result = self.session.carry_out(request);
            self.cards.refusal = result.err().map(|error| error.to_string());
        }
    }

    fn keys(&mut self, ctx: &Context) {
        self.views.take_keys(ctx);
        for action in keys::pressed(ctx) {
            match action {
                KeyAction::Window(WindowAction::Close) if Popup::is_any_open(ctx) => {
                    Popup::close_all(ctx);
                }
                // Esc has already cancelled a drag.
                KeyAction::Window(WindowAction::Close) if ctx.drag_stopped_id().is_some() => {}
                KeyAction::Window(action) if action.works_over_dialog() => self.act(ctx, action),
                // Keys pressed while a dialog is open are not meant for the run.
                KeyAction::Request(_) | KeyAction::Window(_) if self.views.is_dialog_open() => {}
                KeyAction::Request(request) => self.carry_out([request]),
                KeyAction::Window(action) => self.act(ctx, action),
            }
        }
    }

    /// Opens the first file or folder that was dropped on the window.
    fn take_dropped(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| {
            input.raw.dropped_files.iter().map(|dropped| dropped.path().to_owned()).next()
        });
        if let Some(path) = dropped {
            self.carry_out([Request::Open(Some(path))]);
        }
    }

    /// Carries out what the user asked for in a region.
    pub(super) fn obey(&mut self, ctx: &Context, asked: Asked) {
        self.carry_out(asked.requests);
        for action in asked.actions {
            self.act(ctx, action);
        }
    }

    fn left(&mut self, ui: &mut Ui) -> Asked {
        // Space for the scroll bar, which egui draws over the contents.
        let frame = Frame::NONE.inner_margin(Margin { right: 12, ..Margin::ZERO });
        let appearance = &self.appearance;
        let shown =
            frame.show(ui, |ui| controls::show(ui, &mut self.controls, &self.session, appearance));
        let asked = shown.inner;
        fit_contents::follow_focus(ui);
        asked
    }

    /// The controls over the plots, below the bar.
    pub(super) fn controls_over(&mut self, ctx: &Context, space: Rect) {
        let factor = theme::factor(&ctx.global_style()).sqrt();
        let width = (CONTROLS_WIDTH * factor).min(space.width());
        let frame = Frame::side_top_panel(&ctx.global_style());
        let area = Area::new(Id::unique("controls over the plots")).fixed_pos(space.min);
        let shown = area.constrain(false).show(ctx, |ui| {
            frame.show(ui, |ui| {
                let inner = vec2(width, space.height()) - frame.total_margin().sum();
                ui.set_min_size(inner);
                ui.set_max_size(inner);
                let scroll = ScrollArea::vertical().max_height(inner.y).auto_shrink(false);
                scroll.show(ui, |ui| self.left(ui)).inner
            })
        });
        self.obey(ctx, shown.inner.inner);
    }

    fn center(&mut self, ui: &mut Ui, room: Room) {
        let mut asked = Asked::default();
        if room.has_options {
            let plots = &mut self.plots;
            asked.actions.extend(plot_options::show(ui, &self.session, plots, &self.appearance));
        }
        if room.has_narrator {
            asked.actions.extend(narrator_line::show(ui, self.session.current()));
        }
        self.obey(&ui.ctx().clone(), asked);
        self.plots(ui);
    }

    /// The plots in the remaining space, with cards over the lower ones.
    pub(super) fn plots(&mut self, ui: &mut Ui) {
        let place = ui.available_rect_before_wrap();
        let is_smallest_shown = self.controls.is_smallest_shown();
        let below =
            plots::show(ui, &self.session, &mut self.plots, &self.appearance, is_smallest_shown);
        let by_card = cards::show(ui.ctx(), below, &mut self.cards, &self.session);
        if let Some(trace) = &mut self.trace {
            trace.watch(self.session.current(), self.session.pending(), place);
        }
        self.carry_out(by_card);
    }

    /// The desk view: the plots with everything that there is room for around them.
    fn desk(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let factor = theme::factor(ui.style());
        let room = Room::of(ctx.content_rect().size(), factor);
        let margin = Margin::symmetric(10, 6);
        let framed = Frame::side_top_panel(ui.style()).inner_margin(margin);
        let bar = Panel::top("bar").frame(framed).show(ui, |ui| {
            top_bar::show(ui, &self.session, &mut self.plots, &self.appearance, room)
        });
        self.obey(&ctx, bar.inner);
        if room.has_status {
            Panel::bottom("status").frame(framed).show(ui, |ui| {
                status::show(ui, self.session.current(), &self.speed);
            });
        }
        if room.has_controls {
            let left = Panel::left("controls")
                .frame(framed)
                .exact_size(CONTROLS_WIDTH * factor.sqrt())
                .show(ui, |ui| {
                    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| self.left(ui))
                });
            self.obey(&ctx, left.inner.inner);
        }
        if room.has_drawer {
            self.drawer(ui, framed);
        }
        let space = ui.available_rect_before_wrap();
        CentralPanel::default().frame(Frame::central_panel(ui.style())).show(ui, |ui| {
            self.center(ui, room);
        });
        if self.is_controls_open && !room.has_controls {
            self.controls_over(&ctx, space);
        }
    }

    fn show_views(&mut self, ctx: &Context) {
        let (shortcuts, panels) = (keys::shortcuts(), self.appearance.plots().all());
        let scene = Scene {
            session: &self.session,
            plots: &self.plots,
            panels: &panels,
            is_smallest_shown: self.controls.is_smallest_shown(),
            shortcuts: &shortcuts,
        };
        let requests = self.views.show(ctx, scene);
        self.carry_out(requests);
    }
}

impl eframe::App for App {
    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        let last_run = self.session.replay();
        let (appearance, files) = (self.appearance.clone(), self.session.files.clone());
        let memory = Remembered::new(appearance, &self.plots.tiles, files, &last_run);
        storage.set_string(remembered::KEY, memory.written());
    }

    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        let until = Instant::now() + DRAIN_TIME;
        let drained = self.session.drain(|| Instant::now() < until);
        self.speed.note(ctx.input(|input| input.time), self.session.current());
        self.monitor.maximize_if_larger(ctx);
        if drained == Drained::Partly || self.session.has_unsent() {
            ctx.request_repaint();
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.keys(&ctx);
        self.take_dropped(&ctx);
        self.controls.give_focus(&ctx);
        if self.appearance.fit_text(&ctx) {
            ui.set_style(ctx.global_style());
        }
        if self.appearance.is_present() {
            self.present(ui);
        } else {
            self.desk(ui);
        }
        self.show_views(&ctx);
    }
}
