//! The export dialog: what to save, how large, where to, and how it went.
//! Does not render or write; both happen on a thread of their own.

use std::path::PathBuf;

use crossbeam_channel::Receiver;
use eframe::egui::{self, Button, Context, DragValue, Grid, RadioButton, TextEdit, Ui};

use crate::paint::{PlotView, Theme};

use super::contents::{self, Picture, What};
use super::save::{self, Browsed, Replace, Written};
use super::session::Session;

/// The dialog as it stands between frames.
#[derive(Debug)]
pub(super) struct Export {
    what: What,
    picture: Picture,
    /// The steps in view when the dialog was opened, if that is not the whole run.
    zoomed: Option<[f64; 2]>,
    path: String,
    browsing: Option<Receiver<Browsed>>,
    writing: Option<Receiver<Written>>,
    note: Note,
}

/// What is said under the path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Note {
    Nothing,
    NoDialog,
    Exists(PathBuf),
    Failed(String),
    Done(PathBuf),
}

/// Whether the dialog stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// It stays open.
    Yes,
    /// It was closed.
    No,
}

impl Export {
    /// A dialog ready to save, in the window's own theme.
    pub(super) fn new(
        ctx: &Context,
        session: &Session,
        view: &PlotView,
        is_smallest_shown: bool,
    ) -> Self {
        let is_dark = ctx.theme() == egui::Theme::Dark;
        let theme = if is_dark { Theme::Dark } else { Theme::Light };
        let mut export = Self {
            what: What::Picture,
            picture: Picture {
                width_px: 1800,
                height_px: 1400,
                dpi: 144,
                theme,
                visible: None,
                is_smallest_shown,
            },
            zoomed: view.visible(),
            path: String::new(),
            browsing: None,
            writing: None,
            note: Note::Nothing,
        };
        export.refill(session);
        export
    }

    /// Puts a free path of the right kind into the field.
    fn refill(&mut self, session: &Session) {
        let run = session.current();
        let stem = format!("eoscope-{}-run{}", run.initial_config().name, run.id().0);
        let extension = if self.what == What::Picture { "png" } else { "csv" };
        self.path = save::free_path(&stem, extension).to_string_lossy().into_owned();
        self.note = Note::Nothing;
    }

    /// Draws the dialog and starts what was asked for.
    pub(super) fn show(&mut self, ctx: &Context, session: &Session) -> Open {
        self.listen();
        let mut is_open = true;
        egui::Window::new("Export")
            .open(&mut is_open)
            .collapsible(false)
            .resizable(false)
            .default_width(520.0)
            // Held at its top, so that an answer below does not move the buttons above it.
            .anchor(egui::Align2::CENTER_TOP, egui::vec2(0.0, 140.0))
            .show(ctx, |ui| self.body(ui, session));
        if is_open { Open::Yes } else { Open::No }
    }

    /// Takes the answers of the threads, if there are any.
    fn listen(&mut self) {
        if let Some(Ok(answer)) = self.browsing.as_ref().map(Receiver::try_recv) {
            self.browsing = None;
            match answer {
                Browsed::Chosen(path) => {
                    self.path = path.to_string_lossy().into_owned();
                    self.note = Note::Nothing;
                }
                Browsed::Cancelled => {}
                Browsed::NoDialog => self.note = Note::NoDialog,
            }
        }
        if let Some(Ok(answer)) = self.writing.as_ref().map(Receiver::try_recv) {
            self.writing = None;
            self.note = match answer {
                Written::Done(path) => Note::Done(path),
                Written::Exists(path) => Note::Exists(path),
                Written::Failed(reason) => Note::Failed(reason),
            };
        }
    }

    fn body(&mut self, ui: &mut Ui, session: &Session) {
        ui.set_width(520.0);
        self.choose_what(ui, session);
        if self.what == What::Picture {
            ui.add_space(6.0);
            self.choose_picture(ui);
        }
        ui.add_space(6.0);
        self.choose_path(ui);
        ui.add_space(6.0);
        self.say(ui, session);
        ui.horizontal(|ui| {
            let is_ready = self.writing.is_none() && !self.path.trim().is_empty();
            let word = if self.writing.is_some() { "Saving…" } else { "Save" };
            if ui.add_enabled(is_ready, Button::new(word)).clicked() {
                self.save(ui, session, Replace::Ask);
            }
        });
    }

    fn choose_what(&mut self, ui: &mut Ui, session: &Session) {
        let several = !session.ghosts().is_empty();
        for (what, label, is_possible) in [
            (What::Picture, "Picture of the plots (PNG)", true),
            (What::Current, "Numbers of the current run (CSV)", true),
            (What::All, "Numbers of all runs shown (CSV)", several),
        ] {
            let radio = RadioButton::new(self.what == what, label);
            if ui.add_enabled(is_possible, radio).clicked() && self.what != what {
                self.what = what;
                self.refill(session);
            }
        }
    }

    fn choose_picture(&mut self, ui: &mut Ui) {
        let picture = &mut self.picture;
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
            if self.zoomed.is_some() {
                ui.label("Steps");
                ui.horizontal(|ui| {
                    ui.radio_value(&mut picture.visible, None, "All steps");
                    ui.radio_value(&mut picture.visible, self.zoomed, "Current view");
                });
                ui.end_row();
            }
        });
    }

    fn choose_path(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let name = ui.label("File");
            let browse = Button::new("Browse…");
            let width = ui.available_width() - 90.0;
            let edit = TextEdit::singleline(&mut self.path).desired_width(width);
            if ui.add(edit).labelled_by(name.id).changed() {
                self.note = Note::Nothing;
            }
            if ui.add_enabled(self.browsing.is_none(), browse).clicked() {
                let ctx = ui.ctx().clone();
                let start = PathBuf::from(self.path.trim());
                self.note = Note::Nothing;
                self.browsing = Some(save::browse(start, move || ctx.request_repaint()));
            }
        });
    }

    /// How it went, and the question that may be open.
    fn say(&mut self, ui: &mut Ui, session: &Session) {
        let warn = ui.visuals().warn_fg_color;
        match self.note.clone() {
            Note::Nothing => {}
            Note::NoDialog => {
                ui.colored_label(
                    warn,
                    "This desktop offers no file dialog; type the path in the field instead.",
                );
            }
            Note::Exists(path) => {
                ui.colored_label(warn, format!("{} exists already.", path.display()));
                ui.horizontal(|ui| {
                    if ui.button("Replace it").clicked() {
                        self.save(ui, session, Replace::Yes);
                    }
                    if ui.button("Keep it").clicked() {
                        self.refill(session);
                    }
                });
            }
            Note::Failed(reason) => {
                ui.colored_label(ui.visuals().error_fg_color, reason);
            }
            Note::Done(path) => {
                ui.strong(format!("Saved to {}", path.display()));
            }
        }
        ui.add_space(4.0);
    }

    fn save(&mut self, ui: &Ui, session: &Session, replace: Replace) {
        let ctx = ui.ctx().clone();
        let path = PathBuf::from(self.path.trim());
        let contents = contents::of(self.what, &self.picture, session);
        self.note = Note::Nothing;
        self.writing = Some(save::write(path, replace, contents, move || ctx.request_repaint()));
    }
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
