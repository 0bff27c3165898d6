//! Studies: one configuration varied along axes, its runs side by side, one table of what came out.
//! Does not train (the runner does) and touches no file itself (the store does).
//!
//! A study is a TOML file:
//!
//! ```toml
//! name = "warmup"
//! sees = "Warmup raises the largest learning rate that trains."
//! base = "blowup"                    # a preset or a configuration file; or a table [config]
//! set = { n_steps = 1000 }           # on top of it, for every run
//! seeds = [1, 2]                     # or { from = 1, n = 2 }; the last axis, changing fastest
//!
//! [[axis]]
//! key = "live.peak_lr"
//! log = { from = 0.05, to = 1.6, n = 6 }
//!
//! [[axis]]
//! name = "method"                    # cases set several keys at once
//! case = [
//!     { name = "plain" },
//!     { name = "warmup", set = { "live.warmup.steps" = 256 } },
//! ]
//! ```
//!
//! Beside `log` an axis takes `values = [..]`, `linear = {..}` and `random = { from, to, n, scale }`
//! with `scale` `"log"` or `"linear"`, drawn from the study's `seed` and the key alone, so that every
//! machine draws the same. What a case sets only next to a point of another axis stands in
//! `beside = [{ axis = "pair", point = "CNN", set = {..} }]`. With a `name` for its column, `times = [..]` multiplies what the base or
//! the other axes set.
//!
//! The cross product of the axes, in a fixed order, gives the tasks. Each is an independent run of
//! one thread in a run folder of its own, and everything in the table comes out of that folder: the
//! table of a study that was killed and begun again, or split over machines and merged, is the same.

mod axes;
mod baseline;
mod cases;
mod catalogue;
mod checks;
mod columns;
mod doubt;
mod error;
mod load;
mod merge;
mod number_range;
mod plan;
mod point;
mod reader;
mod results;
mod run_numbers;
mod shard;
mod sweep;
mod task;
mod to_row;

pub use axes::Axis;
pub use baseline::zero_output_loss;
pub use catalogue::{KNOWN, Known, built_in};
pub use columns::{COLUMNS, Column, column};
pub use doubt::even;
pub use error::StudyError;
pub use load::load;
pub use merge::{Merged, merge};
pub use plan::Study;
pub use point::{Beside, Point};
pub(crate) use reader::Reader;
pub use results::{Row, RowStatus, Table};
pub use shard::Shard;
pub use sweep::{Options, Report, Swept, sweep};
pub use task::Task;
