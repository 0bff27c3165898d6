//! Settings that the user gave a value but nothing reads, one sentence each. The declaration of a
//! setting says when it is read.

use std::collections::{BTreeMap, BTreeSet};

use super::{DatedChange, RunConfig, Section, Setting, plain};

/// A setting that nothing reads, with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// The setting.
    pub setting: &'static Setting,
    /// One sentence: that it does nothing, and why.
    pub sentence: String,
}

impl RunConfig {
    /// The settings that no step reads although the user set them: by a dated change, or to another
    /// value than the preset and the architecture's default.
    #[must_use]
    pub fn unread(&self) -> Vec<Unread> {
        let changes = self.changes.iter().filter(|change| change.step < self.n_steps);
        let changed: BTreeSet<&str> =
            changes.flat_map(|change| change.set.keys()).map(String::as_str).collect();
        let base = self.base();
        let is_given = |setting: &Setting| {
            let default_network =
                Self { model: self.model.architecture.default_model(), ..base.clone() };
            let is_off = setting.get(self).as_str() == Some("off");
            setting.is_reported()
                && !is_off
                && !setting.is_same(self, &base)
                && (setting.section != Section::Network || !setting.is_same(self, &default_network))
        };
        let given = Setting::all()
            .filter(|setting| changed.contains(setting.key) || is_given(setting))
            .filter_map(|setting| Some((setting, setting.why_unread(self)?)));
        let mut states = None;
        let mut unread = Vec::new();
        for (setting, why) in given {
            let states: &Vec<Self> = states.get_or_insert_with(|| self.states_after_changes());
            if states.iter().any(|state| setting.why_unread(state).is_none()) {
                continue;
            }
            let key = setting.key;
            let sentence = if changed.contains(key) {
                format!("changing `{key}` does nothing: {why}")
            } else {
                format!("`{key}` = {} does nothing: {why}", plain(&setting.get(self)))
            };
            unread.push(Unread { setting, sentence });
        }
        unread
    }

    /// The configuration after each of its dated changes, in order of step.
    fn states_after_changes(&self) -> Vec<Self> {
        let mut by_step: BTreeMap<u64, Vec<&DatedChange>> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.step < self.n_steps) {
            by_step.entry(change.step).or_default().push(change);
        }
        let mut now = Self { changes: Vec::new(), ..self.clone() };
        let mut states = Vec::new();
        for change in by_step.into_values().flatten() {
            for (key, value) in &change.set {
                // An invalid value changes nothing here; `validate` reports it.
                if let Some(setting) = Setting::named(key) {
                    setting.put(&mut now, value).unwrap_or_default();
                }
            }
            states.push(now.clone());
        }
        states
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Architecture;

    fn notices(text: &str) -> Vec<String> {
        RunConfig::from_toml(text).unwrap().notices()
    }

    fn change(key: &str, value: &str) -> String {
        format!("[[changes]]\nstep = 5\nset = {{ \"{key}\" = {value} }}\n")
    }

    #[test]
    fn a_change_of_an_unread_setting_is_reported() {
        for (key, value, why) in [
            ("live.momentum", "0.5", "gradient-descent has no momentum"),
            ("live.beta2", "0.9", "has no preconditioner"),
            ("live.radius", "0.1", "has no radius"),
            ("live.freeze", "true", "to freeze"),
            ("live.clip.value", "0.1", "clipping is off"),
            ("live.decay", "\"decoupled\"", "weight decay is 0"),
            ("live.rate.sigma", "1.0", "the rate rule is schedule, not cdat"),
            ("live.rate.raise", "3.0", "catapult"),
        ] {
            let found = notices(&change(key, value));
            assert!(found.len() == 1 && found[0].contains(why), "{key}: {found:?}");
            assert!(found[0].contains(key), "{found:?}");
        }
        let no_test = "[task]\nname = \"point\"\nn_train = 1\n[model]\nhidden = [4]\n";
        let found = notices(&format!("{no_test}{}", change("live.eval_every", "3")));
        assert!(found.iter().any(|notice| notice.contains("no test set")), "{found:?}");
    }

    #[test]
    fn a_change_of_a_setting_that_some_step_reads_is_not_reported() {
        let clipped = change("live.clip.mode", "\"absolute\"") + &change("live.clip.value", "0.1");
        assert_eq!(notices(&clipped), [""; 0]);
        let heavy =
            format!("[optimizer]\nrule = \"heavy-ball\"\n{}", change("live.momentum", "0.5"));
        assert_eq!(notices(&heavy), [""; 0]);
        let cdat = "[live.rate]\nrule = \"cdat\"\n";
        let found = notices(&format!("{cdat}{}", change("live.warmup.steps", "8")));
        assert!(found.iter().any(|notice| notice.contains("follows no schedule")), "{found:?}");
    }

    #[test]
    fn an_unread_initial_setting_is_reported() {
        let sharp = "[optimizer]\nrule = \"sam\"\n[live]\nradius = 0.1\n";
        assert_eq!(notices(sharp), [""; 0]);
        for (text, wanted) in [
            ("[live]\nbeta2 = 0.9", "`live.beta2` = 0.9 does nothing: the rule gradient-descent"),
            ("[init.meta]\nlr = 0.2", "`init.meta.lr` = 0.2 does nothing: the tuning is none"),
            ("[model]\nghost_batch = 4", "does nothing: there is no batch normalization"),
            ("[model]\nheads = 4", "does nothing: the architecture mlp does not have it"),
            ("[live.probe]\ntop_k = 3\nevery = \"off\"", "`live.probe.every` is off"),
            ("[live.warmup]\npower = 2.0", "does nothing: there is no warmup"),
            ("[live.clip]\nvalue = 0.5", "does nothing: clipping is off"),
            ("[task]\ndegree = 3", "the task is fashion, and only chebyshev reads it"),
        ] {
            let found = notices(text);
            assert!(found.len() == 1 && found[0].contains(wanted), "{text}: {found:?}");
        }
        let later = format!("[live.clip]\nvalue = 0.5\n{}", change("live.clip.mode", "\"value\""));
        assert_eq!(notices(&later), [""; 0]);
    }

    #[test]
    fn the_default_networks_have_no_unread_setting() {
        for architecture in Architecture::ALL {
            let config = RunConfig { model: architecture.default_model(), ..RunConfig::default() };
            assert_eq!(config.unread(), [], "{architecture}");
        }
    }
}
