//! Recording a run as it trains: its events are handed to sinks, one of which is its folder.

mod recorder;
mod recording;
mod sink;

pub use recorder::Recorder;
pub use recording::{Place, Recording};
pub use sink::Sink;
