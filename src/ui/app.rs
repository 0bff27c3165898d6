//! The application: takes in events, draws the panels, and carries out what they return.
//! Holds no run itself and decides nothing about runs (the session does).

use std::time::{Duration, Instant};

use eframe::egui::{CentralPanel, Context, Frame, Margin, Panel, ScrollArea, Theme, Ui};

use crate::config::RunConfig;
use crate::history::Run;
use crate::paint::{PlotView, theme};
use crate::protocol::UiEnd;

use super::bar::Ask;
use super::cards::Cards;
use super::compare::Compare;
use super::controls::Controls;
use super::export::{Export, Open};
use super::session::{Drained, Session};
use super::status::Speed;
use super::trace::Trace;
use super::wish::Wish;
use super::{bar, cards, controls, ghosts, keys, plots, status};

/// Time a frame may spend on events; more would make the window stutter.
const DRAIN_TIME: Duration = Duration::from_millis(8);

/// Width of the left panel in points.
const CONTROLS_WIDTH: f32 = 320.0;

/// The window's contents.
#[derive(Debug)]
pub struct App {
    session: Session,
    controls: Controls,
    cards: Cards,
    view: PlotView,
    speed: Speed,
    compare: Compare,
    export: Option<Export>,
    trace: Option<Trace>,
}

impl App {
    /// An application whose first run has been asked for before the first frame.
    #[must_use]
    pub fn new(cc: &eframe::CreationContext, link: UiEnd, start: RunConfig) -> Self {
        theme::install(&cc.egui_ctx);
        Self {
            session: Session::new(link, start),
            controls: Controls::default(),
            cards: Cards::default(),
            view: PlotView::default(),
            speed: Speed::default(),
            compare: Compare::default(),
            export: None,
            trace: Trace::from_environment(&cc.egui_ctx),
        }
    }

    /// The run that the controls act on.
    #[must_use]
    pub fn current(&self) -> &Run {
        self.session.current()
    }

    /// Former runs still on the plots, oldest first.
    #[must_use]
    pub fn ghosts(&self) -> &[Run] {
        self.session.ghosts()
    }

    fn grant(&mut self, wishes: impl IntoIterator<Item = Wish>) {
        for wish in wishes {
            let answer = self.session.grant(wish);
            self.cards.complaint = answer.err().map(|error| error.to_string());
        }
    }

    fn answer(&mut self, ctx: &Context, ask: Ask) {
        match ask {
            Ask::Nothing => {}
            Ask::Export => {
                let is_smallest_shown = self.controls.is_smallest_shown();
                let export = Export::new(ctx, &self.session, &self.view, is_smallest_shown);
                self.export = Some(export);
            }
            Ask::SwitchTheme => ctx.set_theme(match ctx.theme() {
                Theme::Dark => Theme::Light,
                Theme::Light => Theme::Dark,
            }),
            Ask::Axis(axis) => self.view.set_axis(axis),
            Ask::Follow => self.view.follow(),
            Ask::Fit => self.view.fit(),
        }
    }

    fn left(&mut self, ui: &mut Ui) -> Vec<Wish> {
        // Room for the scroll bar, which floats over the contents.
        let room = Frame::NONE.inner_margin(Margin { right: 12, ..Margin::ZERO });
        room.show(ui, |ui| controls::show(ui, &mut self.controls, &self.session)).inner
    }

    fn center(&mut self, ui: &mut Ui) {
        let wish = cards::show(ui, &mut self.cards, &self.session);
        let forget = ghosts::show(ui, &self.session, &mut self.compare);
        let place = ui.available_rect_before_wrap();
        let is_smallest_shown = self.controls.is_smallest_shown();
        plots::show(ui, &self.session, &mut self.view, is_smallest_shown);
        if let Some(trace) = &mut self.trace {
            trace.watch(self.session.current(), place);
        }
        self.grant(wish.into_iter().chain(forget));
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        let until = Instant::now() + DRAIN_TIME;
        let drained = self.session.drain(|| Instant::now() < until);
        self.speed.note(ctx.input(|input| input.time), self.session.current());
        if drained == Drained::Partly || self.session.has_unsent() {
            ctx.request_repaint();
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.grant(keys::wishes(&ctx));
        let margin = Margin::symmetric(10, 6);
        let framed = Frame::side_top_panel(ui.style()).inner_margin(margin);
        let bar =
            Panel::top("bar").frame(framed).show(ui, |ui| bar::show(ui, &self.session, &self.view));
        let (wishes, ask) = bar.inner;
        self.grant(wishes);
        self.answer(&ctx, ask);
        Panel::bottom("status").frame(framed).show(ui, |ui| {
            status::show(ui, self.session.current(), &self.speed);
        });
        let wishes = Panel::left("controls")
            .frame(framed)
            .exact_size(CONTROLS_WIDTH)
            .show(ui, |ui| ScrollArea::vertical().auto_shrink(false).show(ui, |ui| self.left(ui)));
        self.grant(wishes.inner.inner);
        CentralPanel::default().frame(Frame::central_panel(ui.style())).show(ui, |ui| {
            self.center(ui);
        });
        self.compare.show(&ctx, &self.session);
        let stays = self.export.as_mut().map(|export| export.show(&ctx, &self.session));
        if stays == Some(Open::No) {
            self.export = None;
        }
    }
}
