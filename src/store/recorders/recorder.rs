//! Hands the events of a headless run to sinks, whatever becomes of the run.

use std::ops::ControlFlow;

use super::Sink;
use crate::config::RunConfig;
use crate::protocol::{Event, RunEnd, RunFacts, RunId};
use crate::sample::NamedTensor;
use crate::store::StoreError;

/// The identity of a headless run.
const RUN: RunId = RunId(0);

/// Hands the events of one run to its sinks; the first error of a sink ends the run.
pub struct Recorder<'a> {
    sinks: Vec<&'a mut dyn Sink>,
    has_started: bool,
    n_steps: u64,
    error: Option<StoreError>,
}

impl<'a> Recorder<'a> {
    /// A recorder with these sinks, called in this order.
    #[must_use]
    pub fn new(sinks: Vec<&'a mut dyn Sink>) -> Self {
        Self { sinks, has_started: false, n_steps: 0, error: None }
    }

    /// Whether the run has started.
    #[must_use]
    pub fn has_started(&self) -> bool {
        self.has_started
    }

    /// Passes on one event; `Break` once a sink has failed.
    pub fn record(&mut self, event: &Event) -> ControlFlow<()> {
        self.has_started |= matches!(event, Event::Started { .. });
        if let Event::Sampled { records, .. } = event {
            self.n_steps = records.last().map_or(self.n_steps, |record| record.sample.step + 1);
        }
        self.each(|sink| sink.on_event(event));
        if self.error.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Passes on the final weights, unless a sink has failed.
    pub fn weights(&mut self, step: u64, tensors: &[NamedTensor]) {
        if self.error.is_none() {
            self.each(|sink| sink.weights(step, tensors));
        }
    }

    /// Ends the run as failed.
    pub fn fail(&mut self, message: String) {
        self.ended(self.n_steps, RunEnd::Failed { message });
    }

    /// Records a run that ended before it started.
    pub fn never_started(&mut self, config: &RunConfig, end: RunEnd) {
        let (config, facts) = (Box::new(config.clone()), Box::new(RunFacts::unknown()));
        self.pass_on(&Event::Started { run: RUN, config, facts });
        self.ended(0, end);
    }

    /// Closes all sinks.
    ///
    /// # Errors
    /// The first error of any sink, here or before.
    pub fn end(mut self) -> Result<(), StoreError> {
        self.each(|sink| sink.end());
        self.error.map_or(Ok(()), Err)
    }

    fn ended(&mut self, step: u64, end: RunEnd) {
        self.pass_on(&Event::Ended { run: RUN, step, end });
    }

    /// Passes on an event of a run that is over, so a `Break` has nothing to stop.
    fn pass_on(&mut self, event: &Event) {
        let (ControlFlow::Continue(()) | ControlFlow::Break(())) = self.record(event);
    }

    fn each(&mut self, mut work: impl FnMut(&mut dyn Sink) -> Result<(), StoreError>) {
        for sink in &mut self.sinks {
            let failed = work(*sink).err();
            self.error = self.error.take().or(failed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Run;
    use crate::protocol::{EndKind, Record, Sample};
    use crate::store::{Place, Recording};

    fn sampled(step: u64) -> Event {
        let sample = Sample { step, loss: 1.0, ..Sample::default() };
        Event::Sampled { run: RUN, records: vec![Record { sample, ..Record::default() }] }
    }

    #[test]
    fn a_run_that_never_started_has_a_folder_and_a_history_that_say_why() {
        let parent = tempfile::tempdir().unwrap();
        let config = RunConfig::default();
        let mut recording = Recording::new(Place::At(parent.path().join("run")));
        let mut history = Run::new(RUN, config.clone());
        let mut recorder = Recorder::new(vec![&mut history, &mut recording]);
        let end = RunEnd::Failed { message: "memory ran out".to_owned() };
        recorder.never_started(&config, end.clone());
        recorder.end().unwrap();
        assert_eq!(recording.summary().unwrap().run_end(), Some(end.clone()));
        assert_eq!(*history.status(), crate::history::Status::Ended(end));
    }

    #[test]
    fn a_failure_is_reported_after_the_steps_taken() {
        let config = RunConfig::default();
        let mut history = Run::new(RUN, config);
        let mut recorder = Recorder::new(vec![&mut history]);
        for step in 0..3 {
            assert!(recorder.record(&sampled(step)).is_continue());
        }
        recorder.fail("it broke".to_owned());
        recorder.end().unwrap();
        assert_eq!(history.n_steps(), 3);
    }

    #[test]
    fn a_failing_sink_stops_the_run_and_the_others_receive_its_end() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("file");
        std::fs::write(&place, "in the way").unwrap();
        let config = RunConfig::default();
        let mut recording = Recording::new(Place::At(place));
        let mut history = Run::new(RUN, config.clone());
        let mut recorder = Recorder::new(vec![&mut recording, &mut history]);
        let (boxed, facts) = (Box::new(config), Box::new(RunFacts::unknown()));
        let started = Event::Started { run: RUN, config: boxed, facts };
        assert!(recorder.record(&started).is_break());
        assert!(
            recorder.record(&Event::Ended { run: RUN, step: 0, end: RunEnd::Stopped }).is_break()
        );
        assert!(matches!(recorder.end(), Err(StoreError::NotAFolder(_))));
        assert!(recording.summary().is_none());
        let crate::history::Status::Ended(end) = history.status() else { panic!() };
        assert_eq!(end.kind(), EndKind::Stopped);
    }
}
