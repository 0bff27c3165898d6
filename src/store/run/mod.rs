//! Run folders: written while a run trains, read back afterwards.
//!
//! | file | contents |
//! |---|---|
//! | `config.toml` | the configuration that reproduces the run |
//! | `metrics.csv` | a row per step: `step`, then [`crate::quantity::Quantity::all`] |
//! | `events.jsonl` | a JSON object per line: changed settings, learning rate searches, and more |
//! | `summary.json` | status, last values, the network and the machine |
//! | `checkpoint-<step>.safetensors` | the network's tensors |
//! | `preparation.csv` | a row per iteration that tuned the initial weights, if any did |

mod checkpoint;
mod config_file;
mod events;
mod file_names;
mod folder;
mod load_run;
mod metrics;
mod preparation_file;
mod summary;

pub use checkpoint::{Checkpoint, Tensor, read_checkpoint};
pub use config_file::read_config;
pub(super) use config_file::read_record;
pub(super) use file_names::{CONFIG, EVENTS, METRICS, PREPARATION, SUMMARY};
pub(super) use folder::create_unused_dir;
pub use folder::{RunFolder, check_vacant};
pub use load_run::{load, load_readable};
pub use summary::{FinalValue, Finals, Summary};

#[cfg(test)]
mod tests;
