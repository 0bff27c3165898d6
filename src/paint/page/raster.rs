//! A software rasteriser for egui's triangles: no GPU or display, and identical pixels on all
//! machines.

use std::collections::HashMap;

use eframe::egui::epaint::{ImageData, Primitive, Vertex};
use eframe::egui::{ClippedPrimitive, Color32, ColorImage, Pos2, Rect, TextureId, TexturesDelta};

/// Subdivisions of a pixel to which corners are snapped.
const SUB: f32 = 256.0;

/// Triangles with corners further out than this many pixels are skipped: their edge functions would
/// overflow.
const FAR: f32 = 1e6;

/// The current textures of a context.
#[derive(Debug, Default)]
pub struct Textures {
    images: HashMap<TextureId, ColorImage>,
}

impl Textures {
    /// Applies and clears a delta of textures.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        #[expect(clippy::iter_over_hash_type, reason = "textures are independent of each other")]
        for (id, changes) in &delta.set {
            for change in changes {
                let ImageData::Color(image) = &change.image;
                match (change.pos, self.images.get_mut(id)) {
                    (Some(at), Some(known)) => patch(known, image, at),
                    _ => {
                        self.images.insert(*id, (**image).clone());
                    }
                }
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "textures are independent of each other")]
        for id in &delta.free {
            self.images.remove(id);
        }
        delta.clear();
    }
}

fn patch(known: &mut ColorImage, image: &ColorImage, [x, y]: [usize; 2]) {
    let width = image.size[0];
    for (row, pixels) in image.pixels.chunks(width.max(1)).enumerate() {
        let start = (y + row) * known.size[0] + x;
        if let Some(target) = known.pixels.get_mut(start..start + width) {
            target.copy_from_slice(pixels);
        }
    }
}

/// Paints the result of `egui::Context::tessellate` onto an image.
pub fn paint(
    image: &mut ColorImage,
    textures: &Textures,
    primitives: &[ClippedPrimitive],
    pixels_per_point: f32,
) {
    for ClippedPrimitive { clip_rect, primitive } in primitives {
        let Primitive::Mesh(mesh) = primitive else { continue };
        let Some(texture) = textures.images.get(&mesh.texture_id) else { continue };
        let clip = Clip::new(*clip_rect, pixels_per_point, image.size);
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |i: usize| {
                let index = usize::try_from(corners[i]).ok()?;
                mesh.vertices.get(index).map(|vertex| scaled(vertex, pixels_per_point))
            };
            if let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) {
                triangle(image, texture, clip, [a, b, c]);
            }
        }
    }
}

/// An image of tessellated shapes on a background.
#[must_use]
pub fn render(
    size: [usize; 2],
    background: Color32,
    textures: &Textures,
    primitives: &[ClippedPrimitive],
    pixels_per_point: f32,
) -> ColorImage {
    let mut image = ColorImage::filled(size, background);
    paint(&mut image, textures, primitives, pixels_per_point);
    image
}

fn scaled(vertex: &Vertex, pixels_per_point: f32) -> Vertex {
    let pos = Pos2::new(vertex.pos.x * pixels_per_point, vertex.pos.y * pixels_per_point);
    Vertex { pos, ..*vertex }
}

/// Half-open ranges of columns and rows that may be painted.
#[derive(Clone, Copy)]
struct Clip {
    x: [i64; 2],
    y: [i64; 2],
}

impl Clip {
    fn new(rect: Rect, pixels_per_point: f32, size: [usize; 2]) -> Self {
        let edge = |at: f32, n: usize| whole((at * pixels_per_point).round(), n);
        Self {
            x: [edge(rect.min.x, size[0]), edge(rect.max.x, size[0])],
            y: [edge(rect.min.y, size[1]), edge(rect.max.y, size[1])],
        }
    }
}

/// A coordinate as a pixel index in 0..=n.
fn whole(at: f32, n: usize) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the picture")]
    let number = at.clamp(0.0, n as f32) as i64;
    number
}

/// Twice the signed area of a triangle with corners on the 1/256 pixel grid.
fn cross(a: [i64; 2], b: [i64; 2], p: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
}

#[expect(clippy::cast_possible_truncation, reason = "checked against FAR by the caller")]
fn fixed(pos: Pos2) -> [i64; 2] {
    [(pos.x * SUB).round() as i64, (pos.y * SUB).round() as i64]
}

/// Whether pixel centres exactly on this edge belong to the triangle (clockwise, y down).
fn is_top_left(a: [i64; 2], b: [i64; 2]) -> bool {
    (a[1] == b[1] && b[0] > a[0]) || b[1] < a[1]
}

/// An edge function, evaluated incrementally from pixel to pixel.
#[derive(Clone, Copy)]
struct Edge {
    at_start: i64,
    per_column: i64,
    per_row: i64,
    bias: i64,
}

impl Edge {
    fn new(a: [i64; 2], b: [i64; 2], start: [i64; 2]) -> Self {
        let sub = 256;
        Self {
            at_start: cross(a, b, start),
            per_column: -(b[1] - a[1]) * sub,
            per_row: (b[0] - a[0]) * sub,
            bias: if is_top_left(a, b) { 0 } else { -1 },
        }
    }
}

