//! What happens with the events of a run without a window: folder, progress, and history if wanted.
//! Does not train.

use std::ops::ControlFlow;
use std::path::PathBuf;

use super::progress::Progress;
use crate::config::RunConfig;
use crate::history::Run;
use crate::protocol::{Event, RunFacts, RunId, StopReason};
use crate::store::{Place, Recording, StoreError, Summary, Tensor};
use crate::train::NamedTensor;

/// Takes in the events of one run.
pub(super) struct Recorder {
    recording: Recording,
    /// What a picture is made of; without one, nothing of the run is kept in memory.
    history: Option<Run>,
    progress: Progress,
    error: Option<StoreError>,
}

impl Recorder {
    /// A recorder into a folder, which keeps the history of the run if that is wanted.
    pub(super) fn new(place: Place, config: &RunConfig, is_history_wanted: bool) -> Self {
        let history = is_history_wanted.then(|| Run::new(RunId(0), config.clone()));
        let (recording, progress) = (Recording::new(place), Progress::new(config));
        Self { recording, history, progress, error: None }
    }

    /// Takes in one event; `Break` when its folder cannot be written.
    pub(super) fn take(&mut self, event: &Event) -> ControlFlow<()> {
        if let Some(history) = &mut self.history {
            history.apply(event);
        }
        if let Event::Started { config, facts, .. } = event {
            self.progress.started(config, facts);
        }
        if let Event::Working { work, .. } = event {
            self.progress.working(*work);
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
            self.error = self.recording.take(event).err();
        }
        if self.error.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// The folder, once there is one.
    pub(super) fn dir(&self) -> PathBuf {
        self.recording.dir().map(ToOwned::to_owned).unwrap_or_default()
    }

    /// Writes the weights that the run ended with beside its other files.
    pub(super) fn weights(&mut self, step: u64, tensors: &[NamedTensor]) {
        if self.error.is_none() {
            let stored = tensors.iter().map(|t| Tensor::of(&t.name, &t.shape, &t.values));
            self.error = self.recording.weights(step, &stored.collect::<Vec<_>>()).err();
        }
    }

    /// Takes in that somebody stopped the run before it had started.
    pub(super) fn stopped_before_it_started(&mut self, config: &RunConfig) {
        let run = RunId(0);
        let (config, facts) = (Box::new(config.clone()), Box::new(RunFacts::unknown()));
        let started = Event::Started { run, config, facts };
        let stopped = Event::Stopped { run, step: 0, reason: StopReason::Requested };
        for event in [started, stopped] {
            // As below.
            let (ControlFlow::Continue(()) | ControlFlow::Break(())) = self.take(&event);
        }
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
    pub(super) fn end(mut self) -> Result<(Option<Run>, Option<Summary>), StoreError> {
        self.progress.end();
        if let Some(error) = self.error {
            return Err(error);
        }
        let summary = self.recording.end()?;
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
            let mut recorder = Recorder::new(Place::At(dir), &config, is_history_wanted);
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
