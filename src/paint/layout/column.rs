//! The layout of one column of plots: panels above each other with aligned axes.

use eframe::egui::{Pos2, Rect, TextStyle, Ui, pos2, vec2};

use crate::figure::{Figure, Line, Panel, PanelKind, Tick, ticks};
use crate::paint::plot::{ViewRange, end_labels};
use crate::paint::style::theme;

use super::column_frame::ColumnFrame;
use super::flags::Flags;
use super::header;
use super::header::{Header, HeaderContext};
use super::shares::split;
use super::tiles::Column;
use super::view::PlotView;

/// Least width of a plot beside another column, in lines of text.
const LEAST_WIDTH: f32 = 11.0;

/// `egui_plot` shifts rotated axis labels to the left by this many lines of text.
const INDENT: f32 = 0.25;

/// The laid-out place of a panel.
pub(in crate::paint) struct PanelSlot<'a> {
    /// The panel.
    pub(in crate::paint) panel: &'a Panel,
    /// Its laid-out header.
    pub(in crate::paint) header: Header,
    /// Upper left corner of the header.
    pub(in crate::paint) corner: Pos2,
    /// The plot with its axes.
    pub(in crate::paint) plot: Rect,
    /// Height of the plot without the step axis.
    pub(in crate::paint) height: f32,
    /// The panel with margins; the tiles of a column cover all of it.
    pub(in crate::paint) tile: Rect,
    /// Visible ranges of both axes.
    pub(in crate::paint) range: ViewRange,
    /// Number of labels that fit on the vertical axis.
    pub(in crate::paint) n_ticks: usize,
    /// Width of the vertical axis.
    pub(in crate::paint) axis_width: f32,
    /// Height of the step axis below the lowest panel.
    pub(in crate::paint) step_axis_height: f32,
    /// Number of labels that fit on the step axis.
    pub(in crate::paint) n_step_ticks: usize,
    /// Whether it is the lowest of its column, which has the step axis.
    pub(in crate::paint) is_lowest: bool,
}

/// A laid-out column.
pub(in crate::paint) struct ColumnSlot {
    /// Flags of setting changes, and their upper left corner.
    pub(in crate::paint) flags: (Flags, Pos2),
    /// The whole column.
    pub(in crate::paint) rect: Rect,
}

/// A column whose width is not known yet.
pub(in crate::paint) struct ColumnDraft<'a> {
    /// Panels from top to bottom, with their visible ranges and shares of the height.
    panels: Vec<(&'a Panel, ViewRange, f32)>,
    steps: [f64; 2],
    axis_width: f32,
    /// Width to the right of the plots.
    margin: f32,
    frame: ColumnFrame,
}

impl<'a> ColumnDraft<'a> {
    /// A column of a figure, with these steps visible.
    pub(in crate::paint) fn new(
        ui: &Ui,
        figure: &'a Figure,
        view: &PlotView,
        column: &Column,
        steps: [f64; 2],
        frame: ColumnFrame,
    ) -> Self {
        let find = |(kind, share): &(_, f32)| {
            let panel = figure.panels.iter().find(|panel| panel.kind == *kind)?;
            Some((panel, view_range(panel, view, steps), *share))
        };
        let panels: Vec<_> = column.panels.iter().filter_map(find).collect();
        let axis_width = axis_width(ui, &panels);
        // Half of the step axis's last label is right of the plot.
        let names = end_labels::room(ui, panels.iter().map(|(panel, ..)| *panel));
        let margin = names.max(14.0 * theme::factor(ui.style()));
        Self { panels, steps, axis_width, margin, frame }
    }

    /// Least readable width beside another column.
    pub(in crate::paint) fn least_width(&self, ui: &Ui) -> f32 {
        let row = ui.text_style_height(&TextStyle::Body);
        self.axis_width + self.margin + LEAST_WIDTH * row
    }

    /// Lays out headers and flags for a width; the first panel's header lists the ghosts.
    pub(in crate::paint) fn measured(
        self,
        ui: &Ui,
        figure: &Figure,
        view: &PlotView,
        width: f32,
        context: HeaderContext<'_>,
    ) -> MeasuredColumn<'a> {
        let indent = ui.text_style_height(&TextStyle::Body) * INDENT;
        let width = width - indent - self.axis_width - self.margin;
        let header = |(i, (panel, range, _)): (usize, &(&Panel, ViewRange, f32))| {
            let is_fitted = view.height(panel.kind, panel.scale).is_none();
            let is_shown = |line: &Line| header::is_shown(view, line);
            let out_of_range =
                is_fitted.then(|| panel.out_of_range(range.height, range.steps, is_shown));
            let ghosts = if i == 0 { context.ghosts } else { &[] };
            Header::new(ui, panel, width, HeaderContext { ghosts, out_of_range, ..context })
        };
        let headers = self.panels.iter().enumerate().map(header).collect();
        let steps = self.steps;
        let n_lanes = self.frame.n_lanes();
        let place = |step| place_of(step, steps) * width;
        let flags = Flags::new(ui, &figure.marks, width, n_lanes, place);
        MeasuredColumn { draft: self, width, headers, flags }
    }
}

