//! Runs and results as text: names, captions, and sentences about searches and trials.

mod caption;
mod common_name;
mod naming;
mod preparation;
mod provenance;
mod search;
mod trials;
mod work;

pub use caption::caption;
pub use naming::{ghost_name, live_changes, name_seed_groups, title};
pub use preparation::floor_sentence;
pub use provenance::settings;
pub use search::search_sentence;
pub use trials::{Advice, Suggestion, advice, factor, suggestion_name, trial_name, trial_outcome};
pub use work::work_sentence;
