//! The header of a plot: title, legend, note, out-of-range values, and the switch of the scale.

use std::sync::Arc;

use eframe::egui;
use eframe::egui::{
    Align2, FontId, Galley, Pos2, Rect, Response, Role as Part, Sense, TextStyle, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::figure::{Choices, FitTo, Ghost, Line, OutOfRange, Panel, PanelKind, ScaleKind};
use crate::paint::plot::{diamond, sample, sample_width};
use crate::paint::style::{LineStyle, line_style, show_focus, theme};
use crate::text;

use super::flow::{Flow, Rows, elided};
use super::ghost_entries::{GHOST, enter_ghosts, ghost_key};
use super::view::PlotView;

/// Tooltip of a title: gestures on it and on plots.
const GESTURES: &str = "Drag the title onto another plot to put this one beside, above or below it; \
    from the keyboard, arrow keys move it. In the plots: drag pans, the wheel zooms the steps, a \
    right-drag zooms a box, dragging an axis stretches it, a double click fits.";

const OUT_OF_RANGE: &str = "Outside the range, so that they do not flatten the rest. Click to show \
    every value; click again to go back.";

const SCALES: &str = "The vertical axis: click for linear, logarithmic, or symmetric logarithmic, \
    which is linear around 0 and has room for both signs.";

const LEGEND: &str = "Click hides or shows it; Shift-click or Alt-click shows it alone.";

/// A laid-out header.
pub(in crate::paint) struct Header {
    title: Arc<Galley>,
    entries: Vec<Entry>,
    note: Option<(Arc<Galley>, Pos2)>,
    /// Out-of-range values, or that all are in range.
    out_of_range: Option<(Arc<Galley>, Rect)>,
    /// The switch of the scale; `None` on a page.
    scale: Option<(Arc<Galley>, Rect)>,
    kind: PanelKind,
    scale_kind: ScaleKind,
    /// Total height in logical points.
    pub(in crate::paint) height: f32,
}

struct Entry {
    key: String,
    line_style: LineStyle,
    is_point: bool,
    text: Arc<Galley>,
    /// Relative to the top left corner of the header.
    rect: Rect,
}

/// The legend entry of a line: its quantity for the current run, or its ghost.
fn key(line: &Line) -> String {
    line.ghost.as_ref().map_or_else(|| line.quantity.name().to_owned(), ghost_key)
}

/// Whether the user has hidden neither the quantity nor the ghost of a line.
pub(in crate::paint) fn is_shown(view: &PlotView, line: &Line) -> bool {
    let ghost = line.ghost.as_ref().map(ghost_key);
    !view.is_hidden(line.quantity.name()) && ghost.is_none_or(|ghost| !view.is_hidden(&ghost))
}

/// What a header needs besides its panel.
#[derive(Clone, Copy)]
pub(in crate::paint) struct HeaderContext<'a> {
    /// Ghosts with a legend entry here: all of them in the first panel.
    pub(in crate::paint) ghosts: &'a [&'a Ghost],
    /// Values outside the fitted range; `None` if the user chose the range.
    pub(in crate::paint) out_of_range: Option<OutOfRange>,
    /// Height for rows of ghosts with full names; later ones have their labels only.
    pub(in crate::paint) ghosts_height: f32,
    /// Where later rows begin.
    pub(in crate::paint) rows: Rows,
    /// Whether it is shown in a window, where it can be clicked.
    pub(in crate::paint) is_interactive: bool,
}

