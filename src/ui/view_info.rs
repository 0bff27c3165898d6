//! The trait and declaration of a view: a window over the plots that opens by key, menu, button or
//! request. Opening and closing is the same for all views.

use std::fmt::Debug;

use eframe::egui::{Context, Ui, Window};

use crate::figure::PanelKind;
use crate::paint::PlotView;
use crate::protocol::RunId;
use crate::ui::session::{Request, Session};
use crate::ui::shortcut::Shortcut;

/// The data a view can draw.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Scene<'a> {
    /// The runs.
    pub(in crate::ui) session: &'a Session,
    /// The plots as currently displayed.
    pub(in crate::ui) plots: &'a PlotView,
    /// The visible plots.
    pub(in crate::ui) panels: &'a [PanelKind],
    /// Whether the plots show the smallest eigenvalue.
    pub(in crate::ui) is_smallest_shown: bool,
    /// All keyboard shortcuts.
    pub(in crate::ui) shortcuts: &'a [&'static Shortcut],
}

/// The state of an open view; reopening it creates a fresh one.
pub(in crate::ui) trait View: Debug {
    /// Draws its contents into `window`, which already has a title and a close button; returns the
    /// user's requests.
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request>;

    /// Draws it into a panel beside the plots, if the application has one for it.
    fn show_docked(&mut self, _ui: &mut Ui, _scene: Scene<'_>) -> Vec<Request> {
        Vec::new()
    }

    /// Whether it has come to its end and closes.
    fn is_done(&self) -> bool {
        false
    }

    /// Consumes keys meant for the view, before shortcuts are matched.
    fn take_keys(&mut self, _ctx: &Context) {}
}

/// How a view treats keys that change runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum ViewKind {
    /// Modeless: keys act as usual.
    Modeless,
    /// Asks for input: while it is open, no key changes a run.
    Dialog,
    /// Documentation, which can also open over a dialog.
    Help,
}

/// The effect of a request on a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum RequestEffect {
    /// Opens it.
    Opens,
    /// Closes it.
    Closes,
}

/// The declaration of a view.
#[derive(Debug)]
pub(in crate::ui) struct ViewInfo {
    /// Title of its window and name in the menu.
    pub(in crate::ui) title: &'static str,
    /// How it treats keys that change runs.
    pub(in crate::ui) kind: ViewKind,
    /// The key that toggles it.
    pub(in crate::ui) shortcut: Option<Shortcut>,
    /// Whether the View menu offers it now.
    pub(in crate::ui) is_in_menu: fn(&Session) -> bool,
    /// Whether there is anything to show; if not, it closes.
    pub(in crate::ui) has_contents: fn(&Session) -> bool,
    /// The run for which it opens automatically, once; it closes when this becomes `None`.
    pub(in crate::ui) opens_for: fn(&Session) -> Option<RunId>,
    /// Its reaction to a request, computed before the request is carried out.
    pub(in crate::ui) on_request: fn(&Request, &Session) -> Option<RequestEffect>,
    /// Creates its state.
    pub(in crate::ui) open: fn(&Context, Scene<'_>) -> Box<dyn View>,
}

impl ViewInfo {
    /// A view that only a button opens; declarations override fields with struct update syntax.
    pub(in crate::ui) const fn new(
        title: &'static str,
        open: fn(&Context, Scene<'_>) -> Box<dyn View>,
    ) -> Self {
        Self {
            title,
            kind: ViewKind::Modeless,
            shortcut: None,
            is_in_menu: |_| false,
            has_contents: always,
            opens_for: |_| None,
            on_request: |_, _| None,
            open,
        }
    }

    /// Text of its menu entry, with the key.
    pub(in crate::ui) fn entry(&self) -> String {
        match &self.shortcut {
            Some(shortcut) => format!("{} ({})", self.title, shortcut.key_label),
            None => self.title.to_owned(),
        }
    }
}

/// Views are identified by title.
impl PartialEq for ViewInfo {
    fn eq(&self, other: &Self) -> bool {
        self.title == other.title
    }
}

/// For views that the menu always offers.
pub(in crate::ui) fn always(_: &Session) -> bool {
    true
}
