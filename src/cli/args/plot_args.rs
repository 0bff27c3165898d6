//! The arguments of `eoscope plot`, and their values.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::figure::{PanelKind, ScaleKind};
use crate::paint::{RESOLUTIONS, SIDES};
use crate::text;

/// Arguments of `eoscope plot`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
pub(in crate::cli) struct PlotArgs {
    /// Run folders: the first in full, the others faded behind it, named by their differences
    #[arg(value_name = "RUN_DIR", required = true)]
    pub(in crate::cli) runs: Vec<PathBuf>,
    /// The PNG or SVG file to draw
    #[arg(long, value_name = "FILE.png | FILE.svg")]
    pub(in crate::cli) out: PathBuf,
    /// Width and height in pixels
    #[arg(long, default_value = "1600x900")]
    pub(in crate::cli) size: Size,
    /// Pixels per inch: larger makes text and lines larger
    #[arg(long, default_value_t = 150, value_parser = resolution())]
    pub(in crate::cli) dpi: u32,
    /// Panels to draw, separated by commas: those below, or any quantity by its name, for example
    /// `accuracy` [default: all but `along_update`; only the eigenvalues if there are more than nine
    /// runs]
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(in crate::cli) panels: Vec<PanelWord>,
    /// Divides every eigenvalue by the stability limit in force at its step: 1 is the edge
    #[arg(long)]
    pub(in crate::cli) ratio: bool,
    /// Smooths by a mean over this many steps; the raw values stay faintly visible
    #[arg(long, value_name = "STEPS", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(in crate::cli) smooth: u32,
    /// Vertical axis of a panel, for example `sharpness=symlog`; may be repeated
    #[arg(long, value_name = "PANEL=linear|log|symlog")]
    pub(in crate::cli) scale: Vec<ScaleWords>,
    /// Draws every group of runs that differ only in their seed as one: median and range
    #[arg(long)]
    pub(in crate::cli) seeds: bool,
    /// Title above the plots, or empty for none [default: the first run, and how it differs from
    /// its preset]
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) title: Option<String>,
    /// Caption below the plots, or empty for none [default: the first run's settings]
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) caption: Option<String>,
    /// Quantity of the horizontal axis
    #[arg(long, value_enum, default_value = "step")]
    pub(in crate::cli) x: AxisWord,
    /// Background
    #[arg(long, value_enum, default_value = "light")]
    pub(in crate::cli) theme: ThemeWord,
    /// Replaces the file if it exists
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

fn resolution() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(*RESOLUTIONS.start())..=i64::from(*RESOLUTIONS.end()))
}

/// A panel by its word on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct PanelWord(pub(in crate::cli) PanelKind);

impl ValueEnum for PanelWord {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<PanelWord>> =
            LazyLock::new(|| PanelKind::all().map(PanelWord).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let declaration = self.0.declaration();
        // The help lists the groups; single quantities are in the reference.
        let is_single = matches!(self.0, PanelKind::Quantity(_));
        Some(PossibleValue::new(declaration.word).help(declaration.sentence).hide(is_single))
    }
}

/// A panel and the scale of its vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct ScaleWords {
    pub(in crate::cli) panel: PanelWord,
    pub(in crate::cli) scale: ScaleKind,
}

impl FromStr for ScaleWords {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, Self::Err> {
        let found = words.split_once('=').and_then(|(panel, word)| {
            let panel = PanelWord::from_str(panel, false).ok()?;
            let scale = ScaleKind::ALL.into_iter().find(|kind| kind.word() == word)?;
            Some(Self { panel, scale })
        });
        found.ok_or_else(|| {
            let panels = text::list(&PanelKind::GROUPS.map(|panel| panel.declaration().word));
            let axes = text::list(&ScaleKind::ALL.map(ScaleKind::word));
            format!(
                "expected PANEL=AXIS, for example sharpness=symlog; panels are {panels} and every \
                 quantity, axes are {axes}"
            )
        })
    }
}

/// A horizontal axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AxisWord {
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
pub(in crate::cli) enum ThemeWord {
    /// For paper
    Light,
    /// For a dark screen
    Dark,
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Size {
    pub(in crate::cli) width: u32,
    pub(in crate::cli) height: u32,
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
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Args, CliCommand};

    fn parsed(words: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(words.split(' '))
    }

    #[test]
    fn plot_names_no_panels_by_default() {
        let Some(CliCommand::Plot(plot)) = parsed("eoscope plot a b --out f.png").unwrap().command
        else {
            panic!("not a plot")
        };
        assert_eq!(plot.panels, []);
        assert_eq!((plot.dpi, plot.runs.len()), (150, 2));
        assert_eq!(plot.size, Size { width: 1600, height: 900 });
        let words = "eoscope plot a --out f.png --panels loss,learning_rate";
        let Some(CliCommand::Plot(plot)) = parsed(words).unwrap().command else {
            panic!("not a plot")
        };
        assert_eq!(plot.panels, [PanelWord(PanelKind::Loss), PanelWord(PanelKind::LearningRate)]);
        let words = "eoscope plot a --out f.png --panels along_update --scale along_update=log";
        let Some(CliCommand::Plot(plot)) = parsed(words).unwrap().command else {
            panic!("not a plot")
        };
        assert_eq!(plot.panels, [PanelWord(PanelKind::AlongUpdate)]);
        let words =
            "eoscope plot a --out f.png --panels accuracy,hessian_eig_2 --scale accuracy=log";
        let Some(CliCommand::Plot(plot)) = parsed(words).unwrap().command else {
            panic!("not a plot")
        };
        let titles = plot.panels.iter().map(|word| word.0.title());
        assert_eq!(titles.collect::<Vec<_>>(), ["Training accuracy", "2nd eigenvalue"]);
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
        let wanted = [
            (PanelWord(PanelKind::Loss), ScaleKind::Linear),
            (PanelWord(PanelKind::Sharpness), ScaleKind::Symlog),
        ];
        assert_eq!(scales, wanted);
        for wrong in ["--scale loss", "--scale lose=log", "--scale loss=cubic", "--smooth 0"] {
            assert!(parsed(&format!("eoscope plot a --out f.png {wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn invalid_sizes_are_refused() {
        for text in ["1600", "1600x", "0x900", "1600x900x2", "1600x900.5", "99999x900", "-5x900"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
