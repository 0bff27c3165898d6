//! What a view is: a window over the plots that opens by key, menu, button or request.
//! Each view declares itself once; opening and closing is the same for all and not its concern.

use std::fmt::Debug;

use eframe::egui::{Context, Window};

use crate::paint::PlotView;
use crate::protocol::RunId;
use crate::ui::session::{Request, Session};
use crate::ui::shortcut::Shortcut;

/// What a view draws from.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Scene<'a> {
    /// The runs.
    pub(in crate::ui) session: &'a Session,
    /// The plots as they are shown.
    pub(in crate::ui) plots: &'a PlotView,
    /// Whether the smallest eigenvalue gets a line on them.
    pub(in crate::ui) is_smallest_shown: bool,
    /// All keyboard shortcuts.
    pub(in crate::ui) shortcuts: &'a [&'static Shortcut],
}

/// A view while it is open; it begins anew when it is opened again.
pub(in crate::ui) trait View: Debug {
    /// Draws its contents into `window`, which has a title and a button to close it; returns what the
    /// user requests of the runs.
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request>;

    /// Takes keys that are meant for the view, before shortcuts are looked for.
    fn take_keys(&mut self, _ctx: &Context) {}
}

/// How a view stands to the keys that change runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Kind {
    /// Stands beside the plots: keys act as ever.
    Beside,
    /// Asks for something to be filled in: while it is open, no key changes a run.
    Dialog,
    /// Explains: opens over a dialog, too.
    Help,
}

/// What a request does to a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Effect {
    /// Opens it.
    Opens,
    /// Closes it.
    Closes,
}

/// The declaration of a view.
#[derive(Debug)]
pub(in crate::ui) struct ViewInfo {
    /// Title of its window, and its name in the menu.
    pub(in crate::ui) title: &'static str,
    /// How it stands to the keys that change runs.
    pub(in crate::ui) kind: Kind,
    /// The key that opens and closes it.
    pub(in crate::ui) shortcut: Option<Shortcut>,
    /// Whether the menu View offers it now.
    pub(in crate::ui) is_in_menu: fn(&Session) -> bool,
    /// Whether there is anything to show; where there is not, it closes.
    pub(in crate::ui) has_contents: fn(&Session) -> bool,
    /// The run, if any, for which it opens by itself, once; when that has passed, it closes.
    pub(in crate::ui) opens_for: fn(&Session) -> Option<RunId>,
    /// What a request that is about to be carried out does to it.
    pub(in crate::ui) on_request: fn(&Request, &Session) -> Option<Effect>,
    /// Opens it.
    pub(in crate::ui) open: fn(&Context, Scene<'_>) -> Box<dyn View>,
}

impl ViewInfo {
    /// A view that only a button opens; a declaration says what is different.
    pub(in crate::ui) const fn new(
        title: &'static str,
        open: fn(&Context, Scene<'_>) -> Box<dyn View>,
    ) -> Self {
        Self {
            title,
            kind: Kind::Beside,
            shortcut: None,
            is_in_menu: |_| false,
            has_contents: always,
            opens_for: |_| None,
            on_request: |_, _| None,
            open,
        }
    }

    /// Its entry in the menu, with the key.
    pub(in crate::ui) fn entry(&self) -> String {
        match &self.shortcut {
            Some(shortcut) => format!("{} ({})", self.title, shortcut.shown),
            None => self.title.to_owned(),
        }
    }
}

/// A view is known by its title.
impl PartialEq for ViewInfo {
    fn eq(&self, other: &Self) -> bool {
        self.title == other.title
    }
}

/// For views that the menu offers whatever the runs are.
pub(in crate::ui) fn always(_: &Session) -> bool {
    true
}
