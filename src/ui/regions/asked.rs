//! What the user asked for in a region.

use crate::ui::action::WindowAction;
use crate::ui::session::Request;

/// Requests about runs and actions on the window.
#[derive(Debug, Default)]
pub(in crate::ui) struct Asked {
    pub(in crate::ui) requests: Vec<Request>,
    pub(in crate::ui) actions: Vec<WindowAction>,
}

impl Asked {
    /// Adds what was asked for elsewhere.
    pub(in crate::ui) fn extend(&mut self, other: Self) {
        self.requests.extend(other.requests);
        self.actions.extend(other.actions);
    }
}
