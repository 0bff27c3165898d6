//! Renders a picture as a PNG, with its resolution and settings as metadata.

use std::io::Cursor;

use eframe::egui::ColorImage;

use crate::export::PNG_KEYWORD;

use super::error::PaintError;
use super::off_screen::Page;
use super::picture::{Picture, PictureOptions};
use super::raster;

/// Renders a figure, chart or sheet to the bytes of a PNG file.
pub fn render<'a>(
    picture: impl Into<Picture<'a>>,
    options: &PictureOptions,
) -> Result<Vec<u8>, PaintError> {
    let picture = picture.into();
    encode(picture, options, &image(picture, options)?)
}

/// Renders a figure, chart or sheet to opaque pixels.
pub fn image<'a>(
    picture: impl Into<Picture<'a>>,
    options: &PictureOptions,
) -> Result<ColorImage, PaintError> {
    let page = Page::new(picture.into(), options)?;
    let Page { ctx, shapes, textures, pixels_per_point, background, .. } = page;
    let primitives = ctx.tessellate(shapes, pixels_per_point);
    let n_pixels = [options.width_px as usize, options.height_px as usize];
    Ok(raster::render(n_pixels, background, &textures, &primitives, pixels_per_point))
}

fn encode(
    picture: Picture<'_>,
    options: &PictureOptions,
    image: &ColorImage,
) -> Result<Vec<u8>, PaintError> {
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
    let texts = [
        ("Title", picture.title()),
        ("Description", picture.caption()),
        (PNG_KEYWORD, options.configuration.as_deref()),
    ];
    for (keyword, text) in texts {
        if let Some(text) = text {
            // International text: captions contain η, λ and ×.
            encoder.add_itxt_chunk(keyword.to_owned(), text.to_owned())?;
        }
    }
    let pixels = image.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]);
    let pixels: Vec<u8> = pixels.collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(bytes.into_inner())
}