impl HeaderContext<'_> {
    /// Out-of-range values in words, or that the user has chosen to show all.
    fn out_of_range_text(&self, fit_to: FitTo) -> Option<String> {
        let out_of_range = self.out_of_range?;
        if fit_to == FitTo::AllValues {
            return self.is_interactive.then(|| "all values in range".to_owned());
        }
        let side = |n: usize, sign: &str, word: &str| {
            (n > 0).then(|| format!("{sign} {} {word}", text::plural(n as u64, "value")))
        };
        let above = side(out_of_range.n_above, "▲", "above");
        let below = side(out_of_range.n_below, "▼", "below");
        let ghosts = |end: Option<f64>, word: &str| {
            end.map(|value| format!("{word} {}", text::number(text::rounded(value, 2))))
        };
        let ghosts_above = ghosts(out_of_range.ghost_above, "▲ ghosts up to");
        let ghosts_below = ghosts(out_of_range.ghost_below, "▼ ghosts down to");
        // In a picture, the mark of the limit says it.
        let is_limit_told = self.is_interactive && out_of_range.has_limits;
        let limits = is_limit_told.then(|| "limit out of range".to_owned());
        let texts = above.into_iter().chain(below).chain(ghosts_above).chain(ghosts_below);
        let texts = texts.chain(limits);
        let texts: Vec<_> = texts.collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

impl Header {
    /// Lays out the header of a panel.
    pub(in crate::paint) fn new(
        ui: &Ui,
        panel: &Panel,
        width: f32,
        context: HeaderContext<'_>,
    ) -> Self {
        let style = ui.style();
        let palette = theme::colours(&style.visuals);
        let factor = theme::factor(style);
        let body = TextStyle::Body.resolve(style);
        let small = FontId::new(body.size * 0.92, body.family.clone());
        let lay = |text: &str, font: &FontId, color| {
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), color)
        };
        let gap = 14.0 * factor;
        let mut title = lay(panel.kind.title(), &body, palette.strong);
        let row = title.size().y + 2.0 * factor;
        let scale_kind = panel.scale.kind();
        let scale = context.is_interactive.then(|| {
            let mut word = lay(&axis_words(scale_kind), &small, palette.weak);
            if title.size().x + gap + word.size().x > width {
                word = lay(scale_kind.word(), &small, palette.weak);
                let room = (width - gap - word.size().x).max(0.0);
                title = elided(ui, panel.kind.title(), &body, palette.strong, room);
            }
            let at = pos2(width - word.size().x, 0.0);
            (Arc::clone(&word), Rect::from_min_size(at, vec2(word.size().x, row)))
        });
        let whole = width;
        let width = scale.as_ref().map_or(width, |(_, rect)| rect.left() - gap);
        let mut flow = Flow::new(title.size().x + 18.0 * factor, [width, whole], row, context.rows);
        let mut entries = Vec::new();
        let mut enter = |key: String, name: &str, (line_style, is_point): (LineStyle, bool)| {
            let sample = sample_width(factor) + 5.0 * factor;
            let text = elided(ui, name, &small, palette.text, whole - sample);
            let size = vec2(sample + text.size().x, row);
            let rect = flow.place(size, gap);
            entries.push(Entry { key, line_style, is_point, text, rect });
            rect.bottom()
        };
        for line in panel.lines.iter().filter(|line| line.ghost.is_none()) {
            let line_style = line_style(style, line);
            enter(key(line), &line.name, (line_style, line.look.is_points()));
        }
        enter_ghosts(style, context.ghosts, context.ghosts_height, &mut enter);
        let note = panel.note.as_ref().map(|note| {
            let color = palette.ink(palette.vermillion);
            let text = ui.painter().layout(note.clone(), small.clone(), color, whole);
            let height = row.max(text.size().y + 2.0 * factor);
            let rect = flow.place(vec2(text.size().x, height), gap);
            (text, rect.min)
        });
        let out_of_range = context.out_of_range_text(panel.fit_to).map(|words| {
            let text = elided(ui, &words, &small, palette.accent, whole);
            let size = vec2(text.size().x, row);
            (text, flow.place(size, 0.0))
        });
        let height = flow.height();
        Self { title, entries, note, out_of_range, scale, kind: panel.kind, scale_kind, height }
    }

    /// Paints the header and applies clicks: an entry hides its lines, with Shift or Alt all
    /// others. Returns the response of the title.
    pub(in crate::paint) fn show(&self, ui: &Ui, corner: Pos2, view: &mut PlotView) -> Response {
        let palette = theme::colours(ui.visuals());
        let scope = (self.kind.title(), ui.scope_id());
        let title = self.title(ui, corner, ui.scope_id().with((scope, "title")));
        if let Some((text, at)) = &self.note {
            let at = corner + at.to_vec2() + vec2(0.0, 1.0);
            ui.painter().galley(at, Arc::clone(text), palette.vermillion);
        }
        let click = |(text, rect): &(Arc<Galley>, Rect), label: &str, tooltip: &str| {
            let rect = rect.translate(corner.to_vec2());
            let response = ui.interact(rect, ui.scope_id().with((scope, tooltip)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Part::Button, true, label));
            let color = if response.hovered() { palette.strong } else { palette.accent };
            let at = rect.min + vec2(0.0, 1.0);
            ui.painter().galley_with_override_text_color(at, Arc::clone(text), color);
            show_focus(ui, &response);
            let is_clicked = response.clicked();
            response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(tooltip);
            is_clicked
        };
        let choices = &mut view.choices;
        if self
            .out_of_range
            .as_ref()
            .is_some_and(|place| click(place, place.0.text(), OUT_OF_RANGE))
            && !choices.all_values.remove(&self.kind)
        {
            choices.all_values.insert(self.kind);
        }
        let scale = axis_words(self.scale_kind);
        if self.scale.as_ref().is_some_and(|place| click(place, &scale, SCALES)) {
            next_scale(choices, self.kind, self.scale_kind);
        }
        let keys = |is_ghost: bool| -> Vec<String> {
            let keys = self.entries.iter().map(|entry| &entry.key);
            keys.filter(|key| key.starts_with(GHOST) == is_ghost).cloned().collect()
        };
        let (own, ghosts) = (keys(false), keys(true));
        for entry in &self.entries {
            let rect = entry.rect.translate(corner.to_vec2());
            let id = ui.scope_id().with((scope, "legend", &entry.key));
            let response = ui.interact(rect, id, Sense::click());
            show_focus(ui, &response);
            let is_shown = !view.is_hidden(&entry.key);
            let label = entry.text.text();
            response.widget_info(|| WidgetInfo::selected(Part::CheckBox, true, is_shown, label));
            // Some window managers intercept Alt-click.
            let is_alone = ui.input(|input| input.modifiers.alt || input.modifiers.shift);
            if response.clicked() && is_alone {
                let group = if entry.key.starts_with(GHOST) { &ghosts } else { &own };
                view.isolate(&entry.key, group);
            } else if response.clicked() {
                view.toggle(&entry.key);
            }
            let opacity = if is_shown { 1.0 } else { 0.3 };
            entry.paint(ui, rect, opacity);
            let tooltip = entry.tooltip();
            response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(tooltip);
        }
        title
    }

    fn title(&self, ui: &Ui, corner: Pos2, id: egui::Id) -> Response {
        let palette = theme::colours(ui.visuals());
        let rect = Rect::from_min_size(corner, self.title.size());
        let response = ui.interact(rect, id, Sense::drag());
        let label = format!("Move {} (arrow keys)", self.kind.title());
        response.widget_info(|| WidgetInfo::labeled(Part::Button, true, &label));
        let is_held = response.hovered() || response.dragged();
        let color = if is_held { palette.accent } else { palette.strong };
        ui.painter().galley_with_override_text_color(corner, Arc::clone(&self.title), color);
        response.on_hover_cursor(egui::CursorIcon::Grab).on_hover_text(GESTURES)
    }
}

