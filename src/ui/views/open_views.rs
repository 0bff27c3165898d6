//! The views that are open: opened and closed by key, menu, button, request or themselves, in one way
//! for all. Does not know what a view shows.

use eframe::egui::{Context, Window};

use crate::protocol::RunId;
use crate::ui::session::{Request, Session};
use crate::ui::view_info::{Effect, Kind, Scene, View, ViewInfo};

/// Those that are open among all views there are.
#[derive(Debug)]
pub(in crate::ui) struct OpenViews {
    /// All views, each with the run for which it opened by itself and which has not passed.
    known: Vec<(&'static ViewInfo, Option<RunId>)>,
    /// In the order in which they were opened.
    open: Vec<OpenView>,
}

#[derive(Debug)]
struct OpenView {
    info: &'static ViewInfo,
    /// `None` until it is drawn for the first time.
    view: Option<Box<dyn View>>,
}

impl OpenViews {
    /// None of these is open.
    pub(in crate::ui) fn new(all: &[&'static ViewInfo]) -> Self {
        Self { known: all.iter().map(|info| (*info, None)).collect(), open: Vec::new() }
    }

    /// Whether no key may change a run.
    pub(in crate::ui) fn is_dialog_open(&self) -> bool {
        self.open.iter().any(|open| open.info.kind == Kind::Dialog)
    }

    /// Opens a view; one that is open begins anew.
    pub(in crate::ui) fn open(&mut self, info: &'static ViewInfo) {
        self.close(info);
        self.open.push(OpenView { info, view: None });
    }

    /// Opens a view, or closes it if it is open.
    pub(in crate::ui) fn toggle(&mut self, info: &'static ViewInfo) {
        if !self.close(info) {
            self.open(info);
        }
    }

    /// Closes the view that was opened last.
    pub(in crate::ui) fn close_last(&mut self) {
        self.open.pop();
    }

    /// Closes a view; says whether it was open.
    fn close(&mut self, info: &'static ViewInfo) -> bool {
        let n_open = self.open.len();
        self.open.retain(|open| open.info != info);
        self.open.len() < n_open
    }

    fn is_open(&self, info: &'static ViewInfo) -> bool {
        self.open.iter().any(|open| open.info == info)
    }

    /// Opens and closes the views that go with a request.
    pub(in crate::ui) fn follow_request(&mut self, request: &Request, session: &Session) {
        let effects =
            self.known.iter().map(|(info, _)| (*info, (info.on_request)(request, session)));
        for (info, effect) in effects.collect::<Vec<_>>() {
            match effect {
                Some(Effect::Opens) if !self.is_open(info) => self.open(info),
                Some(Effect::Closes) => {
                    self.close(info);
                }
                Some(Effect::Opens) | None => {}
            }
        }
    }

    /// Opens and closes the views that do so by themselves.
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

    /// Lets open views take the keys that are theirs.
    pub(in crate::ui) fn take_keys(&mut self, ctx: &Context) {
        for view in self.open.iter_mut().filter_map(|open| open.view.as_mut()) {
            view.take_keys(ctx);
        }
    }

    /// Draws the open views; returns what the user requests.
    pub(in crate::ui) fn show(&mut self, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        self.follow_runs(scene.session);
        let mut requests = Vec::new();
        self.open.retain_mut(|OpenView { info, view }| {
            let view = view.get_or_insert_with(|| (info.open)(ctx, scene));
            let mut is_open = true;
            let window = Window::new(info.title).open(&mut is_open).collapsible(false);
            requests.extend(view.show(window, ctx, scene));
            is_open
        });
        requests
    }
}
