//! egui's shapes as SVG elements; consecutive shapes of one style become one path.

use eframe::egui::epaint::{
    BandShape, ClippedShape, ColorMode, Mesh, PathShape, PathStroke, RectShape, StrokeKind,
};
use eframe::egui::{Color32, Pos2, Rect, Shape, Stroke, pos2};

use super::ink::{Ink, is_invisible};
use super::path::{End, Path, number};
use super::svg_text;

/// Fill and stroke of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Paint {
    fill: Color32,
    stroke: Stroke,
}

impl Paint {
    fn attributes(self) -> String {
        let mut text = String::new();
        if !is_invisible(self.fill) {
            text += &Ink::new(self.fill).attributes("fill");
        }
        if !self.stroke.is_empty() {
            text += &Ink::new(self.stroke.color).attributes("stroke");
            text.extend([format!(" stroke-width=\"{}\"", number(self.stroke.width))]);
        }
        text
    }

    fn is_empty(self) -> bool {
        is_invisible(self.fill) && self.stroke.is_empty()
    }
}

/// The elements of a page so far.
pub(super) struct Drawing {
    page: Rect,
    body: String,
    /// Clip rectangles so far; ids are their indices.
    clips: Vec<Rect>,
    /// Index of the open group's clip rectangle.
    open: Option<usize>,
    /// The last path, to which subpaths of the same style are added.
    pending: Option<(Paint, Path)>,
}

impl Drawing {
    pub(super) fn new(page: Rect) -> Self {
        Self { page, body: String::new(), clips: Vec::new(), open: None, pending: None }
    }

    /// Adds a shape on top of the previous ones.
    pub(super) fn add(&mut self, clipped: &ClippedShape) {
        if matches!(clipped.shape, Shape::Noop) {
            self.flush();
            return;
        }
        let bounds = clipped.shape.visual_bounding_rect();
        if !bounds.intersects(clipped.clip_rect) || !bounds.intersects(self.page) {
            return;
        }
        let needs_clip = !clipped.clip_rect.contains_rect(bounds);
        let clip = needs_clip.then(|| self.clip(clipped.clip_rect));
        if clip != self.open {
            self.flush();
            if self.open.is_some() {
                self.body.push_str("</g>\n");
            }
            if let Some(clip) = clip {
                self.body.extend([format!("<g clip-path=\"url(#clip{clip})\">\n")]);
            }
            self.open = clip;
        }
        self.shape(&clipped.shape);
    }

    /// The elements, and the clip paths that they refer to.
    pub(super) fn finish(mut self) -> (String, String) {
        self.flush();
        if self.open.is_some() {
            self.body.push_str("</g>\n");
        }
        let clip = |(i, rect): (usize, &Rect)| {
            let [x, y] = [rect.left(), rect.top()].map(number);
            let [width, height] = [rect.width(), rect.height()].map(number);
            format!(
                "<clipPath id=\"clip{i}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" \
                 height=\"{height}\"/></clipPath>\n"
            )
        };
        (self.body, self.clips.iter().enumerate().map(clip).collect())
    }

    fn clip(&mut self, rect: Rect) -> usize {
        let rect = rect.intersect(self.page);
        self.clips.iter().position(|clip| *clip == rect).unwrap_or_else(|| {
            self.clips.push(rect);
            self.clips.len() - 1
        })
    }

    fn flush(&mut self) {
        if let Some((paint, path)) = self.pending.take()
            && !path.text().is_empty()
        {
            self.body.extend([format!("<path{} d=\"{}\"/>\n", paint.attributes(), path.text())]);
        }
    }

    /// Adds to the last path if it has the same style, else starts a new one.
    fn path(&mut self, paint: Paint, add: impl FnOnce(&mut Path)) {
        if paint.is_empty() {
            return;
        }
        if self.pending.as_ref().is_some_and(|(before, _)| *before != paint) {
            self.flush();
        }
        add(&mut self.pending.get_or_insert_with(|| (paint, Path::default())).1);
    }

