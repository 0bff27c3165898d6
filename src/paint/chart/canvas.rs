//! What everything in a chart is drawn with: painter, colours and letters of the style.
//! Knows no chart.

use std::sync::Arc;

use eframe::egui::epaint::TextShape;
use eframe::egui::epaint::text::LayoutJob;
use eframe::egui::{
    Align, Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, TextStyle, Ui, pos2,
};

use crate::paint::style::theme::{self, Palette};

/// How much wider than ours words may be in a viewer of SVG that has another font and ignores the
/// length that is asked for: the sans serif of `DejaVu` is 12 % wider.
pub(super) const WIDER: f32 = 1.13;

/// The page of a chart.
pub(super) struct Canvas {
    /// Draws everywhere on the page.
    pub(super) painter: Painter,
    /// Colours of the theme.
    pub(super) palette: &'static Palette,
    /// How large things are, relative to their size on screen.
    pub(super) factor: f32,
    /// Letters of the title.
    pub(super) heading: FontId,
    /// Letters of labels and legends.
    pub(super) body: FontId,
    /// Letters of ticks and small print.
    pub(super) small: FontId,
}

impl Canvas {
    /// The page that a style draws on.
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

    /// The same page where nothing outside a rectangle is drawn.
    pub(super) fn within(&self, rect: Rect) -> Self {
        Self {
            painter: self.painter.with_clip_rect(rect),
            heading: self.heading.clone(),
            body: self.body.clone(),
            small: self.small.clone(),
            ..*self
        }
    }

    /// Words on one line.
    pub(super) fn line(&self, words: &str, font: &FontId, color: Color32) -> Arc<Galley> {
        self.painter.layout_no_wrap(words.to_owned(), font.clone(), color)
    }

    /// Words on as many lines as they need, with some room for wider letters.
    pub(super) fn lines(
        &self,
        words: &str,
        font: &FontId,
        color: Color32,
        width: f32,
    ) -> Arc<Galley> {
        self.painter.layout(words.to_owned(), font.clone(), color, width / WIDER)
    }

    /// Puts words so that this corner, edge or centre of theirs is at a place. It is kept there in
    /// viewers that have another font.
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

    /// Puts words that run upwards, centred on a place.
    pub(super) fn put_upwards(&self, galley: &Arc<Galley>, at: Pos2) {
        let galley = self.aligned(galley, Align::Center);
        let text = TextShape::new(at, galley, self.palette.text);
        let angle = -std::f32::consts::FRAC_PI_2;
        let mut text = text.with_angle_and_anchor(angle, Align2::CENTER_CENTER);
        let offset = at - text.visual_bounding_rect().center();
        text.pos += offset;
        self.painter.add(text);
    }

    /// A line of a width given for the screen.
    pub(super) fn stroke(&self, width: f32, color: Color32) -> Stroke {
        Stroke::new(width * self.factor, color)
    }

    /// What follows looks alike and is something else: a path of its own where paths are told apart.
    pub(super) fn divide(&self) {
        self.painter.add(Shape::Noop);
    }
}
