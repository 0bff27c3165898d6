//! Settings that the user gave a value but nothing reads, one sentence each. The declaration of a
//! setting says when it is read.

use std::collections::BTreeMap;
use std::ops::Range as Span;
use std::rc::Rc;

use super::{DatedChange, RunConfig, Section, Setting, plain};

/// A setting that nothing reads, with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// The setting.
    pub setting: &'static Setting,
    /// One sentence: that it does nothing, and why.
    pub sentence: String,
}

/// A value of a setting, from when it is set until a dated change replaces it.
struct Held {
    setting: &'static Setting,
    /// The step of the change that set it; `None` for an initial value.
    since: Option<u64>,
    /// The configuration in which it was not yet set.
    before: Rc<RunConfig>,
    is_read: bool,
    /// Why the first steps with it do not read it.
    why: Option<String>,
}

impl Held {
    fn new(setting: &'static Setting, since: Option<u64>, before: &Rc<RunConfig>) -> Self {
        Self { setting, since, before: Rc::clone(before), is_read: false, why: None }
    }

    /// Notes whether these steps, under the configuration `now`, read it.
    fn examine(&mut self, now: &RunConfig, steps: &Span<u64>) {
        if self.is_read || steps.is_empty() {
            return;
        }
        match self.setting.why_idle(now, &self.before, steps) {
            None => self.is_read = true,
            Some(why) => {
                self.why.get_or_insert(why);
            }
        }
    }
}

impl RunConfig {
    /// The settings that no step reads although the user set them: by a dated change, or to another
    /// value than the preset and the architecture's default.
    #[must_use]
    pub fn unread(&self) -> Vec<Unread> {
        let held = self.unread_values();
        let of_setting = |setting: &'static Setting| {
            let initial = held.iter().find(|held| held.setting == setting && held.since.is_none());
            let changes: Vec<&Held> = held
                .iter()
                .filter(|held| held.setting == setting && held.since.is_some())
                .collect();
            let initial = initial.map(|held| self.told_of_initial(held));
            initial.into_iter().chain(told_of_changes(&changes))
        };
        let all = Setting::all().filter(|setting| held.iter().any(|held| held.setting == *setting));
        all.flat_map(of_setting).collect()
    }

    /// The values that no step reads of those that the user set, in order of step.
    fn unread_values(&self) -> Vec<Held> {
        let mut by_step: BTreeMap<u64, Vec<&DatedChange>> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.step < self.n_steps) {
            by_step.entry(change.step).or_default().push(change);
        }
        let mut now = Self { changes: Vec::new(), ..self.clone() };
        let mut held = self.given();
        let mut replaced: Vec<Held> = Vec::new();
        let mut first = 0;
        for (step, changes) in by_step {
            for held in &mut held {
                held.examine(&now, &(first..step));
            }
            let before = Rc::new(now.clone());
            for (key, value) in changes.into_iter().flat_map(|change| &change.set) {
                // An invalid value changes nothing here; `validate` reports it.
                let Some(setting) = Setting::named(key) else { continue };
                setting.put(&mut now, value).unwrap_or_default();
                replaced.extend(held.extract_if(.., |held| held.setting == setting));
                held.push(Held::new(setting, Some(step), &before));
            }
            replaced.retain(|held| !held.is_read);
            first = step;
        }
        for held in &mut held {
            held.examine(&now, &(first..self.n_steps));
        }
        replaced.extend(held.into_iter().filter(|held| !held.is_read));
        replaced
    }

    /// The initial values that the user gave: others than the preset's and the architecture's.
    fn given(&self) -> Vec<Held> {
        let base = Rc::new(self.base());
        let default_network =
            Self { model: self.model.architecture.default_model(), ..(*base).clone() };
        let is_given = |setting: &&'static Setting| {
            let is_off = setting.get(self).as_str() == Some("off");
            setting.is_reported()
                && !setting.is_same(self, &base)
                && !is_off
                && (setting.section != Section::Network || !setting.is_same(self, &default_network))
        };
        let given = Setting::all().filter(is_given);
        given.map(|setting| Held::new(setting, None, &base)).collect()
    }

    fn told_of_initial(&self, held: &Held) -> Unread {
        let (setting, value) = (held.setting, plain(&held.setting.get(self)));
        let why = held.why.as_deref().unwrap_or("a change at step 0 replaces it");
        let sentence = format!("`{}` = {value} does nothing: {why}", setting.key);
        Unread { setting, sentence }
    }
}

