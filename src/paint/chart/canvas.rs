//! The page of a chart: painter, colours and fonts.

use std::sync::Arc;

use eframe::egui::epaint::TextShape;
use eframe::egui::epaint::text::LayoutJob;
use eframe::egui::{
    Align, Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, TextStyle, Ui, pos2,
};

use crate::paint::style::theme::{self, Palette};

/// Allowance for SVG viewers that substitute a wider font and ignore `textLength`: `DejaVu Sans` is
/// 12 % wider than the bundled font.
pub(super) const WIDER: f32 = 1.13;

/// Painter, colours and fonts for one page.
pub(super) struct Canvas {
    /// Painter of the whole page, or of a clipped part.
    pub(super) painter: Painter,
    /// Colours of the theme.
    pub(super) palette: &'static Palette,
    /// Scale of sizes, relative to the screen.
    pub(super) factor: f32,
    /// Font of the title.
    pub(super) heading: FontId,
    /// Font of axis labels.
    pub(super) body: FontId,
    /// Font of tick labels, legends and captions.
    pub(super) small: FontId,
}

impl Canvas {
    /// The page of an egui region, in its theme.
    pub(super) fn new(ui: &Ui) -> Self {
        let factor = theme::factor(ui.style());
        let font = |style: TextStyle| style.resolve(ui.style());
        let body = font(TextStyle::Body);
        Self {
            painter: ui.painter().clone(),
            palette: theme::colours(ui.visuals()),
            factor,
            heading: FontId { size: body.size * 1.15, ..body.clone() },
            small: FontId { size: body.size * 0.88, ..body.clone() },
            body,
        }
    }

    /// The same page, clipped to a rectangle.
    pub(super) fn within(&self, rect: Rect) -> Self {
        Self {
            painter: self.painter.with_clip_rect(rect),
            heading: self.heading.clone(),
            body: self.body.clone(),
            small: self.small.clone(),
            ..*self
        }
    }

    /// Text on one line.
    pub(super) fn line(&self, words: &str, font: &FontId, color: Color32) -> Arc<Galley> {
        self.painter.layout_no_wrap(words.to_owned(), font.clone(), color)
    }

    /// Text wrapped to a width, with an allowance for wider fonts.
    pub(super) fn lines(
        &self,
        words: &str,
        font: &FontId,
        color: Color32,
        width: f32,
    ) -> Arc<Galley> {
        self.painter.layout(words.to_owned(), font.clone(), color, width / WIDER)
    }

    /// Paints text with an anchor at a position; the anchor stays there if a viewer substitutes the
    /// font.
    pub(super) fn put(&self, galley: &Arc<Galley>, anchor: Align2, at: Pos2) {
        let rect = anchor.anchor_size(at, galley.size());
        let x = match anchor.x() {
            Align::LEFT => rect.left(),
            Align::Center => rect.center().x,
            Align::RIGHT => rect.right(),
        };
        let galley = self.aligned(galley, anchor.x());
        self.painter.galley(pos2(x, rect.top()), galley, self.palette.text);
    }

    fn aligned(&self, galley: &Arc<Galley>, halign: Align) -> Arc<Galley> {
        self.painter.layout_job(LayoutJob { halign, ..LayoutJob::clone(&galley.job) })
    }

    /// Paints text rotated to run upwards, centred at a position.
    pub(super) fn put_upwards(&self, galley: &Arc<Galley>, at: Pos2) {
        let galley = self.aligned(galley, Align::Center);
        let text = TextShape::new(at, galley, self.palette.text);
        let angle = -std::f32::consts::FRAC_PI_2;
        let mut text = text.with_angle_and_anchor(angle, Align2::CENTER_CENTER);
        let offset = at - text.visual_bounding_rect().center();
        text.pos += offset;
        self.painter.add(text);
    }

    /// A stroke whose width is given in points on screen.
    pub(super) fn stroke(&self, width: f32, color: Color32) -> Stroke {
        Stroke::new(width * self.factor, color)
    }

    /// Separates objects of the same style, so SVG gets a path for each.
    pub(super) fn divide(&self) {
        self.painter.add(Shape::Noop);
    }
}
