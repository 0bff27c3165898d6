//! What happens with the events of a run without a window: history, folder and progress.
//! Does not train.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::progress::Progress;
use crate::config::RunConfig;
use crate::history::Run;
use crate::protocol::{Event, RunId, StopReason};
use crate::store::{RunFolder, StoreError, Summary};

/// Takes in the events of one run.
pub(super) struct Recorder {
    dir: PathBuf,
    folder: Option<RunFolder>,
    history: Run,
    progress: Progress,
    is_asked_to_stop: Arc<AtomicBool>,
    error: Option<StoreError>,
}

impl Recorder {
    pub(super) fn new(dir: PathBuf, config: &RunConfig, is_asked_to_stop: Arc<AtomicBool>) -> Self {
        Self {
            dir,
            folder: None,
            history: Run::new(RunId(0), config.clone()),
            progress: Progress::new(config.n_steps),
            is_asked_to_stop,
            error: None,
        }
    }

    /// Takes in one event; `Break` when the run should end, or its folder cannot be written.
    pub(super) fn take(&mut self, event: &Event) -> ControlFlow<()> {
        self.history.apply(event);
        if let Event::Sampled { records, .. } = event {
            for record in records {
                self.progress.record(record);
            }
        }
        if self.error.is_none() {
            self.error = self.keep(event).err();
        }
        if self.error.is_some() || self.is_asked_to_stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn keep(&mut self, event: &Event) -> Result<(), StoreError> {
        match (event, &mut self.folder) {
            (Event::Started { config, facts, .. }, None) => {
                self.folder = Some(RunFolder::create(&self.dir, config, facts)?);
                Ok(())
            }
            (_, Some(folder)) => folder.record(event),
            (_, None) => Ok(()),
        }
    }

    /// Takes in that the run could not go on.
    pub(super) fn fail(&mut self, message: String) {
        let reason = StopReason::Failed { message };
        let event = Event::Stopped { run: RunId(0), step: self.history.n_steps(), reason };
        match self.take(&event) {
            // The run is over either way; an error of the folder comes out of `end`.
            ControlFlow::Continue(()) | ControlFlow::Break(()) => {}
        }
    }

    /// Closes the folder; gives the history and the summary, which is `None` for a run that never
    /// started.
    pub(super) fn end(self) -> Result<(Run, Option<Summary>), StoreError> {
        self.progress.end();
        if let Some(error) = self.error {
            return Err(error);
        }
        let summary = self.folder.map(RunFolder::finish).transpose()?;
        Ok((self.history, summary))
    }
}
