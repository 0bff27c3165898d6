//! A figure as a PNG, drawn off screen by the same code as in the window.
//! Knows no display and no file.

use std::io::Cursor;

use eframe::egui;
use eframe::egui::{
    CentralPanel, Context, Frame, Margin, RawInput, Rect, ViewportId, ViewportInfo, vec2,
};

use crate::figure::Figure;

use super::raster::{self, Textures};
use super::screen::{self, Banding};
use super::theme::{self, Theme};
use super::view::PlotView;

/// Pixels a side may have.
pub const SIDES: std::ops::RangeInclusive<u32> = 64..=16384;

/// Logical points an inch, by egui's convention.
const POINTS_PER_INCH: f32 = 96.0;

/// Passes until widths and heights that depend on the pass before stand still.
const N_PASSES: usize = 3;

/// How large a picture is, and how it looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PngOptions {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Pixels an inch: with the same pixels, more of them make larger letters and lines.
    pub dpi: f32,
    /// Colours.
    pub theme: Theme,
}

impl Default for PngOptions {
    /// Six by four inches for print.
    fn default() -> Self {
        Self { width_px: 1800, height_px: 1200, dpi: 300.0, theme: Theme::Light }
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
    #[error("a picture at {dpi} dpi cannot be drawn: choose 30 to 1200 dpi")]
    Dpi {
        /// Resolution asked for.
        dpi: f32,
    },
    /// The encoder failed.
    #[error("the picture could not be written as PNG: {0}")]
    Encoding(#[from] ::png::EncodingError),
}

/// A figure as the bytes of a PNG file, with its resolution and its caption inside.
pub fn render(figure: &Figure, options: &PngOptions) -> Result<Vec<u8>, PaintError> {
    let PngOptions { width_px, height_px, dpi, theme } = *options;
    if !SIDES.contains(&width_px) || !SIDES.contains(&height_px) {
        return Err(PaintError::Size { width_px, height_px });
    }
    if !(30.0..=1200.0).contains(&dpi) {
        return Err(PaintError::Dpi { dpi });
    }
    encode(figure, options, &pixels(figure, options, theme))
}

/// The picture, row by row, as opaque red, green and blue.
fn pixels(figure: &Figure, options: &PngOptions, theme: Theme) -> Vec<u8> {
    let pixels_per_point = options.dpi / POINTS_PER_INCH;
    let size = vec2(options.width_px as f32, options.height_px as f32) / pixels_per_point;
    let ctx = Context::default();
    theme::install_scaled(&ctx, text_factor(size));
    ctx.set_theme(egui::Theme::from(theme));
    let mut view = PlotView::of(figure.visible);
    let mut textures = Textures::default();
    let mut shapes = Vec::new();
    for _ in 0..N_PASSES {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, size)),
            ..RawInput::default()
        };
        let info =
            ViewportInfo { native_pixels_per_point: Some(pixels_per_point), ..Default::default() };
        input.viewports.insert(ViewportId::ROOT, info);
        let mut output = ctx.run_ui(input, |ui| page(ui, figure, &mut view));
        textures.apply(&mut output.textures_delta);
        shapes = output.shapes;
    }
    let primitives = ctx.tessellate(shapes, pixels_per_point);
    let background = theme::colours(&ctx.global_style().visuals).panel;
    let n_pixels = [options.width_px as usize, options.height_px as usize];
    let image = raster::render(n_pixels, background, (&textures, &primitives), pixels_per_point);
    image.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect()
}

fn page(ui: &mut egui::Ui, figure: &Figure, view: &mut PlotView) {
    let fill = theme::colours(ui.visuals()).panel;
    let frame = Frame::NONE.fill(fill).inner_margin(Margin::same(8));
    CentralPanel::default().frame(frame).show(ui, |ui| {
        screen::draw(ui, figure, view, Banding::Exact);
    });
}

/// Letters of 7 to 11 points for print; a larger page gets the sizes of the screen.
fn text_factor(size: egui::Vec2) -> f32 {
    (size.y / 620.0).min(size.x / 800.0).clamp(0.55, 1.0)
}

fn encode(figure: &Figure, options: &PngOptions, pixels: &[u8]) -> Result<Vec<u8>, PaintError> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = ::png::Encoder::new(&mut bytes, options.width_px, options.height_px);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "30 to 1200 dpi")]
    let per_metre = (options.dpi / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(::png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: ::png::Unit::Meter,
    }));
    encoder.add_text_chunk("Software".to_owned(), "eoscope".to_owned())?;
    for (keyword, text) in [("Title", &figure.title), ("Description", &figure.caption)] {
        if let Some(text) = text {
            // International text: captions contain η, λ and ×.
            encoder.add_itxt_chunk(keyword.to_owned(), text.clone())?;
        }
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes.into_inner())
}
