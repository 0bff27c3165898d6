//! Where the events of a run go: into a folder, into memory, onto a terminal.
//! Does not say what a sink keeps; [`crate::quantity`] says which numbers a record has.

use crate::history::Run;
use crate::protocol::Event;
use crate::sample::NamedTensor;
use crate::store::StoreError;

/// Takes in the events of one run, in order.
pub trait Sink {
    /// Takes in one event; [`Event::Started`] is the first.
    ///
    /// # Errors
    /// What keeps it from being kept; a sink that failed ignores what follows.
    fn on_event(&mut self, event: &Event) -> Result<(), StoreError>;

    /// Takes in the weights that the run ended with.
    ///
    /// # Errors
    /// As [`Self::take`].
    fn weights(&mut self, _step: u64, _tensors: &[NamedTensor]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Nothing follows.
    ///
    /// # Errors
    /// What is not as it was kept.
    fn end(&mut self) -> Result<(), StoreError>;
}

/// The history of a run is kept in memory.
impl Sink for Run {
    fn on_event(&mut self, event: &Event) -> Result<(), StoreError> {
        self.apply(event);
        Ok(())
    }

    fn end(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