    fn element(&mut self, text: &str) {
        self.flush();
        self.body.push_str(text);
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            // Marks the end of an object, even if the next has the same style.
            Shape::Noop => self.flush(),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Circle(circle) => {
                let paint = Paint { fill: circle.fill, stroke: circle.stroke };
                self.ellipse(paint, circle.center, [circle.radius; 2]);
            }
            Shape::Ellipse(ellipse) => {
                let paint = Paint { fill: ellipse.fill, stroke: ellipse.stroke };
                self.ellipse(paint, ellipse.center, [ellipse.radius.x, ellipse.radius.y]);
            }
            Shape::LineSegment { points, stroke } => {
                let paint = Paint { fill: Color32::TRANSPARENT, stroke: *stroke };
                self.path(paint, |path| path.polyline(*points, End::Open));
            }
            Shape::Path(shape) => self.polyline(shape),
            Shape::Band(band) => self.band(band),
            Shape::Rect(rect) => self.rect(rect),
            Shape::Text(text) => self.element(&svg_text::elements(text)),
            Shape::Mesh(mesh) => self.mesh(mesh),
            Shape::QuadraticBezier(curve) => {
                let paint = Paint { fill: curve.fill, stroke: solid(&curve.stroke) };
                self.path(paint, |path| path.curve(&curve.points));
            }
            Shape::CubicBezier(curve) => {
                let paint = Paint { fill: curve.fill, stroke: solid(&curve.stroke) };
                self.path(paint, |path| path.curve(&curve.points));
            }
            Shape::Callback(_) => {}
        }
    }

    fn polyline(&mut self, shape: &PathShape) {
        let end = if shape.closed { End::Closed } else { End::Open };
        let paint = Paint { fill: shape.fill, stroke: solid(&shape.stroke) };
        self.path(paint, |path| path.polyline(shape.points.iter().copied(), end));
    }

    fn ellipse(&mut self, paint: Paint, centre: Pos2, radii: [f32; 2]) {
        if !paint.is_empty() && centre.x.is_finite() && centre.y.is_finite() {
            let ([x, y], [rx, ry]) = ([centre.x, centre.y].map(number), radii.map(number));
            let attributes = paint.attributes();
            self.element(&format!(
                "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"{ry}\"{attributes}/>\n"
            ));
        }
    }

    /// A band as a polygon: along its upper edge and back along the lower one.
    fn band(&mut self, band: &BandShape) {
        let there = band.points.iter().map(|point| pos2(point.x, point.y.min));
        let back = band.points.iter().rev().map(|point| pos2(point.x, point.y.max));
        let paint = Paint { fill: band.fill, stroke: band.stroke };
        self.path(paint, |path| path.polyline(there.chain(back), End::Closed));
    }

    fn rect(&mut self, shape: &RectShape) {
        let half = shape.stroke.width / 2.0;
        let rect = match shape.stroke_kind {
            _ if shape.stroke.is_empty() => shape.rect,
            StrokeKind::Inside => shape.rect.shrink(half),
            StrokeKind::Middle => shape.rect,
            StrokeKind::Outside => shape.rect.expand(half),
        };
        let paint = Paint { fill: shape.fill, stroke: shape.stroke };
        let radius = shape.corner_radius.average();
        if radius == 0.0 {
            self.path(paint, |path| path.rect(rect));
        } else if !paint.is_empty() {
            let [x, y] = [rect.left(), rect.top()].map(number);
            let [width, height] = [rect.width(), rect.height()].map(number);
            let (radius, attributes) = (number(radius), paint.attributes());
            self.element(&format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
                 rx=\"{radius}\"{attributes}/>\n"
            ));
        }
    }

    /// Triangles, each in the colour of its first corner.
    fn mesh(&mut self, mesh: &Mesh) {
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |index: u32| mesh.vertices.get(usize::try_from(index).ok()?);
            let corners: Vec<_> = corners.iter().filter_map(|index| corner(*index)).collect();
            if let Some(first) = corners.first() {
                let paint = Paint { fill: first.color, stroke: Stroke::NONE };
                let places = corners.iter().map(|vertex| vertex.pos);
                self.path(paint, |path| path.polyline(places, End::Closed));
            }
        }
    }
}

fn solid(stroke: &PathStroke) -> Stroke {
    match stroke.color {
        ColorMode::Solid(color) => Stroke::new(stroke.width, color),
        // Gradients are not used.
        ColorMode::UV(_) => Stroke::NONE,
    }
}
