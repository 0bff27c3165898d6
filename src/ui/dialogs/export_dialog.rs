//! The export dialog: contents, picture options, path, and the result. Rendering and writing happen
//! on background threads.

use std::path::{Path, PathBuf};

use crossbeam_channel::Receiver;
use eframe::egui::{
    self, Button, Color32, Context, Id, Key, Memory, Modifiers, RadioButton, TextEdit, TextStyle,
    Ui, Window,
};

use crate::paint::{Format, Theme};
use crate::platform::files;
use crate::platform::native_dialogs::PathChoice;
use crate::protocol::RunId;
use crate::text;
use crate::ui::session::{Request, Session};
use crate::ui::shortcut::{Section, Shortcut};
use crate::ui::view_info::{Scene, View, ViewInfo, ViewKind};
use crate::ui::widgets::fit_contents;

use super::export_contents::ExportKind;
use super::picture_export::{Copied, Picture};
use super::saving::{self, Replace, Wanted, Written};
use super::{export_contents, picture_options};

/// Width of the dialog in points.
const WIDTH: f32 = 520.0;

/// Words of the button that opens the system's dialog.
const BROWSE: &str = "Browse…";

/// State of the export dialog.
#[derive(Debug)]
struct Export {
    what: ExportKind,
    picture: Picture,
    /// The visible steps when the dialog was opened; `None` for the whole run.
    zoomed: Option<[f64; 2]>,
    path: String,
    /// The last suggested path, and the run it is named after.
    suggested: (String, RunId),
    browsing: Option<Receiver<PathChoice>>,
    writing: Option<Receiver<Written>>,
    copying: Option<Receiver<Copied>>,
    note: Note,
    /// Height of the footer in the last frame, in points.
    footer_height: f32,
    /// Whether the first choice still needs keyboard focus.
    needs_focus: bool,
    /// Controls in which Enter saves: in the others it means something else.
    enter_saves_in: Vec<Id>,
}

/// The message below the path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Note {
    Nothing,
    NoDialog,
    Exists(PathBuf),
    Failed(String),
    Done(PathBuf, Option<String>),
    Copied(Option<String>),
}

/// View declaration.
pub(in crate::ui) static VIEW: ViewInfo = ViewInfo {
    kind: ViewKind::Dialog,
    shortcut: Some(Shortcut {
        section: Section::Window,
        keys: &[(Modifiers::NONE, Key::E)],
        key_label: "E",
        description: "Export",
    }),
    ..ViewInfo::new("Export", |ctx, scene| Box::new(Export::new(ctx, scene)))
};

impl View for Export {
    fn show(&mut self, window: Window<'_>, ctx: &Context, scene: Scene<'_>) -> Vec<Request> {
        let session = scene.session;
        let exported = self.receive(ctx);
        self.update_defaults(session);
        let is_entered = self.is_entered(ctx);
        self.enter_saves_in.clear();
        let top = fit_contents::top(ctx, 140.0);
        window
            .resizable(false)
            .default_width(520.0)
            // Anchored at the top, so a longer message does not move the controls above it.
            .anchor(egui::Align2::CENTER_TOP, egui::vec2(0.0, top))
            .show(ctx, |ui| {
                // The footer with path, buttons and message stays visible.
                fit_contents::scrolled(ui, top + self.footer_height, |ui| self.body(ui, session));
                ui.add_space(6.0);
                let footer = ui.scope(|ui| self.footer(ui, session, is_entered)).response.rect;
                self.footer_height = footer.height() + 6.0;
            });
        exported.into_iter().collect()
    }
}

impl Export {
    /// A dialog with defaults: a free path, and the theme of the window.
    fn new(ctx: &Context, scene: Scene<'_>) -> Self {
        let Scene { session, plots, panels, is_smallest_shown, .. } = scene;
        let is_dark = ctx.theme() == egui::Theme::Dark;
        let theme = if is_dark { Theme::Dark } else { Theme::Light };
        let mut export = Self {
            what: ExportKind::Picture,
            picture: Picture {
                axis: plots.axis(),
                is_smallest_shown,
                ..Picture::new(session, theme, panels, plots.choices.clone())
            },
            zoomed: plots.visible(),
            path: String::new(),
            suggested: (String::new(), session.current().id()),
            browsing: None,
            writing: None,
            copying: None,
            note: Note::Nothing,
            footer_height: 0.0,
            needs_focus: true,
            enter_saves_in: Vec::new(),
        };
        export.suggest_path(session);
        export
    }

