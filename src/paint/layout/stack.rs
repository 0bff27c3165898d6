//! The layout of a figure: columns of plots beside each other, with a step axis below each.

use eframe::egui::{Rect, TextStyle, Ui};

use crate::figure::{Figure, Ghost, Line, PanelKind};
use crate::paint::style::theme;

use super::column::{ColumnDraft, ColumnSlot, MeasuredColumn, PanelSlot};
use super::column_frame::ColumnFrame;
use super::flow::Rows;
use super::header;
use super::header::HeaderContext;
use super::lead_plot;
use super::shares::split;
use super::tiles::Column;
use super::view::PlotView;

/// Least height of a plot in lines of text, on a screen (where plots scroll) or in several columns.
const LEAST_ROWS: f32 = 3.0;

/// Fraction of the height for the names of ghosts.
const GHOSTS_SHARE: f32 = 0.12;

/// Gap between columns in points.
const GUTTER: f32 = 12.0;

/// A laid-out figure.
pub(in crate::paint) struct Stack<'a> {
    /// Panels, column by column, each from top to bottom.
    pub(in crate::paint) slots: Vec<PanelSlot<'a>>,
    /// Laid-out columns, from left to right.
    pub(in crate::paint) columns: Vec<ColumnSlot>,
    /// The whole figure; larger than the room if plots would be unreadably small.
    pub(in crate::paint) rect: Rect,
}

/// Lines of a panel that are not hidden.
pub(in crate::paint) fn visible_lines<'a>(lines: &'a [Line], view: &PlotView) -> Vec<&'a Line> {
    lines.iter().filter(|line| header::is_shown(view, line)).collect()
}

/// The kinds of a figure's panels.
pub(in crate::paint) fn kinds(figure: &Figure) -> Vec<PanelKind> {
    figure.panels.iter().map(|panel| panel.kind).collect()
}

impl<'a> Stack<'a> {
    /// Fits a figure into a rectangle.
    pub(in crate::paint) fn new(
        ui: &Ui,
        figure: &'a Figure,
        view: &mut PlotView,
        rect: Rect,
        is_interactive: bool,
    ) -> Self {
        view.set_least_width(figure.least_width);
        let steps = view.steps(figure.extent, figure.longest_end);
        view.tiles.include(&kinds(figure));
        let mut columns = view.tiles.visible(&kinds(figure));
        let row = ui.text_style_height(&TextStyle::Body);
        let frame = if is_interactive {
            ColumnFrame::of_window(ui, rect.height(), view.room.is_axis_bare)
        } else {
            ColumnFrame::of_page(ui)
        };
        let lead = lead_plot::lead(&kinds(figure)).filter(|_| is_interactive);
        // A single-column page has no least height: it is rejected if its plots are too low.
        let least_rows = if columns.len() > 1 || is_interactive { LEAST_ROWS } else { 0.0 };
        let lead_height = view.room.lead_height;
        let least_height = |kind: PanelKind| {
            let least = row * kind.weight().max(least_rows);
            if Some(kind) == lead { lead_height.max(1.5 * row) } else { least }
        };
        if is_interactive {
            view.room.without_room.clear();
            for column in &mut columns {
                let rest = |n| rect.height() - frame.taken(ui, n);
                let left_out = view.room.fit(column, lead, least_height, rest);
                view.room.without_room.extend(left_out);
            }
        }
        let view = &*view;
        let draft = |column| ColumnDraft::new(ui, figure, view, column, steps, frame);
        let drafts: Vec<ColumnDraft> = columns.iter().map(draft).collect();
        let gutter = GUTTER * theme::factor(ui.style());
        let n_gutters = drafts.len().saturating_sub(1) as f32;
        let least =
            |draft: &ColumnDraft| if drafts.len() > 1 { draft.least_width(ui) } else { 0.0 };
        let part = |(column, draft): (&Column, &ColumnDraft)| (column.share, least(draft));
        let parts: Vec<_> = columns.iter().zip(&drafts).map(part).collect();
        let widths = split(rect.width() - n_gutters * gutter, &parts);
        let ghosts = ghosts(figure);
        let rows = if drafts.len() > 1 { Rows::Below } else { Rows::Beside };
        let worded = |(i, (draft, width)): (usize, (ColumnDraft<'a>, &f32))| {
            let ghosts = if i == 0 { ghosts.as_slice() } else { &[] };
            let ghosts_height = rect.height() * GHOSTS_SHARE;
            let out_of_range = None;
            let context =
                HeaderContext { ghosts, out_of_range, ghosts_height, rows, is_interactive };
            draft.measured(ui, figure, view, *width, context)
        };
        let words: Vec<MeasuredColumn> =
            drafts.into_iter().zip(&widths).enumerate().map(worded).collect();
        Self::placed(ui, words, &widths, rect, gutter, least_height)
    }

    /// Columns of these widths side by side.
    fn placed(
        ui: &Ui,
        words: Vec<MeasuredColumn<'a>>,
        widths: &[f32],
        rect: Rect,
        gutter: f32,
        least_height: impl Fn(PanelKind) -> f32 + Copy,
    ) -> Self {
        // The first plots of all columns are aligned.
        let head = words.iter().map(MeasuredColumn::head).fold(0.0, f32::max);
        let mut stack = Self { slots: Vec::new(), columns: Vec::new(), rect };
        let mut left = rect.left();
        for (words, width) in words.into_iter().zip(widths) {
            let room = Rect::from_x_y_ranges(left..=left + width, rect.y_range());
            let added = head - words.head();
            let (slots, strip) = words.placed(ui, room, added, least_height);
            stack.rect = stack.rect.union(strip.rect);
            stack.slots.extend(slots);
            stack.columns.push(strip);
            left += width + gutter;
        }
        // A drop below a shorter column counts as one on its last plot.
        for slot in stack.slots.iter_mut().filter(|slot| slot.is_lowest) {
            *slot.tile.bottom_mut() = stack.rect.bottom();
        }
        stack
    }

    /// Total height of the plots inside `room`, for the column where that is least.
    pub(in crate::paint) fn plots_height(&self, room: Rect) -> f32 {
        let of = |column: &ColumnSlot| {
            let is_in = |slot: &&PanelSlot| column.rect.x_range().contains(slot.plot.center().x);
            let height = |slot: &PanelSlot| {
                let bottom = (slot.plot.top() + slot.height).min(room.bottom());
                (bottom - slot.plot.top().max(room.top())).max(0.0)
            };
            self.slots.iter().filter(is_in).map(height).sum()
        };
        self.columns.iter().map(of).reduce(f32::min).unwrap_or_default()
    }
}

/// All ghosts of a figure, without duplicates.
fn ghosts(figure: &Figure) -> Vec<&Ghost> {
    let lines = figure.panels.iter().flat_map(|panel| &panel.lines);
    let mut ghosts: Vec<&Ghost> = Vec::new();
    for ghost in lines.filter_map(|line| line.ghost.as_ref()) {
        if !ghosts.contains(&ghost) {
            ghosts.push(ghost);
        }
    }
    ghosts
}
