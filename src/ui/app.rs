//! The application: takes in events, draws the panels, and carries out what they return.
//! Holds no run itself and decides nothing about runs (the session does).

use std::time::Duration;

use eframe::egui::{CentralPanel, Context, Frame, Margin, Panel, Popup, ScrollArea, Ui, Vec2};

use crate::config::RunConfig;
use crate::history::Run;
use crate::paint::{PlotView, theme};
use crate::platform::clock::Instant;
use crate::protocol::UiEnd;
use crate::store::PresetFolder;

use super::ask::Ask;
use super::cards::Cards;
use super::compare::Compare;
use super::controls::{Controls, Extent};
use super::desk::Desk;
use super::export::{Export, Open};
use super::keep::Keep;
use super::keys::Act;
use super::memory::Memory;
use super::network::Network;
use super::preparation::PreparationView;
use super::screen::Screen;
use super::search::SearchView;
use super::session::{Drained, Session};
use super::shelf::Shelf;
use super::status::Speed;
use super::trace::Trace;
use super::trials::TrialsView;
use super::wish::Wish;
use super::{bar, cards, controls, ghosts, keys, looks, memory, overlay, plots, room, status};

/// Time a frame may spend on events; more would make the window stutter.
const DRAIN_TIME: Duration = Duration::from_millis(8);

/// Width of the left panel in points.
const CONTROLS_WIDTH: f32 = 320.0;

/// The window's contents.
#[derive(Debug)]
pub struct App {
    pub(super) session: Session,
    pub(super) controls: Controls,
    cards: Cards,
    pub(super) view: PlotView,
    pub(super) desk: Desk,
    speed: Speed,
    screen: Screen,
    pub(super) compare: Compare,
    pub(super) network: Network,
    pub(super) search: SearchView,
    pub(super) trials: TrialsView,
    pub(super) preparation: PreparationView,
    pub(super) export: Option<Export>,
    pub(super) keep: Option<Keep>,
    pub(super) are_keys_shown: bool,
    trace: Option<Trace>,
}

impl App {
    /// An application whose first run has been asked for before the first frame.
    #[must_use]
    pub fn new(cc: &eframe::CreationContext, link: UiEnd, start: RunConfig) -> Self {
        theme::install(&cc.egui_ctx);
        // Sizes are keys of ours, within limits and remembered.
        cc.egui_ctx.options_mut(|options| options.zoom_with_keyboard = false);
        Self {
            session: Session::new(link, start),
            controls: Controls::default(),
            cards: Cards::default(),
            view: PlotView::default(),
            desk: Desk::default(),
            speed: Speed::default(),
            screen: Screen::default(),
            compare: Compare::default(),
            network: Network::default(),
            search: SearchView::default(),
            trials: TrialsView::default(),
            preparation: PreparationView::default(),
            export: None,
            keep: None,
            are_keys_shown: false,
            trace: Trace::from_environment(&cc.egui_ctx),
        }
    }

