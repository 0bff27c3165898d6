//! The command line's arguments, as clap parses them.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand, ValueEnum};

use super::error::EXIT_CODES;
use super::study_args::{MergeArgs, REPORT_HELP, STUDY_HELP, StudyArgs, SweepArgs};
use crate::figure::ScaleKind;
use crate::paint::{RESOLUTIONS, SIDES};

/// Edge-of-stability scope: trains a network and shows its top Hessian eigenvalues against 2/η.
///
/// Without a command it opens a window with the default preset, already running.
#[derive(Debug, Parser)]
#[command(name = "eoscope", version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<CliCommand>,
    #[command(flatten)]
    pub(super) start: StartArgs,
    /// Writes every run of the window to its own folder in this one
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

/// The configuration to start from, and changes to it.
#[derive(Debug, clap::Args)]
pub(super) struct StartArgs {
    /// A preset (`eoscope presets` lists them) or a configuration file
    #[arg(value_name = "PRESET | FILE.toml")]
    pub(super) source: Option<String>,
    /// Sets one key of the configuration, for example `live.peak_lr=0.05`; may be repeated
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(super) set: Vec<String>,
    /// Seed of all random draws; short for `--set seed=N`
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(super) seed: Option<String>,
    /// Changes one live key from that step on, for example `--at 500 live.peak_lr=0.05`; may be
    /// repeated
    #[arg(long, num_args = 2, value_names = ["STEP", "KEY=VALUE"], allow_hyphen_values = true)]
    pub(super) at: Vec<String>,
}

/// Subcommands; without one the window opens.
#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Trains without a window and writes a run folder
    Run(RunArgs),
    /// Draws finished or interrupted run folders into a PNG or SVG file
    Plot(PlotArgs),
    /// Searches for a learning rate from the first step of a run
    Find(FindArgs),
    /// Runs a study: one configuration varied along axes, into one table
    #[command(after_help = STUDY_HELP)]
    Sweep(SweepArgs),
    /// Runs a study and draws it: figures, tables and one page
    #[command(after_help = REPORT_HELP)]
    Study(StudyArgs),
    /// Merges the tables of one study that several machines ran
    Merge(MergeArgs),
    /// Lists the presets
    Presets,
    /// Lists the data sets
    Data,
    /// Lists the networks
    Models,
    /// Lists the studies that come with the program
    Studies,
}

/// Arguments of `eoscope run`.
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) start: StartArgs,
    /// Number of optimizer steps; short for `--set n_steps=N`
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(super) steps: Option<String>,
    /// Folder to write the run to [default: the first free one of runs/NAME, runs/NAME-2, ...]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Also draws the finished run into this PNG or SVG file
    #[arg(long, value_name = "FILE.png | FILE.svg")]
    pub(super) figure: Option<PathBuf>,
    /// Replaces the figure if it is there already; a run folder is never replaced
    #[arg(long)]
    pub(super) force: bool,
}

/// Arguments of `eoscope find`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
pub(super) struct FindArgs {
    #[command(flatten)]
    pub(super) start: StartArgs,
    /// Trains at rising rates (a range test), instead of searching for the largest rate that lowers
    /// the loss in one step
    #[arg(long)]
    pub(super) range: bool,
    /// Trains from the first step at half, one, two and four times the rate, and compares
    #[arg(long, conflicts_with = "range")]
    pub(super) rates: bool,
    /// Searches for a warmup that the run survives: tries the length that λ₁(0) suggests, then
    /// doubles it
    #[arg(long, conflicts_with_all = ["range", "rates"])]
    pub(super) warmup: bool,
    /// Steps of each trial of `--rates`
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) steps: u64,
}

/// Arguments of `eoscope plot`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
pub(super) struct PlotArgs {
    /// Run folders: the first in full, the others faded behind it, named by their differences
    #[arg(value_name = "RUN_DIR", required = true)]
    pub(super) runs: Vec<PathBuf>,
    /// The PNG or SVG file to draw
    #[arg(long, value_name = "FILE.png | FILE.svg")]
    pub(super) out: PathBuf,
    /// Width and height in pixels
    #[arg(long, default_value = "1600x900")]
    pub(super) size: Size,
    /// Pixels per inch: larger makes text and lines larger
    #[arg(long, default_value_t = 150, value_parser = resolution())]
    pub(super) dpi: u32,
    /// Panels to draw, separated by commas
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = PanelWord::value_variants().to_vec())]
    pub(super) panels: Vec<PanelWord>,
    /// Divides every eigenvalue by the stability limit in force at its step: 1 is the edge
    #[arg(long)]
    pub(super) ratio: bool,
    /// Smooths by a mean over this many steps; the raw values stay faintly visible
    #[arg(long, value_name = "STEPS", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) smooth: u32,
    /// Vertical axis of a panel, for example `sharpness=symlog`; may be repeated
    #[arg(long, value_name = "PANEL=linear|log|symlog")]
    pub(super) scale: Vec<ScaleWords>,
    /// Draws runs that differ by their seed only as one: median and range
    #[arg(long)]
    pub(super) seeds: bool,
    /// Title above the plots, or empty for none [default: the first run, and how it differs from
    /// its preset]
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// Caption below the plots, or empty for none [default: the first run's settings]
    #[arg(long, value_name = "TEXT")]
    pub(super) caption: Option<String>,
    /// Quantity of the horizontal axis
    #[arg(long, value_enum, default_value = "step")]
    pub(super) x: AxisWord,
    /// Background
    #[arg(long, value_enum, default_value = "light")]
    pub(super) theme: ThemeWord,
    /// Replaces the file if it is there already
    #[arg(long)]
    pub(super) force: bool,
}