fn triangle(image: &mut ColorImage, texture: &ColorImage, clip: Clip, corners: [Vertex; 3]) {
    let [a, mut b, mut c] = corners;
    let is_drawable = |v: &Vertex| v.pos.x.abs() < FAR && v.pos.y.abs() < FAR && v.uv.is_finite();
    if ![a, b, c].iter().all(is_drawable) {
        return;
    }
    let mut area = cross(fixed(a.pos), fixed(b.pos), fixed(c.pos));
    if area < 0 {
        std::mem::swap(&mut b, &mut c);
        area = -area;
    }
    let Some((columns, rows)) = touched(clip, [a.pos, b.pos, c.pos]) else { return };
    if area == 0 {
        return;
    }
    let start = [columns[0] * 256 + 128, rows[0] * 256 + 128];
    let [pa, pb, pc] = [a, b, c].map(|vertex| fixed(vertex.pos));
    let edges = [Edge::new(pb, pc, start), Edge::new(pc, pa, start), Edge::new(pa, pb, start)];
    let shader = Shader::new(texture, [a, b, c], area);
    let width = image.size[0];
    for row in rows[0]..rows[1] {
        let mut at = edges.map(|edge| edge.at_start + (row - rows[0]) * edge.per_row);
        for column in columns[0]..columns[1] {
            if at.iter().zip(&edges).all(|(value, edge)| value + edge.bias >= 0) {
                let index = usize::try_from(row).unwrap_or(0) * width;
                let index = index + usize::try_from(column).unwrap_or(0);
                let source = shader.colour(at);
                if source != Color32::TRANSPARENT {
                    image.pixels[index] = over(source, image.pixels[index]);
                }
            }
            for (value, edge) in at.iter_mut().zip(&edges) {
                *value += edge.per_column;
            }
        }
    }
}

/// Columns and rows that a triangle may cover; `None` if it covers none.
fn touched(clip: Clip, corners: [Pos2; 3]) -> Option<([i64; 2], [i64; 2])> {
    let bounds = Rect::from_points(&corners);
    #[expect(clippy::cast_possible_truncation, reason = "checked against FAR by the caller")]
    let range = |low: f32, high: f32, clip: [i64; 2]| {
        [(low.floor() as i64).max(clip[0]), (high.ceil() as i64).min(clip[1])]
    };
    let columns = range(bounds.min.x, bounds.max.x, clip.x);
    let rows = range(bounds.min.y, bounds.max.y, clip.y);
    (columns[0] < columns[1] && rows[0] < rows[1]).then_some((columns, rows))
}

/// The colours of one triangle.
struct Shader<'a> {
    texture: &'a ColorImage,
    corners: [Vertex; 3],
    /// The colour, if it is uniform.
    flat: Option<Color32>,
    area: f32,
}

impl<'a> Shader<'a> {
    fn new(texture: &'a ColorImage, corners: [Vertex; 3], area: i64) -> Self {
        let [a, b, c] = corners;
        let is_flat = a.color == b.color && b.color == c.color && a.uv == b.uv && b.uv == c.uv;
        let flat = is_flat.then(|| times(a.color.to_array().map(f32::from), sample(texture, a.uv)));
        Self { texture, corners, flat, area: area as f32 }
    }

    fn colour(&self, weights: [i64; 3]) -> Color32 {
        if let Some(flat) = self.flat {
            return flat;
        }
        let weights = weights.map(|weight| weight as f32 / self.area);
        let mut colour = [0.0; 4];
        let mut uv = Pos2::ZERO;
        for (vertex, weight) in self.corners.iter().zip(weights) {
            for (sum, channel) in colour.iter_mut().zip(vertex.color.to_array()) {
                *sum += weight * f32::from(channel);
            }
            uv += weight * vertex.uv.to_vec2();
        }
        times(colour, sample(self.texture, uv))
    }
}

/// The texture at normalised coordinates, with bilinear filtering; channels in 0..=1.
fn sample(texture: &ColorImage, uv: Pos2) -> [f32; 4] {
    let [width, height] = texture.size;
    let axis = |at: f32, n: usize| {
        let place = at * n as f32 - 0.5;
        let low = whole(place.floor(), n.saturating_sub(1));
        let high = whole(place.floor() + 1.0, n.saturating_sub(1));
        (
            usize::try_from(low).unwrap_or(0),
            usize::try_from(high).unwrap_or(0),
            place - place.floor(),
        )
    };
    let ((x0, x1, fx), (y0, y1, fy)) = (axis(uv.x, width), axis(uv.y, height));
    let texel = |x: usize, y: usize| texture.pixels[y * width + x].to_array().map(f32::from);
    let corners = [texel(x0, y0), texel(x1, y0), texel(x0, y1), texel(x1, y1)];
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    let mut sum = [0.0; 4];
    for (corner, weight) in corners.iter().zip(weights) {
        for (total, channel) in sum.iter_mut().zip(corner) {
            *total += weight * channel / 255.0;
        }
    }
    sum
}

fn byte(value: f32) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let byte = (value + 0.5).clamp(0.0, 255.0) as u8;
    byte
}

fn times(colour: [f32; 4], texel: [f32; 4]) -> Color32 {
    let mut product = [0; 4];
    for ((target, a), b) in product.iter_mut().zip(colour).zip(texel) {
        *target = byte(a * b);
    }
    let [r, g, b, a] = product;
    Color32::from_rgba_premultiplied(r, g, b, a)
}

/// Premultiplied blending in gamma space, as in egui's renderers.
fn over(source: Color32, target: Color32) -> Color32 {
    if source.a() == 255 {
        return source;
    }
    let rest = 1.0 - f32::from(source.a()) / 255.0;
    let mut mixed = [0; 4];
    for ((out, s), t) in mixed.iter_mut().zip(source.to_array()).zip(target.to_array()) {
        *out = byte(f32::from(s) + rest * f32::from(t));
    }
    let [r, g, b, a] = mixed;
    Color32::from_rgba_premultiplied(r, g, b, a)
}