    /// Updates defaults that the user has not edited to the current runs.
    fn update_defaults(&mut self, session: &Session) {
        self.picture.update_defaults(session);
        if self.suggested.1 != session.current().id() && self.path == self.suggested.0 {
            self.suggest_path(session);
        }
    }

    /// Whether Enter was pressed, and means to save.
    fn is_entered(&self, ctx: &Context) -> bool {
        let focused = ctx.memory(Memory::focused);
        let is_meant = focused.is_none_or(|control| self.enter_saves_in.contains(&control));
        is_meant && ctx.input(|input| input.key_pressed(Key::Enter))
    }

    /// Suggests an unused path with the right extension, where the last export of this kind went and under
    /// the name that the user gave it.
    fn suggest_path(&mut self, session: &Session) {
        let run = session.current();
        let name = text::file_name(&run.initial_config().name);
        let stem = format!("eoscope-{name}-run{}", run.id().0);
        let extension = match self.what {
            ExportKind::Picture => self.picture.format.ending(),
            ExportKind::Current | ExportKind::All => "csv",
        };
        let place = session.files.exports.of(extension);
        let folder = Some(place.folder()).filter(|folder| files::is_dir(folder));
        let folder = folder.unwrap_or_else(files::writable_dir);
        let path = saving::free_path(&folder, place.name().unwrap_or(&stem), extension);
        self.path = path.to_string_lossy().into_owned();
        self.suggested = (self.path.clone(), run.id());
        self.note = Note::Nothing;
    }

    /// Receives results of background threads; returns a request to remember where a file went.
    fn receive(&mut self, ctx: &Context) -> Option<Request> {
        let mut exported = None;
        if let Some(Ok(result)) = self.browsing.as_ref().map(Receiver::try_recv) {
            self.browsing = None;
            match result {
                PathChoice::Chosen(path) => {
                    self.path = path.to_string_lossy().into_owned();
                    self.note = Note::Nothing;
                }
                PathChoice::Cancelled => {}
                PathChoice::NoDialog => self.note = Note::NoDialog,
            }
        }
        if let Some(Ok(result)) = self.writing.as_ref().map(Receiver::try_recv) {
            self.writing = None;
            self.note = match result {
                Written::Done(path, notice) => {
                    let suggested = PathBuf::from(&self.suggested.0);
                    exported = Some(Request::Exported { path: path.clone(), suggested });
                    Note::Done(path, notice)
                }
                Written::Exists(path) => Note::Exists(path),
                Written::Failed(reason) => Note::Failed(reason),
            };
        }
        if let Some(Ok(result)) = self.copying.as_ref().map(Receiver::try_recv) {
            self.copying = None;
            self.note = match result {
                Ok((image, notice)) => {
                    ctx.copy_image(image);
                    Note::Copied(notice)
                }
                Err(reason) => Note::Failed(reason),
            };
        }
        exported
    }

    fn body(&mut self, ui: &mut Ui, session: &Session) {
        ui.set_width(fit_contents::width(ui.ctx(), WIDTH));
        self.choose_what(ui, session);
        ui.add_space(6.0);
        // Always there, so that nothing moves when another kind is chosen.
        ui.add_enabled_ui(self.what == ExportKind::Picture, |ui| {
            picture_options::show(ui, &mut self.picture, self.zoomed);
        });
    }

    fn footer(&mut self, ui: &mut Ui, session: &Session, is_entered: bool) {
        ui.set_width(fit_contents::width(ui.ctx(), WIDTH));
        self.choose_path(ui);
        ui.horizontal(|ui| {
            let is_ready = self.writing.is_none() && !self.path.trim().is_empty();
            let word = if self.writing.is_some() { "Saving…" } else { "Save" };
            let is_pressed = ui.add_enabled(is_ready, Button::new(word)).clicked();
            if is_pressed || is_ready && is_entered {
                self.save(ui, session, Replace::No);
            }
            let word = if self.copying.is_some() { "Copying…" } else { "Copy picture" };
            let is_ready = self.copying.is_none() && self.what == ExportKind::Picture;
            let copy = ui.add_enabled(is_ready, Button::new(word));
            if copy.on_hover_text("Puts the picture on the clipboard, as pixels.").clicked() {
                let ctx = ui.ctx().clone();
                self.note = Note::Nothing;
                self.copying = Some(self.picture.pixels(session, move || ctx.request_repaint()));
            }
        });
        // Below the buttons, which a message must not move.
        self.show_note(ui, session);
    }

