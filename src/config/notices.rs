//! Warnings about settings that have no effect, or another effect than they seem to, one sentence
//! each. Such a configuration is still valid.

use super::{
    Architecture, Batch, InitScheme, Interval, LiveSettings, Normalization, ProbeSettings,
    RunConfig, ScheduleShape, Setting, Tuning, plain, settings,
};
use crate::text::{self, plural};

impl RunConfig {
    /// One sentence per setting that has no effect or a misleading one; empty for most runs.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let unread = self.unread().into_iter().map(|unread| unread.sentence);
        self.misleading().into_iter().chain(unread).collect()
    }

    /// One sentence per setting that is read but does something else than it seems to.
    #[must_use]
    pub fn misleading(&self) -> Vec<String> {
        let never = self.changes.iter().filter(|change| change.step >= self.n_steps);
        let mut notices: Vec<String> = never
            .map(|change| {
                format!(
                    "the change at step {} never happens: the run has {}",
                    change.step,
                    plural(self.n_steps, "step")
                )
            })
            .collect();
        let states = self.live_states();
        // Only the schedule in force at the end of the run can be cut off by it.
        let last = states.last().unwrap_or(&self.live);
        notices.extend(warmup(last, self.n_steps));
        notices.extend(decay(last, self.n_steps));
        notices.extend(states.iter().find_map(|live| self.batch_norm_mismatch(&live.probe)));
        notices.extend(self.too_many_examples());
        notices.extend(self.factors_of_zero());
        notices.extend(self.factors_before_lsuv());
        notices
    }

    /// Warns of settings that ask for more examples than there are.
    fn too_many_examples(&self) -> Vec<String> {
        let n_train = self.task.n_train;
        let of_batch = |setting, batch| match batch {
            Batch::Size(n) => Some(Asked { setting, n: n.get() }),
            Batch::Full => None,
        };
        let is_drawn = matches!(self.init.tuning, Tuning::Lsuv | Tuning::GradInit)
            && !settings::TUNING_BATCH.is_same(self, &self.base());
        let n = self.init.tuning_batch;
        let ghosts = of_batch(&settings::GHOST_BATCH, self.model.ghost_batch);
        let asked = [
            of_batch(&settings::BATCH, self.optimizer.batch),
            of_batch(&settings::N_PROBE, self.task.n_probe),
            ghosts.filter(|asked| asked.setting.why_unread(self).is_none()),
            is_drawn.then_some(Asked { setting: &settings::TUNING_BATCH, n }),
        ];
        let too_many = asked.into_iter().flatten().filter(|asked| asked.n > n_train);
        too_many
            .map(|Asked { setting, n }| {
                let there_are = plural(n_train as u64, "training example");
                format!("`{}` = {n} acts as {n_train}: the run has {there_are}", setting.key)
            })
            .collect()
    }

    /// Warns of factors of layers that start at 0.
    fn factors_of_zero(&self) -> Option<String> {
        let at_zero = self.layers_at_zero();
        let factors = self.init.layer_scales.iter().zip(1..);
        let idle = factors.filter(|(factor, layer)| **factor != 1.0 && at_zero.contains(layer));
        let layers: Vec<String> = idle.map(|(_, layer)| layer.to_string()).collect();
        let (which, start) = match layers.len() {
            0 => return None,
            1 => ("layer", "starts"),
            _ => ("layers", "start"),
        };
        let (key, layers) = (settings::LAYER_SCALES.key, layers.join(", "));
        Some(format!("`{key}` has no effect on {which} {layers}, which {start} at 0"))
    }

    /// Warns of factors on initial weights whose size LSUV then sets.
    fn factors_before_lsuv(&self) -> Vec<String> {
        let (init, model, base) = (&self.init, &self.model, self.base());
        // LSUV leaves the positions of a transformer and weights that are normalized as drawn.
        let sets_all_weights = init.tuning == Tuning::Lsuv
            && init.tuning_steps >= model.n_weight_layers() as u64
            && model.architecture != Architecture::Transformer
            && !(model.weight_standardisation || model.sigma_reparam);
        if !sets_all_weights {
            return Vec::new();
        }
        // The other schemes start biases at 0.
        let has_biases = init.scheme == InitScheme::Pytorch;
        let acts = if has_biases { "acts on biases only" } else { "does nothing" };
        let is_told = |factor: &&Setting| {
            let is_kept = **factor == settings::LAYER_SCALES && init.layer_scales.contains(&0.0);
            !(is_kept || factor.why_unread(self).is_some() || factor.is_same(self, &base))
        };
        let factors = [&settings::SCALE, &settings::OUTPUT_SCALE, &settings::LAYER_SCALES];
        let told = factors.into_iter().filter(is_told);
        told.map(|factor| {
            let value = plain(&factor.get(self));
            format!("`{factor}` = {value} {acts}: LSUV sets the size of all weights")
        })
        .collect()
    }

    /// Warns if batch normalization averages over different numbers of examples in training steps
    /// and in measurements of the curvature.
    fn batch_norm_mismatch(&self, probe: &ProbeSettings) -> Option<String> {
        let model = &self.model;
        let is_batch = model.normalization == Normalization::Batch
            && model.architecture != Architecture::Transformer
            && settings::NORMALIZATION.why_unread(self).is_none();
        if !is_batch || probe.every == Interval::Off {
            return None;
        }
        let n_train = self.task.n_train;
        let trained = model.ghost_batch.size(self.optimizer.batch.size(n_train));
        let measured = model.ghost_batch.size(self.n_probe());
        (trained != measured).then(|| {
            format!(
                "the curvature is of another function than the one trained: batch norm takes its \
                 statistics of {trained} examples in a step and of {measured} in a measurement; \
                 `{}` = {} makes them equal",
                settings::GHOST_BATCH,
                trained.min(measured)
            )
        })
    }

    /// Whether every step uses all training examples.
    #[must_use]
    pub fn is_full_batch(&self) -> bool {
        self.optimizer.batch.size(self.task.n_train) == self.task.n_train
    }

    /// Number of training examples that the curvature is measured on.
    #[must_use]
    pub fn n_probe(&self) -> usize {
        let n_train = self.task.n_train;
        match (self.task.n_probe, self.optimizer.batch) {
            (Batch::Full, Batch::Size(_)) => n_train.min(MAX_PROBE_EXAMPLES),
            (n_probe, _) => n_probe.size(n_train),
        }
    }
}

