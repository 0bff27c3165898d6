//! The narrator never says a sentence that the numbers of the run do not carry: on made-up runs at
//! the border of every definition, on all presets, and on runs that stop at each awkward step.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[path = "../common/facts.rs"]
mod facts;

mod borders;
mod changes;
mod checker;
mod limits;
mod loss;
mod presets;
mod sketch;
mod stops;

use eoscope::figure::narrator_sentence;
use eoscope::history::{Fact, Place, Position, Run, narrate};

/// All sentences about a run, the most important first.
fn sentences(run: &Run) -> Vec<String> {
    narrate(run, None).iter().map(|fact| narrator_sentence(run, fact)).collect()
}

/// The first sentence; empty if nothing is said.
fn first(run: &Run) -> String {
    sentences(run).into_iter().next().unwrap_or_default()
}

/// The position of a run relative to its limit.
fn position(run: &Run) -> Option<Position> {
    narrate(run, None)
        .into_iter()
        .find_map(|fact| if let Fact::Position(position) = fact { Some(position) } else { None })
}

/// Since when the run is at the edge of stability.
fn at_edge_since(run: &Run) -> Option<u64> {
    if let Place::AtEdge { since, .. } = position(run)?.place { Some(since) } else { None }
}
