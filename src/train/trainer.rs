//! The trainer: configuration in, one measured step at a time out.
//! Measures before it moves, so that a sample never mixes two iterates.

use candle_core::{DType, Device, Tensor};

use super::error::TrainError;
use super::measure::{Hooks, Meter};
use crate::config::{Batch as BatchSize, Interval, LiveSettings, Loss, RunConfig, Tuning};
use crate::curvature::Probe;
use crate::data::sampling::{self, batch_indices};
use crate::data::{self, Examples};
use crate::init::{self, Tuner, initialize};
use crate::net::{Batch, Interface, Linearization, Objective, Program, widen};
use crate::optim::{Optimizer, clip, learning_rate, stability};
use crate::sample::{Cost, Record, Sample};

/// A loss this many times the first one counts as divergence.
const DIVERGED: f64 = 1e3;

/// Examples the curvature of mini-batch runs is measured on, at most, unless said otherwise.
const MAX_PROBE_EXAMPLES: usize = 2000;

/// Parameters of a network at most: an eigensolver holds some fifteen vectors of them in f64.
const MAX_PARAMETERS: usize = 20_000_000;

/// Memory that examples which depend on each other may take, in GiB.
const MAX_TOGETHER_GIB: usize = 8;

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Measured and moved.
    Stepped(Record),
    /// Measured, and the loss is not finite or far above its start: the run is over.
    Diverged(Record),
    /// The hooks asked to stop while it measured; nothing has changed.
    Interrupted,
}

/// What the first iterate fixes for the rest of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct First {
    /// L(w₀): divergence is measured against it.
    pub(super) loss: f64,
    /// ‖g₀‖: relative clipping is measured in it.
    pub(super) grad_norm: f64,
}

/// One run in progress.
#[derive(Debug)]
pub struct Trainer {
    pub(super) config: RunConfig,
    pub(super) live: LiveSettings,
    pub(super) objective: Objective,
    pub(super) train: Batch,
    pub(super) test: Option<Batch>,
    pub(super) probe_set: Batch,
    pub(super) data_hash: String,
    /// What adjusts the drawn weights before step 0, if anything does.
    pub(super) tuner: Option<Tuner>,
    pub(super) params: Tensor,
    pub(super) buffers: Vec<Tensor>,
    pub(super) optimizer: Optimizer,
    pub(super) probe: Probe,
    pub(super) first: Option<First>,
    pub(super) step: u64,
}

impl Trainer {
    /// Loads the task, builds the network and draws its weights; `n_threads` compute.
    ///
    /// # Errors
    /// A refused configuration, missing data, or memory.
    pub fn new(config: RunConfig, n_threads: usize) -> Result<Self, TrainError> {
        config.validate()?;
        let task = data::load(&config.task, config.loss, config.seed)?;
        let ends = Interface {
            n_inputs: task.n_inputs,
            shape: task.shape,
            n_positions: task.n_positions,
            n_outputs: task.n_outputs,
        };
        let program = Program::of(&config.model, ends);
        let is_measured = config.live.probe.every != Interval::Off;
        let n_measured = if is_measured { n_probe(&config, task.train.n) } else { 0 };
        let is_tuned = config.init.tuning != Tuning::None;
        let n_tuned = if is_tuned { config.init.tuning_batch } else { 0 };
        let n_together = config.optimizer.batch.size(task.train.n).max(n_measured).max(n_tuned);
        check_size(&program, &config, n_together)?;
        init::check(program.params(), &config.init)?;
        let weights = initialize(program.params(), &config.init, config.seed);
        let tuner = Tuner::new(&config, &program, &weights);
        let dtype = config.dtype.into();
        let params = tensor(weights, dtype)?;
        let tensors = |examples: &Examples| -> candle_core::Result<Batch> {
            let rows = |data: &[f64]| {
                Tensor::from_slice(data, (examples.n, data.len() / examples.n), &Device::Cpu)?
                    .to_dtype(dtype)
            };
            Ok(Batch { inputs: rows(&examples.inputs)?, targets: rows(&examples.targets)? })
        };
        let train = tensors(&task.train)?;
        let n_probe = n_probe(&config, task.train.n);
        let probe_set = Batch {
            inputs: train.inputs.narrow(0, 0, n_probe)?,
            targets: train.targets.narrow(0, 0, n_probe)?,
        };
        let objective = Objective::new(program, config.loss, n_threads)?;
        Ok(Self {
            live: config.live.clone(),
            buffers: objective.initial_buffers(dtype, params.device())?,
            objective,
            test: task.test.as_ref().map(tensors).transpose()?,
            train,
            probe_set,
            data_hash: task.hash,
            tuner,
            params,
            optimizer: Optimizer::new(config.optimizer.rule),
            probe: Probe::new(config.seed),
            first: None,
            step: 0,
            config,
        })
    }

