//! What a picture shows: panels, lines, markers and ranges, made from runs.
//! Knows no window or pixel, and colours by name only; and computes no curvature.
//!
//! | part | holds | may use |
//! |---|---|---|
//! | `axes` | axes: scales, ticks, labels that fit | – |
//! | `lines` | lines of one quantity of one run, reduced to the points that are drawn | `axes` |
//! | `panels` | panels, the figure they form, and their fitted ranges | `lines` and below |
//! | `request` | what a caller asks to be shown | `panels` and below |
//! | `compose` | makes a figure from runs | all above |
//! | `words` | titles, captions, results and narration as text | `compose`, `request` |
//! | [`chart`] | what a picture of a study shows | `axes` |
//!
//! `tests/layering` enforces the directions. A *place* is a position on an axis: the value
//! itself, or its logarithm on a logarithmic axis.

mod axes;
pub mod chart;
mod compose;
mod lines;
mod panels;
mod request;
mod words;

pub use axes::{Axis, Scale, ScaleKind, Tick, readable_ticks, thinned_ticks, ticks};
pub use compose::{
    N_RECENT_STEPS, NoValue, compose, full_extent, limit_name, place_of_step, why_no_limit,
    why_no_value,
};
pub use lines::{
    Extent, Ghost, Hue, Line, LineKind, Look, Marker, N_GHOST_STYLES, OffScale, Point, Reading,
    Trace, clip, clip_steps, ghost_styles,
};
pub use panels::{
    ClippedRange, DefaultScale, Figure, FitTo, FittedRange, LimitOutOfRange, LimitsOut, Mark,
    OutOfRange, Panel, PanelDeclaration, PanelKind, Shown,
};
pub use request::{Choices, Options, PlottedRun, SMOOTHINGS, ghost_seed_groups, seed_group};
pub use words::{
    Advice, Convergence, KnownRates, RateAdvice, RateTool, ReadLimit, Readout, Suggestion, Term,
    TriedRates, advice, begun_and_later, caption, factor, floor_sentence, ghost_name, glossary,
    live_changes, name_seed_groups, narrator_definitions, narrator_sentence, search_sentence,
    suggestion_name, title, trial_name, trial_outcome, work_sentence,
};
