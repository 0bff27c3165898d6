//! What a picture shows: panels, lines, markers and ranges, made from runs.
//! Knows no window, colour or pixel, and computes no curvature.

mod axis;
mod breaks;
mod caption;
pub mod chart;
mod choices;
mod clip;
mod clipping;
mod compose;
mod drawn;
mod fit;
mod heights;
mod hovered;
mod limit;
mod line;
mod naming;
mod preparation;
mod reading;
mod refine;
mod scale;
mod search;
mod seeds;
mod settings;
mod ticks;
mod trace;
mod trials;
mod work;

pub use axis::Axis;
pub use breaks::Break;
pub use caption::caption;
pub use choices::{Choices, SMOOTHINGS};
pub use clip::{clip, clip_steps};
pub use compose::{compose, reach};
pub use fit::Beyond;
pub use hovered::Reading;
pub use limit::why_no_limit;
pub use line::{Extent, Ghost, Line, N_GHOST_LOOKS, Role, ghost_places};
pub use naming::{apart, ghost_name, on_its_way, title};
pub use preparation::floor_sentence;
pub use scale::{Scale, ScaleKind};
pub use search::search_sentence;
pub use seeds::seeds;
pub use settings::settings;
pub use ticks::{Tick, ticks};
pub use trace::{Lost, Point, Trace};
pub use trials::{Advice, Suggestion, advice, factor, suggestion_name, trial_name, trial_outcome};
pub use work::work_sentence;

use crate::history::Run;

/// Steps over which the clipped fraction is taken: long enough to be steady, short enough to be now.
pub const N_RECENT_STEPS: usize = 50;

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
    /// What the fitted ranges take in, where a person has not chosen otherwise.
    pub fitted: Fitted,
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
            fitted: Fitted::Current,
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
    /// The newest step of all runs: longer ghosts go on beyond the extent.
    pub reach: f64,
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
    /// What the fitted range takes in.
    pub fitted: Fitted,
    /// Lines, most important first; the current run's before those of ghosts.
    pub lines: Vec<Line>,
    /// One short sentence for its header.
    pub note: Option<String>,
    /// The newest ratio in view of the curvature to the limit that bound at its step; `None` in
    /// plots of other things, and where no limit did.
    pub ratio: Option<Point>,
    /// Where the gradient was clipped.
    pub clipped: Vec<Stretch>,
    /// The limit that bound the current run, in pieces: the region above it is shaded. Empty where
    /// no limit is known.
    pub unstable: Vec<Vec<Point>>,
}

/// What the fitted range of a panel takes in; a view state, never a value dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitted {
    /// The current run, but for runaways.
    Current,
    /// All runs, but for runaways.
    Beside,
    /// Every value of every run, however far out.
    Whole,
}

/// The plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanelKind {
    /// The largest eigenvalue of the Hessian as the optimizer scales it, and the stability threshold:
    /// only of runs whose threshold is for that.
    Preconditioned,
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
    pub const ALL: [Self; 5] =
        [Self::Preconditioned, Self::Sharpness, Self::Loss, Self::LearningRate, Self::GradNorm];

    /// Name for the header.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Preconditioned => "Preconditioned sharpness",
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
            Self::Preconditioned => "λ₁(P⁻¹H)",
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
            Self::Preconditioned => 1.5,
            Self::Sharpness => 1.9,
            Self::Loss => 1.1,
            Self::LearningRate => 0.75,
            Self::GradNorm => 1.0,
        }
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