    /// Measures the current iterate, then moves to the next one; what is left of the tuning of the
    /// weights comes first.
    ///
    /// # Errors
    /// When the engine cannot compute; a loss that is not finite is [`Outcome::Diverged`] instead.
    pub fn step(&mut self, hooks: Hooks<'_>) -> Result<Outcome, TrainError> {
        if !self.prepare_wholly(hooks)? {
            return Ok(Outcome::Interrupted);
        }
        let begun = (hooks.now_ms)();
        let Some(at) = self.linearize(&self.batch()?, hooks)? else {
            return Ok(Outcome::Interrupted);
        };
        let gradient = at.wide_gradient()?;
        let mut sample = self.describe(&at, &gradient)?;
        let mut cost = Cost::default();
        let first =
            *self.first.get_or_insert(First { loss: sample.loss, grad_norm: sample.grad_norm });
        let is_diverged = !sample.loss.is_finite()
            || !sample.grad_norm.is_finite()
            || sample.loss > DIVERGED * first.loss;
        if is_diverged {
            cost.step_ms = (hooks.now_ms)() - begun;
            return Ok(Outcome::Diverged(Record { sample, cost }));
        }
        if !self.evaluate(&mut sample, hooks)? {
            return Ok(Outcome::Interrupted);
        }
        let layers = self.objective.program().layer_ranges();
        let mut meter = Meter {
            settings: &self.live.probe,
            step: self.step,
            hooks,
            layers: &layers,
            cost: &mut cost,
        };
        let measured = if self.is_full_batch() && self.n_probe() == self.n_train() {
            meter.measure(&mut self.probe, &at, &gradient)
        } else if meter.is_due() {
            let Some(at) = self.linearize(&self.probe_set, hooks)? else {
                return Ok(Outcome::Interrupted);
            };
            sample.probe_loss = Some(at.score().loss);
            meter.measure(&mut self.probe, &at, &at.wide_gradient()?)
        } else {
            Ok(None)
        };
        match measured {
            Ok(curvature) => sample.curvature = curvature,
            Err(super::measure::Stopped::Interrupted) => return Ok(Outcome::Interrupted),
            Err(super::measure::Stopped::Engine(error)) => return Err(error.into()),
        }
        self.advance(&at, &mut sample)?;
        cost.step_ms = (hooks.now_ms)() - begun;
        Ok(Outcome::Stepped(Record { sample, cost }))
    }

    /// The part of a sample that needs no further computation.
    fn describe(&self, at: &Linearization, gradient: &[f64]) -> Result<Sample, TrainError> {
        let grad_norm = norm(gradient);
        let lr = learning_rate(&self.live, self.step);
        let first_norm = self.first.map_or(grad_norm, |first| first.grad_norm);
        let clip_level = clip::level(&self.live.clip, first_norm);
        let clip_scale = clip::scale(clip_level, grad_norm);
        let limit = stability(self.config.optimizer.rule, self.live.momentum).limit;
        Ok(Sample {
            step: self.step,
            epoch: sampling::epoch(self.n_train(), self.batch_size(), self.step),
            loss: at.score().loss,
            accuracy: self.is_classification().then_some(at.score().accuracy),
            learning_rate: lr,
            effective_learning_rate: lr * clip_scale,
            grad_norm,
            clip_level,
            clip_scale,
            param_norm: norm(&widen(&self.params)?),
            stability_threshold: (lr > 0.0).then_some(limit / lr),
            ..Sample::default()
        })
    }

    /// Loss and gradient of a batch here; `None` when interrupted.
    fn linearize(
        &self,
        batch: &Batch,
        hooks: Hooks<'_>,
    ) -> Result<Option<Linearization>, TrainError> {
        let (objective, is_interrupted) = (&self.objective, hooks.is_interrupted);
        Ok(objective.linearize_unless(&self.params, &self.buffers, batch, is_interrupted)?)
    }

