//! The control of the data file: a field for its path, and a button that opens the system's dialog. A
//! file is read beside the running run, which goes on if it is refused.

use crossbeam_channel::Receiver;
use eframe::egui::{Align, Button, Layout, RichText, TextEdit, Ui};
use toml::Value;

use crate::config::settings::DATA_PATH;
use crate::config::{RunConfig, TaskSource, file_formats};
use crate::platform::native_dialogs::PathChoice;
use crate::ui::dialogs::saving::{self, Wanted};
use crate::ui::gesture::Gesture;
use crate::ui::session::Request;
use crate::ui::widgets::interaction::Interaction;

/// Width of the field in points.
const FIELD_WIDTH: f32 = 150.0;

/// State of the control between frames.
#[derive(Debug, Default)]
pub(super) struct DataFileField {
    /// Typed text that is not yet applied; the field is open while there is some.
    draft: Option<String>,
    /// Why the last file was refused, or no dialog opened.
    refusal: Option<String>,
    reading: Option<Reading>,
    browsing: Option<Receiver<PathChoice>>,
}

/// A file that is being read.
#[derive(Debug)]
struct Reading {
    path: String,
    result: Receiver<Result<(), String>>,
}

impl DataFileField {
    /// Opens the field on a configuration whose task is another.
    pub(super) fn open(&mut self) {
        self.draft.get_or_insert_default();
    }

    /// Forgets what was typed: another task was chosen.
    pub(super) fn close(&mut self) {
        *self = Self::default();
    }

    /// Draws the control where it is open or the task is a file; returns the request for a file that
    /// was read.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        config: &RunConfig,
        interaction: &mut Interaction,
    ) -> Option<Request> {
        let is_of_file = config.task.name == TaskSource::File;
        if !is_of_file && self.draft.is_none() {
            return None;
        }
        self.follow_dialog(ui, config);
        let mut text = self.draft.clone().unwrap_or_else(|| config.task.path.clone());
        let (edit, browse) = ui
            .horizontal(|ui| {
                let name = ui.label(DATA_PATH.label).on_hover_text(DATA_PATH.tooltip);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let button = Button::new("Open…").small();
                    let browse = ui.add_enabled(self.browsing.is_none(), button);
                    let width = FIELD_WIDTH.min(ui.available_width());
                    let field = TextEdit::singleline(&mut text).desired_width(width);
                    (ui.add(field).labelled_by(name.id), browse)
                })
                .inner
            })
            .inner;
        let edit = edit.on_hover_text(format!(
            "Path of a file with examples ({}); press Enter to apply.",
            file_formats().map(|format| format.name).collect::<Vec<_>>().join(" or ")
        ));
        interaction.drawn(DATA_PATH.key, &edit);
        if edit.changed() {
            self.draft = Some(text.clone());
            self.refusal = None;
        }
        if browse.clicked() {
            let ctx = ui.ctx().clone();
            let start = text.clone().into();
            self.browsing =
                Some(saving::browse(Wanted::Examples, start, move || ctx.request_repaint()));
        }
        if edit.lost_focus() && self.draft.is_some() && !text.trim().is_empty() {
            self.read(ui, config, text.trim().to_owned());
        }
        if self.reading.is_some() {
            ui.weak("reading …");
        }
        if let Some(refusal) = &self.refusal {
            ui.label(RichText::new(refusal).small().color(ui.visuals().warn_fg_color));
        }
        self.finished()
    }

    fn follow_dialog(&mut self, ui: &Ui, config: &RunConfig) {
        let Some(choice) = self.browsing.as_ref().and_then(|choice| choice.try_recv().ok()) else {
            return;
        };
        self.browsing = None;
        match choice {
            PathChoice::Chosen(path) => {
                self.read(ui, config, path.to_string_lossy().into_owned());
            }
            PathChoice::Cancelled => {}
            PathChoice::NoDialog => {
                self.refusal =
                    Some("This system opened no dialog; type the path of the file.".to_owned());
            }
        }
    }

    /// Starts reading a file on a thread of its own; large ones take seconds.
    fn read(&mut self, ui: &Ui, config: &RunConfig, path: String) {
        let (ctx, config, value) = (ui.ctx().clone(), config.clone(), Value::String(path.clone()));
        let wake = move || ctx.request_repaint();
        let result = saving::on_thread("eoscope-read", Err, wake, move || {
            let chosen = DATA_PATH.chosen(&config, &value);
            chosen.map(drop).map_err(|error| error.to_string())
        });
        self.refusal = None;
        self.draft = Some(path.clone());
        self.reading = Some(Reading { path, result });
    }

    /// The request for a file that has been read.
    fn finished(&mut self) -> Option<Request> {
        let result = self.reading.as_ref()?.result.try_recv().ok()?;
        let path = self.reading.take()?.path;
        match result {
            Ok(()) => {
                self.close();
                let value = Value::String(path);
                Some(Request::Set { setting: &DATA_PATH, value, gesture: Gesture::New })
            }
            Err(refusal) => {
                self.refusal = Some(refusal);
                None
            }
        }
    }
}
