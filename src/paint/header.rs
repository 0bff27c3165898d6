//! What stands above a plot: its title, its legend, and the flags of changes.
//! Knows nothing of axes and data.

use std::sync::Arc;

use eframe::egui;
use eframe::egui::{
    Align2, FontId, Galley, Pos2, Rect, Role as Part, Sense, Shape, Stroke, TextStyle, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::figure::{Ghost, Line, Mark, Panel, Role};

use super::shapes;
use super::theme::{self, Look};
use super::view::PlotView;

/// Flags may stand this deep above each other; further ones are lines without words.
const MAX_LANES: usize = 3;

/// A flag longer than this many characters is cut.
const MAX_FLAG: usize = 64;

/// The row above a plot, laid out but not yet painted.
pub(super) struct Header {
    title: Arc<Galley>,
    entries: Vec<Entry>,
    note: Option<(Arc<Galley>, Pos2)>,
    /// Its height in logical points.
    pub(super) height: f32,
}

struct Entry {
    key: String,
    look: Look,
    is_point: bool,
    text: Arc<Galley>,
    /// Relative to the top left corner of the header.
    rect: Rect,
}

fn ghost_key(ghost: &Ghost) -> String {
    format!("ghost {}", ghost.name)
}

/// What hides together: a quantity of the current run, or all of a ghost.
pub(super) fn key(line: &Line) -> String {
    line.ghost.as_ref().map_or_else(|| line.name.clone(), ghost_key)
}

impl Header {
    /// Lays out the header of a panel; `ghosts` get an entry here when the panel is the first.
    pub(super) fn new(ui: &Ui, panel: &Panel, width: f32, ghosts: &[&Ghost]) -> Self {
        let style = ui.style();
        let palette = theme::colours(&style.visuals);
        let factor = theme::factor(style);
        let body = TextStyle::Body.resolve(style);
        let small = FontId::new(body.size * 0.92, body.family.clone());
        let lay = |text: &str, font: &FontId, color| {
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), color)
        };
        let title = lay(panel.kind.title(), &body, palette.strong);
        let row = title.size().y + 2.0 * factor;
        let mut flow = Flow { left: title.size().x + 18.0 * factor, width, row, at: Pos2::ZERO };
        flow.at.x = flow.left;
        let mut entries = Vec::new();
        let mut enter = |key: String, name: &str, (look, is_point): (Look, bool)| {
            let text = lay(name, &small, palette.text);
            let size = vec2(sample_width(factor) + 5.0 * factor + text.size().x, row);
            let rect = flow.place(size, 14.0 * factor);
            entries.push(Entry { key, look, is_point, text, rect });
        };
        for line in panel.lines.iter().filter(|line| line.ghost.is_none()) {
            let look = theme::look(style, line);
            enter(key(line), &line.name, (look, line.role == Role::Audit));
        }
        for ghost in ghosts {
            let look = theme::ghost_look(style, ghost.place);
            enter(ghost_key(ghost), &ghost.name, (look, false));
        }
        let note = panel.note.as_ref().map(|note| {
            let text = lay(note, &small, palette.ink(palette.vermillion));
            let rect = flow.place(vec2(text.size().x, row), 0.0);
            (text, rect.min)
        });
        Self { title, entries, note, height: flow.at.y + row }
    }

    /// Paints it; a click on an entry hides what it stands for.
    pub(super) fn show(self, ui: &Ui, corner: Pos2, view: &mut PlotView) {
        let palette = theme::colours(ui.visuals());
        ui.painter().galley(corner, self.title, palette.strong);
        if let Some((text, at)) = self.note {
            ui.painter().galley(corner + at.to_vec2() + vec2(0.0, 1.0), text, palette.vermillion);
        }
        for entry in self.entries {
            let rect = entry.rect.translate(corner.to_vec2());
            let id = ui.scope_id().with(("legend", corner.y.to_bits(), &entry.key));
            let response = ui.interact(rect, id, Sense::click());
            let is_shown = !view.is_hidden(&entry.key);
            let label = entry.text.text().to_owned();
            response.widget_info(|| WidgetInfo::selected(Part::CheckBox, true, is_shown, &label));
            if response.clicked() {
                view.toggle(&entry.key);
            }
            let opacity = if is_shown { 1.0 } else { 0.3 };
            entry.paint(ui, rect, opacity);
            response.on_hover_cursor(egui::CursorIcon::PointingHand);
        }
    }
}

/// Places things in rows from left to right.
struct Flow {
    left: f32,
    width: f32,
    row: f32,
    at: Pos2,
}

impl Flow {
    fn place(&mut self, size: egui::Vec2, gap: f32) -> Rect {
        if self.at.x + size.x > self.width && self.at.x > self.left {
            self.at = pos2(self.left, self.at.y + self.row);
        }
        let rect = Rect::from_min_size(self.at, size);
        self.at.x += size.x + gap;
        rect
    }
}

/// A piece of a line with this look.
fn sample(ui: &Ui, ends: [Pos2; 2], look: Look) {
    let stroke = Stroke::new(look.width, look.color);
    match look.dash {
        Some(dash) => {
            ui.painter().extend(Shape::dashed_line(&ends, stroke, dash, dash * 0.618));
        }
        None => {
            ui.painter().line_segment(ends, stroke);
        }
    }
    shapes::paint(ui.painter(), ends[0].lerp(ends[1], 0.5), look);
}