fn resolution() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(*RESOLUTIONS.start())..=i64::from(*RESOLUTIONS.end()))
}

/// A panel by the name of its main quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum PanelWord {
    /// Largest eigenvalue of the preconditioned Hessian, for runs whose limit applies to it
    PreconditionedSharpness,
    /// Hessian eigenvalues and the stability threshold
    Sharpness,
    /// Training and test loss
    Loss,
    /// Learning rate, nominal and effective
    LearningRate,
    /// Gradient norm and clip level
    GradNorm,
}

/// A panel and the scale of its vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScaleWords {
    pub(super) panel: PanelWord,
    pub(super) scale: ScaleKind,
}

impl FromStr for ScaleWords {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = text.split_once('=').and_then(|(panel, word)| {
            let panel = PanelWord::from_str(panel, false).ok()?;
            let scale = ScaleKind::ALL.into_iter().find(|kind| kind.word() == word)?;
            Some(Self { panel, scale })
        });
        found.ok_or_else(|| {
            "expected PANEL=AXIS, for example sharpness=symlog; panels are \
             preconditioned_sharpness, sharpness, loss, learning_rate and grad_norm, axes are linear, log and symlog"
                .to_owned()
        })
    }
}

/// A horizontal axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AxisWord {
    /// Optimizer steps
    Step,
    /// Effective time: the sum of the effective learning rates so far
    Time,
    /// Passes over the training set
    Epoch,
    /// Seconds spent training
    Wall,
}

/// A background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeWord {
    /// For paper
    Light,
    /// For a dark screen
    Dark,
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: u32,
    pub(super) height: u32,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let side = |text: &str| text.parse().ok().filter(|side| SIDES.contains(side));
        let size = text
            .split_once('x')
            .and_then(|(width, height)| Some(Self { width: side(width)?, height: side(height)? }));
        size.ok_or_else(|| {
            format!(
                "expected WIDTHxHEIGHT in pixels, for example 1600x900, each from {} to {}",
                SIDES.start(),
                SIDES.end()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::check_preset_name;
    use clap::CommandFactory;

    fn parsed(words: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(words.split(' '))
    }

    #[test]
    fn the_command_line_is_free_of_contradictions() {
        Args::command().debug_assert();
    }

    #[test]
    fn no_preset_of_ones_own_can_hide_a_command() {
        for command in Args::command().get_subcommands() {
            let name = command.get_name();
            assert!(check_preset_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn the_window_takes_a_preset_without_a_command() {
        let args = parsed("eoscope blowup --set live.peak_lr=0.1 --seed 3").unwrap();
        assert!(args.command.is_none());
        assert_eq!(args.start.source.as_deref(), Some("blowup"));
        assert_eq!(args.start.set, ["live.peak_lr=0.1"]);
        assert!(parsed("eoscope").unwrap().start.source.is_none());
    }

    #[test]
    fn a_command_is_not_taken_for_a_preset() {
        assert!(matches!(parsed("eoscope presets").unwrap().command, Some(CliCommand::Presets)));
        let Some(CliCommand::Run(run)) = parsed("eoscope run blowup --steps 5").unwrap().command
        else {
            panic!("not a run")
        };
        assert_eq!(
            (run.start.source.as_deref(), run.steps.as_deref()),
            (Some("blowup"), Some("5"))
        );
    }

    #[test]
    fn plot_draws_all_panels_unless_said() {
        let Some(CliCommand::Plot(plot)) = parsed("eoscope plot a b --out f.png").unwrap().command
        else {
            panic!("not a plot")
        };
        assert_eq!((plot.panels.len(), plot.dpi, plot.runs.len()), (5, 150, 2));
        assert_eq!(plot.size, Size { width: 1600, height: 900 });
        let words = "eoscope plot a --out f.png --panels loss,learning_rate";
        let Some(CliCommand::Plot(plot)) = parsed(words).unwrap().command else {
            panic!("not a plot")
        };
        assert_eq!(plot.panels, [PanelWord::Loss, PanelWord::LearningRate]);
    }

    #[test]
    fn plot_takes_axes_ratio_and_smoothing() {
        let words = "eoscope plot a --out f.png --ratio --smooth 50 --seeds --scale loss=linear \
                     --scale sharpness=symlog";
        let Some(CliCommand::Plot(plot)) = parsed(words).unwrap().command else {
            panic!("not a plot")
        };
        assert!(plot.ratio && plot.seeds && plot.smooth == 50);
        let scales: Vec<_> = plot.scale.iter().map(|words| (words.panel, words.scale)).collect();
        let wanted =
            [(PanelWord::Loss, ScaleKind::Linear), (PanelWord::Sharpness, ScaleKind::Symlog)];
        assert_eq!(scales, wanted);
        for wrong in ["--scale loss", "--scale lose=log", "--scale loss=cubic", "--smooth 0"] {
            assert!(parsed(&format!("eoscope plot a --out f.png {wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_that_are_no_sizes_are_refused() {
        for text in ["1600", "1600x", "0x900", "1600x900x2", "1600x900.5", "99999x900", "-5x900"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