    fn choose_what(&mut self, ui: &mut Ui, session: &Session) {
        let several = session.drawn().next().is_some();
        let (png, svg) = (Some(Format::Png), Some(Format::Svg));
        for (what, format, label, is_possible) in [
            (ExportKind::Picture, png, "Picture of the plots (PNG)", true),
            (ExportKind::Picture, svg, "Picture of the plots (SVG)", true),
            (ExportKind::Current, None, "Numbers of the current run (CSV)", true),
            (ExportKind::All, None, "Numbers of all runs shown (CSV)", several),
        ] {
            let is_format = format.is_none_or(|format| format == self.picture.format);
            let is_chosen = self.what == what && is_format;
            let radio = ui.add_enabled(is_possible, RadioButton::new(is_chosen, label));
            self.enter_saves_in.push(radio.id);
            if is_chosen && std::mem::take(&mut self.needs_focus) {
                radio.request_focus();
            }
            if radio.clicked() && !is_chosen {
                self.what = what;
                self.picture.format = format.unwrap_or(self.picture.format);
                self.suggest_path(session);
            }
        }
    }

    fn choose_path(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let name = ui.label("File");
            let browse = Button::new(BROWSE);
            let spacing = ui.spacing();
            let around = 2.0 * (spacing.button_padding.x + spacing.item_spacing.x) + 8.0;
            let font = TextStyle::Button.resolve(ui.style());
            let word = ui.painter().layout_no_wrap(BROWSE.to_owned(), font, Color32::PLACEHOLDER);
            let width = ui.available_width() - word.size().x - around;
            let edit = TextEdit::singleline(&mut self.path).desired_width(width);
            let edit = ui.add(edit).labelled_by(name.id);
            self.enter_saves_in.push(edit.id);
            if edit.changed() {
                self.note = Note::Nothing;
                let typed = Format::of(Path::new(self.path.trim()));
                self.picture.format = typed.unwrap_or(self.picture.format);
            }
            if ui.add_enabled(self.browsing.is_none(), browse).clicked() {
                let ctx = ui.ctx().clone();
                let start = files::expanded(&self.path);
                self.note = Note::Nothing;
                self.browsing =
                    Some(saving::browse(Wanted::Export, start, move || ctx.request_repaint()));
            }
        });
    }

    /// Shows the message, with buttons if it is a question.
    fn show_note(&mut self, ui: &mut Ui, session: &Session) {
        let warn = ui.visuals().warn_fg_color;
        match self.note.clone() {
            Note::Nothing => {}
            Note::NoDialog => {
                ui.colored_label(warn, saving::NO_DIALOG);
            }
            Note::Exists(path) => {
                ui.colored_label(warn, format!("{} exists already.", text::short_path(&path)));
                ui.horizontal(|ui| {
                    if ui.button("Replace it").clicked() {
                        self.save(ui, session, Replace::Yes);
                    }
                    if ui.button("Keep it").clicked() {
                        self.suggest_path(session);
                    }
                });
            }
            Note::Failed(reason) => {
                ui.colored_label(ui.visuals().error_fg_color, reason);
            }
            Note::Done(path, notice) => {
                ui.strong(format!("Saved to {}", text::short_path(&path)));
                notice.map(|notice| ui.colored_label(warn, notice));
            }
            Note::Copied(notice) => {
                ui.strong("The picture is on the clipboard.");
                notice.map(|notice| ui.colored_label(warn, notice));
            }
        }
        ui.add_space(4.0);
    }

    fn save(&mut self, ui: &Ui, session: &Session, replace: Replace) {
        let ctx = ui.ctx().clone();
        let path = files::expanded(&self.path);
        if self.what == ExportKind::Picture && Format::of(&path).is_none() {
            self.note = Note::Failed(format!(
                "{} ends in neither .png nor .svg, the possible kinds of picture; choose another \
                 name.",
                text::short_path(&path)
            ));
            return;
        }
        let contents = export_contents::of(self.what, &self.picture, session);
        self.note = Note::Nothing;
        self.writing = Some(saving::write(path, replace, contents, move || ctx.request_repaint()));
    }
}
