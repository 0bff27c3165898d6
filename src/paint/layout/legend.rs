//! The legend of a plot: its entries in a row or in rows, and a list of those without room.

use std::sync::Arc;

use eframe::egui;
use eframe::egui::{
    CursorIcon, FontId, Galley, Id, Popup, PopupCloseBehavior, Pos2, Rect, Role as Part, Sense, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::paint::plot::{diamond, sample, sample_width};
use crate::paint::style::{LineStyle, show_focus, theme};
use crate::text::plural;

use super::flow::elided;
use super::ghost_entries::GHOST;
use super::view::PlotView;

const LEGEND: &str = "Click hides or shows it; Shift-click or Alt-click shows it alone.";

const FOLDED: &str = "The lines that have no room here.";

/// Distance between entries in points.
const GAP: f32 = 14.0;

/// An entry: a sample of a line and its name.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line_style: LineStyle,
    /// Whether it is a point, not a line.
    pub(super) is_point: bool,
    pub(super) text: Arc<Galley>,
    /// Relative to the top left corner of the header.
    pub(super) rect: Rect,
}

/// Laid-out entries.
#[derive(Default)]
pub(super) struct Legend {
    entries: Vec<Entry>,
    /// Entries without room, in a list that opens from a button.
    folded: Vec<Entry>,
    button: Option<(Arc<Galley>, Rect)>,
}

impl Entry {
    /// An entry of at most this width, not placed yet.
    pub(super) fn new(
        ui: &Ui,
        key: String,
        name: &str,
        line_style: LineStyle,
        is_point: bool,
        width: f32,
    ) -> Self {
        let sample = sample_width(theme::factor(ui.style())) + 5.0 * theme::factor(ui.style());
        let color = theme::colours(ui.visuals()).text;
        let text = elided(ui, name, &font(ui), color, width - sample);
        let size = vec2(sample + text.size().x, text.size().y);
        Self { key, line_style, is_point, text, rect: Rect::from_min_size(Pos2::ZERO, size) }
    }

    /// Draws the entry and applies clicks: it hides its lines, with Shift or Alt all others of its
    /// group.
    fn show(&self, ui: &Ui, rect: Rect, id: Id, group: &[String], view: &mut PlotView) {
        let response = ui.interact(rect, id, Sense::click());
        show_focus(ui, &response);
        let is_shown = !view.is_hidden(&self.key);
        let label = self.text.text();
        response.widget_info(|| WidgetInfo::selected(Part::CheckBox, true, is_shown, label));
        // Some window managers intercept Alt-click.
        let is_alone = ui.input(|input| input.modifiers.alt || input.modifiers.shift);
        if response.clicked() && is_alone {
            view.isolate(&self.key, group);
        } else if response.clicked() {
            view.toggle(&self.key);
        }
        self.paint(ui, rect, if is_shown { 1.0 } else { 0.3 });
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(self.tooltip());
    }

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

impl Legend {
    /// Entries that have their places.
    pub(super) fn placed(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// Entries in one row between two places; those without room go into a list.
    pub(super) fn in_row(ui: &Ui, entries: Vec<Entry>, from: f32, to: f32, row: f32) -> Self {
        let gap = GAP * theme::factor(ui.style());
        let whole: f32 = entries.iter().map(|entry| entry.rect.width() + gap).sum();
        let button = |n: usize| {
            let color = theme::colours(ui.visuals()).accent;
            ui.painter().layout_no_wrap(format!("+{n}"), font(ui), color)
        };
        let is_whole = from + whole - gap <= to;
        let end = if is_whole { to } else { to - button(entries.len()).size().x };
        let mut legend = Self::default();
        let mut x = from;
        for mut entry in entries {
            let width = entry.rect.width();
            if legend.folded.is_empty() && x + width <= end {
                entry.rect = Rect::from_min_size(pos2(x, 0.0), vec2(width, row));
                x += width + gap;
                legend.entries.push(entry);
            } else {
                legend.folded.push(entry);
            }
        }
        if !legend.folded.is_empty() {
            let text = button(legend.folded.len());
            let rect = Rect::from_min_size(pos2(x, 0.0), vec2(text.size().x, row));
            legend.button = Some((text, rect));
        }
        legend
    }

    /// Whether all entries have room.
    pub(super) fn is_whole(&self) -> bool {
        self.folded.is_empty()
    }

    /// The end of its last entry or its button; `None` if it is empty.
    pub(super) fn right(&self) -> Option<f32> {
        let last = self.entries.last().map(|entry| entry.rect.right());
        self.button.as_ref().map(|(_, rect)| rect.right()).or(last)
    }

    /// Draws the entries from the corner of the header, and the list if it is open.
    pub(super) fn show(&self, ui: &Ui, corner: Pos2, id: Id, view: &mut PlotView) {
        let keys = |is_ghost: bool| -> Vec<String> {
            let keys = self.entries.iter().chain(&self.folded).map(|entry| &entry.key);
            keys.filter(|key| key.starts_with(GHOST) == is_ghost).cloned().collect()
        };
        let (own, ghosts) = (keys(false), keys(true));
        let group = |entry: &Entry| if entry.key.starts_with(GHOST) { &ghosts } else { &own };
        for entry in &self.entries {
            let rect = entry.rect.translate(corner.to_vec2());
            entry.show(ui, rect, id.with(&entry.key), group(entry), view);
        }
        let Some((text, rect)) = &self.button else { return };
        let rect = rect.translate(corner.to_vec2());
        let response = ui.interact(rect, id.with("folded"), Sense::click());
        let label = plural(self.folded.len() as u64, "more line");
        response.widget_info(|| WidgetInfo::labeled(Part::Button, true, &label));
        show_focus(ui, &response);
        ui.painter().galley(rect.min, Arc::clone(text), egui::Color32::PLACEHOLDER);
        let popup = Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        popup.show(|ui| {
            for entry in &self.folded {
                let (rect, _) = ui.allocate_exact_size(entry.rect.size(), Sense::hover());
                entry.show(ui, rect, id.with(&entry.key), group(entry), view);
            }
        });
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(FOLDED);
    }
}

/// The font of a legend.
pub(super) fn font(ui: &Ui) -> FontId {
    let body = egui::TextStyle::Body.resolve(ui.style());
    FontId::new(body.size * 0.92, body.family)
}
