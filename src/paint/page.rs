//! A picture laid out off screen by the same code as in the window: what PNG and SVG are made from.
//! Knows no file format.

use eframe::egui;
use eframe::egui::epaint::ClippedShape;
use eframe::egui::{
    CentralPanel, Color32, Context, Frame, Margin, RawInput, Rect, Vec2, ViewportId, ViewportInfo,
    vec2,
};

use crate::figure::Figure;
use crate::figure::chart::{Chart, Sheet};

use super::chart;
use super::raster::Textures;
use super::screen::{self, Medium};
use super::theme::{self, Theme};
use super::view::PlotView;

/// Pixels a side may have.
pub const SIDES: std::ops::RangeInclusive<u32> = 64..=16384;

/// Pixels an inch that can be asked for.
pub const RESOLUTIONS: std::ops::RangeInclusive<u32> = 30..=1200;

/// Logical points an inch, by egui's convention.
pub(super) const POINTS_PER_INCH: f32 = 96.0;

/// The least part of the height of a figure that its plots have together.
const PLOTS_SHARE: f32 = 0.5;

/// Passes until widths and heights that depend on the pass before stand still.
const N_PASSES: usize = 3;

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
    fn view(self) -> PlotView {
        match self {
            Self::Figure(figure) => PlotView::of(figure.visible),
            Self::Chart(_) | Self::Sheet(_) => PlotView::default(),
        }
    }

    /// How large letters are on a page, relative to the screen.
    fn text_factor(self, size: Vec2) -> f32 {
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

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PaintError {
    /// The size cannot be drawn.
    #[error(
        "a picture of {width_px} × {height_px} pixels cannot be drawn: each side takes {} to {} pixels",
        SIDES.start(), SIDES.end()
    )]
    Size {
        /// Width asked for.
        width_px: u32,
        /// Height asked for.
        height_px: u32,
    },
    /// The resolution cannot be drawn.
    #[error(
        "a picture at {dpi} dpi cannot be drawn: choose {} to {} dpi",
        RESOLUTIONS.start(), RESOLUTIONS.end()
    )]
    Dpi {
        /// Resolution asked for.
        dpi: f32,
    },
    /// Words leave too little to the plots.
    #[error(
        "at {dpi} dpi its words leave less than half of {} × {} pixels to the plots{}", .given[0],
        .given[1], remedy(*.given, *.needed)
    )]
    Crowded {
        /// Width and height asked for.
        given: [u32; 2],
        /// Resolution asked for.
        dpi: f32,
        /// The height at which the plots get half of it; `None` where no picture is so high.
        needed: Option<u32>,
    },
    /// The encoder failed.
    #[error("the picture could not be written as PNG: {0}")]
    Encoding(#[from] ::png::EncodingError),
}

/// What to do about a picture that is crowded.
fn remedy([width, _]: [u32; 2], needed: Option<u32>) -> String {
    match needed {
        Some(height) => format!(
            ", which need {width} × {height}; choose that size, fewer plots, or a shorter title and \
             caption"
        ),
        None => "; no height is enough: choose a larger width, or a shorter title and caption"
            .to_owned(),
    }
}

/// Everything on a page.
pub(super) struct Page {
    /// What laid it out, for tessellation.
    pub(super) ctx: Context,
    /// What is drawn, from back to front, in logical points.
    pub(super) shapes: Vec<ClippedShape>,
    /// Letters as pixels.
    pub(super) textures: Textures,
    /// Size in logical points.
    pub(super) size: Vec2,
    /// Pixels a logical point.
    pub(super) pixels_per_point: f32,
    /// What is behind everything.
    pub(super) background: Color32,
}