fn axis_words(kind: ScaleKind) -> String {
    format!("{} axis", kind.word())
}

/// Switches a panel to the next scale in [`ScaleKind::ALL`].
fn next_scale(choices: &mut Choices, panel: PanelKind, now: ScaleKind) {
    let all = ScaleKind::ALL;
    let at = all.iter().position(|kind| *kind == now).unwrap_or(0);
    choices.scales.insert(panel, all[(at + 1) % all.len()]);
}

impl Entry {
    /// What a click does, below the whole name if that is shortened.
    fn tooltip(&self) -> String {
        let label = self.text.text();
        let name = self.key.strip_prefix(GHOST).filter(|name| *name != label);
        match name {
            Some(name) => format!("{name}\n{LEGEND}"),
            None if self.text.elided => format!("{label}\n{LEGEND}"),
            None => LEGEND.to_owned(),
        }
    }

    /// Paints a sample of the line and its name.
    fn paint(&self, ui: &Ui, rect: Rect, opacity: f32) {
        let factor = theme::factor(ui.style());
        let text_color = theme::colours(ui.visuals()).text.gamma_multiply(opacity);
        let color = self.line_style.color.gamma_multiply(opacity);
        let y = rect.top() + self.text.size().y / 2.0;
        let ends = [pos2(rect.left(), y), pos2(rect.left() + sample_width(factor), y)];
        let painter = ui.painter();
        if self.is_point {
            diamond(ui, ends[1], LineStyle { color, ..self.line_style });
        } else {
            sample(ui, ends, LineStyle { color, ..self.line_style });
        }
        let at = pos2(ends[1].x + 5.0 * factor, rect.top());
        painter.galley_with_override_text_color(at, Arc::clone(&self.text), text_color);
    }
}

/// A title or caption, wrapped to the width.
pub(in crate::paint) fn paragraph(
    ui: &Ui,
    text: &str,
    style: &TextStyle,
    width: f32,
) -> Arc<Galley> {
    let palette = theme::colours(ui.visuals());
    let color = if *style == TextStyle::Heading { palette.strong } else { palette.weak };
    ui.painter().layout(text.to_owned(), style.resolve(ui.style()), color, width)
}

/// The upper left corner of a paragraph centred at the top.
pub(in crate::paint) fn centred(rect: Rect, galley: &Galley) -> Pos2 {
    Align2::CENTER_TOP.anchor_size(rect.center_top(), galley.size()).min
}
