//! What a picture shows: panels, lines, markers and ranges, made from runs.
//! Knows no window, colour or pixel, and computes no curvature.

mod axis;
mod caption;
mod choices;
mod clip;
mod compose;
mod fit;
mod hovered;
mod reading;
mod refine;
mod scale;
mod seeds;
mod settings;
mod ticks;
mod trace;

pub use axis::Axis;
pub use caption::caption;
pub use choices::{Choices, SMOOTHINGS};
pub use clip::{clip, clip_steps};
pub use compose::compose;
pub use fit::Beyond;
pub use hovered::Reading;
pub use scale::{Scale, ScaleKind};
pub use seeds::seeds;
pub use settings::settings;
pub use ticks::{Tick, ticks};
pub use trace::{Lost, Point, Trace};

use crate::history::Run;
use crate::protocol::RunId;

/// Steps over which the clipped fraction is taken: long enough to be steady, short enough to be now.
pub const N_RECENT_STEPS: usize = 50;

/// Looks of ghosts that can be told apart.
pub const N_GHOST_LOOKS: usize = 4;

/// A run and how it takes part in a picture; the last one that is no ghost is the current run.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The run.
    pub run: &'a Run,
    /// Whether it is drawn faded, without markers.
    pub is_ghost: bool,
    /// What to call it in a legend.
    pub name: String,
}

/// What to show of the runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Axes, ratio, smoothing and the like.
    pub choices: Choices,
    /// Where the pointer is: every line tells its value there.
    pub hovered: Option<f64>,
    /// Whether the smallest eigenvalue gets a line.
    pub is_smallest_shown: bool,
    /// What runs along the horizontal axis.
    pub axis: Axis,
    /// What is in view of that axis, from and to; `None` is the whole run.
    pub visible: Option<[f64; 2]>,
    /// Buckets in view that lines are reduced to; a line goes as far up and down as its values, to
    /// within a bucket. At least one a pixel for print.
    pub n_buckets: usize,
    /// Line above the panels.
    pub title: Option<String>,
    /// Small print below the panels, usually the settings.
    pub caption: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            choices: Choices::default(),
            hovered: None,
            is_smallest_shown: false,
            axis: Axis::Step,
            visible: None,
            n_buckets: 800,
            title: None,
            caption: None,
        }
    }
}

/// A picture: panels above each other over one horizontal axis, on which everything has its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Panels, top to bottom.
    pub panels: Vec<Panel>,
    /// Line above the panels.
    pub title: Option<String>,
    /// Small print below the panels.
    pub caption: Option<String>,
    /// Changes of the current run, in order of step.
    pub marks: Vec<Mark>,
    /// The horizontal axis.
    pub axis: Axis,
    /// From the first to the newest step of all runs.
    pub extent: [f64; 2],
    /// What was asked to be in view; `None` is the whole run.
    pub visible: Option<[f64; 2]>,
    /// Where the readings of lines are from; `None` where there are none.
    pub hovered: Option<f64>,
}

/// A change of settings, drawn as a vertical line.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// First step with the new value.
    pub step: u64,
    /// Where that is on the horizontal axis.
    pub place: f64,
    /// What, from, to.
    pub sentence: String,
}

/// One plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Which one.
    pub kind: PanelKind,
    /// Vertical axis.
    pub scale: Scale,
    /// What is on the vertical axis; none of these quantities has a unit.
    pub axis_label: String,
    /// Whether the fitted range takes in every value, however far out.
    pub is_whole: bool,
    /// Lines, most important first; the current run's before those of ghosts.
    pub lines: Vec<Line>,
    /// One short sentence for its header.
    pub note: Option<String>,
    /// Where the gradient was clipped.
    pub clipped: Vec<Stretch>,
}

/// The four plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanelKind {
    /// Hessian eigenvalues and the stability threshold.
    Sharpness,
    /// Training and test loss.
    Loss,
    /// Learning rate, nominal and effective.
    LearningRate,
    /// Gradient norm and clip level.
    GradNorm,
}

impl PanelKind {
    /// All panels, top to bottom.
    pub const ALL: [Self; 4] = [Self::Sharpness, Self::Loss, Self::LearningRate, Self::GradNorm];

    /// Name for the header.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sharpness => "Sharpness",
            Self::Loss => "Loss",
            Self::LearningRate => "Learning rate",
            Self::GradNorm => "Gradient norm",
        }
    }

    /// Usual label of the vertical axis.
    #[must_use]
    pub fn axis_label(self) -> &'static str {
        match self {
            Self::Sharpness => "eigenvalue λ",
            Self::Loss => "loss L",
            Self::LearningRate => "rate η",
            Self::GradNorm => "norm ‖g‖",
        }
    }

    /// Share of the height, relative to the others.
    #[must_use]
    pub fn weight(self) -> f32 {
        match self {
            Self::Sharpness => 1.9,
            Self::Loss => 1.1,
            Self::LearningRate => 0.75,
            Self::GradNorm => 1.0,
        }
    }
}

