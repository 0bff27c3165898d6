//! Writes the events of one run of the window to a folder of its own, if runs are recorded.
//! Does not know what a folder holds (`store` does), nor who else hears the events.

use std::path::PathBuf;

use crate::protocol::Event;
use crate::store::{Place, Recording, StoreError, Tensor};
use crate::train::NamedTensor;

/// One run's recording, if runs are recorded.
#[derive(Debug)]
pub(super) struct Recorder {
    recording: Option<Recording>,
}

impl Recorder {
    /// Records into a new folder in `parent`, or nowhere.
    pub(super) fn new(parent: Option<PathBuf>) -> Self {
        Self { recording: parent.map(|parent| Recording::new(Place::In(parent))) }
    }

    /// Whether there is a folder to keep anything in.
    pub(super) fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Takes in one event; the folder begins with the run's first and is closed by its last.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), StoreError> {
        let Some(recording) = &mut self.recording else { return Ok(()) };
        recording.take(event)?;
        if matches!(event, Event::Stopped { .. }) {
            recording.end()?;
        }
        Ok(())
    }

    /// Keeps the weights that the run ended with.
    pub(super) fn weights(&mut self, step: u64, tensors: &[NamedTensor]) -> Result<(), StoreError> {
        let Some(recording) = &mut self.recording else { return Ok(()) };
        let stored = tensors.iter().map(|t| Tensor::of(&t.name, &t.shape, &t.values));
        recording.weights(step, &stored.collect::<Vec<_>>())
    }

    /// Closes the folder.
    pub(super) fn end(&mut self) -> Result<(), StoreError> {
        let Some(recording) = &mut self.recording else { return Ok(()) };
        recording.end().map(drop)
    }
}