    /// The same with a folder of presets, and with what was remembered from the time before.
    #[must_use]
    pub fn at_home(
        cc: &eframe::CreationContext,
        link: UiEnd,
        start: RunConfig,
        folder: Option<PresetFolder>,
    ) -> Self {
        let kept = cc.storage.and_then(|storage| storage.get_string(memory::KEY));
        let memory = kept.map(|text| Memory::read(&text)).unwrap_or_default();
        let mut app = Self::new(cc, link, start);
        app.session.shelf = Shelf::new(folder, memory.last_run());
        app.view.tiles = memory.tiles();
        app.desk = memory.desk;
        app.desk.lay_out(&cc.egui_ctx);
        app
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

    pub(super) fn grant(&mut self, wishes: impl IntoIterator<Item = Wish>) {
        for wish in wishes {
            if let Wish::Search(_) = wish {
                self.search.open();
            }
            if let Wish::TryRates | Wish::TryWarmup = wish {
                self.trials.open();
            }
            let answer = self.session.grant(wish);
            self.cards.complaint = answer.err().map(|error| error.to_string());
        }
    }

    fn is_dialog_open(&self) -> bool {
        self.export.is_some() || self.keep.is_some()
    }

    fn left(&mut self, ui: &mut Ui) -> Vec<Wish> {
        // Room for the scroll bar, which floats over the contents.
        let extent = if self.desk.is_projector() { Extent::Live } else { Extent::All };
        let room = Frame::NONE.inner_margin(Margin { right: 12, ..Margin::ZERO });
        let wishes = room
            .show(ui, |ui| controls::show(ui, &mut self.controls, (&self.session, extent)))
            .inner;
        room::follow_focus(ui);
        wishes
    }

    fn center(&mut self, ui: &mut Ui) {
        let wish = cards::show(ui, &mut self.cards, &self.session);
        let forget = ghosts::show(ui, &self.session, &mut self.compare);
        looks::show(ui, &self.session, &mut self.view);
        let place = ui.available_rect_before_wrap();
        let is_smallest_shown = self.controls.is_smallest_shown();
        let how = (&self.desk, is_smallest_shown);
        plots::show(ui, &self.session, &mut self.view, how);
        if let Some(trace) = &mut self.trace {
            trace.watch(self.session.current(), self.session.going(), place);
        }
        self.grant(wish.into_iter().chain(forget));
    }
}

impl eframe::App for App {
    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        let memory = Memory::new(self.desk.clone(), &self.view.tiles, &self.session.again());
        storage.set_string(memory::KEY, memory.written());
    }

    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        let until = Instant::now() + DRAIN_TIME;
        let drained = self.session.drain(|| Instant::now() < until);
        self.speed.note(ctx.input(|input| input.time), self.session.current());
        self.screen.bring_window(ctx);
        if drained == Drained::Partly || self.session.has_unsent() {
            ctx.request_repaint();
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        // The list of keys scrolls by the keys that would otherwise change the run behind it.
        let moved = if self.are_keys_shown { overlay::scrolled(&ctx) } else { Vec2::ZERO };
        for act in keys::acts(&ctx) {
            match act {
                Act::Ask(Ask::Close) if Popup::is_any_open(&ctx) => Popup::close_all(&ctx),
                // It has ended a drag already.
                Act::Ask(Ask::Close) if ctx.drag_stopped_id().is_some() => {}
                Act::Ask(ask @ (Ask::Close | Ask::Keys | Ask::Scale(_))) => self.answer(&ctx, ask),
                // Who types beside the field of a dialog means no run.
                Act::Wish(_) | Act::Ask(_) if self.is_dialog_open() => {}
                Act::Wish(wish) => self.grant([wish]),
                Act::Ask(ask) => self.answer(&ctx, ask),
            }
        }
        let factor = theme::factor(ui.style());
        let margin = Margin::symmetric(10, 6);
        let framed = Frame::side_top_panel(ui.style()).inner_margin(margin);
        let bar = Panel::top("bar")
            .frame(framed)
            .show(ui, |ui| bar::show(ui, &self.session, (&self.view, &self.desk)));
        let (wishes, asks) = bar.inner;
        self.grant(wishes);
        for ask in asks {
            self.answer(&ctx, ask);
        }
        Panel::bottom("status").frame(framed).show(ui, |ui| {
            status::show(ui, self.session.current(), (&self.speed, self.desk.is_projector()));
        });
        let wishes = Panel::left("controls")
            .frame(framed)
            .exact_size(CONTROLS_WIDTH * factor.sqrt())
            .show(ui, |ui| ScrollArea::vertical().auto_shrink(false).show(ui, |ui| self.left(ui)));
        self.grant(wishes.inner.inner);
        CentralPanel::default().frame(Frame::central_panel(ui.style())).show(ui, |ui| {
            self.center(ui);
        });
        if let Some(keep) = &mut self.keep
            && keep.show(&ctx, &mut self.session.shelf) == Open::No
        {
            self.keep = None;
        }
        self.compare.show(&ctx, &self.session);
        self.network.show(&ctx, self.session.current());
        let wish = self.search.show(&ctx, &self.session);
        self.grant(wish);
        let wishes = self.trials.show(&ctx, &self.session);
        self.grant(wishes);
        let wish = self.preparation.show(&ctx, self.session.current());
        self.grant(wish);
        let stays = self.export.as_mut().map(|export| export.show(&ctx, &self.session));
        if stays == Some(Open::No) {
            self.export = None;
        }
        if self.are_keys_shown {
            self.are_keys_shown = overlay::show(&ctx, moved) == Open::Yes;
        }
    }
}
