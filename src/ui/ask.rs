//! What a person asks of the window itself, as against its runs.
//! Does not carry it out.

use crate::config::Setting;
use crate::figure::PanelKind;
use crate::paint::Theme;

use super::wish::Touch;

/// Something asked of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ask {
    /// The export dialog.
    Export,
    /// The dialog that saves a preset.
    Keep,
    /// The command that trains the current run again, on the clipboard.
    CopyCommand,
    /// Another look.
    Theme(Theme),
    /// The look after the present one.
    NextTheme,
    /// Large type and only what matters, or back.
    Projector,
    /// The whole screen, or back.
    FullScreen,
    /// So many tenths of the usual size larger; 0 is back to the usual size.
    Scale(i16),
    /// The drawing of the network, or away with it.
    Network,
    /// The tuning of the initial weights, or away with it.
    Preparation,
    /// The list of keys, or away with it.
    Keys,
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
    Rate(f64, Touch),
    /// The keyboard for the control of this setting.
    Find(&'static Setting),
    /// Whatever is open, closed.
    Close,
}
