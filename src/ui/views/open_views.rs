//! The open views: opens and closes all views by key, menu, button, request or automatically.

use eframe::egui::{Context, Ui, Window};

use crate::protocol::RunId;
use crate::ui::session::{Request, Session};
use crate::ui::view_info::{RequestEffect, Scene, View, ViewInfo, ViewKind};

/// All views, and the state of the open ones.
#[derive(Debug)]
pub(in crate::ui) struct OpenViews {
    /// All views, each with the last value of its [`ViewInfo::opens_for`].
    known: Vec<(&'static ViewInfo, Option<RunId>)>,
    /// Open views, in the order of opening.
    open: Vec<OpenView>,
}

#[derive(Debug)]
struct OpenView {
    info: &'static ViewInfo,
    /// State of the view; `None` until it is first drawn.
    view: Option<Box<dyn View>>,
    /// Whether it was drawn into a panel in this frame.
    is_docked: bool,
}

impl OpenViews {
    /// All given views, closed.
    pub(in crate::ui) fn new(all: &[&'static ViewInfo]) -> Self {
        Self { known: all.iter().map(|info| (*info, None)).collect(), open: Vec::new() }
    }

    /// Whether a dialog is open, which blocks keys that change a run.
    pub(in crate::ui) fn is_dialog_open(&self) -> bool {
        self.open.iter().any(|open| open.info.kind == ViewKind::Dialog)
    }

    /// Opens a view afresh, even if it is open already.
    pub(in crate::ui) fn open(&mut self, info: &'static ViewInfo) {
        self.close(info);
        self.open.push(OpenView { info, view: None, is_docked: false });
    }

    /// Opens a view, or closes it if it is open.
    pub(in crate::ui) fn toggle(&mut self, info: &'static ViewInfo) {
        if !self.close(info) {
            self.open(info);
        }
    }

    /// Whether any view is open.
    pub(in crate::ui) fn is_any_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Closes the view that was opened last.
    pub(in crate::ui) fn close_last(&mut self) {
        self.open.pop();
    }

    /// Closes a view; returns whether it was open.
    fn close(&mut self, info: &'static ViewInfo) -> bool {
        let n_open = self.open.len();
        self.open.retain(|open| open.info != info);
        self.open.len() < n_open
    }

    /// Whether a view is open.
    pub(in crate::ui) fn is_open(&self, info: &'static ViewInfo) -> bool {
        self.open.iter().any(|open| open.info == info)
    }

    /// Opens and closes views as a request demands.
    pub(in crate::ui) fn follow_request(&mut self, request: &Request, session: &Session) {
        let effects =
            self.known.iter().map(|(info, _)| (*info, (info.on_request)(request, session)));
        for (info, effect) in effects.collect::<Vec<_>>() {
            match effect {
                Some(RequestEffect::Opens) if !self.is_open(info) => self.open(info),
                Some(RequestEffect::Closes) => {
                    self.close(info);
                }
                Some(RequestEffect::Opens) | None => {}
            }
        }
    }

    /// Opens and closes views that follow the state of the runs.
    fn follow_runs(&mut self, session: &Session) {
        for at in 0..self.known.len() {
            let (info, before) = self.known[at];
            let now = (info.opens_for)(session);
            self.known[at].1 = now;
            if now.is_some() && now != before && !self.is_open(info) {
                self.open(info);
            }
            if (now.is_none() && before.is_some()) || !(info.has_contents)(session) {
                self.close(info);
            }
        }
    }

    /// Lets open views consume their keys.
    pub(in crate::ui) fn take_keys(&mut self, ctx: &Context) {
        for view in self.open.iter_mut().filter_map(|open| open.view.as_mut()) {
            view.take_keys(ctx);
        }
    }

    /// Draws a view into a panel, in place of its window in this frame; returns its requests.
    pub(in crate::ui) fn show_docked(
        &mut self,
        info: &'static ViewInfo,
        ui: &mut Ui,
        scene: Scene<'_>,
    ) -> Vec<Request> {
        let Some(open) = self.open.iter_mut().find(|open| open.info == info) else {
            return Vec::new();
        };
        open.is_docked = true;
        let view = open.view.get_or_insert_with(|| (info.open)(ui.ctx(), scene));
        view.show_docked(ui, scene)
    }

    /// Draws the open views; returns their requests.
    pub(in crate::ui) fn show(&mut self, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        self.follow_runs(scene.session);
        let mut requests = Vec::new();
        self.open.retain_mut(|OpenView { info, view, is_docked }| {
            if std::mem::take(is_docked) {
                return true;
            }
            let view = view.get_or_insert_with(|| (info.open)(ctx, scene));
            let mut is_open = true;
            let window = Window::new(info.title).open(&mut is_open).collapsible(false);
            requests.extend(view.show(window, ctx, scene));
            is_open && !view.is_done()
        });
        requests
    }
}
