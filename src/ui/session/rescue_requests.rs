//! Requests for trying all rescues of the current run: begins one after the other, and shows them.

use std::num::NonZeroU64;

use crate::config::{ConfigError, Interval, Pace, ProbeSettings};
use crate::history::Run;
use crate::protocol::{Command, Event, Paused, RunEnd, RunId};

use super::rescues::{Attempt, Rescues, rescues};
use super::run_list::ListedRun;
use super::session_state::Session;

/// Most steps of a rescue that is tried with all others.
const MAX_STEPS: u64 = 2000;

/// Least number of steps between its measurements, so that eight runs do not take eight times as long.
const MEASURED_EVERY: NonZeroU64 = NonZeroU64::new(5).unwrap();

/// Measures what the charts draw, and no more often than they can show.
fn measure_less(probe: &mut ProbeSettings) {
    let every = match probe.every {
        Interval::Off => MEASURED_EVERY,
        Interval::Every(every) => every.max(MEASURED_EVERY),
    };
    (probe.every, probe.min_every, probe.top_k) = (Interval::Every(every), Interval::Off, 1);
}

impl Session {
    /// The rescues that were tried last.
    pub(in crate::ui) fn rescues(&self) -> Option<&Rescues> {
        self.rescues.as_ref()
    }

    /// Tries all rescues of the current run, each from the first step.
    pub(super) fn try_rescues(&mut self) {
        self.end_rescues();
        let mut attempts = Vec::new();
        for rescue in rescues(&self.replay()) {
            let mut config = rescue.config;
            config.n_steps = config.n_steps.min(MAX_STEPS);
            config.live.pace = Pace::Unlimited;
            measure_less(&mut config.live.probe);
            self.n_runs += 1;
            let run = Run::new(RunId(self.n_runs), config);
            attempts.push(Attempt { label: rescue.label, run, is_begun: false });
        }
        self.rescues =
            Some(Rescues { diverged: self.current.run.clone(), attempts, is_going_on: true });
        self.begin_next_rescue();
    }

    /// Stops the rescue that is training, unless it became the current run, and begins no other.
    pub(super) fn end_rescues(&mut self) {
        let Some(rescues) = &mut self.rescues else { return };
        rescues.is_going_on = false;
        if let Some(run) = rescues.training().filter(|run| *run != self.current.run.id()) {
            self.connection.send(Command::Stop { run });
        }
    }

    /// Applies an event to the rescues, and begins the next one after the end of one.
    pub(super) fn apply_to_rescues(&mut self, event: &Event) {
        let Some(rescues) = &mut self.rescues else { return };
        rescues.attempts.iter_mut().for_each(|attempt| attempt.run.apply(event));
        let is_own = rescues.attempts.iter().any(|attempt| attempt.run.id() == event.run());
        if is_own && matches!(event, Event::Ended { .. }) {
            self.begin_next_rescue();
        }
    }

    /// Begins the next rescue; one that this machine cannot bear fails with the reason.
    fn begin_next_rescue(&mut self) {
        loop {
            let Some(rescues) = self.rescues.as_mut().filter(|rescues| rescues.is_going_on) else {
                return;
            };
            let Some(next) = rescues.attempts.iter_mut().find(|attempt| !attempt.is_begun) else {
                rescues.is_going_on = false;
                return;
            };
            next.is_begun = true;
            let (run, config) = (next.run.id(), next.run.initial_config().clone());
            let Err(error) = self.check_memory(&config) else {
                let config = Box::new(config);
                self.connection.send(Command::Start { run, config, is_paused: Paused::No });
                return;
            };
            self.fail_rescue(run, &error);
        }
    }

    fn fail_rescue(&mut self, run: RunId, error: &ConfigError) {
        let end = RunEnd::Failed { message: error.to_string() };
        let event = Event::Ended { run, step: 0, end };
        let attempts = self.rescues.iter_mut().flat_map(|rescues| &mut rescues.attempts);
        attempts.for_each(|attempt| attempt.run.apply(&event));
    }

    /// Shows a rescue as the current run; the present one goes to the drawer.
    pub(super) fn show_rescue(&mut self, run: RunId) {
        let attempts = self.rescues.iter().flat_map(|rescues| &rescues.attempts);
        let mut attempts = attempts.map(|attempt| (attempt.label, &attempt.run));
        let found = attempts.find(|(_, known)| known.id() == run);
        let found = found.filter(|(_, run)| run.last().is_some());
        if self.current.run.id() == run {
            return;
        }
        if self.runs.card_mut(run).is_none()
            && let Some((label, run)) = found.map(|(label, run)| (label, run.clone()))
        {
            let card = self.labelled_card(run.initial_config(), Some(label));
            self.runs.add(ListedRun { run, card });
        }
        self.make_current(run);
    }

    /// Puts all rescues that have begun into the drawer.
    pub(super) fn overlay_rescues(&mut self) {
        let attempts = self.rescues.iter().flat_map(|rescues| &rescues.attempts);
        let former = self.runs.former().iter().map(|listed| listed.run.id());
        let known: Vec<RunId> = former.chain([self.current.run.id()]).collect();
        let is_new =
            |attempt: &&Attempt| attempt.run.last().is_some() && !known.contains(&attempt.run.id());
        let new = attempts.filter(is_new).map(|attempt| (attempt.label, attempt.run.clone()));
        for (label, run) in new.collect::<Vec<_>>() {
            let card = self.labelled_card(run.initial_config(), Some(label));
            self.runs.add(ListedRun { run, card });
        }
    }
}
