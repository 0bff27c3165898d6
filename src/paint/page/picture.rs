//! What can be drawn on a page, with size, theme and metadata.

use eframe::egui::Vec2;

use crate::figure::Figure;
use crate::figure::chart::{Chart, Sheet};
use crate::paint::chart;
use crate::paint::layout::PlotView;
use crate::paint::style::Theme;

/// Range of width and height in pixels.
pub const SIDES: std::ops::RangeInclusive<u32> = 64..=16384;

/// Range of resolutions in dots per inch.
pub const RESOLUTIONS: std::ops::RangeInclusive<u32> = 30..=1200;

/// Something to draw on a page.
#[derive(Clone, Copy, Debug)]
pub enum Picture<'a> {
    /// A figure of runs.
    Figure(&'a Figure),
    /// A chart of a study.
    Chart(&'a Chart),
    /// Charts beside each other.
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
    /// The title of the whole picture.
    pub(super) fn title(self) -> Option<&'a str> {
        match self {
            Self::Figure(figure) => figure.title.as_deref(),
            Self::Chart(chart) => chart.title.as_deref(),
            Self::Sheet(sheet) => sheet.title.as_deref(),
        }
    }

    /// The caption of the whole picture.
    pub(super) fn caption(self) -> Option<&'a str> {
        match self {
            Self::Figure(figure) => figure.caption.as_deref(),
            Self::Chart(chart) => chart.caption.as_deref(),
            Self::Sheet(sheet) => sheet.caption.as_deref(),
        }
    }

    /// A view with the requested visible range.
    pub(super) fn view(self) -> PlotView {
        match self {
            Self::Figure(figure) => PlotView::of(figure.visible),
            Self::Chart(_) | Self::Sheet(_) => PlotView::default(),
        }
    }

    /// Scale of text on a page of this size, relative to the screen.
    pub(super) fn text_factor(self, size: Vec2) -> f32 {
        match self {
            Self::Figure(_) => text_factor(size),
            Self::Chart(_) | Self::Sheet(_) => chart::text_factor(size),
        }
    }
}

/// Size, theme and metadata of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureOptions {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Dots per inch: with the same size in pixels, more of them make text and lines larger.
    pub dpi: f32,
    /// Colour theme.
    pub theme: Theme,
    /// The settings of the runs or the study, for the file's metadata.
    pub configuration: Option<String>,
}

impl Default for PictureOptions {
    /// 6 × 4 inches for print.
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

/// Text of 7 to 11 points in print; at most the size on screen on large pages.
fn text_factor(size: Vec2) -> f32 {
    (size.y / 620.0).min(size.x / 800.0).clamp(0.55, 1.0)
}
