//! The dialog that starts a run from a file or folder: a configuration, a run folder, or an exported
//! picture or table. Files are read on a background thread.

use std::path::{Path, PathBuf};

use crossbeam_channel::Receiver;
use eframe::egui::{
    self, Align, Align2, Button, Context, Key, Layout, Modifiers, TextEdit, Ui, Window,
};

use crate::platform::files;
use crate::platform::native_dialogs::PathChoice;
use crate::store::StartFile;
use crate::text::short_path;
use crate::ui::session::Request;
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{RequestEffect, Scene, View, ViewInfo, ViewKind};
use crate::ui::widgets::fit_contents;

use super::saving::{self, Wanted};

/// Width of this dialog in points, before scaling.
const WIDTH: f32 = 520.0;

/// What can be opened.
const ABOUT: &str = "A configuration, the folder of a run, or a picture or table that eoscope exported: \
    its run starts again, with every change at its step.";

/// View declaration.
pub(in crate::ui) static VIEW: ViewInfo = ViewInfo {
    kind: ViewKind::Dialog,
    shortcut: Some(Shortcut {
        section: Section::Settings,
        keys: &[(Modifiers::COMMAND, Key::O)],
        key_label: "Ctrl+O",
        description: "Open a configuration, a run folder, a picture or a table",
    }),
    on_request: |request, _| {
        let opens = matches!(request, Request::Open(_)).then_some(RequestEffect::Opens);
        let is_started = matches!(request, Request::StartFrom { .. });
        opens.or_else(|| is_started.then_some(RequestEffect::Closes))
    },
    ..ViewInfo::new("Open", |_, _| Box::new(Open::default()))
};

/// State of the dialog.
#[derive(Debug, Default)]
struct Open {
    path: String,
    browsing: Option<Receiver<PathChoice>>,
    reading: Option<Receiver<Result<StartFile, String>>>,
    /// A file with several runs, of which one is to be chosen.
    found: Option<StartFile>,
    refusal: Option<String>,
    has_had_focus: bool,
}

impl View for Open {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let mut requests = Vec::new();
        let known = &scene.session.files;
        if let Some(path) = known.to_open() {
            self.read(ctx, path.to_owned());
            requests.push(Request::TakeOpened);
        }
        self.follow_dialog(ctx);
        requests.extend(self.receive());
        let recent: Vec<PathBuf> = known.recent.paths().collect();
        let top = fit_contents::top(ctx, 120.0);
        window
            .resizable(false)
            .default_width(WIDTH)
            .anchor(Align2::CENTER_TOP, egui::vec2(0.0, top))
            .show(ctx, |ui| {
                fit_contents::scrolled(ui, top, |ui| requests.extend(self.body(ui, &recent)));
            });
        requests
    }
}

impl Open {
    /// Starts reading a file or folder.
    fn read(&mut self, ctx: &Context, path: PathBuf) {
        self.path = path.to_string_lossy().into_owned();
        (self.found, self.refusal) = (None, None);
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        self.reading = Some(saving::on_thread("eoscope-open-run", Err, wake, move || {
            StartFile::read(&path).map_err(|error| error.to_string())
        }));
    }

    /// Takes what was read; returns a request to start its run if there is only one.
    fn receive(&mut self) -> Option<Request> {
        let result = self.reading.as_ref()?.try_recv().ok()?;
        self.reading = None;
        match result {
            Ok(found) if found.runs().len() > 1 => {
                self.found = Some(found);
                None
            }
            Ok(found) => self.start(found, None),
            Err(refusal) => {
                self.refusal = Some(refusal);
                None
            }
        }
    }

    /// A request to start one of the runs of a file.
    fn start(&mut self, found: StartFile, number: Option<usize>) -> Option<Request> {
        let number = number.map(|number| number.to_string());
        match found.choose(number.as_deref()) {
            Ok(start) => {
                let path = files::expanded(&self.path);
                Some(Request::StartFrom { start: Box::new(start), path })
            }
            Err(error) => {
                self.refusal = Some(error.to_string());
                None
            }
        }
    }

    fn follow_dialog(&mut self, ctx: &Context) {
        let Some(choice) = self.browsing.as_ref().and_then(|choice| choice.try_recv().ok()) else {
            return;
        };
        self.browsing = None;
        match choice {
            PathChoice::Chosen(path) => self.read(ctx, path),
            PathChoice::Cancelled => {}
            PathChoice::NoDialog => self.refusal = Some(saving::NO_DIALOG.to_owned()),
        }
    }

    fn body(&mut self, ui: &mut Ui, recent: &[PathBuf]) -> Option<Request> {
        ui.set_width(fit_contents::width(ui.ctx(), WIDTH));
        ui.label(ABOUT);
        ui.add_space(4.0);
        self.choose_path(ui);
        ui.add_space(4.0);
        let request = self.result(ui);
        if self.found.is_none() && !recent.is_empty() {
            ui.add_space(4.0);
            ui.label(egui::RichText::new("Recent").small().weak());
            for path in recent {
                let row = ui.selectable_label(false, name_and_folder(path));
                if row.on_hover_text(path.to_string_lossy()).clicked() {
                    self.read(ui.ctx(), path.clone());
                }
            }
        }
        request
    }

    /// The field for the path, and the buttons that fill it.
    fn choose_path(&mut self, ui: &mut Ui) {
        let mut is_entered = false;
        ui.horizontal(|ui| {
            let name = ui.label("File");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                for (word, wanted) in [("Folder…", Wanted::Folder), ("File…", Wanted::RunFile)]
                {
                    if ui.add_enabled(self.browsing.is_none(), Button::new(word)).clicked() {
                        let ctx = ui.ctx().clone();
                        let start = files::expanded(&self.path);
                        self.browsing =
                            Some(saving::browse(wanted, start, move || ctx.request_repaint()));
                    }
                }
                let edit = TextEdit::singleline(&mut self.path).desired_width(f32::INFINITY);
                let edit = ui.add(edit).labelled_by(name.id);
                if !std::mem::replace(&mut self.has_had_focus, true) {
                    edit.request_focus();
                }
                if edit.changed() {
                    (self.found, self.refusal) = (None, None);
                }
                is_entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            });
        });
        let is_ready = self.reading.is_none() && !self.path.trim().is_empty();
        let is_pressed = ui.add_enabled(is_ready, Button::new("Open")).clicked();
        if is_ready && (is_pressed || is_entered) {
            let path = files::expanded(self.path.trim());
            self.read(ui.ctx(), path);
        }
    }

    /// What became of the last file: a refusal, or the runs to choose from.
    fn result(&mut self, ui: &mut Ui) -> Option<Request> {
        if self.reading.is_some() {
            ui.weak("Reading …");
        }
        if let Some(refusal) = &self.refusal {
            ui.colored_label(ui.visuals().error_fg_color, refusal);
        }
        let found = self.found.as_ref()?;
        ui.label("It holds several runs; choose one:");
        let mut chosen = None;
        for (at, run) in found.runs().iter().enumerate() {
            if ui.button(format!("{} {}", at + 1, run.name)).clicked() {
                chosen = Some(at + 1);
            }
        }
        let number = chosen?;
        let found = self.found.take()?;
        self.start(found, Some(number))
    }
}

/// The name of a file, and its folder if it is not the whole path.
fn name_and_folder(path: &Path) -> String {
    match (path.file_name(), path.parent()) {
        (Some(name), Some(folder)) => {
            format!("{}  ({})", name.to_string_lossy(), short_path(folder))
        }
        _ => short_path(path),
    }
}
