//! A run folder: its files, written while the run goes on and read back.
//!
//! A folder holds `config.toml` (re-runs the run), `metrics.csv` (one row a step, `step` first, the
//! other columns those of [`crate::quantity::Quantity::all`]), `events.jsonl` (one changed setting, one
//! search for a rate, the end that a person put to the tuning, or what an audit contradicted, a
//! line), `summary.json` (how it stands, and its last values), `checkpoint-<step>.safetensors`, and
//! of a run whose initial weights were tuned `preparation.csv` (one row an iteration).

mod checkpoint;
mod config;
mod events;
mod folder;
mod load;
mod metrics;
mod names;
mod preparation;
mod summary;

pub use checkpoint::{Checkpoint, Tensor, read_checkpoint};
pub use config::read_config;
pub(super) use folder::create_unused_dir;
pub use folder::{RunFolder, check_vacant};
pub use load::{load, load_readable};
pub(super) use names::{CONFIG, SUMMARY};
pub use summary::{FinalValue, Finals, Summary};

#[cfg(test)]
mod tests;
