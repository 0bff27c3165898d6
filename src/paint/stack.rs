//! The place of every panel: plots above each other whose axes line up.
//! Does not draw data.

use eframe::egui::{Pos2, Rect, TextStyle, Ui, pos2, vec2};

use crate::figure::{Figure, Ghost, Line, Panel, PanelKind, Tick, ticks};

use super::ends;
use super::flags::Flags;
use super::header::{self, About, Header};
use super::items::Frame;
use super::theme;
use super::view::PlotView;

/// Places of all parts of a figure.
pub(super) struct Stack {
    /// Panels, top to bottom.
    pub(super) places: Vec<Place>,
    /// The words of changes, and where.
    pub(super) flags: (Flags, Pos2),
    /// Width of the vertical axes.
    pub(super) axis_width: f32,
    /// Height of the step axis below the last panel.
    pub(super) step_axis_height: f32,
    /// How many labels fit on the step axis.
    pub(super) n_step_ticks: usize,
}

/// Where a panel goes.
pub(super) struct Place {
    /// Its header.
    pub(super) header: Header,
    /// Upper left corner of the header.
    pub(super) corner: Pos2,
    /// Plot with its axes.
    pub(super) plot: Rect,
    /// What is in view.
    pub(super) frame: Frame,
    /// How many labels fit on the vertical axis.
    pub(super) n_ticks: usize,
}

/// Lines of a panel that are not hidden.
pub(super) fn shown<'a>(lines: &'a [Line], view: &PlotView) -> Vec<&'a Line> {
    lines.iter().filter(|line| !view.is_hidden(&header::key(line))).collect()
}

impl Stack {
    /// Fits a figure into a rectangle.
    pub(super) fn new(
        ui: &Ui,
        figure: &Figure,
        view: &mut PlotView,
        (rect, is_interactive): (Rect, bool),
    ) -> Self {
        let factor = theme::factor(ui.style());
        let row = ui.text_style_height(&TextStyle::Body);
        // egui_plot puts the rotated names a quarter of a line to the left of their place.
        let rect = rect.with_min_x(rect.left() + row * 0.25);
        let steps = view.steps(figure.extent);
        let frames: Vec<Frame> =
            figure.panels.iter().map(|panel| frame(panel, view, steps)).collect();
        let axis_width = axis_width(ui, figure, &frames);
        // The last label of the step axis is centred on the edge of the plot.
        let margin = ends::room(ui, figure).max(14.0 * factor);
        let width = rect.width() - axis_width - margin;
        let left = rect.left() + axis_width;
        let headers = headers(ui, (figure, view), &frames, (width, is_interactive));
        let flags = Flags::new(ui, &figure.marks, width, |step| place_of(step, steps) * width);
        let step_axis_height = row * 2.3;
        let gap = 7.0 * factor;
        let taken: f32 = headers.iter().map(|header| header.height + gap).sum::<f32>()
            + flags.height
            + step_axis_height;
        let weights: f32 = figure.panels.iter().map(|panel| panel.kind.weight()).sum();
        let unit = (rect.height() - taken).max(weights * row) / weights.max(1.0);
        let mut stack = Self {
            places: Vec::new(),
            flags: (flags, Pos2::ZERO),
            axis_width,
            step_axis_height,
            n_step_ticks: count(width / (row * 4.5)),
        };
        let mut y = rect.top();
        for (i, (header, frame)) in headers.into_iter().zip(frames).enumerate() {
            let corner = pos2(left, y);
            y += header.height;
            if i == 0 {
                stack.flags.1 = pos2(left, y);
                y += stack.flags.0.height;
            }
            let height = unit * figure.panels[i].kind.weight();
            let is_last = i + 1 == figure.panels.len();
            let axis = if is_last { step_axis_height } else { 0.0 };
            let size = vec2(axis_width + width, height + axis);
            let plot = Rect::from_min_size(pos2(rect.left(), y), size);
            let n_ticks = count(height / (row * 1.9));
            stack.places.push(Place { header, corner, plot, frame, n_ticks });
            y += height + gap;
        }
        stack
    }
}

fn headers(
    ui: &Ui,
    (figure, view): (&Figure, &PlotView),
    frames: &[Frame],
    (width, is_interactive): (f32, bool),
) -> Vec<Header> {
    let lines = figure.panels.iter().flat_map(|panel| &panel.lines);
    let mut ghosts: Vec<&Ghost> = Vec::new();
    for ghost in lines.filter_map(|line| line.ghost.as_ref()) {
        if !ghosts.contains(&ghost) {
            ghosts.push(ghost);
        }
    }
    let header = |(i, (panel, frame)): (usize, (&Panel, &Frame))| {
        let is_fitted = view.height(panel.kind, panel.scale).is_none();
        let is_shown = |line: &Line| !view.is_hidden(&header::key(line));
        let beyond = is_fitted.then(|| panel.beyond(frame.height, frame.steps, is_shown));
        let ghosts = if i == 0 { ghosts.as_slice() } else { &[] };
        Header::new(ui, panel, width, About { ghosts, beyond, is_interactive })
    };
    figure.panels.iter().zip(frames).enumerate().map(header).collect()
}

fn frame(panel: &Panel, view: &PlotView, steps: [f64; 2]) -> Frame {
    let fitted = || panel.fit(steps, |line| !view.is_hidden(&header::key(line)));
    Frame { steps, height: view.height(panel.kind, panel.scale).unwrap_or_else(fitted) }
}

/// 0 at the left edge, 1 at the right one.
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

/// Room for the widest label of any panel and for the rotated name, so that all plots line up.
fn axis_width(ui: &Ui, figure: &Figure, frames: &[Frame]) -> f32 {
    let font = TextStyle::Body.resolve(ui.style());
    let color = ui.visuals().text_color();
    let width = |tick: Tick| ui.painter().layout_no_wrap(tick.label, font.clone(), color).size().x;
    let widths = figure.panels.iter().zip(frames).flat_map(|(panel, frame)| {
        // Any number of labels that might be asked for: their widths differ.
        [3, 5, 8].into_iter().flat_map(|n| ticks(panel.scale, frame.height, n))
    });
    let widest = widths.map(width).fold(0.0, f32::max);
    // As egui_plot reckons: 4 points either side of the labels, 1.25 lines for the name.
    widest + 10.0 + ui.text_style_height(&TextStyle::Body) * 1.3
}

/// Whether a panel is the lowest and carries the step axis.
pub(super) fn is_last(figure: &Figure, kind: PanelKind) -> bool {
    figure.panels.last().is_some_and(|panel| panel.kind == kind)
}
