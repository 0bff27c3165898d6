//! `eoscope plot`: run folders into one picture.
//! Does not train.

use std::path::Path;

use super::args::{AxisWord, PanelWord, PlotArgs, ThemeWord};
use super::error::CliError;
use super::picture::Picture;
use super::say;
use crate::figure::{Axis, Choices, PanelKind};
use crate::paint::{PictureOptions, Theme};
use crate::store;

/// Reads the folders, draws them, and says where the picture is.
pub(super) fn run(args: &PlotArgs) -> Result<(), CliError> {
    let panels: Vec<_> = args.panels.iter().map(|word| kind(*word)).collect();
    let picture = Picture {
        path: &args.out,
        is_forced: args.force,
        panels: &panels,
        choices: choices(args),
        axis: axis(args.x),
        title: args.title.as_deref(),
        caption: args.caption.as_deref(),
        look: PictureOptions {
            width_px: args.size.width,
            height_px: args.size.height,
            dpi: args.dpi as f32,
            theme: match args.theme {
                ThemeWord::Light => Theme::Light,
                ThemeWord::Dark => Theme::Dark,
            },
            configuration: None,
        },
    };
    picture.check()?;
    let runs = args
        .runs
        .iter()
        .map(|dir| Ok((folder_name(dir), store::load(dir)?)))
        .collect::<Result<Vec<_>, CliError>>()?;
    picture.draw(&runs)?;
    say(&format!("{}\n", args.out.display()))
}

fn choices(args: &PlotArgs) -> Choices {
    Choices {
        scales: args.scale.iter().map(|words| (kind(words.panel), words.scale)).collect(),
        is_ratio: args.ratio,
        smoothing: args.smooth,
        is_over_seeds: args.seeds,
        ..Choices::default()
    }
}

fn folder_name(dir: &Path) -> String {
    let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy().into_owned()
}

fn kind(word: PanelWord) -> PanelKind {
    match word {
        PanelWord::PreconditionedSharpness => PanelKind::Preconditioned,
        PanelWord::Sharpness => PanelKind::Sharpness,
        PanelWord::Loss => PanelKind::Loss,
        PanelWord::LearningRate => PanelKind::LearningRate,
        PanelWord::GradNorm => PanelKind::GradNorm,
    }
}

fn axis(word: AxisWord) -> Axis {
    match word {
        AxisWord::Step => Axis::Step,
        AxisWord::Time => Axis::EffectiveTime,
        AxisWord::Epoch => Axis::Epoch,
        AxisWord::Wall => Axis::WallTime,
    }
}
