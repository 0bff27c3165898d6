//! Lays a picture out off screen, with the same code as in a window, for PNG and SVG.

use eframe::egui;
use eframe::egui::epaint::ClippedShape;
use eframe::egui::{
    CentralPanel, Color32, Context, Frame, Margin, RawInput, Rect, Vec2, ViewportId, ViewportInfo,
    vec2,
};

use crate::paint::chart;
use crate::paint::interactive::screen::{self, Medium};
use crate::paint::layout::PlotView;
use crate::paint::style::theme;

use super::error::PaintError;
use super::picture::{Picture, PictureOptions, RESOLUTIONS, SIDES};
use super::raster::Textures;

/// Logical points per inch, by egui's convention.
pub(super) const POINTS_PER_INCH: f32 = 96.0;

/// Least total height of the plots, as a fraction of a figure's height.
const PLOTS_SHARE: f32 = 0.5;

/// Layout passes until sizes that depend on the previous pass are stable.
const N_PASSES: usize = 3;

/// A laid-out page.
pub(super) struct Page {
    /// The context of the layout, for tessellation.
    pub(super) ctx: Context,
    /// Shapes from back to front, in logical points.
    pub(super) shapes: Vec<ClippedShape>,
    /// Font textures.
    pub(super) textures: Textures,
    /// Size in logical points.
    pub(super) size: Vec2,
    /// Pixels per logical point.
    pub(super) pixels_per_point: f32,
    /// Background colour.
    pub(super) background: Color32,
}

impl Page {
    /// Lays out a picture.
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

    /// The page of a picture, and the total height of its plots; `None` for charts.
    fn laid_out(picture: Picture<'_>, options: &PictureOptions) -> (Self, Option<f32>) {
        let PictureOptions { width_px, height_px, dpi, theme, .. } = *options;
        let pixels_per_point = dpi / POINTS_PER_INCH;
        let size = vec2(width_px as f32, height_px as f32) / pixels_per_point;
        let ctx = Context::default();
        theme::install(&ctx);
        theme::activate(&ctx, theme, picture.text_factor(size));
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

/// The least height in pixels at which the plots get [`PLOTS_SHARE`] of a figure; `None` if it is
/// out of range. Text never takes less height on a higher page, so iterating from below finds the
/// least.
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

/// Draws a picture; returns the total height of a figure's plots.
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
