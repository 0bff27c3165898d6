//! Trains a preset without a window and reads λ₁ and its ratio to the limit that binds.
//!
//! `cargo run --release --example sharpness -- chebyshev-edge`

#![allow(clippy::print_stdout, reason = "an example tells what it found")]

use std::error::Error;
use std::ops::ControlFlow;

use eoscope::config::preset;
use eoscope::history::Run;
use eoscope::net::never;
use eoscope::protocol::RunId;
use eoscope::{quantity, runner};

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "chebyshev-edge".to_owned());
    let mut config = preset(&name)?.config.clone();
    config.n_steps = 1000;

    // A run is a sequence of events; a history is what is known from them.
    let mut run = Run::new(RunId(0), config.clone());
    runner::run(&config, 2, &never, &mut |event| {
        run.apply(event);
        ControlFlow::Continue(())
    })?;

    let ratios = run.series(quantity::BINDING_RATIO);
    for (step, sharpness) in run.series(quantity::SHARPNESS).iter() {
        if step % 100 == 0 {
            let ratio = ratios.at(step).map_or("no limit".to_owned(), |x| format!("{x:.3}"));
            println!("step {step:4}: λ₁ {sharpness:.3}, over its limit {ratio}");
        }
    }
    println!("{:?}", run.status());
    Ok(())
}
