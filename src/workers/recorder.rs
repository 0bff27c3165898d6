//! Writes the events of one run to a folder of its own as they happen.
//! Does not know what a folder holds (`store` does), nor who else hears the events.

use std::path::PathBuf;

use crate::protocol::Event;
use crate::store::{RunFolder, StoreError, free_dir};

/// One run's recording, if runs are recorded.
#[derive(Debug)]
pub(super) struct Recorder {
    parent: Option<PathBuf>,
    folder: Option<RunFolder>,
}

impl Recorder {
    /// Records into a new folder in `parent`, or nowhere.
    pub(super) fn new(parent: Option<PathBuf>) -> Self {
        Self { parent, folder: None }
    }

    /// Takes in one event; the folder begins with the run's first and is closed by its last.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), StoreError> {
        if let (Event::Started { config, facts, .. }, Some(parent)) = (event, &self.parent) {
            let dir = free_dir(parent, &config.name);
            self.folder = Some(RunFolder::create(&dir, config, facts)?);
            return Ok(());
        }
        let Some(mut folder) = self.folder.take() else { return Ok(()) };
        folder.record(event)?;
        if matches!(event, Event::Stopped { .. }) {
            folder.finish()?;
        } else {
            self.folder = Some(folder);
        }
        Ok(())
    }
}
