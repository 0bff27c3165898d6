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

mod catalogue;
mod error;
mod plan;
mod sweep;
mod table;

pub use catalogue::{KNOWN, Known, built_in};
pub use error::StudyError;
pub(crate) use plan::Reader;
pub use plan::{Axis, Beside, Point, Study, Task};
pub use sweep::{Merged, Options, Report, Shard, Swept, even, load, merge, sweep};
pub use table::{COLUMNS, Column, Row, RowStatus, Table, column, zero_output_loss};
