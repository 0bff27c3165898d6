//! The table beside the pointer: every plot shows the readings of its lines at one step, with dots.

use std::sync::Arc;

use eframe::egui::{Color32, FontId, Galley, Pos2, Rect, Stroke, StrokeKind, TextStyle, Ui, Vec2};
use eframe::egui::{pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

use crate::figure::{Axis, Ghost, Line, Mark, Panel};
use crate::paint::layout::flags;
use crate::paint::plot::{PlotContents, samples};
use crate::paint::style::{ghost_style, line_style, theme};
use crate::text;

/// What a table shows besides the lines, and where.
pub(super) struct Hovered<'a> {
    /// The horizontal axis of the figure.
    pub(super) axis: Axis,
    /// Place of the pointer on that axis.
    pub(super) step: f64,
    /// Setting changes near the pointer, in the plot that contains it.
    pub(super) marks: Vec<&'a Mark>,
    /// Area for the table.
    pub(super) limits: Rect,
}

/// The content of a table: a column per run, a row per quantity.
struct Table<'a> {
    head: String,
    columns: Vec<Option<&'a Ghost>>,
    rows: Vec<(&'a Line, Vec<Option<String>>)>,
    marks: Vec<String>,
}

/// Paints the dots and the table of one plot; returns the table as text, for screen readers.
pub(super) fn paint(
    ui: &Ui,
    panel: &Panel,
    contents: &PlotContents<'_>,
    transform: &PlotTransform,
    hovered: &Hovered<'_>,
) -> Option<String> {
    let table = table(contents, hovered)?;
    dots(ui, panel, contents, transform);
    let layout = Layout::new(ui, &table);
    // A table wider than its column extends into others.
    let is_wide = layout.size.x > hovered.limits.width();
    let limits = if is_wide { ui.clip_rect() } else { hovered.limits };
    let at = place(panel, contents, transform, hovered.step, limits, layout.size);
    layout.paint(ui, &table, at);
    Some(table.words())
}

fn table<'a>(contents: &PlotContents<'a>, hovered: &Hovered<'_>) -> Option<Table<'a>> {
    let read = || contents.lines.iter().copied().filter(|line| line.reading.is_some());
    let mut columns: Vec<Option<&Ghost>> = Vec::new();
    for ghost in read().map(|line| line.ghost.as_ref()) {
        if !columns.contains(&ghost) {
            columns.push(ghost);
        }
    }
    columns.sort_by_key(Option::is_some);
    let mut rows: Vec<(&Line, Vec<Option<String>>)> = Vec::new();
    let step = hovered.step.round().max(0.0);
    for line in read() {
        let column = columns.iter().position(|ghost| *ghost == line.ghost.as_ref())?;
        let row = rows.iter().position(|(first, _)| first.quantity == line.quantity);
        let row = row.unwrap_or_else(|| {
            rows.push((line, vec![None; columns.len()]));
            rows.len() - 1
        });
        let reading = line.reading?;
        let value = text::number(reading.value);
        let later = if reading.is_exact { String::new() } else { format!(" at {}", reading.step) };
        rows[row].1[column] = Some(format!("{value}{later}"));
    }
    let marks: Vec<_> = hovered.marks.iter().map(|mark| flags::text_of(mark)).collect();
    let head = hovered.axis.words(if hovered.axis == Axis::Step { step } else { hovered.step });
    (!rows.is_empty() || !marks.is_empty()).then_some(Table { head, columns, rows, marks })
}

impl Table<'_> {
    /// The table as text, one line per value.
    fn words(&self) -> String {
        let mut lines = vec![self.head.clone()];
        for (line, values) in &self.rows {
            for (ghost, value) in self.columns.iter().zip(values) {
                let Some(value) = value else { continue };
                let of = ghost.map_or_else(String::new, |ghost| format!(" of {}", ghost.name));
                lines.push(format!("{}{of} = {value}", line.name));
            }
        }
        lines.extend(self.marks.iter().cloned());
        lines.join("\n")
    }
}

/// Paints a dot on every line at the step of its reading.
fn dots(ui: &Ui, panel: &Panel, contents: &PlotContents<'_>, transform: &PlotTransform) {
    let palette = theme::colours(ui.visuals());
    let painter = ui.painter().with_clip_rect(*transform.frame());
    for line in contents.lines.iter().rev() {
        let Some(reading) = line.reading else { continue };
        let Some(place) = panel.scale.to_axis(reading.value) else { continue };
        let at = transform.position_from_point(&PlotPoint::new(reading.place, place));
        let radius = 3.4 * theme::factor(ui.style());
        painter.circle(
            at,
            radius,
            line_style(ui.style(), line).color,
            Stroke::new(1.0, palette.plot),
        );
    }
}

/// The laid-out values of a row.
type Cells = Vec<Option<Arc<Galley>>>;

/// A laid-out table.
struct Layout {
    head: Arc<Galley>,
    /// Short names of ghosts.
    names: Vec<Option<Arc<Galley>>>,
    rows: Vec<(Arc<Galley>, Cells)>,
    marks: Vec<Arc<Galley>>,
    widths: Vec<f32>,
    label_width: f32,
    row: f32,
    unit: f32,
    size: Vec2,
}

