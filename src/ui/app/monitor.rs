//! Maximizes a window that is larger than its monitor, as a projector may be small.
//! Does not know what it shows.

use eframe::egui::{Context, ViewportCommand};

/// Height of a title bar in points, about.
const TITLE_HEIGHT: f32 = 40.0;

/// Whether the sizes have been compared already.
#[derive(Debug, Default)]
pub(in crate::ui) struct MonitorCheck {
    is_known: bool,
}

impl MonitorCheck {
    /// Once the system has said how large both are, maximizes a window that is larger.
    pub(in crate::ui) fn maximize_if_larger(&mut self, ctx: &Context) {
        if self.is_known {
            return;
        }
        let (window, screen) = ctx.input(|input| {
            let viewport = input.viewport();
            (viewport.inner_rect, viewport.monitor_size)
        });
        let (Some(window), Some(screen)) = (window, screen) else { return };
        self.is_known = true;
        if window.width() > screen.x || window.height() + TITLE_HEIGHT > screen.y {
            ctx.send_viewport_cmd(ViewportCommand::Maximized(true));
        }
    }
}