/// One sentence about all dated changes of one setting that no step reads; `None` without any.
fn told_of_changes(changes: &[&Held]) -> Option<Unread> {
    let (first, more) = changes.split_first()?;
    let (setting, step) = (first.setting, first.since?);
    let why = first.why.as_deref().unwrap_or("another change at that step replaces it");
    let also = match more.len() as u64 {
        0 => String::new(),
        1 => " and once after it".to_owned(),
        n => format!(" and {n} times after it"),
    };
    let sentence = format!("changing `{}` at step {step}{also} does nothing: {why}", setting.key);
    Some(Unread { setting, sentence })
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
    fn a_change_is_reported_if_no_step_reads_it_although_others_read_the_setting() {
        let at = |step: u64, key: &str, value: &str| {
            format!("[[changes]]\nstep = {step}\nset = {{ \"{key}\" = {value} }}\n")
        };
        let (mode, level) = ("live.clip.mode", "live.clip.value");
        let clipped = at(10, mode, "\"absolute\"") + &at(20, mode, "\"off\"");
        let found = notices(&format!("{clipped}{}", at(25, level, "3.0")));
        assert_eq!(found, ["changing `live.clip.value` at step 25 does nothing: clipping is off"]);
        assert_eq!(notices(&format!("{clipped}{}", at(15, level, "3.0"))), [""; 0]);
        let twice = clipped + &at(5, level, "2.0") + &at(7, level, "3.0") + &at(25, level, "4.0");
        let found = notices(&twice);
        let wanted = "`live.clip.value` at step 5 and once after it does nothing: clipping is off";
        assert!(found.len() == 1 && found[0].contains(wanted), "{found:?}");
        let found = notices(&format!("[live]\npeak_lr = 0.3\n{}", at(0, "live.peak_lr", "0.2")));
        assert_eq!(found, ["`live.peak_lr` = 0.3 does nothing: a change at step 0 replaces it"]);
    }

    #[test]
    fn a_change_of_warmup_or_decay_outside_its_steps_is_reported() {
        let warm = "n_steps = 200\n[live.warmup]\nsteps = 10\n";
        let at = |key: &str, value: &str, more: &str| {
            let change = format!("[[changes]]\nstep = 50\nset = {{ \"{key}\" = {value}{more} }}\n");
            notices(&format!("{warm}{change}"))
        };
        for (key, value) in
            [("live.warmup.steps", "20"), ("live.warmup.power", "2.0"), ("live.warmup.start", "5")]
        {
            let found = at(key, value, "");
            let is_told =
                found.len() == 1 && found[0].contains("does nothing: warmup ended at step");
            assert!(is_told, "{key}: {found:?}");
        }
        // It lengthens the warmup beyond the change, starts it again, or moves the decay.
        for (value, more) in [
            ("100", ""),
            ("20", ", \"live.warmup.start\" = 50"),
            ("20", ", \"live.schedule.shape\" = \"power\""),
            ("0", ""),
        ] {
            assert_eq!(at("live.warmup.steps", value, more), [""; 0], "{value}{more}");
        }
        let late = "n_steps = 20\n[live.warmup]\nsteps = 30\n[live.schedule]\nshape = \"power\"\n";
        let found = notices(late);
        assert!(
            found.iter().any(|notice| notice.contains("decay begins after step 30")),
            "{found:?}"
        );
    }

    #[test]
    fn a_change_of_a_frozen_preconditioner_is_reported() {
        let at = |step: u64, set: &str| format!("[[changes]]\nstep = {step}\nset = {{ {set} }}\n");
        let adam = "[optimizer]\nrule = \"adam\"\n".to_owned();
        let frozen = adam + &at(10, "\"live.freeze\" = true") + &at(20, "\"live.beta2\" = 0.9");
        let found = notices(&frozen);
        assert_eq!(
            found,
            ["changing `live.beta2` at step 20 does nothing: the preconditioner is frozen"]
        );
        let thawed = frozen + &at(30, "\"live.freeze\" = false");
        assert_eq!(notices(&thawed), [""; 0]);
    }

    #[test]
    fn factors_of_layers_that_start_at_0_are_reported() {
        let zero = "[init]\nzero_last_layer = true\n";
        for (text, wanted) in [
            (format!("{zero}output_scale = 3.0"), "starts the last layer at 0"),
            (format!("{zero}layer_scales = [1.0, 1.0, 5.0]"), "no effect on layer 3"),
            ("[init]\nlayer_scales = [1.0, 1.0]".to_owned(), "all its factors are 1"),
            ("[init]\ntuning = \"lsuv\"\ntuning_steps = 0".to_owned(), "`init.tuning_steps` is 0"),
            (
                "[init]\nlayer_scales = [1.0, 1.0, 0.0]\noutput_scale = 3.0".to_owned(),
                "`init.layer_scales` starts the last layer at 0",
            ),
            ("[model]\nhidden = []\nactivation = \"relu\"".to_owned(), "has no hidden layers"),
        ] {
            let found = notices(&text);
            assert!(found.len() == 1 && found[0].contains(wanted), "{text}: {found:?}");
        }
        assert_eq!(notices(&format!("{zero}layer_scales = [1.0, 5.0]")), [""; 0]);
    }

    #[test]
    fn the_default_networks_have_no_unread_setting() {
        for architecture in Architecture::ALL {
            let config = RunConfig { model: architecture.default_model(), ..RunConfig::default() };
            assert_eq!(config.unread(), [], "{architecture}");
        }
    }
}