    /// Test loss and accuracy, when due; false when interrupted.
    fn evaluate(&self, sample: &mut Sample, hooks: Hooks<'_>) -> Result<bool, TrainError> {
        if let Some(test) = &self.test
            && self.live.eval_every.is_due(self.step)
        {
            let (objective, is_interrupted) = (&self.objective, hooks.is_interrupted);
            let score =
                objective.score_unless(&self.params, &self.buffers, test, is_interrupted)?;
            let Some(score) = score else { return Ok(false) };
            sample.test_loss = Some(score.loss);
            sample.test_accuracy = self.is_classification().then_some(score.accuracy);
        }
        Ok(true)
    }

    /// w ← w + Δw, and the buffers as the forward pass left them.
    fn advance(&mut self, at: &Linearization, sample: &mut Sample) -> Result<(), TrainError> {
        let gradient = at.gradient();
        let clipped = if sample.clip_scale < 1.0 {
            (gradient * sample.clip_scale)?
        } else {
            gradient.clone()
        };
        let update = self.optimizer.update(&clipped, sample.learning_rate, self.live.momentum)?;
        sample.update_norm = norm(&widen(&update)?);
        self.params = (&self.params + update)?;
        self.buffers = at.buffers_left().to_vec();
        self.step += 1;
        Ok(())
    }

    /// The examples of the next step.
    pub(super) fn batch(&self) -> Result<Batch, TrainError> {
        if self.is_full_batch() {
            return Ok(self.train.clone());
        }
        let indices = batch_indices(self.config.seed, self.n_train(), self.batch_size(), self.step);
        let indices: Vec<u32> = indices.into_iter().filter_map(|i| u32::try_from(i).ok()).collect();
        let n = indices.len();
        let indices = Tensor::from_vec(indices, n, self.params.device())?;
        Ok(Batch {
            inputs: self.train.inputs.index_select(&indices, 0)?,
            targets: self.train.targets.index_select(&indices, 0)?,
        })
    }

    /// Live settings that the configuration dates at the next step, now in force; `None` if none.
    ///
    /// # Errors
    /// A dated change that is refused.
    pub fn apply_dated_changes(&mut self) -> Result<Option<&LiveSettings>, TrainError> {
        let mut is_changed = false;
        for change in self.config.changes.iter().filter(|change| change.step == self.step) {
            self.live = change.applied_to(&self.live)?;
            is_changed = true;
        }
        Ok(is_changed.then_some(&self.live))
    }

    /// Puts new live settings in force from the next step on.
    pub fn tune(&mut self, live: LiveSettings) {
        self.live = live;
    }

    /// Examples a step sees.
    #[must_use]
    pub fn batch_size(&self) -> usize {
        self.config.optimizer.batch.size(self.n_train())
    }

    fn is_full_batch(&self) -> bool {
        self.batch_size() == self.n_train()
    }

    fn is_classification(&self) -> bool {
        self.config.loss == Loss::CrossEntropy || self.config.task.info().n_classes().is_some()
    }
}

/// Whether the network and the `n` examples that it may have to hold together fit into the memory
/// of a usual machine.
fn check_size(program: &Program, config: &RunConfig, n: usize) -> Result<(), TrainError> {
    let n_params = program.n_params();
    if n_params > MAX_PARAMETERS {
        return Err(TrainError::TooManyParameters { n_params, limit: MAX_PARAMETERS });
    }
    let gib = n.saturating_mul(program.tape_bytes(config.dtype.into())) >> 30;
    if program.couples_examples() && gib > MAX_TOGETHER_GIB {
        return Err(TrainError::TooManyTogether { n, gib });
    }
    Ok(())
}

/// Examples that the curvature is measured on.
fn n_probe(config: &RunConfig, n_train: usize) -> usize {
    match (config.task.n_probe, config.optimizer.batch) {
        (BatchSize::Full, BatchSize::Size(_)) => n_train.min(MAX_PROBE_EXAMPLES),
        (n_probe, _) => n_probe.size(n_train),
    }
}

/// Numbers as a tensor `[n]` of a precision.
pub(super) fn tensor(numbers: Vec<f64>, dtype: DType) -> candle_core::Result<Tensor> {
    let n = numbers.len();
    Tensor::from_vec(numbers, n, &Device::Cpu)?.to_dtype(dtype)
}

/// Euclidean norm.
fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}
