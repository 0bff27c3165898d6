//! The command line's arguments about studies, and the help on a study's file.

use std::path::PathBuf;

use crate::config::settings::{N_STEPS, PEAK_LR, WARMUP_STEPS};
use crate::study::Shard;

/// Help on the file of a study, shown below the arguments of `eoscope sweep`.
pub(in crate::cli) fn study_help() -> String {
    format!(
        "\
A study is a TOML file:

  name  = \"warmup\"
  sees  = \"Warmup raises the largest learning rate that trains.\"
  base  = \"blowup\"                # a preset, or a configuration file next to the study
  set   = {{ {N_STEPS} = 1000 }}      # for every run
  seeds = [1, 2]                  # or {{ from = 1, n = 2 }}

  [[axis]]
  key = \"{PEAK_LR}\"
  log = {{ from = 0.05, to = 1.6, n = 6 }}

  [[axis]]
  name = \"method\"
  case = [{{ name = \"plain\" }}, {{ name = \"warmup\", set = {{ {WARMUP_STEPS} = 256 }} }}]

Instead of `log` an axis can have values = [..], linear = {{ from, to, n }} or
random = {{ from, to, n, scale = \"log\" }}, drawn from the study's `seed`. With a name for its
column, times = [0.5, 1, 2] multiplies the value that the base or the other axes set.
The same command continues a sweep that was stopped; finished runs are not run again.
Runs that diverged and runs that failed are rows of the table too, the latter with the reason:
to run one again, remove its folder."
    )
}

/// Help on figures and tables of a study, shown below the arguments of `eoscope study`.
pub(in crate::cli) fn report_help() -> String {
    format!(
        "\
Besides what `eoscope sweep --help` describes, the study's file lists figures and tables:

  [[figure]]
  name = \"phases\"
  kind = \"phase\"                  # cells over two axes; also scatter, curves, course
  x = \"{PEAK_LR}\"
  y = \"{WARMUP_STEPS}\"

  [[table]]
  name = \"methods\"
  rows = [\"method\"]
  over = \"{PEAK_LR}\"           # largest trainable rate, best loss, sensitivity
  columns = [\"first_sharpness\"]   # medians over seeds

Changing them runs nothing again. `eoscope studies` lists the studies that come with the
program; their files are in assets/studies."
    )
}

/// Arguments of `eoscope study`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct StudyArgs {
    /// A study that comes with the program (`eoscope studies` lists them), or a file
    #[arg(value_name = "NAME | STUDY.toml")]
    pub(in crate::cli) study: PathBuf,
    /// Folder of the study: its table, run folders, figures and `report.html`
    /// [default: studies/NAME]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Runs at the same time, each on one thread [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = jobs())]
    pub(in crate::cli) jobs: Option<u32>,
}

/// Arguments of `eoscope sweep`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SweepArgs {
    /// The study: a file, or one that comes with the program (`eoscope studies` lists them)
    #[arg(value_name = "STUDY.toml | NAME")]
    pub(in crate::cli) study: PathBuf,
    /// Folder of the study: its table `results.csv` and a run folder for each task in `runs`
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Runs at the same time, each on one thread [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = jobs())]
    pub(in crate::cli) jobs: Option<u32>,
    /// Runs only part I of N of the tasks, for one of N machines; the table is then
    /// `results-I-of-N.csv`
    #[arg(long, value_name = "I/N", default_value_t = Shard::WHOLE)]
    pub(in crate::cli) shard: Shard,
    /// Lists the tasks and runs nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

/// Arguments of `eoscope merge`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct MergeArgs {
    /// Folders that `eoscope sweep --out` wrote, of one study
    #[arg(value_name = "DIR", required = true)]
    pub(in crate::cli) dirs: Vec<PathBuf>,
    /// Folder to write `results.csv` to; it may be one of them
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
}

fn jobs() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=1024)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::args::{Args, CliCommand};
    use crate::study::Shard;

    fn parsed(words: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(words.split(' '))
    }

    #[test]
    fn a_sweep_is_whole_unless_said_and_goes_somewhere() {
        let Some(CliCommand::Sweep(sweep)) =
            parsed("eoscope sweep s.toml --out d").unwrap().command
        else {
            panic!("not a sweep")
        };
        assert_eq!((sweep.shard, sweep.jobs, sweep.dry_run), (Shard::WHOLE, None, false));
        let words = "eoscope sweep s.toml --out d --shard 2/4 --jobs 3";
        let Some(CliCommand::Sweep(sweep)) = parsed(words).unwrap().command else {
            panic!("not a sweep")
        };
        assert_eq!((sweep.shard.to_string().as_str(), sweep.jobs), ("2/4", Some(3)));
        assert!(parsed("eoscope sweep s.toml --dry-run").is_ok());
        for wrong in ["s.toml", "--out d", "s.toml --out d --jobs 0", "s.toml --out d --shard 5/4"]
        {
            assert!(parsed(&format!("eoscope sweep {wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_study_needs_a_name_and_nothing_else() {
        let Some(CliCommand::Study(study)) = parsed("eoscope study claim").unwrap().command else {
            panic!("not a study")
        };
        assert!(study.out.is_none() && study.jobs.is_none());
        assert!(matches!(parsed("eoscope studies").unwrap().command, Some(CliCommand::Studies)));
        for wrong in ["study", "study claim --jobs 0", "study claim --shard 1/2"] {
            assert!(parsed(&format!("eoscope {wrong}")).is_err(), "{wrong}");
        }
    }
}
