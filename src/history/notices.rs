//! What of a run's settings can never act, in sentences.
//! The configuration finds them; here they outlast the step of a change.

use super::run::Run;

impl Run {
    /// What of its settings can never act, dated changes that are over included.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let mut notices = self.initial_config().unread();
        let now = self.config().notices();
        notices.retain(|notice| !now.contains(notice));
        [now, notices].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Event, Record, RunId, Sample, Source};

    const RUN: RunId = RunId(1);

    #[test]
    fn a_change_of_what_nothing_reads_is_told_after_its_step_too() {
        let text = "[[changes]]\nstep = 2\nset = { \"live.momentum\" = 0.5 }\n";
        let mut run = Run::new(RUN, RunConfig::from_toml(text).unwrap());
        assert_eq!(run.notices().len(), 1);
        let mut live = run.config().live.clone();
        live.momentum = 0.5;
        let source = Source::Config;
        run.apply(&Event::Tuned { run: RUN, step: 2, live: Box::new(live), source });
        let records =
            vec![Record { sample: Sample { step: 3, ..Sample::default() }, ..Record::default() }];
        run.apply(&Event::Sampled { run: RUN, records });
        assert_eq!(run.notices().len(), 1);
    }
}
