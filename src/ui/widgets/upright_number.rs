//! A number control that stands upright: a symbol, a typed field and a slider.

use eframe::egui::style::HandleShape;
use eframe::egui::{
    Label, Rect, Response, RichText, Role, Sense, Slider, TextStyle, Ui, UiBuilder, WidgetInfo,
    vec2,
};

use crate::paint::theme;

use super::interaction::Interaction;
use super::number_control::{Edit, NumberControl, Parts};
use super::slider_rail::Rail;

impl NumberControl<'_> {
    /// Draws the control with a symbol in place of its name, down to the end of the space; returns a
    /// newly chosen value.
    pub(in crate::ui) fn show_upright(
        self,
        ui: &mut Ui,
        interaction: &mut Interaction,
        symbol: &str,
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
            let rail = Rail::upright(slider.rect, &span, self.range.scale);
            if let Some(tick) = &self.tick {
                rail.paint_tick(ui, tick.value);
            }
            rail.paint_handle(ui, &slider, value);
            self.tell_tick(slider)
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
