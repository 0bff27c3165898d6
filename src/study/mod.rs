//! Studies: one configuration varied along axes, the runs executed side by side, and one table of
//! their results. Training is left to the runner, files to the store.
//!
//! | part | duty |
//! |---|---|
//! | `plan` | reads a study's TOML into axes, and expands them into tasks |
//! | `table` | the results table: rows, columns and CSV |
//! | `sweep` | runs tasks, collects their rows, merges folders |
//! | `catalogue` | the studies that ship with the program |
//!
//! A study is a TOML file:
//!
//! ```toml
//! name = "warmup"
//! sees = "Warmup raises the largest learning rate that trains."
//! base = "blowup"                    # a preset or a configuration file; or a table [config]
//! set = { n_steps = 1000 }           # overrides of the base, for every run
//! seeds = [1, 2]                     # or { from = 1, n = 2 }; the last axis, changing fastest
//!
//! [[axis]]
//! key = "live.peak_lr"
//! log = { from = 0.05, to = 1.6, n = 6 }
//!
//! [[axis]]
//! name = "method"                    # a case sets several keys together
//! case = [
//!     { name = "plain" },
//!     { name = "warmup", set = { "live.warmup.steps" = 256 } },
//! ]
//! ```
//!
//! Instead of `log` an axis can have `values = [..]`, `linear = {..}` or `random = { from, to, n, scale }`
//! with `scale` `"log"` or `"linear"`. Random points depend only on the study's `seed` and the axis'
//! key, so every machine draws the same ones. `times = [..]`, with a `name` for the column, multiplies
//! the value that the base or another axis gives the `key`. A case can have extra settings for one
//! point of another axis: `beside = [{ axis = "pair", point = "CNN", set = {..} }]`.
//!
//! The tasks are the cross product of the axes, in a fixed order. Each task is an independent
//! single-threaded run with its own run folder, and its row is computed from that folder alone. The
//! table is therefore the same whether the study ran in one go, was resumed, or was split over
//! machines and merged.

mod catalogue;
mod error;
mod plan;
mod sweep;
mod table;

pub use catalogue::{CATALOGUE, CatalogueStudy, built_in};
pub use error::StudyError;
pub(crate) use plan::Reader;
pub use plan::{Axis, Beside, Point, Span, Study, Task};
pub use sweep::{
    Merged, Options, Shard, SweepEvent, Swept, check_own, check_step_count, load, merge, sweep,
};
pub use table::{COLUMNS, Column, Row, RowStatus, Table, column, zero_output_loss};
