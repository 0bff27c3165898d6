//! Notices about settings that have no effect in a run.
//! The configuration finds them; here they persist after the step of a scheduled change.

use super::settings_log::SettingsLog;

impl SettingsLog {
    /// A sentence for each setting without effect, including scheduled changes that are over.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let mut notices = self.current().misleading();
        let mut unread = self.at_start().unread();
        if !unread.is_empty() {
            // What the user made effective is dropped.
            let still = self.replay().unread();
            unread.retain(|unread| still.iter().any(|other| other.setting == unread.setting));
        }
        notices.extend(unread.into_iter().map(|unread| unread.sentence));
        notices
    }
}

#[cfg(test)]
mod tests {
    use crate::config::settings::{CLIP_MODE, CLIP_VALUE, MOMENTUM};
    use crate::config::{ClipMode, RunConfig};
    use crate::history::Run;
    use crate::protocol::{Event, Record, RunId, Sample, Source};

    const RUN: RunId = RunId(1);

    #[test]
    fn a_change_without_effect_is_reported_after_its_step_too() {
        let text = format!("[[changes]]\nstep = 2\nset = {{ \"{MOMENTUM}\" = 0.5 }}\n");
        let mut run = Run::new(RUN, RunConfig::from_toml(&text).unwrap());
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
        let told = format!("`{CLIP_VALUE}` = 0.5 does nothing: clipping is off");
        assert_eq!(run.notices(), [told]);
        let mut live = run.config().live.clone();
        live.clip.mode = ClipMode::Absolute;
        let source = Source::User(1);
        run.apply(&Event::Tuned { run: RUN, step: 2, live: Box::new(live), source });
        assert_eq!(run.notices(), [""; 0]);
    }

    #[test]
    fn a_setting_that_acted_is_not_reported_after_it_has() {
        let at = |step: u64, mode: &str| {
            format!("[[changes]]\nstep = {step}\nset = {{ \"{CLIP_MODE}\" = \"{mode}\" }}\n")
        };
        let clipped = at(2, "absolute") + &at(4, "off");
        let text = format!("[live.clip]\nvalue = 0.5\n{clipped}");
        let mut run = Run::new(RUN, RunConfig::from_toml(&text).unwrap());
        for (step, mode) in [(2, ClipMode::Absolute), (4, ClipMode::Off)] {
            let mut live = run.config().live.clone();
            live.clip.mode = mode;
            let source = Source::Config;
            run.apply(&Event::Tuned { run: RUN, step, live: Box::new(live), source });
            assert_eq!(run.notices(), [""; 0]);
        }
    }

    #[test]
    fn a_value_without_effect_is_reported_to_the_end() {
        let text = "[init]\nlayer_scales = [1.0, 1.0]\n";
        let mut run = Run::new(RUN, RunConfig::from_toml(text).unwrap());
        let told = run.notices();
        assert!(told.len() == 1 && told[0].contains("all its factors are 1"), "{told:?}");
        let mut live = run.config().live.clone();
        live.peak_lr = 0.05;
        let source = Source::User(1);
        run.apply(&Event::Tuned { run: RUN, step: 2, live: Box::new(live), source });
        assert_eq!(run.notices(), told);
    }
}