/// A piece of a ghost's line, for a list of ghosts outside the plots.
pub fn ghost_sample(ui: &mut Ui, place: usize) {
    let factor = theme::factor(ui.style());
    let size = vec2(sample_width(factor), 12.0 * factor);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let look = theme::ghost_look(ui.style(), place);
    sample(ui, [rect.left_center(), rect.right_center()], look);
}

fn sample_width(factor: f32) -> f32 {
    26.0 * factor
}

impl Entry {
    /// A piece of the line itself, then its name.
    fn paint(&self, ui: &Ui, rect: Rect, opacity: f32) {
        let factor = theme::factor(ui.style());
        let text_color = theme::colours(ui.visuals()).text.gamma_multiply(opacity);
        let color = self.look.color.gamma_multiply(opacity);
        let y = rect.top() + self.text.size().y / 2.0;
        let ends = [pos2(rect.left(), y), pos2(rect.left() + sample_width(factor), y)];
        let painter = ui.painter();
        if self.is_point {
            let r = self.look.width * 2.2;
            let centre = pos2(ends[1].x - r - 2.0 * factor, y);
            let corners = [vec2(0.0, r), vec2(-r, 0.0), vec2(0.0, -r), vec2(r, 0.0)];
            let corners = corners.iter().map(|corner| centre + *corner).collect();
            painter.add(Shape::convex_polygon(corners, color, Stroke::NONE));
        } else {
            sample(ui, ends, Look { color, ..self.look });
        }
        let at = pos2(ends[1].x + 5.0 * factor, rect.top());
        painter.galley_with_override_text_color(at, Arc::clone(&self.text), text_color);
    }
}

/// The words of changes above the first plot, each at its step.
pub(super) struct Flags {
    flags: Vec<Flag>,
    /// Their height in logical points; 0 without any.
    pub(super) height: f32,
}

struct Flag {
    x: f32,
    text: Arc<Galley>,
    rect: Rect,
}

impl Flags {
    /// Lays out the marks in view; `x_of` gives the place of a step within the plot's width.
    pub(super) fn new(ui: &Ui, marks: &[Mark], width: f32, x_of: impl Fn(f64) -> f32) -> Self {
        let factor = theme::factor(ui.style());
        let color = theme::colours(ui.visuals()).text;
        let font = TextStyle::Small.resolve(ui.style());
        let mut flags: Vec<Flag> = Vec::new();
        let mut height: f32 = 0.0;
        for mark in marks {
            let x = x_of(mark.place);
            if !(0.0..=width).contains(&x) {
                continue;
            }
            let text = ui.painter().layout_no_wrap(cut(&mark.sentence), font.clone(), color);
            let left = (x + 4.0 * factor).min(width - text.size().x).max(0.0);
            let row = text.size().y + 2.0 * factor;
            // Below every flag that reaches this far, so that no pole crosses another's words.
            let reaching = flags.iter().filter(|flag| flag.rect.right() + 8.0 * factor > left);
            let top = reaching.map(|flag| flag.rect.bottom()).fold(0.0, f32::max);
            if top > row * (MAX_LANES as f32 - 0.5) {
                continue;
            }
            let rect = Rect::from_min_size(pos2(left, top), vec2(text.size().x, row));
            height = height.max(rect.bottom());
            flags.push(Flag { x, text, rect });
        }
        Self { flags, height }
    }

    /// Paints them with the lower edge of their strip on the upper edge of the plot.
    pub(super) fn show(self, ui: &Ui, corner: Pos2) {
        let palette = theme::colours(ui.visuals());
        let stroke = Stroke::new(1.2 * theme::factor(ui.style()), palette.weak);
        let painter = ui.painter();
        let foot = corner.y + self.height;
        for flag in &self.flags {
            let x = corner.x + flag.x;
            painter.line_segment([pos2(x, corner.y + flag.rect.top()), pos2(x, foot)], stroke);
        }
        for flag in self.flags {
            let rect = flag.rect.translate(corner.to_vec2());
            painter.rect_filled(rect.shrink2(vec2(0.0, 1.0)), 2.0, palette.panel);
            painter.galley(rect.min, flag.text, palette.text);
        }
    }
}

fn cut(sentence: &str) -> String {
    if sentence.chars().count() <= MAX_FLAG {
        return sentence.to_owned();
    }
    let start: String = sentence.chars().take(MAX_FLAG - 1).collect();
    format!("{start}…")
}

/// A line above or below everything, wrapped to the width.
pub(super) fn paragraph(ui: &Ui, text: &str, style: &TextStyle, width: f32) -> Arc<Galley> {
    let palette = theme::colours(ui.visuals());
    let color = if *style == TextStyle::Heading { palette.strong } else { palette.weak };
    ui.painter().layout(text.to_owned(), style.resolve(ui.style()), color, width)
}

/// Where a paragraph starts so that it is centred.
pub(super) fn centred(rect: Rect, galley: &Galley) -> Pos2 {
    Align2::CENTER_TOP.anchor_size(rect.center_top(), galley.size()).min
}
