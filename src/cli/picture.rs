//! A PNG file of some runs: whether it may be written, and writing it.
//! Does not decide what a figure shows or how it looks.

use std::fs;
use std::path::Path;

use super::error::CliError;
use crate::figure::{Options, PanelKind, Shown, caption, compose};
use crate::history::Run;
use crate::paint::{PngOptions, png};

/// A picture to be made.
pub(super) struct Picture<'a> {
    /// The file.
    pub(super) path: &'a Path,
    /// Whether a file of that name may be replaced.
    pub(super) is_forced: bool,
    /// Its panels.
    pub(super) panels: &'a [PanelKind],
    /// Its size and look.
    pub(super) look: PngOptions,
}

impl Picture<'_> {
    /// Refuses a file that is there, is no PNG or has no folder; asked before the work begins.
    pub(super) fn check(&self) -> Result<(), CliError> {
        if !self.path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png")) {
            return Err(CliError::NotPng(self.path.to_owned()));
        }
        if self.path.is_dir() || self.path.exists() && !self.is_forced {
            return Err(CliError::Exists(self.path.to_owned()));
        }
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(CliError::NoFolder(folder.to_owned()));
        }
        Ok(())
    }

    /// Draws the runs with their names: the first in full, the others faded behind it.
    pub(super) fn draw(&self, runs: &[(String, Run)]) -> Result<(), CliError> {
        let shown: Vec<_> = runs
            .iter()
            .enumerate()
            .map(|(at, (name, run))| Shown { run, is_ghost: at > 0, name: name.clone() })
            .collect();
        let options = Options {
            title: runs.first().map(|(name, _)| name.clone()),
            caption: runs.first().map(|(_, run)| caption(run)),
            n_buckets: self.look.width_px as usize,
            ..Options::default()
        };
        let mut figure = compose(&shown, &options);
        figure.panels.retain(|panel| self.panels.contains(&panel.kind));
        let bytes = png::render(&figure, &self.look).map_err(|error| CliError::Draw {
            path: self.path.to_owned(),
            problem: error.to_string(),
        })?;
        fs::write(self.path, bytes)
            .map_err(|source| CliError::Write { path: self.path.to_owned(), source })
    }
}
