//! The choice of a preset: all presets in columns by subject, the user's own, and files to open.

use eframe::egui::{ComboBox, Label, RichText, Role, TextWrapMode, Ui, WidgetInfo};

use crate::config::{PresetGroup, RunConfig, preset_groups};
use crate::paint::theme;
use crate::text;
use crate::ui::session::remembered_files::KnownFiles;
use crate::ui::session::{Request, Session, USER_PRESET};

use super::tools;

/// Width in points of the user's column in the preset menu.
const OWN_WIDTH: f32 = 110.0;

/// The choice as a box in a row.
pub(super) fn show(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let config = session.config_requested();
    let known = session.presets.find(&config.name);
    let is_changed = known.is_some_and(|(preset, _)| tools::changed(preset, session).is_some());
    let shown = if is_changed { format!("{} (changed)", config.name) } else { config.name.clone() };
    let response = ComboBox::from_id_salt("preset")
        .width(190.0)
        .height(680.0)
        .selected_text(shown.as_str())
        .show_ui(ui, |ui| lists(ui, session, requests))
        .response
        .on_hover_text("A named configuration that shows one effect; starts a new run.");
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(shown.clone()),
        ..WidgetInfo::labeled(Role::ComboBox, true, "Preset")
    });
}

/// All presets.
pub(super) fn lists(ui: &mut Ui, session: &Session, requests: &mut Vec<Request>) {
    let replay = session.replay();
    // Compact, and in columns by subject, so the menu needs no scrolling.
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.spacing_mut().button_padding.y = 2.0;
    ui.spacing_mut().interact_size.y = 20.0;
    ui.horizontal_top(|ui| {
        let columns = preset_columns();
        let shortest = (0..columns.len()).min_by_key(|at| n_rows(&columns[*at]));
        for (at, column) in columns.iter().enumerate() {
            ui.vertical(|ui| {
                for group in column {
                    preset_list(ui, group, &replay, &mut *requests);
                }
                if Some(at) == shortest {
                    own_list(ui, session, &replay, &mut *requests);
                }
            });
        }
    });
}

/// Packs groups of presets into columns, short groups below each other.
fn preset_columns() -> Vec<Vec<PresetGroup>> {
    let groups = preset_groups();
    let most = groups.iter().map(|group| group.presets.len() + 2).max().unwrap_or(0);
    let mut columns: Vec<Vec<PresetGroup>> = Vec::new();
    for group in groups {
        let is_room = |column: &&mut Vec<PresetGroup>| n_rows(column) + group.presets.len() < most;
        match columns.iter_mut().find(is_room) {
            Some(column) => column.push(group),
            None => columns.push(vec![group]),
        }
    }
    columns
}

fn n_rows(column: &[PresetGroup]) -> usize {
    column.iter().map(|group| group.presets.len() + 1).sum()
}

fn preset_list(ui: &mut Ui, group: &PresetGroup, replay: &RunConfig, requests: &mut Vec<Request>) {
    ui.label(RichText::new(group.title).small().weak());
    for preset in group.presets {
        let is_chosen = preset.config.is_same_run(replay);
        let line =
            ui.selectable_label(is_chosen, preset.config.name.as_str()).on_hover_text(preset.sees);
        if line.clicked() {
            requests.push(Request::Preset(Box::new(preset.config.clone())));
        }
    }
}

/// Lists the user's presets, the last run, and messages about unreadable preset files.
fn own_list(ui: &mut Ui, session: &Session, replay: &RunConfig, requests: &mut Vec<Request>) {
    let presets = &session.presets;
    let own = presets.user_presets().iter().map(|own| (own, own.name.clone(), USER_PRESET));
    let last = presets.last_run().map(|last| {
        let name = format!("Last run ({})", last.name);
        (last, name, "The settings of the last run before the window was closed.")
    });
    let known: Vec<_> = own.chain(last).collect();
    if !known.is_empty() {
        ui.label(RichText::new("Your own").small().weak());
    }
    for (known, name, words) in known {
        let line = ui.selectable_label(known.is_same_run(replay), name).on_hover_text(words);
        if line.clicked() {
            requests.push(Request::Preset(Box::new(known.clone())));
        }
    }
    files(ui, &session.files, requests);
    // A long message must not widen the column and push the next one away.
    ui.set_max_width(OWN_WIDTH * theme::factor(ui.style()));
    for sentence in presets.skipped() {
        let text = RichText::new(sentence).small().color(ui.visuals().warn_fg_color);
        // A truncated label shows its whole text when the pointer is on it.
        ui.add(Label::new(text).wrap_mode(TextWrapMode::Truncate));
    }
}

/// The dialog that opens files, and what was opened last.
fn files(ui: &mut Ui, known: &KnownFiles, requests: &mut Vec<Request>) {
    ui.label(RichText::new("Files").small().weak());
    let open = ui.selectable_label(false, "Open… (Ctrl+O)");
    let tooltip = "A configuration, a run folder, or an exported picture or table; dropping one on the \
                   window opens it too.";
    if open.on_hover_text(tooltip).clicked() {
        requests.push(Request::Open(None));
    }
    for path in known.recent.paths() {
        let name = path.file_name().map(|name| text::excerpt(&name.to_string_lossy()));
        let line = ui.selectable_label(false, name.unwrap_or_else(|| text::short_path(&path)));
        if line.on_hover_text(path.to_string_lossy()).clicked() {
            requests.push(Request::Open(Some(path)));
        }
    }
}