impl Page {
    /// Lays a picture out.
    pub(super) fn new(picture: Picture<'_>, options: &PictureOptions) -> Result<Self, PaintError> {
        let PictureOptions { width_px, height_px, dpi, .. } = *options;
        if !SIDES.contains(&width_px) || !SIDES.contains(&height_px) {
            return Err(PaintError::Size { width_px, height_px });
        }
        if !(*RESOLUTIONS.start() as f32..=*RESOLUTIONS.end() as f32).contains(&dpi) {
            return Err(PaintError::Dpi { dpi });
        }
        let (page, plots_height) = Self::laid_out(picture, options);
        if plots_height.is_none_or(|height| height >= PLOTS_SHARE * page.size.y) {
            return Ok(page);
        }
        let needed = needed_height(picture, options);
        Err(PaintError::Crowded { given: [width_px, height_px], dpi, needed })
    }

    /// The page of a picture, and how high its plots are on it together; `None` of a chart.
    fn laid_out(picture: Picture<'_>, options: &PictureOptions) -> (Self, Option<f32>) {
        let PictureOptions { width_px, height_px, dpi, theme, .. } = *options;
        let pixels_per_point = dpi / POINTS_PER_INCH;
        let size = vec2(width_px as f32, height_px as f32) / pixels_per_point;
        let ctx = Context::default();
        theme::install(&ctx);
        theme::wear(&ctx, theme, picture.text_factor(size));
        let mut view = picture.view();
        let mut textures = Textures::default();
        let mut shapes = Vec::new();
        let mut plots_height = None;
        for _ in 0..N_PASSES {
            let mut output = ctx.run_ui(input(size, pixels_per_point), |ui| {
                plots_height = draw(ui, picture, &mut view);
            });
            textures.apply(&mut output.textures_delta);
            shapes = output.shapes;
        }
        let background = theme::colours(&ctx.global_style().visuals).panel;
        (Self { ctx, shapes, textures, size, pixels_per_point, background }, plots_height)
    }
}

/// The least height in pixels at which plots that now have too little keep their share; `None` where
/// no picture is so high. Words grow no slower than the height is raised here, so the first height
/// that is enough is the least.
fn needed_height(picture: Picture<'_>, options: &PictureOptions) -> Option<u32> {
    let mut options = options.clone();
    while SIDES.contains(&options.height_px) {
        let (page, plots_height) = Page::laid_out(picture, &options);
        let words = page.size.y - plots_height.unwrap_or(page.size.y);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "some thousands"
        )]
        let enough = (words / (1.0 - PLOTS_SHARE) * page.pixels_per_point).ceil() as u32;
        if enough <= options.height_px {
            return Some(options.height_px);
        }
        options.height_px = enough;
    }
    None
}

fn input(size: Vec2, pixels_per_point: f32) -> RawInput {
    let mut input = RawInput {
        screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, size)),
        ..RawInput::default()
    };
    let info =
        ViewportInfo { native_pixels_per_point: Some(pixels_per_point), ..Default::default() };
    input.viewports.insert(ViewportId::ROOT, info);
    input
}

/// Draws a picture; how high the plots of a figure are.
fn draw(ui: &mut egui::Ui, picture: Picture<'_>, view: &mut PlotView) -> Option<f32> {
    let fill = theme::colours(ui.visuals()).panel;
    let frame = Frame::NONE.fill(fill).inner_margin(Margin::same(8));
    let drawn = CentralPanel::default().frame(frame).show(ui, |ui| match picture {
        Picture::Figure(figure) if !figure.panels.is_empty() => {
            Some(screen::draw(ui, figure, view, Medium::Page).plots_height)
        }
        Picture::Figure(figure) => {
            screen::draw(ui, figure, view, Medium::Page);
            None
        }
        Picture::Chart(chart) => {
            chart::draw(ui, chart);
            None
        }
        Picture::Sheet(sheet) => {
            chart::draw_sheet(ui, sheet);
            None
        }
    });
    drawn.inner
}

/// Letters of 7 to 11 points for print; a larger page gets the sizes of the screen.
fn text_factor(size: Vec2) -> f32 {
    (size.y / 620.0).min(size.x / 800.0).clamp(0.55, 1.0)
}
