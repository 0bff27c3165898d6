//! A number control that stands upright: a symbol, a typed field, and a slider with a tick at a value
//! that is not to be passed unseen.

use std::ops::RangeInclusive;

use eframe::egui::style::HandleShape;
use eframe::egui::{
    Label, Rect, Response, RichText, Role, Sense, Shape, Slider, Stroke, TextStyle, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use crate::figure::Scale;
use crate::paint::theme;

use super::interaction::Interaction;
use super::number_control::{Edit, NumberControl, Parts};

/// Distance of the handle's ends from those of the slider, as a fraction of its width; egui's own.
const HANDLE_RADIUS: f32 = 0.4;

/// A value marked beside a slider.
#[derive(Clone, Debug)]
pub(in crate::ui) struct SliderTick {
    /// The value.
    pub(in crate::ui) value: f64,
    /// What it is, in words.
    pub(in crate::ui) words: String,
}

impl NumberControl<'_> {
    /// Draws the control with a symbol in place of its name, down to the end of the space; returns a
    /// newly chosen value.
    pub(in crate::ui) fn show_upright(
        self,
        ui: &mut Ui,
        interaction: &mut Interaction,
        symbol: &str,
        tick: Option<&SliderTick>,
    ) -> Option<Edit> {
        let shown = self.shown(interaction);
        let span = self.span(interaction, shown);
        let mut value = shown;
        let name = ui.add(Label::new(RichText::new(symbol).strong()).sense(Sense::click()));
        name.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.label));
        let name = name.on_hover_text(self.name_tooltip());
        let field = self.field(ui, &mut value, interaction).labelled_by(name.id);
        interaction.drawn(self.key, &field);
        if let Some(sentence) = self.refused(interaction, shown) {
            // Beside the strip, which is too narrow for a sentence.
            field.show_tooltip_text(sentence);
        }
        let slider = span.clone().map(|span| {
            let slider = self.plain_slider(&mut value, span.clone()).vertical();
            let slider = centred(ui, slider).labelled_by(name.id);
            let rail = Rail { rect: slider.rect, span: &span, scale: self.range.scale };
            if let Some(tick) = tick {
                rail.paint_tick(ui, tick.value);
            }
            rail.paint_handle(ui, &slider, value);
            let words = tick.map(|tick| tick.words.clone());
            hovered(slider, words)
        });
        self.edit(ui, interaction, &Parts { name, field, slider, span, shown, value })
    }
}

/// Adds an upright slider in the middle of the width, down to the end of the space.
fn centred(ui: &mut Ui, slider: Slider<'_>) -> Response {
    let space = ui.available_rect_before_wrap();
    let width = ui.spacing().interact_size.y.max(ui.text_style_height(&TextStyle::Body));
    let place = Rect::from_center_size(space.center(), vec2(width, space.height()));
    let mut ui = ui.new_child(UiBuilder::new().id_salt("slider").max_rect(place));
    ui.spacing_mut().slider_width = place.height();
    let palette = theme::colours(ui.visuals());
    let visuals = ui.visuals_mut();
    visuals.handle_shape = HandleShape::Circle;
    visuals.selection.bg_fill = palette.accent;
    visuals.widgets.inactive.bg_fill = palette.frame;
    ui.add(slider)
}

fn hovered(slider: Response, words: Option<String>) -> Response {
    match words {
        Some(words) => slider.on_hover_text(words),
        None => slider,
    }
}

/// An upright slider as drawn.
struct Rail<'a> {
    rect: Rect,
    span: &'a RangeInclusive<f64>,
    scale: Scale,
}

impl Rail<'_> {
    fn radius(&self) -> f32 {
        self.rect.width() * HANDLE_RADIUS
    }

    /// The place of a value: 0 at the lower end, 1 at the upper one.
    fn part(&self, value: f64) -> Option<f32> {
        let ends = [*self.span.start(), *self.span.end(), value].map(|x| self.scale.to_axis(x));
        let [Some(low), Some(high), Some(at)] = ends else { return None };
        #[expect(clippy::cast_possible_truncation, reason = "a part of a slider")]
        let part = ((at - low) / (high - low)) as f32;
        part.is_finite().then_some(part)
    }

    fn y(&self, part: f32) -> f32 {
        let (bottom, top) = (self.rect.bottom() - self.radius(), self.rect.top() + self.radius());
        bottom + (top - bottom) * part
    }

    /// Paints a line across the slider at a value, or an arrow at the end beyond which the value is.
    fn paint_tick(&self, ui: &Ui, value: f64) {
        let Some(part) = self.part(value) else { return };
        let color = theme::colours(ui.visuals()).vermillion;
        let unit = theme::factor(ui.style());
        let (rect, x) = (self.rect, self.rect.center().x);
        if (0.0..=1.0).contains(&part) {
            let half = rect.width() * 0.75;
            ui.painter().hline(x - half..=x + half, self.y(part), Stroke::new(3.0 * unit, color));
        } else {
            let (y, up) = if part > 1.0 { (rect.top(), -1.0) } else { (rect.bottom(), 1.0) };
            let corners = [vec2(-5.0, 0.0), vec2(5.0, 0.0), vec2(0.0, 6.0 * up)];
            let points = corners.map(|corner| pos2(x, y) + corner * unit).to_vec();
            ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
        }
    }

    /// Paints the handle over egui's own, large and bright enough to be seen from afar.
    fn paint_handle(&self, ui: &Ui, slider: &Response, value: f64) {
        let palette = theme::colours(ui.visuals());
        let Some(part) = self.part(value) else { return };
        let centre = pos2(self.rect.center().x, self.y(part.clamp(0.0, 1.0)));
        let is_marked = slider.hovered() || slider.dragged() || slider.has_focus();
        let stroke = if is_marked { Stroke::new(3.0, palette.accent) } else { Stroke::NONE };
        ui.painter().circle(centre, self.radius(), palette.strong, stroke);
    }
}
