//! Notices about settings that have no effect in a run.
//! The configuration finds them; here they persist after the step of a scheduled change.

use super::run::Run;
use crate::config::Unread;

impl Run {
    /// A sentence for each setting without effect, including scheduled changes that are over.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let now = self.config();
        // A setting that a later change made effective is dropped.
        let is_unread = |unread: &Unread| unread.setting.why_unread(now).is_some();
        let unread = self.initial_config().unread().into_iter().filter(is_unread);
        now.misleading().into_iter().chain(unread.map(|unread| unread.sentence)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ClipMode, RunConfig};
    use crate::protocol::{Event, Record, RunId, Sample, Source};

    const RUN: RunId = RunId(1);

    #[test]
    fn a_change_without_effect_is_reported_after_its_step_too() {
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

    #[test]
    fn a_setting_that_the_user_made_effective_is_reported_no_more() {
        let text = "[live.clip]\nvalue = 0.5\n";
        let mut run = Run::new(RUN, RunConfig::from_toml(text).unwrap());
        assert_eq!(run.notices(), ["`live.clip.value` = 0.5 does nothing: clipping is off"]);
        let mut live = run.config().live.clone();
        live.clip.mode = ClipMode::Absolute;
        let source = Source::User(1);
        run.apply(&Event::Tuned { run: RUN, step: 2, live: Box::new(live), source });
        assert_eq!(run.notices(), [""; 0]);
    }
}
