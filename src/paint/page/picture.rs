//! What can be drawn on a page, and how large.

use eframe::egui::Vec2;

use crate::figure::Figure;
use crate::figure::chart::{Chart, Sheet};
use crate::paint::chart;
use crate::paint::layout::PlotView;
use crate::paint::style::Theme;

/// Pixels a side may have.
pub const SIDES: std::ops::RangeInclusive<u32> = 64..=16384;

/// Pixels an inch that can be asked for.
pub const RESOLUTIONS: std::ops::RangeInclusive<u32> = 30..=1200;

/// What can be drawn on a page.
#[derive(Clone, Copy, Debug)]
pub enum Picture<'a> {
    /// Runs over their steps.
    Figure(&'a Figure),
    /// A study.
    Chart(&'a Chart),
    /// Studies beside each other.
    Sheet(&'a Sheet),
}

impl<'a> From<&'a Figure> for Picture<'a> {
    fn from(figure: &'a Figure) -> Self {
        Self::Figure(figure)
    }
}

impl<'a> From<&'a Chart> for Picture<'a> {
    fn from(chart: &'a Chart) -> Self {
        Self::Chart(chart)
    }
}

impl<'a> From<&'a Sheet> for Picture<'a> {
    fn from(sheet: &'a Sheet) -> Self {
        Self::Sheet(sheet)
    }
}

impl<'a> Picture<'a> {
    /// The line above everything.
    pub(super) fn title(self) -> Option<&'a str> {
        match self {
            Self::Figure(figure) => figure.title.as_deref(),
            Self::Chart(chart) => chart.title.as_deref(),
            Self::Sheet(sheet) => sheet.title.as_deref(),
        }
    }

    /// The small print below everything.
    pub(super) fn caption(self) -> Option<&'a str> {
        match self {
            Self::Figure(figure) => figure.caption.as_deref(),
            Self::Chart(chart) => chart.caption.as_deref(),
            Self::Sheet(sheet) => sheet.caption.as_deref(),
        }
    }

    /// What is in view of its plots.
    pub(super) fn view(self) -> PlotView {
        match self {
            Self::Figure(figure) => PlotView::of(figure.visible),
            Self::Chart(_) | Self::Sheet(_) => PlotView::default(),
        }
    }

    /// How large letters are on a page, relative to the screen.
    pub(super) fn text_factor(self, size: Vec2) -> f32 {
        match self {
            Self::Figure(_) => text_factor(size),
            Self::Chart(_) | Self::Sheet(_) => chart::text_factor(size),
        }
    }
}

/// How large a picture is, how it looks, and what it says about itself where nobody sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureOptions {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Pixels an inch: with the same pixels, more of them make larger letters and lines.
    pub dpi: f32,
    /// Colours.
    pub theme: Theme,
    /// The settings of the runs or the study, to be kept in the file's metadata; `None` keeps none.
    pub configuration: Option<String>,
}

impl Default for PictureOptions {
    /// Six by four inches for print.
    fn default() -> Self {
        Self {
            width_px: 1800,
            height_px: 1200,
            dpi: 300.0,
            theme: Theme::Light,
            configuration: None,
        }
    }
}

/// Letters of 7 to 11 points for print; a larger page gets the sizes of the screen.
fn text_factor(size: Vec2) -> f32 {
    (size.y / 620.0).min(size.x / 800.0).clamp(0.55, 1.0)
}