/// One quantity of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is, from which its look follows.
    pub role: Role,
    /// Short name, for legends and hover labels.
    pub name: String,
    /// Which run, when that is a ghost.
    pub ghost: Option<Ghost>,
    /// Its values, reduced to what can be seen.
    pub trace: Trace,
    /// Its running mean, where a person wants one: it is drawn over its values.
    pub smooth: Vec<Vec<Point>>,
    /// What lies around it at each step: an error bound, or the range over seeds.
    pub bands: Vec<Vec<Extent>>,
    /// Its value under the pointer; `None` without a pointer, or outside its run.
    pub reading: Option<Reading>,
}

/// A step with the lower and the upper end of what lies around a line there.
pub type Extent = [f64; 3];

impl Line {
    /// A line of values alone.
    #[must_use]
    pub fn new(role: Role, name: String, ghost: Option<Ghost>, trace: Trace) -> Self {
        Self { role, name, ghost, trace, smooth: Vec::new(), bands: Vec::new(), reading: None }
    }
}

/// A former run on a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ghost {
    /// Its name in the legend.
    pub name: String,
    /// Which of the [`N_GHOST_LOOKS`] looks it has.
    pub place: usize,
}

impl Ghost {
    /// Whether the lines of this look are dashed.
    #[must_use]
    pub fn is_dashed(&self) -> bool {
        self.place >= N_GHOST_LOOKS / 2
    }
}

/// Looks for every ghost in order, all different while there are enough. A run keeps the look that
/// follows from its number, so that the others stay as they are when one goes.
#[must_use]
pub fn ghost_places(runs: impl IntoIterator<Item = RunId>) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for RunId(id) in runs {
        let wanted = usize::try_from(id.saturating_sub(1) % N_GHOST_LOOKS as u64).unwrap_or(0);
        let mut free = (0..N_GHOST_LOOKS).map(|i| (wanted + i) % N_GHOST_LOOKS);
        let place = free.find(|place| !places.contains(place)).unwrap_or(wanted);
        places.push(place);
    }
    places
}

/// What a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Training loss.
    TrainLoss,
    /// Test loss.
    TestLoss,
    /// Loss on the set that the curvature is measured on, where that is not the batch.
    ProbeLoss,
    /// The eigenvalue of this rank; 1 is the sharpness.
    Eigenvalue(u8),
    /// The smallest eigenvalue.
    Smallest,
    /// The sharpness measured again as a check: points, no line.
    Audit,
    /// The stability threshold; the region above it is shaded.
    Threshold,
    /// The threshold at the effective learning rate.
    EffectiveThreshold,
    /// The learning rate.
    Rate,
    /// The learning rate times the clip scale.
    EffectiveRate,
    /// The gradient norm.
    GradNorm,
    /// The level above which gradients are clipped.
    ClipLevel,
}

impl Role {
    /// Whether it is drawn above all curves, which would otherwise bury it in a long run.
    #[must_use]
    pub fn is_on_top(self) -> bool {
        matches!(self, Self::Threshold | Self::EffectiveThreshold | Self::ClipLevel | Self::Audit)
    }

    /// Whether it is drawn dashed, so that it differs by more than its colour.
    #[must_use]
    pub fn is_dashed(self) -> bool {
        matches!(
            self,
            Self::TestLoss
                | Self::ProbeLoss
                | Self::EffectiveThreshold
                | Self::EffectiveRate
                | Self::ClipLevel
        )
    }
}

/// Neighbouring steps and how many of them were clipped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins and ends on the horizontal axis.
    pub steps: [f64; 2],
    /// Fraction of its steps with a clip scale below 1, in 0..=1.
    pub fraction: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ghosts_have_different_looks_and_keep_them_when_the_oldest_goes() {
        let places = |ids: &[u64]| ghost_places(ids.iter().copied().map(RunId));
        let before = places(&[3, 4, 5, 6]);
        assert_eq!(places(&[4, 5, 6, 7])[..3], before[1..]);
        for ids in [[3, 4, 5, 6], [3, 5, 6, 7], [1, 1, 1, 1], [4, 8, 12, 16]] {
            let mut seen = places(&ids);
            seen.sort_unstable();
            assert_eq!(seen, [0, 1, 2, 3], "{ids:?}");
        }
        assert_eq!(places(&[1; 9]).len(), 9);
    }
}