/// A column whose headers and flags are laid out.
pub(in crate::paint) struct MeasuredColumn<'a> {
    draft: ColumnDraft<'a>,
    /// Width of the plots without their axes.
    width: f32,
    headers: Vec<Header>,
    flags: Flags,
}

impl<'a> MeasuredColumn<'a> {
    /// Height of the header and flags above its first plot.
    pub(in crate::paint) fn head(&self) -> f32 {
        self.headers.first().map_or(0.0, |header| header.height) + self.lane()
    }

    fn lane(&self) -> f32 {
        self.draft.frame.lane.unwrap_or(self.flags.height)
    }

    /// Fits the column into a rectangle, with `added` height above its first header and plots of at
    /// least the given heights.
    pub(in crate::paint) fn placed(
        self,
        ui: &Ui,
        room: Rect,
        added: f32,
        least: impl Fn(PanelKind) -> f32,
    ) -> (Vec<PanelSlot<'a>>, ColumnSlot) {
        let row = ui.text_style_height(&TextStyle::Body);
        let lane = self.lane();
        let Self { draft, width, headers, flags } = self;
        let ColumnDraft { panels, axis_width, frame, .. } = draft;
        let rect = room.with_min_x(room.left() + row * INDENT);
        let (step_axis_height, gap) = (frame.step_axis, frame.gap);
        let taken: f32 = headers.iter().map(|header| header.height + gap).sum::<f32>()
            + lane
            + step_axis_height
            + added;
        let least = |panel: &Panel| least(panel.kind);
        let parts = panels.iter().map(|(panel, _, share)| (*share, least(panel)));
        let heights = split(rect.height() - taken, &parts.collect::<Vec<_>>());
        let left = rect.left() + axis_width;
        let n_panels = panels.len();
        let mut slots = Vec::new();
        let mut foot = rect.top();
        let mut y = rect.top();
        for (i, (((panel, range, _), header), height)) in
            panels.into_iter().zip(headers).zip(heights).enumerate()
        {
            let top = y;
            if i == 0 {
                y += added;
            }
            let corner = pos2(left, y);
            y += header.height;
            if i == 0 {
                foot = y;
                y += lane;
            }
            let is_lowest = i + 1 == n_panels;
            let axis = if is_lowest { step_axis_height } else { 0.0 };
            let plot =
                Rect::from_min_size(pos2(rect.left(), y), vec2(axis_width + width, height + axis));
            y += height + gap;
            slots.push(PanelSlot {
                panel,
                header,
                corner,
                plot,
                height,
                tile: Rect::from_x_y_ranges(room.x_range(), top..=y),
                range,
                n_ticks: count(height / (row * 1.35)),
                axis_width,
                step_axis_height,
                n_step_ticks: count(width / (row * 4.5)),
                is_lowest,
            });
        }
        let bottom = slots.last().map_or(y, |slot| slot.plot.bottom());
        let rect = room.with_max_y(room.bottom().max(bottom));
        (slots, ColumnSlot { flags: (flags, pos2(left, foot)), rect })
    }
}

fn view_range(panel: &Panel, view: &PlotView, steps: [f64; 2]) -> ViewRange {
    let fitted = || panel.fit(steps, |line| header::is_shown(view, line));
    ViewRange { steps, height: view.height(panel.kind, panel.scale).unwrap_or_else(fitted) }
}

/// The position of a step: 0 at the left edge, 1 at the right one.
fn place_of(step: f64, [first, last]: [f64; 2]) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a place on the page")]
    let place = ((step - first) / (last - first)) as f32;
    place
}

fn count(n: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a handful"
    )]
    let n = n.clamp(2.0, 14.0) as usize;
    n
}

/// Width for the widest tick label of any panel and the rotated axis label, so all plots align.
fn axis_width(ui: &Ui, panels: &[(&Panel, ViewRange, f32)]) -> f32 {
    let font = TextStyle::Body.resolve(ui.style());
    let color = ui.visuals().text_color();
    let width = |tick: Tick| ui.painter().layout_no_wrap(tick.label, font.clone(), color).size().x;
    let widths = panels.iter().flat_map(|(panel, range, _)| {
        // The number of ticks is not known yet; labels of different numbers have different widths.
        [3, 5, 8].into_iter().flat_map(|n| ticks(panel.scale, range.height, n))
    });
    let widest = widths.map(width).fold(0.0, f32::max);
    // As in `egui_plot`: 4 points on either side of tick labels, 1.25 lines for the axis label.
    widest + 10.0 + ui.text_style_height(&TextStyle::Body) * 1.3
}
