//! What may save a diverged run: the stabilizing methods of the paper, one change each, and the runs
//! that try all of them.

mod methods;
mod queue;

pub(in crate::ui) use methods::rescues;
pub(in crate::ui) use queue::{Attempt, Rescues};
