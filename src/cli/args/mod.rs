//! The command line's arguments, as clap parses them.

pub(super) mod plot_args;
pub(super) mod study_args;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::cli::error::EXIT_CODES;
use plot_args::PlotArgs;
use study_args::{MergeArgs, StudyArgs, SweepArgs, report_help, study_help};

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
    /// A preset (`eoscope presets` lists them), a configuration file, a run folder, or a picture or
    /// table that eoscope exported
    #[arg(value_name = "PRESET | FILE")]
    pub(super) source: Option<String>,
    /// Which run of a picture or table of several, by its number or name [default: the first]
    #[arg(long, value_name = "N | NAME")]
    pub(super) run: Option<String>,
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
    /// Draws the runs of finished or interrupted run folders to a PNG or SVG file
    Plot(PlotArgs),
    /// Searches for a learning rate from the first step of a run
    Find(FindArgs),
    /// Runs a study, one configuration varied along axes, and writes one table
    #[command(after_help = study_help())]
    Sweep(SweepArgs),
    /// Runs a study and draws it: figures, tables and one page
    #[command(after_help = report_help())]
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
    /// Replaces the figure if it exists; a run folder is never replaced
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
    #[arg(long, value_name = "N", requires = "rates", conflicts_with_all = ["range", "warmup"], default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) steps: u64,
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
    fn no_user_preset_can_have_the_name_of_a_subcommand() {
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
}
