//! Settings that the user gave a value but nothing reads, one sentence each. The declaration of a
//! setting says when it is read.

use std::collections::BTreeMap;
use std::ops::Range as Span;
use std::rc::Rc;

use super::{Change, DatedChange, Effect, RunConfig, Section, Setting, plain, settings};

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

    /// Whether a change from `before` to this configuration acts on the training from `step` on: it is
    /// not only of what is measured, and something reads it.
    #[must_use]
    pub fn is_trained_by(&self, change: &Change, before: &Self, step: u64) -> bool {
        let Some(setting) = change.setting() else { return false };
        let is_of_training =
            !matches!(setting.section, Section::Measurements | Section::Tests | Section::Elsewhere);
        is_of_training && setting.why_idle(self, before, &(step..self.n_steps)).is_none()
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
                if setting.is_same(&now, &before) {
                    let why = Some(format!("it is {} already", plain(value)));
                    replaced.push(Held { why, ..Held::new(setting, Some(step), &before) });
                    continue;
                }
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
            // Where there is a warmup, its length is told.
            let is_told = *setting != &settings::WARMUP_START || self.live.warmup.steps == 0;
            setting.effect != Effect::Cosmetic
                && is_told
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
    use crate::config::settings::{
        BETA2, CLIP_MODE, CLIP_VALUE, DECAY, EVAL_EVERY, EVERY, FREEZE, LAYER_SCALES, META_LR,
        MOMENTUM, PEAK_LR, RADIUS, RAISE, SHAPE, SIGMA, TUNING_STEPS, WARMUP_POWER, WARMUP_START,
        WARMUP_STEPS,
    };

    fn notices(text: &str) -> Vec<String> {
        RunConfig::from_toml(text).unwrap().notices()
    }

    fn change(setting: &Setting, value: &str) -> String {
        format!("[[changes]]\nstep = 5\nset = {{ \"{setting}\" = {value} }}\n")
    }

    #[test]
    fn a_change_of_an_unread_setting_is_reported() {
        for (setting, value, why) in [
            (&MOMENTUM, "0.5", "gradient-descent has no momentum"),
            (&BETA2, "0.9", "has no preconditioner"),
            (&RADIUS, "0.1", "has no radius"),
            (&FREEZE, "true", "to freeze"),
            (&CLIP_VALUE, "0.1", "clipping is off"),
            (&DECAY, "\"decoupled\"", "weight decay is 0"),
            (&SIGMA, "1.0", "the rate rule is schedule, not cdat"),
            (&RAISE, "3.0", "catapult"),
        ] {
            let found = notices(&change(setting, value));
            assert!(found.len() == 1 && found[0].contains(why), "{setting}: {found:?}");
            assert!(found[0].contains(setting.key), "{found:?}");
        }
        let no_test = "[task]\nname = \"point\"\nn_train = 1\n[model]\nhidden = [4]\n";
        let found = notices(&format!("{no_test}{}", change(&EVAL_EVERY, "3")));
        assert!(found.iter().any(|notice| notice.contains("no test set")), "{found:?}");
    }

    #[test]
    fn a_change_of_a_setting_that_some_step_reads_is_not_reported() {
        let clipped = change(&CLIP_MODE, "\"absolute\"") + &change(&CLIP_VALUE, "0.1");
        assert_eq!(notices(&clipped), [""; 0]);
        let heavy = format!("[optimizer]\nrule = \"heavy-ball\"\n{}", change(&MOMENTUM, "0.5"));
        assert_eq!(notices(&heavy), [""; 0]);
        let cdat = "[live.rate]\nrule = \"cdat\"\n";
        let found = notices(&format!("{cdat}{}", change(&WARMUP_STEPS, "8")));
        assert!(found.iter().any(|notice| notice.contains("follows no schedule")), "{found:?}");
    }

    #[test]
    fn an_unread_initial_setting_is_reported() {
        let sharp = "[optimizer]\nrule = \"sam\"\n[live]\nradius = 0.1\n";
        assert_eq!(notices(sharp), [""; 0]);
        let rule = format!("`{BETA2}` = 0.9 does nothing: the rule gradient-descent");
        let tuning = format!("`{META_LR}` = 0.2 does nothing: the tuning is none");
        let measured = format!("`{EVERY}` is off");
        for (text, wanted) in [
            ("[live]\nbeta2 = 0.9", rule.as_str()),
            ("[init.meta]\nlr = 0.2", &tuning),
            ("[model]\nghost_batch = 4", "does nothing: there is no batch normalization"),
            ("[model]\nheads = 4", "does nothing: the architecture mlp does not have it"),
            ("[live.probe]\ntop_k = 3\nevery = \"off\"", &measured),
            ("[live.warmup]\npower = 2.0", "does nothing: there is no warmup"),
            ("[live.clip]\nvalue = 0.5", "does nothing: clipping is off"),
            ("[task]\ndegree = 3", "the task is fashion, and only chebyshev reads it"),
        ] {
            let found = notices(text);
            assert!(found.len() == 1 && found[0].contains(wanted), "{text}: {found:?}");
        }
        let later = format!("[live.clip]\nvalue = 0.5\n{}", change(&CLIP_MODE, "\"value\""));
        assert_eq!(notices(&later), [""; 0]);
    }

    #[test]
    fn a_change_is_reported_if_no_step_reads_it_although_others_read_the_setting() {
        let at = |step: u64, setting: &Setting, value: &str| {
            format!("[[changes]]\nstep = {step}\nset = {{ \"{setting}\" = {value} }}\n")
        };
        let (mode, level) = (&CLIP_MODE, &CLIP_VALUE);
        let clipped = at(10, mode, "\"absolute\"") + &at(20, mode, "\"off\"");
        let found = notices(&format!("{clipped}{}", at(25, level, "3.0")));
        let wanted = format!("changing `{level}` at step 25 does nothing: clipping is off");
        assert_eq!(found, [wanted]);
        assert_eq!(notices(&format!("{clipped}{}", at(15, level, "3.0"))), [""; 0]);
        let twice = clipped + &at(5, level, "2.0") + &at(7, level, "3.0") + &at(25, level, "4.0");
        let found = notices(&twice);
        let wanted = format!("`{level}` at step 5 and once after it does nothing: clipping is off");
        assert!(found.len() == 1 && found[0].contains(&wanted), "{found:?}");
        let found = notices(&format!("[live]\npeak_lr = 0.3\n{}", at(0, &PEAK_LR, "0.2")));
        let wanted = format!("`{PEAK_LR}` = 0.3 does nothing: a change at step 0 replaces it");
        assert_eq!(found, [wanted]);
    }

    #[test]
    fn a_change_of_warmup_or_decay_outside_its_steps_is_reported() {
        let warm = "n_steps = 200\n[live.warmup]\nsteps = 10\n";
        let at = |setting: &Setting, value: &str, more: &str| {
            let set = format!("\"{setting}\" = {value}{more}");
            let change = format!("[[changes]]\nstep = 50\nset = {{ {set} }}\n");
            notices(&format!("{warm}{change}"))
        };
        for (setting, value) in
            [(&WARMUP_STEPS, "20"), (&WARMUP_POWER, "2.0"), (&WARMUP_START, "5")]
        {
            let found = at(setting, value, "");
            let is_told =
                found.len() == 1 && found[0].contains("does nothing: warmup ended at step");
            assert!(is_told, "{setting}: {found:?}");
        }
        // It lengthens the warmup beyond the change, starts it again, or moves the decay.
        for (value, more) in [
            ("100", String::new()),
            ("20", format!(", \"{WARMUP_START}\" = 50")),
            ("20", format!(", \"{SHAPE}\" = \"power\"")),
            ("0", String::new()),
        ] {
            assert_eq!(at(&WARMUP_STEPS, value, &more), [""; 0], "{value}{more}");
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
        let at = |step: u64, setting: &Setting, value: &str| {
            format!("[[changes]]\nstep = {step}\nset = {{ \"{setting}\" = {value} }}\n")
        };
        let adam = "[optimizer]\nrule = \"adam\"\n".to_owned();
        let frozen = adam + &at(10, &FREEZE, "true") + &at(20, &BETA2, "0.9");
        let found = notices(&frozen);
        let wanted = "at step 20 does nothing: the preconditioner is frozen";
        assert_eq!(found, [format!("changing `{BETA2}` {wanted}")]);
        let thawed = frozen + &at(30, &FREEZE, "false");
        assert_eq!(notices(&thawed), [""; 0]);
    }

    #[test]
    fn factors_of_layers_that_start_at_0_are_reported() {
        let zero = "[init]\nzero_last_layer = true\n";
        let tuning = format!("`{TUNING_STEPS}` is 0");
        let factors = format!("`{LAYER_SCALES}` starts the last layer at 0");
        for (text, wanted) in [
            (format!("{zero}output_scale = 3.0"), "starts the last layer at 0"),
            (format!("{zero}layer_scales = [1.0, 1.0, 5.0]"), "no effect on layer 3"),
            ("[init]\nlayer_scales = [1.0, 1.0]".to_owned(), "all its factors are 1"),
            ("[init]\ntuning = \"lsuv\"\ntuning_steps = 0".to_owned(), &tuning),
            ("[init]\nlayer_scales = [1.0, 1.0, 0.0]\noutput_scale = 3.0".to_owned(), &factors),
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
