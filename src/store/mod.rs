//! Run folders on disk: the only code that writes or reads them.
//! A person's own presets and the folders of studies are kept here too.
//! Does not train, and knows no window; what it reads back becomes a history by its events alone.
//!
//! A folder holds `config.toml` (re-runs the run), `metrics.csv` (one row a step, `step` first, the
//! other columns those of [`crate::quantity::Quantity::all`]), `events.jsonl` (one changed setting, one
//! search for a rate, the end that a person put to the tuning, or what an audit contradicted, a
//! line), `summary.json` (how it stands, and its last values), `checkpoint-<step>.safetensors`, and
//! of a run whose initial weights were tuned `preparation.csv` (one row an iteration).

mod changes;
mod checkpoint;
mod disk;
mod doubts;
mod error;
mod finals;
mod folder;
mod lines;
mod load;
mod metrics;
mod preparation;
mod presets;
mod recorder;
mod recording;
mod sink;
mod spreadsheet;
mod status_word;
mod study;
mod summary;
#[cfg(test)]
mod tests;

pub use checkpoint::{Checkpoint, Tensor, read_checkpoint};
pub use disk::read_written;
pub use error::StoreError;
pub use finals::{FinalValue, Finals};
pub use folder::{RunFolder, check_vacant};
pub use load::{load, load_readable, read_config};
pub(crate) use metrics::NO_HEADER;
pub use presets::{OwnPresets, PresetFolder};
pub use recorder::Recorder;
pub use recording::{Place, Recording};
pub use sink::Sink;
pub(crate) use spreadsheet::with_points_and_commas;
pub use study::{Claim, StudyFolder};
pub use summary::Summary;

const CONFIG: &str = "config.toml";
const METRICS: &str = "metrics.csv";
const PREPARATION: &str = "preparation.csv";
const EVENTS: &str = "events.jsonl";
const SUMMARY: &str = "summary.json";
