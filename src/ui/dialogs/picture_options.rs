//! Controls for the options of a picture: size, theme, plots, title and caption.

use eframe::egui::{
    self, Align, Layout, Margin, Response, ScrollArea, TextEdit, TextStyle, Ui, vec2,
};

use crate::figure::PanelKind;
use crate::paint::Theme;
use crate::ui::widgets::number_field;

use super::picture_export::{PAGES, Picture, PictureText};

/// Width of the label column in line heights.
const NAME_WIDTH: f32 = 5.5;

/// Margin in a field of several rows, in points.
const FIELD_MARGIN: i8 = 3;

/// Draws the controls; `zoomed` is the visible range in the window, `None` for the whole run.
pub(in crate::ui) fn show(ui: &mut Ui, picture: &mut Picture, zoomed: Option<[f64; 2]>) {
    row(ui, name("For a"), |ui, _| {
        for page in &PAGES {
            let is_chosen = picture.has_page(page);
            let choice = ui.selectable_label(is_chosen, page.name).on_hover_text(page.tooltip);
            if choice.clicked() {
                picture.set_page(page);
            }
        }
    });
    number(ui, "Width", " px", &mut picture.width_px, 200..=8000);
    number(ui, "Height", " px", &mut picture.height_px, 200..=8000);
    number(ui, "Resolution", " dpi", &mut picture.dpi, 48..=600);
    row(ui, name("Theme"), |ui, _| {
        ui.radio_value(&mut picture.theme, Theme::Light, "Light, for paper");
        ui.radio_value(&mut picture.theme, Theme::Dark, "Dark, for slides");
    });
    if zoomed.is_some() {
        row(ui, name("Steps"), |ui, _| {
            ui.radio_value(&mut picture.visible, None, "All steps");
            ui.radio_value(&mut picture.visible, zoomed, "Current view");
        });
    }
    row(ui, name("Plots"), |ui, _| {
        ui.horizontal_wrapped(|ui| panels(ui, &picture.offered, &mut picture.panels));
    });
    words(ui, "Title", &mut picture.title, 1);
    words(ui, "Caption", &mut picture.caption, 3);
}

/// A row with a label or checkbox, and its controls. Not a `Grid`: at some scales rounding makes the
/// height of a grid's rows alternate between frames, which repaints forever.
fn row(ui: &mut Ui, head: impl FnOnce(&mut Ui) -> Response, body: impl FnOnce(&mut Ui, &Response)) {
    let width = NAME_WIDTH * ui.text_style_height(&TextStyle::Body);
    let size = vec2(width, ui.spacing().interact_size.y);
    ui.horizontal_top(|ui| {
        let head = ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            head(ui)
        });
        body(ui, &head.inner);
    });
}

fn name(label: &str) -> impl FnOnce(&mut Ui) -> Response {
    move |ui| ui.label(label)
}

fn number(
    ui: &mut Ui,
    label: &str,
    unit: &str,
    value: &mut u32,
    range: std::ops::RangeInclusive<u32>,
) {
    row(ui, name(label), |ui, name| {
        number_field::whole(ui, value, unit, range).labelled_by(name.id);
    });
}

/// A checkbox for each plot; the last one checked is disabled.
fn panels(ui: &mut Ui, offered: &[PanelKind], chosen: &mut Vec<PanelKind>) {
    for kind in offered.iter().copied() {
        let mut is_in = chosen.contains(&kind);
        let is_only = is_in && chosen.len() == 1;
        let mark = egui::Checkbox::new(&mut is_in, kind.title());
        if ui.add_enabled(!is_only, mark).changed() {
            chosen.retain(|other| *other != kind);
            if is_in {
                chosen.push(kind);
            }
        }
    }
}

/// A checkbox that includes a title or caption, and a field of so many rows for its text, which scrolls.
fn words(ui: &mut Ui, name: &str, words: &mut PictureText, n_rows: u8) {
    let PictureText { is_shown, text, .. } = words;
    let mut is_ticked = *is_shown;
    row(
        ui,
        |ui| ui.checkbox(&mut is_ticked, name),
        |ui, _| {
            let row_height = ui.text_style_height(&TextStyle::Body);
            let height = f32::from(n_rows) * row_height + 2.0 * f32::from(FIELD_MARGIN) + 2.0;
            let edit = TextEdit::multiline(text)
                .desired_rows(usize::from(n_rows))
                .desired_width(f32::INFINITY)
                .margin(Margin::same(FIELD_MARGIN));
            let scroll = ScrollArea::vertical().id_salt(name).max_height(height);
            let scroll = scroll.min_scrolled_height(height);
            let field = scroll.show(ui, |ui| ui.add_enabled(*is_shown, edit)).inner;
            let (is_enabled, text) = (*is_shown, text.clone());
            let label = format!("{name} of the picture");
            field.widget_info(|| egui::WidgetInfo {
                label: Some(label.clone()),
                ..egui::WidgetInfo::text_edit(is_enabled, &text, &text, "")
            });
        },
    );
    *is_shown = is_ticked;
}
