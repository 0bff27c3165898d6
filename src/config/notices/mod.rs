//! Warnings about settings that have no effect, or another effect than they seem to, one sentence
//! each. Such a configuration is still valid.

mod initial_weights;
mod schedules;
#[cfg(test)]
mod tests;

use super::{
    Architecture, Batch, ClipMode, Decay, Interval, LiveSettings, Normalization, ProbeSettings,
    Rule, RunConfig, Setting, Tuning, settings,
};
use crate::text::plural;

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
        notices.extend(schedules::warmup(last, self.n_steps));
        notices.extend(schedules::decay(last, self.n_steps));
        notices.extend(states.iter().find_map(|live| self.batch_norm_mismatch(&live.probe)));
        notices.extend(self.too_many_examples());
        notices.extend(self.factors_of_zero());
        notices.extend(self.factors_before_lsuv());
        notices.extend(states.iter().find_map(|live| self.idle_clipping(live)));
        notices.extend(schedules::constant(last, self.n_steps));
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

    /// Warns of clipping that leaves the direction of the gradient to a rule that takes only that.
    fn idle_clipping(&self, live: &LiveSettings) -> Option<String> {
        let (rule, mode) = (self.optimizer.rule, live.clip.mode);
        // Every mode keeps the signs of coordinates.
        let keeps_direction =
            if rule == Rule::Sign { mode != ClipMode::Off } else { mode.is_of_norm() };
        // Coupled decay is added to the clipped gradient.
        let is_added_to = live.weight_decay > 0.0 && live.decay_of(rule) == Decay::Coupled;
        (rule.has_fixed_length() && keeps_direction && !is_added_to).then(|| {
            format!(
                "`{}` = \"{mode}\" changes no step: the length of the steps of {rule} does not \
                 depend on the gradient's",
                settings::CLIP_MODE
            )
        })
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
