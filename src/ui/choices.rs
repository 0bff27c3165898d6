//! What a person may choose about a picture: size, look, plots and words.
//! Does not draw the picture.

use eframe::egui::{self, DragValue, Grid, TextEdit, Ui};

use crate::figure::PanelKind;
use crate::paint::Theme;

use super::picture::{Picture, Words};

/// Draws the choices; `zoomed` are the steps in view in the window, if that is not the whole run.
pub(super) fn show(ui: &mut Ui, picture: &mut Picture, zoomed: Option<[f64; 2]>) {
    Grid::new("picture").num_columns(2).spacing([16.0, 6.0]).show(ui, |ui| {
        number(ui, ("Width", " px"), &mut picture.width_px, 200..=8000);
        number(ui, ("Height", " px"), &mut picture.height_px, 200..=8000);
        number(ui, ("Resolution", " dpi"), &mut picture.dpi, 48..=600);
        ui.label("Theme");
        ui.horizontal(|ui| {
            ui.radio_value(&mut picture.theme, Theme::Light, "Light, for paper");
            ui.radio_value(&mut picture.theme, Theme::Dark, "Dark, for slides");
        });
        ui.end_row();
        if zoomed.is_some() {
            ui.label("Steps");
            ui.horizontal(|ui| {
                ui.radio_value(&mut picture.visible, None, "All steps");
                ui.radio_value(&mut picture.visible, zoomed, "Current view");
            });
            ui.end_row();
        }
        ui.label("Plots");
        ui.horizontal_wrapped(|ui| panels(ui, &mut picture.panels));
        ui.end_row();
        words(ui, "Title", &mut picture.title);
        words(ui, "Caption", &mut picture.caption);
    });
}

fn number(
    ui: &mut Ui,
    (label, unit): (&str, &str),
    value: &mut u32,
    range: std::ops::RangeInclusive<u32>,
) {
    let name = ui.label(label);
    let field = DragValue::new(value).range(range).suffix(unit).update_while_editing(false);
    ui.add(field).labelled_by(name.id);
    ui.end_row();
}

/// One box for each plot; the last one that is in stays in.
fn panels(ui: &mut Ui, chosen: &mut Vec<PanelKind>) {
    for kind in PanelKind::ALL {
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

/// A box that takes the words into the picture, and what they say.
fn words(ui: &mut Ui, name: &str, words: &mut Words) {
    ui.checkbox(&mut words.is_shown, name);
    let edit = TextEdit::multiline(&mut words.text).desired_rows(1).desired_width(f32::INFINITY);
    let field = ui.add_enabled(words.is_shown, edit);
    let (is_enabled, text) = (words.is_shown, words.text.clone());
    let label = format!("{name} of the picture");
    field.widget_info(|| egui::WidgetInfo {
        label: Some(label.clone()),
        ..egui::WidgetInfo::text_edit(is_enabled, &text, &text, "")
    });
    ui.end_row();
}
