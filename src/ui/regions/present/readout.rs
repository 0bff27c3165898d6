//! The readout above the sharpness plot: the curvature when last measured, large, with its error, its
//! limit and its step. Hollow where it has not converged, grey where it is old.

use std::sync::Arc;

use eframe::egui::{
    Color32, FontId, Galley, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use crate::figure::{Convergence, Readout};
use crate::history::Run;
use crate::paint::theme;
use crate::ui::regions::status;

/// Size of the curvature, relative to a heading.
const LARGE: f32 = 1.35;

/// A part of the readout, and how soon it goes where there is no room: the largest first.
struct Part {
    words: String,
    size: f32,
    color: Color32,
    leaves: u8,
}

/// Height of the row.
pub(in crate::ui) fn height(ui: &Ui) -> f32 {
    LARGE * ui.text_style_height(&TextStyle::Heading)
}

/// Draws the row, which has the same height whatever it says.
pub(in crate::ui) fn show(ui: &mut Ui, run: &Run) {
    let size = vec2(ui.available_width(), height(ui));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let unit = theme::factor(ui.style());
    let Some(readout) = Readout::of(run) else {
        let Some(words) = status::missing(run).filter(|_| run.last().is_some()) else { return };
        let weak = ui.visuals().weak_text_color();
        let part = Part { words, size: 1.0, color: weak, leaves: 0 };
        paint(ui, rect.left(), rect.bottom(), rect.right(), vec![part]);
        return;
    };
    let mark = 4.5 * unit;
    let centre = pos2(rect.left() + 1.5 * mark, rect.center().y);
    let color = color(ui, &readout);
    if readout.convergence == Some(Convergence::NotConverged) {
        ui.painter().circle_stroke(centre, mark, Stroke::new(1.6 * unit, color));
    } else {
        ui.painter().circle_filled(centre, mark, color);
    }
    let words = spoken(&readout);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    paint(ui, rect.left() + 4.5 * mark, rect.bottom(), rect.right(), parts(ui, &readout));
    response.on_hover_text(words);
}

fn color(ui: &Ui, readout: &Readout) -> Color32 {
    if readout.is_old { ui.visuals().weak_text_color() } else { theme::colours(ui.visuals()).accent }
}

fn parts(ui: &Ui, readout: &Readout) -> Vec<Part> {
    let (visuals, palette) = (ui.visuals(), theme::colours(ui.visuals()));
    let weak = visuals.weak_text_color();
    let of = |color: Color32| if readout.is_old { weak } else { color };
    let part = |words: &str, size: f32, color: Color32, leaves: u8| {
        let words = words.to_owned();
        Part { words, size, color, leaves }
    };
    let mut parts = vec![part(&readout.curvature, LARGE, of(visuals.strong_text_color()), 0)];
    if let Some(error) = &readout.error {
        parts.push(part(&format!("({error})"), 0.75, weak, 5));
    }
    match &readout.limit {
        Some(limit) => {
            parts.push(part(&limit.words, 1.0, of(palette.ink(palette.vermillion)), 1));
            parts.push(part(&format!("{} ×", limit.ratio), 1.0, of(palette.text), 2));
        }
        None => parts.push(part("no limit", 1.0, weak, 1)),
    }
    if readout.convergence == Some(Convergence::NotConverged) {
        parts.push(part("not converged", 0.75, of(visuals.warn_fg_color), 3));
    }
    parts.push(part(&when(readout), 0.75, weak, 4));
    parts
}

fn when(readout: &Readout) -> String {
    let step = readout.step;
    if readout.is_old { format!("measured at step {step}") } else { format!("step {step}") }
}

/// The readout in one line.
fn spoken(readout: &Readout) -> String {
    let error = readout.error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
    let limit = readout.limit.as_ref().map_or_else(
        || "no limit".to_owned(),
        |limit| format!("{} · {} ×", limit.words, limit.ratio),
    );
    let is_hollow = readout.convergence == Some(Convergence::NotConverged);
    let converged = if is_hollow { " · not converged" } else { "" };
    format!("{}{error} · {limit}{converged} · {}", readout.curvature, when(readout))
}

/// Paints parts on one base line, without those that have no room.
fn paint(ui: &Ui, left: f32, bottom: f32, right: f32, mut parts: Vec<Part>) {
    let heading = TextStyle::Heading.resolve(ui.style());
    let gap = 0.55 * heading.size;
    loop {
        let lay = |part: &Part| -> Arc<Galley> {
            let font = FontId::new(heading.size * part.size, heading.family.clone());
            ui.painter().layout_no_wrap(part.words.clone(), font, part.color)
        };
        let galleys: Vec<Arc<Galley>> = parts.iter().map(lay).collect();
        let width: f32 = galleys.iter().map(|galley| galley.size().x + gap).sum::<f32>() - gap;
        let last = (0..parts.len()).max_by_key(|at| parts[*at].leaves);
        if let Some(last) = last.filter(|_| width > right - left && parts.len() > 1) {
            parts.remove(last);
            continue;
        }
        let mut x = left;
        for (part, galley) in parts.iter().zip(galleys) {
            // The descent is a fixed part of a row's height.
            let y = bottom - galley.size().y - 0.18 * heading.size * (LARGE - part.size);
            let width = galley.size().x;
            ui.painter().galley(pos2(x, y), galley, part.color);
            x += width + gap;
        }
        return;
    }
}
