//! A picture file of runs: checks that it can be written, and writes it.

use std::io::ErrorKind;
use std::path::Path;

use crate::cli::error::CliError;
use crate::export::{NamedRun, provenance};
use crate::figure::{
    Axis, Choices, Figure, FitTo, Options, PanelKind, PlottedRun, caption, compose, full_extent,
    ghost_name, name_seed_groups, seed_group, title,
};
use crate::history::Run;
use crate::paint::{
    Format, PaintError, PictureOptions, PlotView, missing_glyphs, missing_glyphs_warning,
};
use crate::platform::console::complain;
use crate::platform::{self, Memory, files};
use crate::text;

/// Smallest width in inches at which labels do not overlap.
const MIN_WIDTH: f32 = 2.4;

/// Smallest height of a plot in inches.
const MIN_PANEL: f32 = 0.4;

/// Height in inches of title, caption and horizontal axis together.
const MIN_AROUND: f32 = 1.2;

/// Who chose the panels of a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PanelChoice {
    /// The program.
    Usual,
    /// The user, by name.
    Named,
}

/// A picture to draw.
pub(super) struct Picture<'a> {
    /// The file.
    pub(super) path: &'a Path,
    /// Whether an existing file is replaced.
    pub(super) is_forced: bool,
    /// Its panels.
    pub(super) panels: &'a [PanelKind],
    /// Who chose them.
    pub(super) choice: PanelChoice,
    /// Its horizontal axis.
    pub(super) axis: Axis,
    /// Its size, resolution and theme.
    pub(super) look: PictureOptions,
    /// Scales, ratio, smoothing and other options of the plots.
    pub(super) choices: Choices,
    /// The title: `None` is the first run's, an empty text none.
    pub(super) title: Option<&'a str>,
    /// The caption: `None` is the first run's settings, an empty text none.
    pub(super) caption: Option<&'a str>,
}

