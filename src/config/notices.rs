//! What of a configuration can never act, or acts on another thing than it seems to, each as one
//! sentence. Refuses nothing: such a run is a run.

use super::{Architecture, Batch, Interval, LiveSettings, Normalization, RunConfig, ScheduleShape};
use crate::text::{self, plural};

impl RunConfig {
    /// One sentence for each setting that cannot act as it says; none of most runs.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
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
        notices.extend(warmup(&self.live, self.n_steps));
        notices.extend(decay(&self.live, self.n_steps));
        notices.extend(self.batches());
        notices.extend(self.statistics());
        notices
    }

    /// What measures fresh batches where there are none.
    fn batches(&self) -> Option<String> {
        let probe = &self.live.probe;
        let Interval::Every(_) = probe.batches_every else { return None };
        if self.is_full_batch() {
            return Some(
                "`live.probe.batches_every` does nothing: every step sees all examples, so there \
                 is one batch only"
                    .to_owned(),
            );
        }
        (probe.every == Interval::Off).then(|| {
            "`live.probe.batches_every` does nothing while `live.probe.every` is off".to_owned()
        })
    }

    /// Batch normalization whose statistics are of other numbers of examples in steps and in
    /// measurements.
    fn statistics(&self) -> Option<String> {
        let model = &self.model;
        let is_batch = model.normalization == Normalization::Batch
            && model.architecture != Architecture::Transformer;
        if !is_batch || self.live.probe.every == Interval::Off {
            return None;
        }
        let n_train = self.task.n_train;
        let trained = model.ghost_batch.size(self.optimizer.batch.size(n_train));
        let measured = model.ghost_batch.size(self.n_probe());
        (trained != measured).then(|| {
            format!(
                "the curvature is of another function than the one trained: batch norm takes its \
                 statistics of {trained} examples in a step and of {measured} in a measurement; \
                 `model.ghost_batch` = {} makes them alike",
                trained.min(measured)
            )
        })
    }

    fn is_full_batch(&self) -> bool {
        self.optimizer.batch.size(self.task.n_train) == self.task.n_train
    }

    /// Examples that the curvature is measured on.
    #[must_use]
    pub fn n_probe(&self) -> usize {
        let n_train = self.task.n_train;
        match (self.task.n_probe, self.optimizer.batch) {
            (Batch::Full, Batch::Size(_)) => n_train.min(MAX_PROBE_EXAMPLES),
            (n_probe, _) => n_probe.size(n_train),
        }
    }
}

/// Examples the curvature of mini-batch runs is measured on, at most, unless said otherwise.
const MAX_PROBE_EXAMPLES: usize = 2000;

/// A warmup that is not over at the end of the run.
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
        // As `optim::schedule` has it, after the last step.
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

/// A decay that is not over at the end of the run, or stairs and cycles whose first is not.
fn decay(live: &LiveSettings, n_steps: u64) -> Option<String> {
    let schedule = &live.schedule;
    let begin = live.warmup.start.saturating_add(live.warmup.steps);
    let has_length = match schedule.shape {
        ScheduleShape::Linear
        | ScheduleShape::Cosine
        | ScheduleShape::Step
        | ScheduleShape::Cyclic
        | ScheduleShape::Restarts => true,
        // Neither has an end.
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

    fn notices(text: &str) -> Vec<String> {
        RunConfig::from_toml(text).unwrap().notices()
    }

    #[test]
    fn no_preset_has_a_setting_that_cannot_act() {
        for preset in presets() {
            assert_eq!(preset.config.notices(), Vec::<String>::new(), "{}", preset.config.name);
        }
    }

    #[test]
    fn what_can_never_act_is_said_with_its_numbers_and_what_just_can_is_not() {
        let chebyshev = "n_steps = 400\n[task]\nname = \"chebyshev\"\nn_train = 20\n";
        let change = "[[changes]]\nset = { \"live.peak_lr\" = 0.05 }\nstep = ";
        for (text, wanted) in [
            (format!("{change}4000"), Some("step 4000 never happens: the run has 400 steps")),
            (format!("{change}400"), Some("step 400 never happens")),
            (format!("{change}399"), None),
            ("[live.warmup]\nsteps = 400".to_owned(), None),
            (
                "[live.warmup]\nsteps = 401".to_owned(),
                Some("gets to 0.09975, not to its peak of 0.1"),
            ),
            ("[live.warmup]\nsteps = 1\nstart = 400".to_owned(), Some("never begins")),
            (
                "[live.schedule]\nshape = \"cosine\"".to_owned(),
                Some("cosine schedule of 1000 steps"),
            ),
            ("[live.schedule]\nshape = \"cosine\"\nsteps = 400".to_owned(), None),
            (
                "[live]\nwarmup = { steps = 10 }\n[live.schedule]\nshape = \"linear\"\nsteps = 391"
                    .to_owned(),
                Some("from step 10 on is cut off by the end of the run at step 400; 390 would fit"),
            ),
            ("[live.schedule]\nshape = \"step\"\nsteps = 401".to_owned(), Some("step schedule")),
            ("[live.schedule]\nshape = \"power\"".to_owned(), None),
            ("[live.rate]\nrule = \"cdat\"\n[live.schedule]\nshape = \"cosine\"".to_owned(), None),
            ("[live.probe]\nbatches_every = 5".to_owned(), Some("one batch only")),
            (
                "[optimizer]\nbatch = 20\n[live.probe]\nbatches_every = 5".to_owned(),
                Some("one batch"),
            ),
            ("[optimizer]\nbatch = 4\n[live.probe]\nbatches_every = 5".to_owned(), None),
            (
                "[optimizer]\nbatch = 4\n[live.probe]\nbatches_every = 5\nevery = \"off\""
                    .to_owned(),
                Some("`live.probe.every` is off"),
            ),
        ] {
            let found = notices(&format!("{chebyshev}{text}"));
            assert_eq!(found.len(), usize::from(wanted.is_some()), "{text}: {found:?}");
            assert!(found.iter().all(|told| told.contains(wanted.unwrap())), "{text}: {found:?}");
        }
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
        let told = of("[optimizer]\nbatch = 16");
        assert!(told[0].contains("of 16 examples in a step and of 100"), "{told:?}");
        assert!(told[0].contains("`model.ghost_batch` = 16"), "{told:?}");
        assert!(of("ghost_batch = 16\n[optimizer]\nbatch = 16").is_empty());
        assert!(of("").is_empty());
        assert!(of("[optimizer]\nbatch = 16\n[live.probe]\nevery = \"off\"").is_empty());
        assert!(of("[optimizer]\nbatch = 16\n#half")[0].contains("of 50 in a measurement"));
    }
}
