//! Options of an exported picture, and rendering it for a file or the clipboard.

use crossbeam_channel::Receiver;
use eframe::egui::ColorImage;

use crate::figure::{Axis, Choices, Figure, Options, PanelKind, caption, seed_group};
use crate::paint::{Format, PictureOptions, Theme, missing_glyphs, missing_glyphs_warning, png};
use crate::ui::session::{Session, plotted_runs};

use super::saving;
use super::saving::{FileContents, MakeContents};

/// Pixels for the clipboard with an optional notice, or an error message.
pub(in crate::ui) type Copied = Result<(ColorImage, Option<String>), String>;

/// A title or caption that can be edited and left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct PictureText {
    /// Whether the picture includes it.
    pub(in crate::ui) is_shown: bool,
    /// The text.
    pub(in crate::ui) text: String,
    /// The generated text; `text` follows it until the user edits it.
    generated: String,
}

impl PictureText {
    fn shown(text: String) -> Self {
        Self { is_shown: true, generated: text.clone(), text }
    }

    /// Updates the generated text.
    fn update_defaults(&mut self, generated: String) {
        if self.text == self.generated {
            self.text.clone_from(&generated);
        }
        self.generated = generated;
    }

    fn shown_text(&self) -> Option<String> {
        let text = self.text.trim();
        (self.is_shown && !text.is_empty()).then(|| text.to_owned())
    }
}

/// A use of a picture, with the size and type for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Page {
    /// Its name.
    pub(in crate::ui) name: &'static str,
    /// What it is for.
    pub(in crate::ui) tooltip: &'static str,
    width_px: u32,
    height_px: u32,
    dpi: u32,
    is_slide: bool,
}

/// The uses.
pub(in crate::ui) const PAGES: [Page; 2] = [
    Page {
        name: "Page",
        tooltip: "1800 × 1400 pixels, with a caption of all settings: for a paper or a web page.",
        width_px: 1800,
        height_px: 1400,
        dpi: 144,
        is_slide: false,
    },
    Page {
        name: "Slide",
        tooltip: "1920 × 1080 pixels in large type, with the sharpness and the loss and without a \
                  caption: to be read from the last row.",
        width_px: 1920,
        height_px: 1080,
        dpi: 360,
        is_slide: true,
    },
];

/// Options of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct Picture {
    /// File format.
    pub(in crate::ui) format: Format,
    /// Width in pixels.
    pub(in crate::ui) width_px: u32,
    /// Height in pixels.
    pub(in crate::ui) height_px: u32,
    /// Resolution in pixels per inch.
    pub(in crate::ui) dpi: u32,
    /// Theme of the picture.
    pub(in crate::ui) theme: Theme,
    /// Plots to include.
    pub(in crate::ui) panels: Vec<PanelKind>,
    /// Plots to choose from.
    pub(in crate::ui) offered: Vec<PanelKind>,
    /// Title above the plots.
    pub(in crate::ui) title: PictureText,
    /// Caption below the plots.
    pub(in crate::ui) caption: PictureText,
    /// The horizontal axis.
    pub(in crate::ui) axis: Axis,
    /// Visible range of the horizontal axis; `None` for the whole run.
    pub(in crate::ui) visible: Option<[f64; 2]>,
    /// Whether to draw the smallest eigenvalue.
    pub(in crate::ui) is_smallest_shown: bool,
    /// Display choices as in the window: ratio, smoothing, seeds as one.
    pub(in crate::ui) choices: Choices,
}

impl Picture {
    /// Defaults: the plots that are visible, with generated title and caption.
    pub(in crate::ui) fn new(
        session: &Session,
        theme: Theme,
        visible: &[PanelKind],
        choices: Choices,
    ) -> Self {
        let (title, caption) = words(session, &choices);
        Self {
            format: Format::Png,
            width_px: PAGES[0].width_px,
            height_px: PAGES[0].height_px,
            dpi: PAGES[0].dpi,
            theme,
            panels: visible.to_vec(),
            offered: PanelKind::in_order(&[&PanelKind::GROUPS, visible].concat()),
            title: PictureText::shown(title),
            caption: PictureText::shown(caption),
            axis: Axis::Step,
            visible: None,
            is_smallest_shown: false,
            choices,
        }
    }

    /// Sets the size and type for a use of the picture; that for slides also shows less.
    pub(in crate::ui) fn set_page(&mut self, page: &Page) {
        let Page { width_px, height_px, dpi, is_slide, .. } = *page;
        (self.width_px, self.height_px, self.dpi) = (width_px, height_px, dpi);
        self.caption.is_shown = !is_slide;
        if is_slide {
            self.panels = vec![PanelKind::Sharpness, PanelKind::Loss];
        }
    }

    /// Whether the size and type are those of a use.
    pub(in crate::ui) fn has_page(&self, page: &Page) -> bool {
        [self.width_px, self.height_px, self.dpi] == [page.width_px, page.height_px, page.dpi]
    }

    /// Updates the generated title and caption.
    pub(in crate::ui) fn update_defaults(&mut self, session: &Session) {
        let (title, caption) = words(session, &self.choices);
        self.title.update_defaults(title);
        self.caption.update_defaults(caption);
    }

    fn figure(&self, session: &Session) -> Figure {
        let options = Options {
            panels: self.panels.clone(),
            title: self.title.shown_text(),
            caption: self.caption.shown_text(),
            axis: self.axis,
            visible: self.visible,
            is_smallest_shown: self.is_smallest_shown,
            choices: self.choices.clone(),
            n_buckets: self.width_px as usize,
            ..Options::default()
        };
        plotted_runs::figure(session, &options)
    }

    fn options(&self, session: &Session) -> PictureOptions {
        PictureOptions {
            width_px: self.width_px,
            height_px: self.height_px,
            #[expect(clippy::cast_precision_loss, reason = "at most a few hundred")]
            dpi: self.dpi as f32,
            theme: self.theme,
            configuration: Some(plotted_runs::provenance(session)),
        }
    }

    /// Prepares the file's contents from the current state of the runs.
    pub(in crate::ui) fn contents(&self, session: &Session) -> MakeContents {
        let (figure, options) = (self.figure(session), self.options(session));
        let format = self.format;
        Box::new(move || {
            let bytes = format.render(&figure, &options).map_err(|error| error.to_string())?;
            Ok(FileContents { bytes, notice: notice(&figure, &options, format) })
        })
    }

    /// Renders the current state of the runs to pixels on another thread, then calls `wake`.
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

/// Generated title and caption.
fn words(session: &Session, choices: &Choices) -> (String, String) {
    let current = session.current();
    let shown = plotted_runs::runs(session);
    let alike = if choices.is_over_seeds { seed_group(&shown) } else { Vec::new() };
    (plotted_runs::title(session, &alike), caption(current, &alike))
}

/// Notice of characters that the fonts lack, with code points, since the window cannot display them
/// either.
fn notice(figure: &Figure, options: &PictureOptions, format: Format) -> Option<String> {
    let letters = missing_glyphs(figure, options).ok()?;
    let letters = letters.chars().map(|letter| format!("{letter} (U+{:04X})", u32::from(letter)));
    missing_glyphs_warning(&letters.collect::<Vec<_>>().join(", "), format)
}
