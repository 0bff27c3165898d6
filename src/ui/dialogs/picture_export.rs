//! The plots as a picture of their own: how the user wants it, and how it is made of the runs.
//! Does not know where it goes, to a file or to the clipboard.

use crossbeam_channel::Receiver;
use eframe::egui::ColorImage;

use crate::figure::{Axis, Choices, Figure, Options, PanelKind, caption, seeds, settings, title};
use crate::paint::{Format, PictureOptions, Theme, missing_letters, png, told_missing};
use crate::ui::session::{Session, plotted_runs};

use super::saving;
use super::saving::{Contents, Made};

/// Pixels for the clipboard, with what is to be said of them, or why there are none.
pub(in crate::ui) type Copied = Result<(ColorImage, Option<String>), String>;

/// A line or paragraph that may be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Words {
    /// Whether it is in the picture.
    pub(in crate::ui) is_shown: bool,
    /// What it says.
    pub(in crate::ui) text: String,
    /// What it would say by itself: where the user has written nothing else, it follows the runs.
    own: String,
}

impl Words {
    fn shown(text: String) -> Self {
        Self { is_shown: true, own: text.clone(), text }
    }

    /// Takes in what it would say by itself now.
    fn follow(&mut self, own: String) {
        if self.text == self.own {
            self.text.clone_from(&own);
        }
        self.own = own;
    }

    fn shown_text(&self) -> Option<String> {
        let text = self.text.trim();
        (self.is_shown && !text.is_empty()).then(|| text.to_owned())
    }
}

/// How a picture is made.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct Picture {
    /// Pixels or paths.
    pub(in crate::ui) format: Format,
    /// Width in pixels.
    pub(in crate::ui) width_px: u32,
    /// Height in pixels.
    pub(in crate::ui) height_px: u32,
    /// Pixels an inch.
    pub(in crate::ui) dpi: u32,
    /// Light or dark.
    pub(in crate::ui) theme: Theme,
    /// Plots that are in it.
    pub(in crate::ui) panels: Vec<PanelKind>,
    /// The line above the plots.
    pub(in crate::ui) title: Words,
    /// The small print below them.
    pub(in crate::ui) caption: Words,
    /// What runs along the horizontal axis.
    pub(in crate::ui) axis: Axis,
    /// What is in view of it; `None` is the whole run.
    pub(in crate::ui) visible: Option<[f64; 2]>,
    /// Whether the smallest eigenvalue gets a line.
    pub(in crate::ui) is_smallest_shown: bool,
    /// Axes, ratio, smoothing and the like, as in the window.
    pub(in crate::ui) choices: Choices,
}

impl Picture {
    /// One of all plots, with the title and the small print that follow from the runs.
    pub(in crate::ui) fn new(session: &Session, theme: Theme, choices: Choices) -> Self {
        let (title, caption) = words(session, &choices);
        Self {
            format: Format::Png,
            width_px: 1800,
            height_px: 1400,
            dpi: 144,
            theme,
            panels: PanelKind::ALL.to_vec(),
            title: Words::shown(title),
            caption: Words::shown(caption),
            axis: Axis::Step,
            visible: None,
            is_smallest_shown: false,
            choices,
        }
    }

    /// Brings title and small print up to the runs as they are now.
    pub(in crate::ui) fn follow(&mut self, session: &Session) {
        let (title, caption) = words(session, &self.choices);
        self.title.follow(title);
        self.caption.follow(caption);
    }

    fn figure(&self, session: &Session) -> Figure {
        let options = Options {
            title: self.title.shown_text(),
            caption: self.caption.shown_text(),
            axis: self.axis,
            visible: self.visible,
            is_smallest_shown: self.is_smallest_shown,
            choices: self.choices.clone(),
            n_buckets: self.width_px as usize,
            ..Options::default()
        };
        let mut figure = plotted_runs::figure(session, &options);
        figure.panels.retain(|panel| self.panels.contains(&panel.kind));
        figure
    }

    fn options(&self, session: &Session) -> PictureOptions {
        PictureOptions {
            width_px: self.width_px,
            height_px: self.height_px,
            #[expect(clippy::cast_precision_loss, reason = "at most a few hundred")]
            dpi: self.dpi as f32,
            theme: self.theme,
            configuration: Some(settings(&plotted_runs::runs(session))),
        }
    }

    /// What its file shall hold, from the runs as they are now, to be made on another thread.
    pub(in crate::ui) fn contents(&self, session: &Session) -> Contents {
        let (figure, options) = (self.figure(session), self.options(session));
        let format = self.format;
        Box::new(move || {
            let bytes = format.render(&figure, &options).map_err(|error| error.to_string())?;
            Ok(Made { bytes, notice: notice(&figure, &options, format) })
        })
    }

    /// Its pixels, from the runs as they are now, made on another thread; with what the user should
    /// know of them.
    pub(in crate::ui) fn pixels(
        &self,
        session: &Session,
        wake: impl FnOnce() + Send + 'static,
    ) -> Receiver<Copied> {
        let (figure, options) = (self.figure(session), self.options(session));
        saving::on_thread("eoscope-copy", Err, wake, move || {
            let image = png::image(&figure, &options).map_err(|error| error.to_string())?;
            Ok((image, notice(&figure, &options, Format::Png)))
        })
    }
}

/// The title and the small print that follow from the runs.
fn words(session: &Session, choices: &Choices) -> (String, String) {
    let current = session.current();
    let shown = plotted_runs::runs(session);
    let alike = if choices.is_over_seeds { seeds(&shown) } else { Vec::new() };
    (title(current, &alike), caption(current, &alike))
}

/// Which letters of a picture that can be drawn the fonts lack: by their numbers too, since the window
/// has the same fonts.
fn notice(figure: &Figure, options: &PictureOptions, format: Format) -> Option<String> {
    let letters = missing_letters(figure, options).ok()?;
    let letters = letters.chars().map(|letter| format!("{letter} (U+{:04X})", u32::from(letter)));
    told_missing(&letters.collect::<Vec<_>>().join(", "), format)
}
