//! Maximizes a window that is larger than its monitor, such as a small projector.

use eframe::egui::{Context, ViewportCommand};

/// Approximate height of a title bar in points.
const TITLE_HEIGHT: f32 = 40.0;

/// Compares the window with its monitor once.
#[derive(Debug, Default)]
pub(in crate::ui) struct MonitorCheck {
    is_known: bool,
}

impl MonitorCheck {
    /// Maximizes a window larger than its monitor, once the system has reported both sizes.
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
