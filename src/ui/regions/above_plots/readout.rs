//! The readout above the plots: the curvature when last measured, large, with its error, its limit and its
//! step. Hollow where it has not converged, grey where it is old.

use std::sync::Arc;

use eframe::egui::{
    Align, Color32, FontId, Galley, Rect, Response, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::figure::{Convergence, Readout};
use crate::history::Run;
use crate::paint::theme;
use crate::ui::regions::status;

/// Size of the curvature in Present, relative to a heading.
const LARGE: f32 = 1.35;

/// Least width of the readout beside the options of the plots, in lines of text.
const LEAST_WIDTH: f32 = 6.0;

/// A part of the readout, and how soon it goes where there is no room: the largest first.
struct Part {
    words: String,
    /// Relative to that of the curvature.
    size: f32,
    color: Color32,
    leaves: u8,
}

/// Draws the row of Present, which has the same height whatever it says.
pub(in crate::ui) fn show(ui: &mut Ui, run: &Run) {
    let height = LARGE * ui.text_style_height(&TextStyle::Heading);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let size = LARGE * TextStyle::Heading.resolve(ui.style()).size;
    if let Some(readout) = Readout::of(run) {
        return draw(ui, rect, Align::Min, size, &readout, response);
    }
    let words = status::missing(run).filter(|_| run.last().is_some());
    let color = ui.visuals().weak_text_color();
    let part = words.map(|words| Part { words, size: 0.7, color, leaves: 0 });
    paint(ui, rect, size, &laid_out(ui, rect.width(), size, part.into_iter().collect()));
}

/// Draws the readout at the right end of a row, in the space that is left there.
pub(in crate::ui) fn show_at_right(ui: &mut Ui, run: &Run) {
    let least = LEAST_WIDTH * ui.text_style_height(&TextStyle::Body);
    let space = ui.available_rect_before_wrap();
    let Some(readout) = Readout::of(run).filter(|_| space.width() >= least) else { return };
    let (rect, response) = ui.allocate_exact_size(space.size(), Sense::hover());
    let size = TextStyle::Heading.resolve(ui.style()).size;
    draw(ui, rect, Align::Max, size, &readout, response);
}

/// Draws a readout at the left or right end of a rectangle.
fn draw(ui: &Ui, rect: Rect, align: Align, size: f32, readout: &Readout, response: Response) {
    let unit = theme::factor(ui.style());
    let mark = 4.5 * unit;
    let room = 4.5 * mark;
    let parts = laid_out(ui, rect.width() - room, size, parts(ui, readout));
    let width = width(&parts, size) + room;
    let left = if align == Align::Max { rect.right() - width } else { rect.left() };
    let centre = pos2(left + 1.5 * mark, rect.center().y);
    let color = if readout.is_old {
        ui.visuals().weak_text_color()
    } else {
        theme::colours(ui.visuals()).accent
    };
    if readout.convergence == Some(Convergence::NotConverged) {
        ui.painter().circle_stroke(centre, mark, Stroke::new(1.6 * unit, color));
    } else {
        ui.painter().circle_filled(centre, mark, color);
    }
    paint(ui, rect.with_min_x(left + room), size, &parts);
    let words = spoken(readout);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    response.on_hover_text(words);
}

fn parts(ui: &Ui, readout: &Readout) -> Vec<Part> {
    let (visuals, palette) = (ui.visuals(), theme::colours(ui.visuals()));
    let weak = visuals.weak_text_color();
    let of = |color: Color32| if readout.is_old { weak } else { color };
    let part = |words: &str, size: f32, color: Color32, leaves: u8| {
        let words = words.to_owned();
        Part { words, size, color, leaves }
    };
    let mut parts = vec![part(&readout.curvature, 1.0, of(visuals.strong_text_color()), 0)];
    if let Some(error) = &readout.error {
        parts.push(part(&format!("({error})"), 0.56, weak, 5));
    }
    match &readout.limit {
        Some(limit) => {
            parts.push(part(&limit.words, 0.74, of(palette.ink(palette.vermillion)), 1));
            parts.push(part(&format!("{} ×", limit.ratio), 0.74, of(palette.text), 2));
        }
        None => parts.push(part("no limit", 0.74, weak, 1)),
    }
    if readout.convergence == Some(Convergence::NotConverged) {
        parts.push(part("not converged", 0.56, of(visuals.warn_fg_color), 3));
    }
    parts.push(part(&when(readout), 0.56, weak, 4));
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

/// A part as laid out.
struct LaidOut {
    galley: Arc<Galley>,
    /// As in [`Part`].
    size: f32,
}

/// The parts that have room in a width, in text of this size.
fn laid_out(ui: &Ui, most: f32, size: f32, mut parts: Vec<Part>) -> Vec<LaidOut> {
    let family = TextStyle::Heading.resolve(ui.style()).family;
    loop {
        let lay = |part: &Part| {
            let font = FontId::new(size * part.size, family.clone());
            let galley = ui.painter().layout_no_wrap(part.words.clone(), font, part.color);
            LaidOut { galley, size: part.size }
        };
        let laid: Vec<LaidOut> = parts.iter().map(lay).collect();
        let last = (0..parts.len()).max_by_key(|at| parts[*at].leaves);
        match last.filter(|_| width(&laid, size) > most && parts.len() > 1) {
            Some(last) => drop(parts.remove(last)),
            None => return laid,
        }
    }
}

/// Gap between parts.
fn gap(size: f32) -> f32 {
    0.42 * size
}

fn width(parts: &[LaidOut], size: f32) -> f32 {
    parts.iter().map(|part| part.galley.size().x + gap(size)).sum::<f32>() - gap(size)
}

/// Paints parts on one base line.
fn paint(ui: &Ui, rect: Rect, size: f32, parts: &[LaidOut]) {
    let mut x = rect.left();
    let tallest = parts.iter().map(|part| part.galley.size().y).fold(0.0, f32::max);
    let bottom = rect.center().y + tallest / 2.0;
    for LaidOut { galley, size: relative } in parts {
        // The descent is a fixed part of a row's height.
        let y = bottom - galley.size().y - DESCENT * size * (1.0 - relative);
        ui.painter().galley(pos2(x, y), Arc::clone(galley), Color32::PLACEHOLDER);
        x += galley.size().x + gap(size);
    }
}

/// Part of a font's size that is below the base line.
const DESCENT: f32 = 0.24;
