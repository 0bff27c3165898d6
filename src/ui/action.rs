//! Actions on the window itself, as opposed to requests about runs.

use crate::config::Setting;
use crate::figure::PanelKind;
use crate::paint::Theme;
use crate::ui::appearance::{Arrangement, ControlSection};
use crate::ui::gesture::Gesture;
use crate::ui::view_info::{ViewInfo, ViewKind};

/// An action on the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) enum WindowAction {
    /// Open a view; one that is already open starts afresh.
    Open(&'static ViewInfo),
    /// Open a view, or close it if it is open.
    Toggle(&'static ViewInfo),
    /// Copy the command that trains the current run again.
    CopyCommand,
    /// Switch to this theme.
    Theme(Theme),
    /// Switch to the next theme.
    NextTheme,
    /// Show Present, or the desk view again.
    Present,
    /// Pin the control of a setting to the strip of Present, or remove its pin.
    Pin(&'static Setting),
    /// Open a section of the controls, or close it.
    Section(ControlSection),
    /// Toggle full screen.
    FullScreen,
    /// Enlarge everything by so many tenths of the default size; 0 restores the default.
    Scale(i16),
    /// Scroll the plots with the newest step.
    Follow,
    /// Show all steps in the plots.
    Fit,
    /// Show a step of the current run in the middle of the plots.
    ShowStep(u64),
    /// Pan the plots by a fraction of the visible steps; positive is towards later ones.
    Pan(f64),
    /// Divide the number of visible steps by this.
    Zoom(f64),
    /// Show or hide a plot.
    Panel(PanelKind),
    /// Show or hide the controls, where they open over the plots.
    Controls,
    /// Show a named arrangement of the plots, or the user's own one if `None`.
    Arrange(Option<&'static Arrangement>),
    /// Show the next arrangement of the plots.
    NextArrangement,
    /// Restore the layout of the arrangement that is shown.
    ResetLayout,
    /// Multiply the learning rate.
    MultiplyRate(f64, Gesture),
    /// Give keyboard focus to the control of a setting.
    Focus(&'static Setting),
    /// Open the box that finds a control by word.
    FindControl,
    /// Close the view opened last.
    Close,
}

impl WindowAction {
    /// Whether it works while a dialog is open, where typing must not change a run.
    pub(in crate::ui) fn works_over_dialog(self) -> bool {
        let is_help = matches!(self, Self::Toggle(view) if view.kind == ViewKind::Help);
        is_help || matches!(self, Self::Close | Self::Scale(_))
    }
}
