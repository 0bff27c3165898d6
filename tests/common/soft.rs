//! The software renderer of the PNG export as kittest's renderer: no GPU, no display, same pixels
//! on every machine.

use eframe::egui::{Color32, Context, FullOutput, TexturesDelta};
use egui_kittest::TestRenderer;
use eoscope::paint::raster::{self, Textures};

/// Renders the harness in software.
#[derive(Default)]
pub(crate) struct Soft {
    textures: Textures,
}

impl TestRenderer for Soft {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.textures.apply(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<image::RgbaImage, String> {
        let ppp = ctx.pixels_per_point();
        let primitives = ctx.tessellate(output.shapes.clone(), ppp);
        let size = ctx.content_rect().size() * ppp;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a window")]
        let [width, height] = [size.x.round() as u32, size.y.round() as u32];
        let size = [width as usize, height as usize];
        let picture = raster::render(size, Color32::BLACK, (&self.textures, &primitives), ppp);
        let bytes = picture.pixels.iter().flat_map(Color32::to_array).collect();
        image::RgbaImage::from_raw(width, height, bytes)
            .ok_or_else(|| "size of the picture".to_owned())
    }
}
