//! The dialog that saves the settings as a preset of one's own: its name, and how it went.
//! Does not write (the store does, on a thread of its own).

use std::path::PathBuf;

use crossbeam_channel::Receiver;
use eframe::egui::{self, Align2, Button, Context, Key, TextEdit, Ui};

use crate::config::{RunConfig, check_name, preset};

use super::export::Open;
use super::room;
use super::save;
use super::shelf::Shelf;

/// The dialog as it stands between frames.
#[derive(Debug)]
pub(super) struct Keep {
    config: RunConfig,
    name: String,
    writing: Option<Receiver<Result<PathBuf, String>>>,
    note: Note,
    is_new: bool,
}

/// What is said under the name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Note {
    Nothing,
    Exists,
    Failed(String),
    Done(PathBuf),
}

impl Keep {
    /// A dialog that saves these settings.
    pub(super) fn new(config: RunConfig) -> Self {
        let is_built_in = preset(&config.name).is_ok();
        let name = if is_built_in { format!("my-{}", config.name) } else { config.name.clone() };
        Self { config, name, writing: None, note: Note::Nothing, is_new: true }
    }

    /// Draws the dialog and does what was asked for; says whether it stays.
    pub(super) fn show(&mut self, ctx: &Context, shelf: &mut Shelf) -> Open {
        if let Some(Ok(answer)) = self.writing.as_ref().map(Receiver::try_recv) {
            self.writing = None;
            self.note = match answer {
                Ok(path) => {
                    shelf.keep(self.named());
                    Note::Done(path)
                }
                Err(reason) => Note::Failed(reason),
            };
        }
        let mut is_open = true;
        let top = room::top(ctx, 120.0);
        egui::Window::new("Save as a preset")
            .open(&mut is_open)
            .collapsible(false)
            .resizable(false)
            .default_width(460.0)
            .anchor(Align2::CENTER_TOP, egui::vec2(0.0, top))
            .show(ctx, |ui| room::scrolled(ui, top, |ui| self.body(ui, shelf)));
        if is_open { Open::Yes } else { Open::No }
    }

    fn named(&self) -> RunConfig {
        RunConfig { name: self.name.clone(), ..self.config.clone() }
    }

    fn body(&mut self, ui: &mut Ui, shelf: &Shelf) {
        ui.set_width(room::width(ui.ctx(), 460.0));
        ui.label("All settings, and the changes made while it ran, each at its step.");
        let mut is_entered = false;
        ui.horizontal(|ui| {
            let name = ui.label("Name");
            let edit = TextEdit::singleline(&mut self.name).desired_width(f32::INFINITY);
            let edit = ui.add_enabled(self.writing.is_none(), edit).labelled_by(name.id);
            if std::mem::take(&mut self.is_new) {
                edit.request_focus();
            }
            if edit.changed() {
                self.note = Note::Nothing;
            }
            is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        });
        let refusal = check_name(&self.name).err();
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
                        self.save(ui, shelf);
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
                ui.strong(format!("Saved to {}", path.display()));
            }
        }
        let is_ready = refusal.is_none() && self.writing.is_none() && self.note != Note::Exists;
        let is_pressed = ui.add_enabled(is_ready, Button::new("Save preset")).clicked();
        // What was refused can be typed anew at once.
        self.is_new |= is_entered && refusal.is_some();
        if is_pressed || (is_entered && is_ready) {
            if shelf.own().iter().any(|known| known.name == self.name) {
                self.note = Note::Exists;
            } else {
                self.save(ui, shelf);
            }
        }
    }

    fn save(&mut self, ui: &Ui, shelf: &Shelf) {
        let Some(folder) = shelf.folder().cloned() else {
            let reason = "This system names no folder for settings of programs; set HOME and start \
                          eoscope again.";
            self.note = Note::Failed(reason.to_owned());
            return;
        };
        self.note = Note::Nothing;
        let ctx = ui.ctx().clone();
        let config = self.named();
        let wake = move || ctx.request_repaint();
        self.writing = Some(save::on_thread("eoscope-preset", Err, wake, move || {
            folder.save(&config).map_err(|error| error.to_string())
        }));
    }
}