impl Layout {
    fn new(ui: &Ui, table: &Table<'_>) -> Self {
        let palette = theme::colours(ui.visuals());
        let unit = theme::factor(ui.style());
        let font = FontId::proportional(TextStyle::Small.resolve(ui.style()).size);
        let lay = |text: &str, color: Color32| {
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), color)
        };
        let head = lay(&table.head, palette.weak);
        let names: Vec<_> = table
            .columns
            .iter()
            .map(|ghost| ghost.map(|ghost| lay(&ghost.short_name(), palette.weak)))
            .collect();
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|(line, values)| {
                let value = |value: &Option<String>| value.as_ref().map(|v| lay(v, palette.strong));
                (lay(&line.name, palette.text), values.iter().map(value).collect::<Cells>())
            })
            .collect();
        let marks: Vec<_> = table.marks.iter().map(|mark| lay(mark, palette.text)).collect();
        let width = |galley: &Arc<Galley>| galley.size().x;
        let sample = 26.0 * unit;
        let label_width = rows
            .iter()
            .map(|(label, _)| width(label) + sample)
            .chain([width(&head)])
            .fold(0.0, f32::max);
        let widths: Vec<f32> = (0..names.len())
            .map(|i| {
                let values = rows.iter().filter_map(|(_, values)| values[i].as_ref()).map(width);
                let name = names[i].as_ref().map(|name| width(name) + sample);
                values.chain(name).fold(0.0, f32::max)
            })
            .collect();
        let row = head.size().y;
        let gap = 10.0 * unit;
        let across = label_width + widths.iter().map(|width| width + gap).sum::<f32>();
        let across = marks.iter().map(width).fold(across, f32::max);
        let down = row * (1 + rows.len() + marks.len()) as f32;
        let size = vec2(across, down) + Vec2::splat(8.0 * unit);
        Self { head, names, rows, marks, widths, label_width, row, unit, size }
    }

    fn paint(self, ui: &Ui, table: &Table<'_>, at: Pos2) {
        let palette = theme::colours(ui.visuals());
        let painter = ui.painter();
        let frame = Rect::from_min_size(at, self.size);
        painter.rect(
            frame,
            4.0,
            palette.card.gamma_multiply(0.93),
            Stroke::new(1.0, palette.frame),
            StrokeKind::Inside,
        );
        let corner = at + Vec2::splat(4.0 * self.unit);
        let gap = 10.0 * self.unit;
        let sample = 20.0 * self.unit;
        let ends = |x: f32, y: f32| {
            let y = y + self.row / 2.0;
            [pos2(x, y), pos2(x + sample, y)]
        };
        painter.galley(corner, self.head, palette.weak);
        let mut right = corner.x + self.label_width;
        for ((ghost, name), width) in table.columns.iter().zip(self.names).zip(&self.widths) {
            right += gap + width;
            let (Some(ghost), Some(name)) = (ghost, name) else { continue };
            let left = right - name.size().x;
            let line_style = ghost_style(ui.style(), ghost.style);
            samples::sample(ui, ends(left - sample - 4.0 * self.unit, corner.y), line_style);
            painter.galley(pos2(left, corner.y), name, palette.weak);
        }
        let mut y = corner.y + self.row;
        for ((line, _), (label, values)) in table.rows.iter().zip(self.rows) {
            if line.ghost.is_none() {
                samples::line_sample(ui, ends(corner.x, y), line);
            }
            painter.galley(pos2(corner.x + 26.0 * self.unit, y), label, palette.text);
            let mut right = corner.x + self.label_width;
            for (value, width) in values.into_iter().zip(&self.widths) {
                right += gap + width;
                if let Some(value) = value {
                    painter.galley(pos2(right - value.size().x, y), value, palette.strong);
                }
            }
            y += self.row;
        }
        for mark in self.marks {
            painter.galley(pos2(corner.x, y), mark, palette.text);
            y += self.row;
        }
    }
}

/// A position beside the pointer, on the side and at the end where the table hides the fewest
/// points.
fn place(
    panel: &Panel,
    contents: &PlotContents<'_>,
    transform: &PlotTransform,
    step: f64,
    limits: Rect,
    size: Vec2,
) -> Pos2 {
    let frame = *transform.frame();
    let x = transform.position_from_point_x(step);
    let gap = 12.0;
    let tops = [frame.top() + 4.0, frame.bottom() - size.y - 4.0];
    let lefts = [x + gap, x - gap - size.x];
    let is_within = |left: f32, room: Rect| left >= room.left() && left + size.x <= room.right();
    // Inside the plot if one side has room, else anywhere in the limits.
    let is_inside = lefts.iter().any(|left| is_within(*left, frame));
    let room = if is_inside { frame } else { limits };
    let mut best: Option<(usize, Pos2)> = None;
    for left in lefts.into_iter().filter(|left| is_within(*left, room)) {
        for top in tops {
            let lowest = (limits.bottom() - size.y).max(limits.top());
            let at = pos2(left, top.clamp(limits.top(), lowest));
            let hidden = n_hidden(panel, contents, transform, Rect::from_min_size(at, size));
            if best.is_none_or(|(least, _)| hidden < least) {
                best = Some((hidden, at));
            }
        }
    }
    best.map_or_else(|| pos2(limits.left(), tops[0]), |(_, at)| at)
}

/// The number of drawn points that a table would cover.
fn n_hidden(
    panel: &Panel,
    contents: &PlotContents<'_>,
    transform: &PlotTransform,
    rect: Rect,
) -> usize {
    let from = transform.value_from_position(rect.left_bottom());
    let to = transform.value_from_position(rect.right_top());
    contents
        .lines
        .iter()
        .flat_map(|line| &line.trace.pieces)
        .map(|piece| {
            let first = piece.partition_point(|point| point[0] < from.x);
            let last = piece.partition_point(|point| point[0] <= to.x);
            let heights = piece[first..last.max(first)].iter().map(|point| point[1]);
            let places = heights.filter_map(|value| panel.scale.to_axis(value));
            places.filter(|place| (from.y..=to.y).contains(place)).count()
        })
        .sum()
}