/// A number of examples that a setting asks for.
struct Asked {
    setting: &'static Setting,
    n: usize,
}

/// Limit on the examples that the curvature of a mini-batch run is measured on if `task.n_probe` is
/// "full".
const MAX_PROBE_EXAMPLES: usize = 2000;

/// Warns of a warmup that the run ends before or during.
fn warmup(live: &LiveSettings, n_steps: u64) -> Option<String> {
    let warmup = &live.warmup;
    if !live.rate.rule.has_schedule() || warmup.steps == 0 {
        return None;
    }
    let n = warmup.steps;
    if warmup.start >= n_steps {
        return Some(format!(
            "the warmup of {} never begins: it starts at step {}, but the run has {n_steps}",
            plural(n, "step"),
            warmup.start
        ));
    }
    let end = warmup.start.saturating_add(n);
    (end > n_steps).then(|| {
        // The rate after the last step, as in `optim::schedule`.
        let done = (n_steps - warmup.start) as f64 / n as f64;
        let risen = libm::pow(done, warmup.power);
        let rate = (1.0 - risen) * warmup.initial_lr + risen * live.peak_lr;
        format!(
            "the warmup of {} is cut off by the end of the run at step {n_steps}: the learning \
             rate gets to {}, not to its peak of {}",
            plural(n, "step"),
            text::number(rate),
            text::number(live.peak_lr)
        )
    })
}

