//! What the user can request of the window itself, as against its runs.
//! Does not carry it out.

use crate::config::Setting;
use crate::figure::PanelKind;
use crate::paint::Theme;
use crate::ui::gesture::Gesture;
use crate::ui::view_info::{Kind, ViewInfo};

/// Something requested of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) enum WindowAction {
    /// A view opened; one that is open begins anew.
    Open(&'static ViewInfo),
    /// A view opened or, if it is open, closed.
    Toggle(&'static ViewInfo),
    /// The command that trains the current run again, on the clipboard.
    CopyCommand,
    /// This theme.
    Theme(Theme),
    /// The theme after the present one.
    NextTheme,
    /// Large type and only what matters, or back.
    Projector,
    /// The whole screen, or back.
    FullScreen,
    /// Everything larger by so many tenths of the usual size; 0 is back to the usual size.
    Scale(i16),
    /// Plots that scroll with the newest step.
    Follow,
    /// Plots that show everything.
    Fit,
    /// Plots moved by this fraction of what is in view; above 0 to later steps.
    Pan(f64),
    /// Plots with so many times fewer steps in view.
    Zoom(f64),
    /// A plot shown or hidden.
    Panel(PanelKind),
    /// All plots above each other again.
    ResetLayout,
    /// The learning rate times this.
    Rate(f64, Gesture),
    /// Keyboard focus for the control of this setting.
    Focus(&'static Setting),
    /// The view opened last, closed.
    Close,
}

impl WindowAction {
    /// Whether it is carried out while a dialog is open: who types there must not change a run.
    pub(in crate::ui) fn works_over_dialog(self) -> bool {
        let is_help = matches!(self, Self::Toggle(view) if view.kind == Kind::Help);
        is_help || matches!(self, Self::Close | Self::Scale(_))
    }
}
