//! The rasterizer fills triangles exactly once and without gaps.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use eframe::egui::epaint::{ImageDelta, Primitive, Vertex};
use eframe::egui::{
    ClippedPrimitive, Color32, ColorImage, Mesh, Pos2, Rect, TextureId, TextureOptions,
    TexturesDelta, pos2,
};
use eoscope::paint::raster::{Textures, render};

const HALF: Color32 = Color32::from_rgba_premultiplied(100, 0, 0, 100);

fn white() -> Textures {
    let mut textures = Textures::default();
    let mut delta = TexturesDelta::default();
    let image = ColorImage::filled([1, 1], Color32::WHITE);
    delta.push(TextureId::default(), ImageDelta::full(image, TextureOptions::LINEAR));
    textures.apply(&mut delta);
    textures
}

fn fan(corners: &[Pos2], color: Color32) -> ClippedPrimitive {
    let mut mesh = Mesh::default();
    let vertex = |pos: &Pos2| Vertex { pos: *pos, uv: pos2(0.5, 0.5), color };
    mesh.vertices = corners.iter().map(vertex).collect();
    for i in 2..u32::try_from(corners.len()).unwrap() {
        mesh.indices.extend([0, i - 1, i]);
    }
    let clip_rect = Rect::from_min_size(Pos2::ZERO, [1e4, 1e4].into());
    ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }
}

fn painted(primitives: &[ClippedPrimitive]) -> ColorImage {
    render([40, 40], Color32::BLACK, &white(), primitives, 1.0)
}

#[test]
fn triangles_that_share_edges_paint_every_pixel_once() {
    // A half-transparent fan: a pixel painted twice would be brighter, a missed one black.
    let centre = pos2(20.3, 19.7);
    let mut corners = vec![centre];
    corners.extend(
        [(1.0, 1.0), (20.0, 1.0), (39.0, 1.0), (39.0, 39.0), (1.0, 39.0), (1.0, 1.0)]
            .map(|(x, y)| pos2(x, y)),
    );
    let image = painted(&[fan(&corners, HALF)]);
    for y in 0..40 {
        for x in 0..40 {
            let is_inside = (1..39).contains(&x) && (1..39).contains(&y);
            let wanted = if is_inside { 100 } else { 0 };
            assert_eq!(image.pixels[y * 40 + x].r(), wanted, "{x} {y}");
        }
    }
}

#[test]
fn a_triangle_with_a_corner_that_is_no_number_is_not_drawn() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30] {
        let corners = [pos2(0.0, 0.0), pos2(39.0, bad), pos2(bad, 39.0)];
        let image = painted(&[fan(&corners, Color32::WHITE)]);
        assert!(image.pixels.iter().all(|pixel| *pixel == Color32::BLACK), "{bad}");
    }
}

#[test]
fn nothing_is_drawn_outside_the_clip_rectangle_or_the_picture() {
    let corners = [pos2(-90.0, -90.0), pos2(500.0, -90.0), pos2(-90.0, 500.0)];
    let mut primitive = fan(&corners, Color32::WHITE);
    primitive.clip_rect = Rect::from_min_max(pos2(10.0, 5.0), pos2(20.0, 8.0));
    let image = painted(&[primitive]);
    assert_eq!(image.pixels.iter().filter(|pixel| **pixel == Color32::WHITE).count(), 10 * 3);
    assert_eq!(image.pixels[5 * 40 + 10], Color32::WHITE);
}

#[test]
fn colours_blend_between_corners_whatever_their_order() {
    let [a, b, c] = [pos2(0.0, 0.0), pos2(40.0, 0.0), pos2(0.0, 40.0)];
    let there = painted(&[fan(&[a, b, c], HALF)]);
    let back = painted(&[fan(&[a, c, b], HALF)]);
    assert_eq!(there.pixels, back.pixels);
}