/// Warns of a decay, or a first stair or cycle, that the run ends during.
fn decay(live: &LiveSettings, n_steps: u64) -> Option<String> {
    let schedule = &live.schedule;
    let begin = live.warmup.start.saturating_add(live.warmup.steps);
    let has_length = match schedule.shape {
        ScheduleShape::Linear
        | ScheduleShape::Cosine
        | ScheduleShape::Step
        | ScheduleShape::Cyclic
        | ScheduleShape::Restarts => true,
        // None of these has an end.
        ScheduleShape::Constant | ScheduleShape::InverseSqrt | ScheduleShape::Power => false,
    };
    let is_cut = begin.saturating_add(schedule.steps) > n_steps;
    (live.rate.rule.has_schedule() && has_length && is_cut).then(|| {
        let left = n_steps.saturating_sub(begin);
        let fits = if left > 0 { format!("; {left} would fit") } else { String::new() };
        format!(
            "the {} schedule of {} from step {begin} on is cut off by the end of the run at step \
             {n_steps}{fits}",
            schedule.shape,
            plural(schedule.steps, "step"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::presets;
    use crate::config::settings::{
        BATCH, DECAY_STEPS, EVERY, GHOST_BATCH, N_PROBE, PEAK_LR, SHAPE, TUNING_BATCH,
        WARMUP_START, WARMUP_STEPS,
    };

    fn notices(text: &str) -> Vec<String> {
        RunConfig::from_toml(text).unwrap().notices()
    }

    #[test]
    fn no_preset_has_a_setting_that_cannot_act() {
        for preset in presets() {
            assert_eq!(preset.config.notices(), Vec::<String>::new(), "{}", preset.config.name);
        }
    }

    const CHEBYSHEV: &str = "n_steps = 400\n[task]\nname = \"chebyshev\"\nn_train = 20\n";

    /// A run of 400 steps with these settings has exactly one notice, which contains `wanted`, or
    /// none.
    fn check(text: &str, wanted: Option<&str>) {
        let found = notices(&format!("{CHEBYSHEV}{text}"));
        assert_eq!(found.len(), usize::from(wanted.is_some()), "{text}: {found:?}");
        assert!(found.iter().all(|notice| notice.contains(wanted.unwrap())), "{text}: {found:?}");
    }

    /// As [`check`], for dated changes given as (step, assignments).
    fn check_changes(changes: &[(u64, &str)], wanted: Option<&str>) {
        let change =
            |(step, set): &(u64, &str)| format!("[[changes]]\nstep = {step}\nset = {{ {set} }}\n");
        check(&changes.iter().map(change).collect::<String>(), wanted);
    }

    #[test]
    fn a_change_after_the_last_step_never_happens() {
        let rate = &format!("\"{PEAK_LR}\" = 0.05");
        check_changes(&[(4000, rate)], Some("step 4000 never happens: the run has 400 steps"));
        check_changes(&[(400, rate)], Some("step 400 never happens"));
        check_changes(&[(399, rate)], None);
    }

    #[test]
    fn a_warmup_or_a_decay_longer_than_the_run_is_cut_off_by_its_end() {
        let cut = "from step 10 on is cut off by the end of the run at step 400; 390 would fit";
        for (warmup, wanted) in [
            ("steps = 400", None),
            ("steps = 401", Some("gets to 0.09975, not to its peak of 0.1")),
            ("steps = 1\nstart = 400", Some("never begins")),
        ] {
            check(&format!("[live.warmup]\n{warmup}"), wanted);
        }
        for (schedule, wanted) in [
            ("shape = \"cosine\"", Some("cosine schedule of 1000 steps")),
            ("shape = \"cosine\"\nsteps = 400", None),
            ("shape = \"linear\"\nsteps = 391\n[live.warmup]\nsteps = 10", Some(cut)),
            ("shape = \"step\"\nsteps = 401", Some("step schedule")),
            ("shape = \"power\"", None),
            ("shape = \"cosine\"\n[live.rate]\nrule = \"cdat\"", Some("follows no schedule")),
        ] {
            check(&format!("[live.schedule]\n{schedule}"), wanted);
        }
    }

    #[test]
    fn a_schedule_is_the_one_in_force_at_the_end() {
        let cosine = &format!("\"{SHAPE}\" = \"cosine\"");
        let short = &format!("\"{DECAY_STEPS}\" = 300, \"{PEAK_LR}\" = 0.2");
        let cut = Some("cosine schedule of 1000 steps from step 0 on is cut off");
        check_changes(&[(200, cosine)], cut);
        // Changes apply in order of step, not of entry.
        let long = &format!("\"{DECAY_STEPS}\" = 1000");
        check_changes(&[(300, long), (200, cosine), (100, short)], cut);
        check_changes(&[(200, cosine), (300, short)], None);
        let constant = &format!("\"{SHAPE}\" = \"constant\"");
        check_changes(&[(200, cosine), (300, constant)], None);
        let warmup = &format!("\"{WARMUP_START}\" = 350, \"{WARMUP_STEPS}\" = 100");
        check_changes(&[(350, warmup)], Some("the warmup of 100 steps is cut off"));
        // A change after the end of the run is not examined.
        let never = Some("never happens");
        check_changes(&[(400, cosine)], never);
    }

    #[test]
    fn fresh_batches_that_are_never_measured_are_reported() {
        let batches = "[live.probe]\nbatches_every = 5";
        check(batches, Some("one batch only"));
        check(&format!("[optimizer]\nbatch = 20\n{batches}"), Some("one batch only"));
        let small = format!("[optimizer]\nbatch = 4\n{batches}\n");
        check(&small, None);
        let off = format!("{small}every = \"off\"\n");
        check(&off, Some(&format!("`{EVERY}` is off")));
        let set = |word: &str| format!("\"{EVERY}\" = {word}");
        let change =
            |text: &str, word| format!("{text}[[changes]]\nstep = 9\nset = {{ {} }}\n", set(word));
        check(&change(&off, "2"), None);
        check(&change(&small, "\"off\""), None);
    }

    #[test]
    fn more_examples_than_there_are_act_as_all() {
        let has_20 = "acts as 20: the run has 20 training examples";
        for (text, key) in [
            ("[optimizer]\nbatch = 50", format!("`{BATCH}` = 50")),
            ("[init]\ntuning = \"lsuv\"\ntuning_batch = 21", format!("`{TUNING_BATCH}` = 21")),
            (
                "[model]\nnormalization = \"batch\"\nghost_batch = 64",
                format!("`{GHOST_BATCH}` = 64"),
            ),
        ] {
            check(text, Some(has_20));
            check(text, Some(&key));
        }
        let probed = notices("[task]\nn_train = 30\nn_probe = 31\n");
        assert!(probed[0].contains(&format!("`{N_PROBE}` = 31")), "{probed:?}");
        for text in [
            "[optimizer]\nbatch = 20",
            "[init]\ntuning = \"lsuv\"",
            "[init]\ntuning = \"meta-init\"\ntuning_batch = 400",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn factors_on_weights_that_lsuv_sets_are_reported() {
        let tuned = |init: &str, more: &str| {
            check(
                &format!("[init]\ntuning = \"lsuv\"\n{init}\n"),
                (!more.is_empty()).then_some(more),
            );
        };
        tuned("scale = 3.0", "= 3 acts on biases only");
        tuned("scale = 3.0\nscheme = \"orthogonal\"", "does nothing: LSUV sets the size");
        tuned("layer_scales = [2.0]", "acts on biases only");
        tuned("output_scale = 2.0", "acts on biases only");
        for acts in ["layer_scales = [0.0]", "scale = 3.0\ntuning_steps = 1", ""] {
            tuned(acts, "");
        }
        let standardised = "[task]\nname = \"digits\"\nn_train = 100\n[model]\narchitecture = \"cnn\"\n\
            weight_standardisation = true\n[init]\ntuning = \"lsuv\"\nscale = 3.0\ntuning_batch = 50";
        assert_eq!(notices(standardised), [""; 0]);
    }

    #[test]
    fn batch_norm_measured_on_other_numbers_of_examples_is_another_function() {
        let of = |more: &str| {
            notices(&format!(
                "[task]\nname = \"digits\"\nn_train = 100\n{}\n[model]\narchitecture = \"resnet\"\n\
                 normalization = \"batch\"\n{more}",
                if more.contains("batch = 16\n#half") { "n_probe = 50" } else { "" }
            ))
        };
        let found = of("[optimizer]\nbatch = 16");
        assert!(found[0].contains("of 16 examples in a step and of 100"), "{found:?}");
        assert!(found[0].contains(&format!("`{GHOST_BATCH}` = 16")), "{found:?}");
        assert!(of("ghost_batch = 16\n[optimizer]\nbatch = 16").is_empty());
        assert!(of("").is_empty());
        let off = "[optimizer]\nbatch = 16\n[live.probe]\nevery = \"off\"\n";
        assert!(of(off).is_empty());
        let later = format!("[[changes]]\nstep = 9\nset = {{ \"{EVERY}\" = 2 }}");
        assert_eq!(of(&format!("{off}{later}")).len(), 1);
        assert!(of("[optimizer]\nbatch = 16\n#half")[0].contains("of 50 in a measurement"));
    }
}
