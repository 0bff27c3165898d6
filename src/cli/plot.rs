//! `eoscope plot`: run folders into one picture.
//! Does not train.

use std::path::Path;

use super::args::{PanelWord, PlotArgs, ThemeWord};
use super::error::CliError;
use super::picture::Picture;
use super::say;
use crate::figure::PanelKind;
use crate::paint::{PngOptions, Theme};
use crate::store;

/// Reads the folders, draws them, and says where the picture is.
pub(super) fn run(args: &PlotArgs) -> Result<(), CliError> {
    let panels: Vec<_> = args.panels.iter().map(|word| kind(*word)).collect();
    let picture = Picture {
        path: &args.out,
        is_forced: args.force,
        panels: &panels,
        look: PngOptions {
            width_px: args.size.width,
            height_px: args.size.height,
            dpi: args.dpi as f32,
            theme: match args.theme {
                ThemeWord::Light => Theme::Light,
                ThemeWord::Dark => Theme::Dark,
            },
        },
    };
    picture.check()?;
    let runs = args
        .runs
        .iter()
        .map(|dir| Ok((name(dir), store::load(dir)?)))
        .collect::<Result<Vec<_>, CliError>>()?;
    picture.draw(&runs)?;
    say(&format!("{}\n", args.out.display()))
}

/// The folder's own name, by which a person knows the run.
fn name(dir: &Path) -> String {
    let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy().into_owned()
}

fn kind(word: PanelWord) -> PanelKind {
    match word {
        PanelWord::Sharpness => PanelKind::Sharpness,
        PanelWord::Loss => PanelKind::Loss,
        PanelWord::LearningRate => PanelKind::LearningRate,
        PanelWord::GradNorm => PanelKind::GradNorm,
    }
}
