//! The folder of a run from its first event to its last. A failed write closes the folder as
//! failed.

use std::path::{Path, PathBuf};

use super::Sink;
use crate::protocol::Event;
use crate::sample::NamedTensor;
use crate::store::StoreError;
use crate::store::run::{RunFolder, Summary, create_unused_dir};

/// Where a run is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// This folder.
    At(PathBuf),
    /// A new folder in this one, named after the run.
    In(PathBuf),
}

/// One run being recorded.
#[derive(Debug)]
pub struct Recording {
    place: Place,
    folder: Option<RunFolder>,
    dir: Option<PathBuf>,
    summary: Option<Summary>,
}

impl Recording {
    /// A recording that creates its folder at [`Event::Started`].
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self { place, folder: None, dir: None, summary: None }
    }

    /// The folder, once created.
    #[must_use]
    pub fn dir(&self) -> Option<&Path> {
        self.dir.as_deref()
    }

    /// The summary, once the folder is closed.
    #[must_use]
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    fn with_folder(
        &mut self,
        work: impl FnOnce(&mut RunFolder) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(mut folder) = self.folder.take() else { return Ok(()) };
        match work(&mut folder) {
            Ok(()) => {
                self.folder = Some(folder);
                Ok(())
            }
            Err(error) => {
                folder.fail(&error);
                Err(error)
            }
        }
    }
}

/// Events before [`Event::Started`] or after an error are ignored; the folder's summary has the
/// error.
impl Sink for Recording {
    fn on_event(&mut self, event: &Event) -> Result<(), StoreError> {
        if let (Event::Started { config, facts, .. }, None) = (event, &self.dir) {
            let dir = match &self.place {
                Place::At(dir) => dir.clone(),
                Place::In(parent) => create_unused_dir(parent, &config.name)?,
            };
            self.folder = Some(RunFolder::create(&dir, config, facts)?);
            self.dir = Some(dir);
            return Ok(());
        }
        self.with_folder(|folder| folder.record(event))
    }

    fn weights(&mut self, step: u64, tensors: &[NamedTensor]) -> Result<(), StoreError> {
        self.with_folder(|folder| folder.save_checkpoint(step, tensors))
    }

    /// Closes the folder if it is open.
    fn end(&mut self) -> Result<(), StoreError> {
        if let Some(mut folder) = self.folder.take() {
            folder.follow_move();
            self.dir = Some(folder.dir().to_owned());
            self.summary = Some(folder.finish()?);
        }
        Ok(())
    }
}
