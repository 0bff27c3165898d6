//! What happens with the events of a run without a window: folder, progress, and history if wanted.
//! Does not train.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::progress::Progress;
use crate::config::{Dtype, RunConfig};
use crate::history::Run;
use crate::protocol::{Event, RunId, StopReason};
use crate::store::{RunFolder, StoreError, Summary, Tensor};
use crate::train::NamedTensor;

/// Takes in the events of one run.
pub(super) struct Recorder {
    dir: PathBuf,
    folder: Option<RunFolder>,
    /// What a picture is made of; without one, nothing of the run is kept in memory.
    history: Option<Run>,
    progress: Progress,
    is_asked_to_stop: Arc<AtomicBool>,
    error: Option<StoreError>,
}

impl Recorder {
    /// A recorder into `dir`, which keeps the history of the run if that is wanted.
    pub(super) fn new(
        dir: PathBuf,
        config: &RunConfig,
        is_history_wanted: bool,
        is_asked_to_stop: Arc<AtomicBool>,
    ) -> Self {
        let history = is_history_wanted.then(|| Run::new(RunId(0), config.clone()));
        Self {
            dir,
            folder: None,
            history,
            progress: Progress::new(config),
            is_asked_to_stop,
            error: None,
        }
    }

    /// Takes in one event; `Break` when the run should end, or its folder cannot be written.
    pub(super) fn take(&mut self, event: &Event) -> ControlFlow<()> {
        if let Some(history) = &mut self.history {
            history.apply(event);
        }
        if let Event::Prepared { records, .. } = event {
            for record in records {
                self.progress.prepared(record);
            }
        }
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

    /// Writes the weights that the run ended with beside its other files.
    pub(super) fn weights(&self, step: u64, tensors: &[NamedTensor]) -> Result<(), StoreError> {
        let Some(folder) = self.folder.as_ref().filter(|_| self.error.is_none()) else {
            return Ok(());
        };
        let stored = tensors.iter().map(|tensor| Tensor {
            name: tensor.name.clone(),
            shape: tensor.shape.clone(),
            dtype: Dtype::F64,
            bytes: tensor.values.iter().flat_map(|x| x.to_le_bytes()).collect(),
        });
        folder.save_checkpoint(step, &stored.collect::<Vec<_>>())
    }

    /// Takes in that the run could not go on.
    pub(super) fn fail(&mut self, message: String) {
        let reason = StopReason::Failed { message };
        // The folder has counted the steps.
        let event = Event::Stopped { run: RunId(0), step: 0, reason };
        match self.take(&event) {
            // The run is over either way; an error of the folder comes out of `end`.
            ControlFlow::Continue(()) | ControlFlow::Break(()) => {}
        }
    }

    /// Closes the folder; gives the history, if it was wanted, and the summary, which is `None` for a
    /// run that never started.
    pub(super) fn end(self) -> Result<(Option<Run>, Option<Summary>), StoreError> {
        self.progress.end();
        if let Some(error) = self.error {
            return Err(error);
        }
        let summary = self.folder.map(RunFolder::finish).transpose()?;
        Ok((self.history, summary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Record, Sample};

    #[test]
    fn nothing_of_a_run_stays_in_memory_unless_a_picture_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        for is_history_wanted in [false, true] {
            let dir = folder.path().join(is_history_wanted.to_string());
            let config = RunConfig::default();
            let flag = Arc::default();
            let mut recorder = Recorder::new(dir, &config, is_history_wanted, flag);
            for step in 0..500 {
                let sample = Sample { step, loss: 1.0, ..Sample::default() };
                let records = vec![Record { sample, ..Record::default() }];
                assert!(recorder.take(&Event::Sampled { run: RunId(0), records }).is_continue());
            }
            let (history, _) = recorder.end().unwrap();
            assert_eq!(history.map(|run| run.n_steps()), is_history_wanted.then_some(500));
        }
    }
}
