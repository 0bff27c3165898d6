//! What a column of plots has besides its plots: headers, a row of flags, gaps, the step axis.

use eframe::egui::{TextStyle, Ui};

use crate::paint::style::theme;

use super::{flags, header};

/// Height of the step axis in lines of text.
const STEP_AXIS: f32 = 2.3;

/// Height of the step axis without its label, in lines of text.
const BARE_STEP_AXIS: f32 = 1.3;

/// Height in lines of text below which plots have neither a row for flags nor a label below.
const LOW: f32 = 17.0;

/// Gap between plots in points.
const GAP: f32 = 7.0;

/// What a column has besides plots and headers.
#[derive(Clone, Copy, Debug)]
pub(in crate::paint) struct ColumnFrame {
    /// Height of the row of flags, whether there are any or not; `None` for as high as they are.
    pub(super) lane: Option<f32>,
    /// Height of the step axis.
    pub(super) step_axis: f32,
    /// Gap below each plot.
    pub(super) gap: f32,
}

impl ColumnFrame {
    /// In a picture.
    pub(in crate::paint) fn of_page(ui: &Ui) -> Self {
        let row = ui.text_style_height(&TextStyle::Body);
        let gap = GAP * theme::factor(ui.style());
        Self { lane: None, step_axis: row * STEP_AXIS, gap }
    }

    /// In a window with this much height for the plots. Where there is little, flags are drawn into
    /// the plot, and the step axis has no label; it has none either if it is to be bare.
    pub(in crate::paint) fn of_window(ui: &Ui, height: f32, is_axis_bare: bool) -> Self {
        let row = ui.text_style_height(&TextStyle::Body);
        let page = Self::of_page(ui);
        let is_low = height < LOW * row;
        let lane = if is_low { 0.0 } else { flags::lane_height(ui) };
        let is_bare = is_low || is_axis_bare;
        let step_axis = if is_bare { row * BARE_STEP_AXIS } else { page.step_axis };
        Self { lane: Some(lane), step_axis, gap: page.gap }
    }

    /// Rows of flags at most.
    pub(super) fn n_lanes(&self) -> usize {
        if self.lane.is_some() { 1 } else { flags::MAX_LANES }
    }

    /// The height that so many plots in a column of a window do not get.
    pub(in crate::paint) fn taken(&self, ui: &Ui, n_plots: usize) -> f32 {
        let each = header::row_height(ui) + self.gap;
        each * n_plots as f32 + self.lane.unwrap_or_default() + self.step_axis
    }
}
