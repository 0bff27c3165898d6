//! The sentence in a plot that no run has a value for.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Align, Align2, Rect, TextStyle, Ui};

use crate::figure::Panel;
use crate::paint::style::theme;

/// The largest part of a plot's width that the sentence takes.
const MAX_WIDTH: f32 = 0.9;

/// Paints the sentence of an empty panel into its plot, in as many rows as there is room for.
pub(in crate::paint) fn paint(ui: &Ui, panel: &Panel, frame: Rect) {
    let Some(missing) = &panel.missing else { return };
    let color = theme::colours(ui.visuals()).weak;
    let font = TextStyle::Body.resolve(ui.style());
    let row = ui.text_style_height(&TextStyle::Body);
    let mut job = LayoutJob::simple(missing.clone(), font, color, frame.width() * MAX_WIDTH);
    job.halign = Align::Center;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a handful of rows"
    )]
    let max_rows = (frame.height() / row).floor().max(1.0) as usize;
    job.wrap = TextWrapping { max_rows, ..job.wrap };
    let galley = ui.painter().layout_job(job);
    let place = Align2::CENTER_CENTER.anchor_size(frame.center(), galley.size());
    let at = place.center_top();
    ui.painter().with_clip_rect(frame).galley(at, galley, color);
}
