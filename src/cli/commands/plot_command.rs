//! `eoscope plot`: draws run folders into one picture.

use std::path::PathBuf;

use super::labels::with_unique_labels;
use super::picture_file::Picture;
use crate::cli::args::plot_args::{AxisWord, PlotArgs, ThemeWord};
use crate::cli::error::CliError;
use crate::cli::terminal::print;
use crate::figure::{Axis, Choices};
use crate::history::Run;
use crate::paint::{PictureOptions, Theme};
use crate::platform::console::complain;
use crate::store::StoreError;
use crate::text::plural;
use crate::{store, study};

/// Reads and draws the folders, and prints the picture's path.
pub(super) fn run(args: &PlotArgs) -> Result<(), CliError> {
    let panels: Vec<_> = args.panels.iter().map(|word| word.kind()).collect();
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
    picture.draw(&runs(&args.runs)?)?;
    print(&format!("{}\n", args.out.display()))
}

/// The readable runs with their folders' labels; reports the others and leaves them out.
fn runs(dirs: &[PathBuf]) -> Result<Vec<(String, Run)>, CliError> {
    let (mut runs, mut failed) = (Vec::new(), Vec::new());
    for (name, dir) in with_unique_labels(dirs) {
        match store::load_readable(&dir) {
            Ok((run, damage)) => {
                report_damage(&damage);
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

/// How many damaged lines of a run are reported one by one.
const MAX_DAMAGE: usize = 3;

/// Reports the lines of a run that are unreadable or were repaired.
fn report_damage(damage: &[StoreError]) {
    let (mended, lost): (Vec<_>, Vec<_>) =
        damage.iter().partition(|damage| matches!(damage, StoreError::Recovered { .. }));
    report_first(&mended, "", "change", "of that run repaired likewise");
    let what_then = "; this line is left out, and the others are drawn";
    report_first(&lost, what_then, "line", "of that run cannot be read either");
}

/// Reports the first few errors, and how many more there are.
fn report_first(damage: &[&StoreError], what_then: &str, noun: &str, others: &str) {
    for damaged in damage.iter().take(MAX_DAMAGE) {
        complain(&format!("{damaged}{what_then}"));
    }
    if let Some(n_more) = damage.len().checked_sub(MAX_DAMAGE + 1) {
        complain(&format!("{} {others}", plural(n_more as u64 + 1, noun)));
    }
}

fn choices(args: &PlotArgs) -> Choices {
    Choices {
        scales: args.scale.iter().map(|words| (words.panel.kind(), words.scale)).collect(),
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