impl Picture<'_> {
    /// Refuses an existing file, an unknown format, a missing folder or too small a size, before
    /// any work begins.
    pub(super) fn check(&self) -> Result<(), CliError> {
        let size = [self.look.width_px, self.look.height_px];
        check_memory(size, self.format()?, platform::memory())?;
        self.check_size()?;
        if files::is_dir(self.path) || files::exists(self.path) && !self.is_forced {
            return Err(CliError::Exists(self.path.to_owned()));
        }
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !files::is_dir(folder)) {
            return Err(CliError::NoFolder(folder.to_owned()));
        }
        Ok(())
    }

    /// Refuses a size at which labels would overlap.
    fn check_size(&self) -> Result<(), CliError> {
        // A panel that most runs do not have does not raise the minimum.
        let is_usual = |kind: &&PanelKind| kind.is_of_every_run();
        let n_panels = self.panels.iter().filter(is_usual).count().max(1);
        let dpi = self.look.dpi;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "some thousands"
        )]
        let pixels = |inches: f32| (inches * dpi).round() as u32;
        let height = MIN_AROUND + MIN_PANEL * n_panels as f32;
        let needed = [pixels(MIN_WIDTH), pixels(height)];
        let given = [self.look.width_px, self.look.height_px];
        if given[0] < needed[0] || given[1] < needed[1] {
            return Err(CliError::SmallPicture { given, dpi, n_panels, needed });
        }
        Ok(())
    }

    /// Refuses a picture without panels, and names panels that were asked for and that no run has.
    fn check_panels(&self, figure: &Figure) -> Result<(), CliError> {
        let is_drawn = |kind: &PanelKind| figure.panels.iter().any(|panel| panel.kind == *kind);
        let missing = self.panels.iter().filter(|kind| !is_drawn(kind));
        let missing: Vec<&str> = missing.map(|kind| kind.declaration().word).collect();
        if figure.panels.is_empty() {
            return Err(CliError::NoPanels(missing));
        }
        if self.choice == PanelChoice::Named && !missing.is_empty() {
            complain(&format!("no run has {}; the other panels are drawn", text::list(&missing)));
        }
        let empty = figure.panels.iter().filter(|_| self.choice == PanelChoice::Named);
        for panel in empty {
            if let Some(why) = &panel.missing {
                complain(&format!("{}: {why}", panel.kind.declaration().word));
            }
        }
        Ok(())
    }

    fn format(&self) -> Result<Format, CliError> {
        Format::of(self.path).ok_or_else(|| CliError::NoPicture(self.path.to_owned()))
    }

    /// Draws the labelled runs into the file: the first in full, the others faded behind it.
    pub(super) fn draw(&self, runs: &[(String, Run)]) -> Result<(), CliError> {
        let Some((_, current)) = runs.first() else { return Ok(()) };
        let name = |at: usize, (name, run): &(String, Run)| match at {
            0 => title(current, &[]),
            _ => ghost_name(name, run, current),
        };
        let mut shown: Vec<_> = runs
            .iter()
            .enumerate()
            .map(|(at, named)| PlottedRun {
                run: &named.1,
                is_ghost: at > 0,
                name: name(at, named),
            })
            .collect();
        let alike = if self.choices.is_over_seeds {
            let label = |run: &Run| {
                let named = runs.iter().find(|(_, other)| std::ptr::eq(other, run));
                named.map_or_else(String::new, |(label, _)| label.clone())
            };
            name_seed_groups(&mut shown, label);
            seed_group(&shown)
        } else {
            Vec::new()
        };
        let options = Options {
            title: text_or(self.title, || title(current, &alike)),
            caption: text_or(self.caption, || caption(current, &alike)),
            choices: self.choices.clone(),
            panels: self.panels.to_vec(),
            axis: self.axis,
            // Runs that are compared are shown whole.
            fit_to: FitTo::AllRuns,
            visible: (shown.len() > 1).then(|| PlotView::whole(full_extent(&shown, self.axis))),
            n_buckets: self.look.width_px as usize,
            ..Options::default()
        };
        let figure = compose(&shown, &options);
        self.check_panels(&figure)?;
        let named = shown.iter().map(|shown| NamedRun { name: &shown.name, run: shown.run });
        let configuration = Some(provenance(&named.collect::<Vec<_>>()));
        let look = PictureOptions { configuration, ..self.look.clone() };
        let problem = |source: PaintError| CliError::Draw { path: self.path.to_owned(), source };
        let format = self.format()?;
        let bytes = format.render(&figure, &look).map_err(problem)?;
        warn_of_missing_letters(&missing_glyphs(&figure, &look).map_err(problem)?, format);
        let written = if self.is_forced {
            files::replace(self.path, &bytes)
        } else {
            files::create_new(self.path, &bytes)
        };
        written.map_err(|source| {
            let path = self.path.to_owned();
            if source.kind() == ErrorKind::AlreadyExists {
                CliError::Exists(path)
            } else {
                CliError::Write { path, source }
            }
        })
    }
}

/// Refuses a picture whose pixels take more memory than there is; `None` is unknown.
fn check_memory(size: [u32; 2], format: Format, memory: Option<Memory>) -> Result<(), CliError> {
    let needed = format.memory(size);
    match memory.filter(|memory| memory.bytes < needed) {
        Some(memory) => Err(CliError::LargePicture { size, needed, memory }),
        None => Ok(()),
    }
}

/// Warns of letters that the fonts lack.
pub(super) fn warn_of_missing_letters(letters: &str, format: Format) {
    if let Some(warning) = missing_glyphs_warning(letters, format) {
        complain(&warning);
    }
}

/// The user's text, or the default; `None` if it is empty.
fn text_or(given: Option<&str>, default: impl FnOnce() -> String) -> Option<String> {
    let text = given.map_or_else(default, ToOwned::to_owned);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Bound;

    #[test]
    fn a_picture_beyond_the_memory_is_refused_with_the_sizes() {
        let memory = |bytes| Some(Memory { bytes, bound: Bound::Addresses });
        let large = [16_384, 16_384];
        let error = check_memory(large, Format::Png, memory(2_048_000_000)).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let told = error.to_string();
        for wanted in ["16384x16384", "about 2 GiB", "`ulimit -v` allows 1.9 GiB", "--size"] {
            assert!(told.contains(wanted), "{wanted}: {told}");
        }
        // As much as was seen to be enough.
        check_memory(large, Format::Png, memory(2_457_600_000)).unwrap();
        check_memory([1600, 900], Format::Png, memory(102_400_000)).unwrap();
        check_memory(large, Format::Svg, memory(102_400_000)).unwrap();
        check_memory(large, Format::Png, None).unwrap();
    }
}
