//! Trains whole runs without a window, with statistics of their samples.

use eoscope::config::{
    Architecture, BuiltinTask, Interval, ModelSpec, RunConfig, TaskSpec, preset,
};
use eoscope::net::never;
use eoscope::sample::Sample;
use eoscope::train::{Hooks, Outcome, Trainer};

/// A preset that measures only λ₁, every `every` steps.
pub(crate) fn quiet(name: &str, every: u64) -> RunConfig {
    let mut config = preset(name).unwrap().config.clone();
    config.live.probe.top_k = 1;
    config.live.probe.every = Interval::every(every);
    config.live.probe.min_every = Interval::Off;
    config.live.probe.audit_every = Interval::Off;
    config.live.eval_every = Interval::Off;
    config
}

/// A tiny network of an architecture on a few examples of a suitable task, measuring only λ₁, every
/// `every` steps.
pub(crate) fn tiny(architecture: Architecture, every: u64) -> RunConfig {
    let (name, n_train) = match architecture {
        Architecture::Mlp | Architecture::ResidualMlp => (BuiltinTask::Clusters, 12),
        Architecture::Cnn | Architecture::Resnet | Architecture::Densenet => {
            (BuiltinTask::Digits, 6)
        }
        Architecture::Transformer => (BuiltinTask::Sorting, 8),
    };
    let task =
        TaskSpec { name: name.into(), n_train, length: 3, symbols: 3, ..TaskSpec::default() };
    let model = ModelSpec {
        hidden: vec![8, 8],
        width: 8,
        blocks: 1,
        heads: 2,
        ..architecture.default_model()
    };
    RunConfig { task, model, ..quiet("fashion-calm", every) }
}

/// A finished run.
pub(crate) struct Told {
    /// One sample per step, including the diverged one.
    pub(crate) samples: Vec<Sample>,
    /// Whether the run diverged.
    pub(crate) is_diverged: bool,
}

/// Trains a run to its end.
pub(crate) fn train(config: RunConfig) -> Told {
    go_on(&mut Trainer::new(config, 1, &never).unwrap())
}

/// Trains a trainer on to the end of its run.
pub(crate) fn go_on(trainer: &mut Trainer) -> Told {
    let mut samples = Vec::new();
    while !trainer.is_finished() {
        trainer.apply_dated_changes().unwrap();
        match trainer.step(Hooks::none()).unwrap() {
            Outcome::Stepped(record) => samples.push(record.sample),
            Outcome::Diverged(record) => {
                samples.push(record.sample);
                return Told { samples, is_diverged: true };
            }
            Outcome::Interrupted => unreachable!("nobody interrupts"),
        }
    }
    Told { samples, is_diverged: false }
}

impl Told {
    /// Steps and ratios λ₁/threshold of all measurements.
    pub(crate) fn ratios(&self) -> Vec<(u64, f64)> {
        let is_measured = |sample: &&Sample| sample.curvature.is_some();
        self.samples.iter().filter(is_measured).map(|s| (s.step, ratio(s))).collect()
    }

    /// The first measured step with a ratio of at least 1.
    pub(crate) fn crossing(&self) -> Option<u64> {
        self.ratios().into_iter().find(|(_, r)| *r >= 1.0).map(|(step, _)| step)
    }

    /// Mean ratio of measurements from a step on.
    pub(crate) fn mean_ratio_after(&self, step: u64) -> f64 {
        let after = self.ratios().into_iter().filter(|(s, _)| *s >= step);
        mean(&after.map(|(_, r)| r).collect::<Vec<_>>())
    }

    /// Largest ratio.
    pub(crate) fn max_ratio(&self) -> f64 {
        max(&self.ratios().into_iter().map(|(_, r)| r).collect::<Vec<_>>())
    }

    /// Loss at a step, before its update.
    pub(crate) fn loss_at(&self, step: usize) -> f64 {
        self.samples[step].loss
    }
}

/// λ₁ of a measured sample.
pub(crate) fn sharpness(sample: &Sample) -> f64 {
    sample.curvature.as_ref().unwrap().top[0].value
}

/// λ₁ of the preconditioned Hessian.
pub(crate) fn preconditioned(sample: &Sample) -> f64 {
    sample.curvature.as_ref().unwrap().preconditioned.unwrap().eigenvalue.value
}

/// λ₁ over the stability threshold, for the Hessian that the threshold applies to.
pub(crate) fn ratio(sample: &Sample) -> f64 {
    let is_scaled = sample.curvature.as_ref().unwrap().preconditioned.is_some();
    let governing = if is_scaled { preconditioned(sample) } else { sharpness(sample) };
    governing / sample.stability_threshold.unwrap()
}

/// Ratios of all samples, which must all be measured.
pub(crate) fn ratios(samples: &[Sample]) -> Vec<f64> {
    samples.iter().map(ratio).collect()
}

/// The last quarter of a run.
pub(crate) fn last_quarter(samples: &[Sample]) -> &[Sample] {
    &samples[samples.len() * 3 / 4..]
}

/// Number of steps that raise the loss.
pub(crate) fn n_rising(samples: &[Sample]) -> usize {
    samples.windows(2).filter(|pair| pair[1].loss > pair[0].loss).count()
}

/// Arithmetic mean.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The value below which a fraction `q` lies.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
pub(crate) fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * q).round() as usize]
}

/// Largest value.
pub(crate) fn max(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
