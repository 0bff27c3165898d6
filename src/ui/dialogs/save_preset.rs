//! The dialog that saves the current run as a user preset; the store writes it on a background thread.

use std::path::PathBuf;

use crossbeam_channel::Receiver;
use eframe::egui::{self, Align2, Button, Context, Key, Modifiers, TextEdit, Ui, Window};

use crate::config::{RunConfig, check_preset_name, preset};
use crate::text::short_path;
use crate::ui::session::{PresetLibrary, Request};
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{Scene, View, ViewInfo, ViewKind};
use crate::ui::widgets::fit_contents;

use super::saving;

/// View declaration.
pub(in crate::ui) static VIEW: ViewInfo = ViewInfo {
    kind: ViewKind::Dialog,
    shortcut: Some(Shortcut {
        section: Section::Settings,
        keys: &[(Modifiers::COMMAND, Key::S)],
        key_label: "Ctrl+S",
        description: "Save as a user preset",
    }),
    ..ViewInfo::new("Save as a preset", |_, scene| {
        Box::new(SavePreset::new(scene.session.replay()))
    })
};

/// State of the save dialog.
#[derive(Debug)]
struct SavePreset {
    config: RunConfig,
    name: String,
    writing: Option<Receiver<Result<PathBuf, String>>>,
    note: Note,
    needs_focus: bool,
}

/// The message below the name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Note {
    Nothing,
    Exists,
    Failed(String),
    Done(PathBuf),
}

impl View for SavePreset {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let saved = self.receive();
        let top = fit_contents::top(ctx, 120.0);
        window
            .resizable(false)
            .default_width(460.0)
            .anchor(Align2::CENTER_TOP, egui::vec2(0.0, top))
            .show(ctx, |ui| {
                fit_contents::scrolled(ui, top, |ui| self.body(ui, &scene.session.presets));
            });
        saved.into_iter().collect()
    }
}

impl SavePreset {
    /// A dialog to save these settings under a suggested name.
    fn new(config: RunConfig) -> Self {
        let is_built_in = preset(&config.name).is_ok();
        let name = if is_built_in { format!("my-{}", config.name) } else { config.name.clone() };
        Self { config, name, writing: None, note: Note::Nothing, needs_focus: true }
    }

    /// Receives the result of writing; returns a request to list the new preset.
    fn receive(&mut self) -> Option<Request> {
        let result = self.writing.as_ref()?.try_recv().ok()?;
        self.writing = None;
        match result {
            Ok(path) => {
                self.note = Note::Done(path);
                Some(Request::AddPreset(Box::new(self.named())))
            }
            Err(reason) => {
                self.note = Note::Failed(reason);
                None
            }
        }
    }

    fn named(&self) -> RunConfig {
        RunConfig { name: self.name.clone(), ..self.config.clone() }
    }

    fn body(&mut self, ui: &mut Ui, presets: &PresetLibrary) {
        ui.set_width(fit_contents::width(ui.ctx(), 460.0));
        ui.label("Saves all settings, and the changes made during the run with their steps.");
        let mut is_entered = false;
        ui.horizontal(|ui| {
            let name = ui.label("Name");
            let edit = TextEdit::singleline(&mut self.name).desired_width(f32::INFINITY);
            let edit = ui.add_enabled(self.writing.is_none(), edit).labelled_by(name.id);
            if std::mem::take(&mut self.needs_focus) {
                edit.request_focus();
            }
            if edit.changed() {
                self.note = Note::Nothing;
            }
            is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        });
        let refusal = check_preset_name(&self.name).err();
        match (&refusal, self.note.clone()) {
            (Some(refusal), _) => {
                ui.colored_label(ui.visuals().warn_fg_color, refusal.to_string());
            }
            (None, Note::Nothing) => {
                ui.weak(format!("Starts as “eoscope {}” and from the preset menu.", self.name));
            }
            (None, Note::Exists) => {
                let sentence = format!("You have a preset {} already.", self.name);
                ui.colored_label(ui.visuals().warn_fg_color, sentence);
                ui.horizontal(|ui| {
                    if ui.button("Replace it").clicked() {
                        self.save(ui, presets);
                    }
                    if ui.button("Keep it").clicked() {
                        self.note = Note::Nothing;
                    }
                });
            }
            (None, Note::Failed(reason)) => {
                ui.colored_label(ui.visuals().error_fg_color, reason);
            }
            (None, Note::Done(path)) => {
                ui.strong(format!("Saved to {}", short_path(&path)));
            }
        }
        let is_ready = refusal.is_none() && self.writing.is_none() && self.note != Note::Exists;
        let is_pressed = ui.add_enabled(is_ready, Button::new("Save preset")).clicked();
        // After a refusal, focus returns to the field.
        self.needs_focus |= is_entered && refusal.is_some();
        if is_pressed || (is_entered && is_ready) {
            if presets.user_presets().iter().any(|known| known.name == self.name) {
                self.note = Note::Exists;
            } else {
                self.save(ui, presets);
            }
        }
    }

    fn save(&mut self, ui: &Ui, presets: &PresetLibrary) {
        let Some(folder) = presets.folder().cloned() else {
            let reason = "This system has no folder for application settings; set HOME and start \
                          eoscope again.";
            self.note = Note::Failed(reason.to_owned());
            return;
        };
        self.note = Note::Nothing;
        let ctx = ui.ctx().clone();
        let config = self.named();
        let wake = move || ctx.request_repaint();
        self.writing = Some(saving::on_thread("eoscope-preset", Err, wake, move || {
            folder.save(&config).map_err(|error| error.to_string())
        }));
    }
}
