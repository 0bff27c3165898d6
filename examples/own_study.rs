//! A study of one's own: nine runs along two axes, side by side, into one table.
//!
//! `cargo run --release --example own_study`; a second start goes on where the first was stopped.

#![allow(clippy::print_stdout, reason = "an example tells what it found")]

use std::error::Error;
use std::sync::atomic::AtomicBool;

use eoscope::study::{Options, Shard, Study, built_in, sweep};

const STUDY: &str = r#"
name = "rate-and-warmup"
base = "blowup"
sees = "With warmup a start far above 2/η survives rates at which it diverges without."

[set]
n_steps = 100
"task.n_train" = 200
"live.probe.every" = 10

[[axis]]
key = "live.peak_lr"
values = [0.02, 0.1, 0.2]

[[axis]]
key = "live.warmup.steps"
values = [0, 32, 128]
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let study = Study::from_toml(STUDY, &built_in)?;
    let folder = std::env::temp_dir().join("eoscope-own-study");
    let options = Options { shard: Shard::WHOLE, n_jobs: 2 };
    let swept = sweep(&study, &folder, options, &AtomicBool::new(false), &|_| ())?;
    for row in &swept.table.rows {
        let loss = row.number("final_loss").map_or("–".to_owned(), |loss| format!("{loss:.3}"));
        let first = row.number("first_ratio").map_or("–".to_owned(), |x| format!("{x:.1}"));
        println!("{:?}: {:?}, ratio at the start {first}, last loss {loss}", row.point, row.status);
    }
    println!("{}", swept.path.display());
    Ok(())
}
