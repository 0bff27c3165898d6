//! A tile of the strip: a pinned setting with its value, which opens its control.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Align2, Color32, FontId, Response, Role, Sense, StrokeKind, TextStyle, Ui, Vec2, WidgetInfo,
    vec2,
};

use crate::config::{Effect, Setting};

/// The name of a setting in the strip; one that starts the run again has a sign.
pub(super) fn name_of(setting: &Setting) -> String {
    match setting.effect {
        Effect::Restart => format!("↺ {}", setting.label),
        Effect::Live | Effect::Cosmetic | Effect::Derived => setting.label.to_owned(),
    }
}

/// Shows a tile of two lines, or of one if the value is empty.
pub(super) fn show(ui: &mut Ui, size: Vec2, name: &str, value: &str, is_open: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let words = format!("{name} {value}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), words.trim_end()));
    let visuals = ui.visuals();
    let look = if is_open { visuals.widgets.open } else { *ui.style().interact(&response) };
    ui.painter().rect(
        rect,
        look.corner_radius,
        look.weak_bg_fill,
        look.bg_stroke,
        StrokeKind::Inside,
    );
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect,
            look.corner_radius,
            visuals.selection.stroke,
            StrokeKind::Inside,
        );
    }
    let strong = look.fg_stroke.color;
    let body = TextStyle::Body.resolve(ui.style());
    let lines = if value.is_empty() {
        vec![(name, body, strong, rect.center())]
    } else {
        let small = FontId::new(body.size * 0.76, body.family.clone());
        let shift = vec2(0.0, rect.height() * 0.2);
        let weak = visuals.weak_text_color();
        vec![
            (name, small, weak, rect.center() - shift),
            (value, body, strong, rect.center() + shift),
        ]
    };
    for (text, font, color, centre) in lines {
        let galley = ui.painter().layout_job(elided(text, font, color, rect.width() - 4.0));
        let at = Align2::CENTER_CENTER.anchor_size(centre, galley.size());
        ui.painter().galley(at.min, galley, color);
    }
    response
}

fn elided(text: &str, font: FontId, color: Color32, width: f32) -> LayoutJob {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    job
}
