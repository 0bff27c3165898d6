//! Where the events of a run go: a folder, memory, or a terminal.

use crate::history::Run;
use crate::protocol::Event;
use crate::sample::NamedTensor;
use crate::store::StoreError;

/// A receiver of the events of one run, in order.
pub trait Sink {
    /// Handles one event; the first is [`Event::Started`].
    ///
    /// # Errors
    /// The event could not be recorded; a sink that failed ignores later events.
    fn on_event(&mut self, event: &Event) -> Result<(), StoreError>;

    /// Handles the final weights.
    ///
    /// # Errors
    /// As [`Self::on_event`].
    fn weights(&mut self, _step: u64, _tensors: &[NamedTensor]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Closes the sink after the last event.
    ///
    /// # Errors
    /// What was recorded could not be completed, or was changed by another program.
    fn end(&mut self) -> Result<(), StoreError>;
}

/// A history keeps the run in memory.
impl Sink for Run {
    fn on_event(&mut self, event: &Event) -> Result<(), StoreError> {
        self.apply(event);
        Ok(())
    }

    fn end(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
