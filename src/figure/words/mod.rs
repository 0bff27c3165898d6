//! Runs and results as text: names, captions, and sentences about searches and trials.

mod caption;
mod common_name;
mod dated_curvature;
mod ghost_names;
mod glossary;
mod naming;
mod narrator;
mod narrator_definitions;
mod search_result;
mod trial_advice;
mod weight_floor;
mod which_rate;
mod work;

pub use caption::caption;
pub use dated_curvature::{Convergence, ReadLimit, Readout};
pub use ghost_names::{ghost_name, name_seed_groups};
pub use glossary::{Term, glossary};
pub use naming::{begun_and_later, live_changes, title};
pub use narrator::narrator_sentence;
pub use narrator_definitions::narrator_definitions;
pub use search_result::search_sentence;
pub use trial_advice::{
    Advice, Suggestion, advice, factor, suggestion_name, trial_name, trial_outcome,
};
pub use weight_floor::floor_sentence;
pub use which_rate::{KnownRates, RateAdvice, RateTool, TriedRates};
pub use work::work_sentence;
