//! `eoscope plot`: draws run folders into one picture.

use std::path::PathBuf;

use super::damage_report;
use super::labels::with_unique_labels;
use super::picture_file::{PanelChoice, Picture};
use crate::cli::args::plot_args::{AxisWord, PlotArgs, ThemeWord};
use crate::cli::error::CliError;
use crate::cli::terminal::print;
use crate::figure::{Axis, Choices, N_GHOST_STYLES, PanelKind};
use crate::history::Run;
use crate::paint::{PictureOptions, Theme};
use crate::platform::console::complain;
use crate::{store, study};

/// Reads and draws the folders, and prints the picture's path.
pub(super) fn run(args: &PlotArgs) -> Result<(), CliError> {
    let panels = panels(args);
    let picture = Picture {
        path: &args.out,
        is_forced: args.force,
        panels: &panels,
        choice: if args.panels.is_empty() { PanelChoice::Usual } else { PanelChoice::Named },
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
    picture.draw(&runs(&args.runs)?)?;
    print(&format!("{}\n", args.out.display()))
}

/// The panels asked for or, without any, the usual ones: of more runs than have styles of their own
/// only those of eigenvalues, whose many lines need the height.
fn panels(args: &PlotArgs) -> Vec<PanelKind> {
    let asked: Vec<_> = args.panels.iter().map(|word| word.0).collect();
    let n_runs = args.runs.len();
    if !asked.is_empty() {
        asked
    } else if n_runs > N_GHOST_STYLES + 1 {
        complain(&format!(
            "{n_runs} runs: only their eigenvalues are drawn, so that the lines have room; \
             `--panels` draws others"
        ));
        let usual = PanelKind::usual().into_iter();
        usual.filter(|kind| kind.declaration().limit.is_some()).collect()
    } else {
        PanelKind::usual()
    }
}

/// The readable runs with their folders' labels; reports the others and leaves them out.
fn runs(dirs: &[PathBuf]) -> Result<Vec<(String, Run)>, CliError> {
    let (mut runs, mut failed) = (Vec::new(), Vec::new());
    for (name, dir) in with_unique_labels(dirs) {
        match store::load_readable(&dir) {
            Ok((run, damage)) => {
                for sentence in damage_report::sentences(&damage) {
                    complain(&sentence);
                }
                if let Err(uneven) = study::check_step_count(&dir, &run) {
                    complain(&format!("{uneven}; what is in the table is drawn"));
                }
                runs.push((name, run));
            }
            Err(error) => failed.push(error),
        }
    }
    if runs.is_empty() {
        // No run is left: reports all errors but the last here, which is returned.
        let last = failed.pop();
        for error in failed {
            complain(&error.to_string());
        }
        return last.map_or(Ok(runs), |error| Err(error.into()));
    }
    for error in failed {
        complain(&format!("{error}; that run is left out of the picture"));
    }
    Ok(runs)
}

fn choices(args: &PlotArgs) -> Choices {
    Choices {
        scales: args.scale.iter().map(|words| (words.panel.0, words.scale)).collect(),
        is_ratio: args.ratio,
        smoothing: args.smooth,
        is_over_seeds: args.seeds,
        ..Choices::default()
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
