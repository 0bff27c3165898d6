//! A renderer for `egui_kittest` on our software rasterizer: no GPU or display, identical pixels
//! everywhere.

use eframe::egui;
use eoscope::paint::raster::{Textures, render};

/// Paints the frames of a test harness.
#[derive(Default)]
pub(crate) struct Soft {
    textures: Textures,
}

impl egui_kittest::TestRenderer for Soft {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.textures.apply(delta);
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        let size = [size.x.round() as usize, size.y.round() as usize];
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        let background = ctx.global_style().visuals.panel_fill;
        let image = render(size, background, &self.textures, &primitives, scale);
        let bytes = image.pixels.iter().flat_map(egui::Color32::to_srgba_unmultiplied).collect();
        let [width, height] = size.map(|n| u32::try_from(n).unwrap_or(0));
        image::RgbaImage::from_raw(width, height, bytes).ok_or_else(|| "empty picture".to_owned())
    }
}
