//! Dated changes of settings that nothing reads beside the run's other settings, one sentence each.
//! Refuses nothing.

use std::collections::BTreeSet;

use toml::Value;

use super::{ClipMode, RateRule, Rule, RunConfig};

impl RunConfig {
    /// One sentence for each setting that is changed on the way and never read.
    #[must_use]
    pub fn unread(&self) -> Vec<String> {
        let changes = self.changes.iter().filter(|change| change.step < self.n_steps);
        let keys: BTreeSet<&str> = changes.flat_map(|c| c.set.keys()).map(String::as_str).collect();
        let told = keys.into_iter().filter_map(|key| Some((key, self.why_unread(key)?)));
        told.map(|(key, why)| format!("changing `{key}` does nothing: {why}")).collect()
    }

    fn why_unread(&self, key: &str) -> Option<String> {
        let rule = self.optimizer.rule;
        let live = &self.live;
        let is_rate = |wanted: RateRule| {
            live.rate.rule == wanted || self.changes_to_word("live.rate.rule", wanted.word())
        };
        let has_schedule = RateRule::ALL.iter().any(|rate| rate.has_schedule() && is_rate(*rate));
        let (is_read, why) = match key {
            "live.momentum" => (rule.has_momentum(), format!("{rule} has no momentum")),
            "live.beta2" | "live.epsilon" => {
                (rule.is_adaptive(), format!("{rule} has no preconditioner"))
            }
            "live.radius" => (rule == Rule::Sam, format!("{rule} has no radius")),
            "live.freeze" => (rule.can_freeze(), format!("{rule} has nothing to hold")),
            "live.eval_every" => (self.task.info().n_test > 0, "the task has no test set".into()),
            "live.clip.value" => (self.is_ever_clipped(), "clipping is off".into()),
            "live.decay" => (self.is_ever_decayed(), "weight decay is 0".into()),
            "live.rate.sigma" => (is_rate(RateRule::Cdat), "the rate is not CDAT's".into()),
            "live.rate.raise" => {
                (is_rate(RateRule::Catapult), "the rate is not a catapult's".into())
            }
            _ if key.starts_with("live.schedule.") || key.starts_with("live.warmup.") => {
                (has_schedule, "the rate follows no schedule".into())
            }
            _ => return None,
        };
        (!is_read).then_some(why)
    }

    fn changes_of(&self, key: &str) -> impl Iterator<Item = &Value> {
        self.changes.iter().filter_map(move |change| change.set.get(key))
    }

    fn changes_to_word(&self, key: &str, word: &str) -> bool {
        self.changes_of(key).any(|value| value.as_str() == Some(word))
    }

    fn is_ever_clipped(&self) -> bool {
        let off = ClipMode::Off.word();
        let mut changes = self.changes_of("live.clip.mode");
        self.live.clip.mode != ClipMode::Off || changes.any(|mode| mode.as_str() != Some(off))
    }

    fn is_ever_decayed(&self) -> bool {
        let mut changes = self.changes_of("live.weight_decay");
        self.live.weight_decay > 0.0 || changes.any(|mu| mu.as_float() != Some(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        RunConfig::from_toml(text).unwrap().notices()
    }

    fn change(key: &str, value: &str) -> String {
        format!("[[changes]]\nstep = 5\nset = {{ \"{key}\" = {value} }}\n")
    }

    #[test]
    fn a_change_of_what_nothing_reads_is_told() {
        for (key, value, why) in [
            ("live.momentum", "0.5", "gradient-descent has no momentum"),
            ("live.beta2", "0.9", "has no preconditioner"),
            ("live.radius", "0.1", "has no radius"),
            ("live.freeze", "true", "has nothing to hold"),
            ("live.clip.value", "0.1", "clipping is off"),
            ("live.decay", "\"decoupled\"", "weight decay is 0"),
            ("live.rate.sigma", "1.0", "CDAT"),
            ("live.rate.raise", "3.0", "catapult"),
        ] {
            let told = told(&change(key, value));
            assert!(told.len() == 1 && told[0].contains(why), "{key}: {told:?}");
            assert!(told[0].contains(key), "{told:?}");
        }
        let no_test = "[task]\nname = \"point\"\nn_train = 1\n[model]\nhidden = [4]\n";
        let told = told(&format!("{no_test}{}", change("live.eval_every", "3")));
        assert!(told.iter().any(|told| told.contains("no test set")), "{told:?}");
    }

    #[test]
    fn a_change_of_what_is_read_at_some_time_is_not_told() {
        let clipped = change("live.clip.mode", "\"absolute\"") + &change("live.clip.value", "0.1");
        assert_eq!(told(&clipped), [""; 0]);
        let heavy =
            format!("[optimizer]\nrule = \"heavy-ball\"\n{}", change("live.momentum", "0.5"));
        assert_eq!(told(&heavy), [""; 0]);
        let cdat = "[live.rate]\nrule = \"cdat\"\n";
        let told_of = told(&format!("{cdat}{}", change("live.warmup.steps", "8")));
        assert!(told_of.iter().any(|told| told.contains("follows no schedule")), "{told_of:?}");
    }
}
