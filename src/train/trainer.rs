//! The trainer: configuration in, one measured step at a time out.
//! Measures before it moves, so that a sample never mixes two iterates.

use candle_core::{Device, Tensor};

use super::error::TrainError;
use super::measure::{Hooks, Meter, Probes, Scaling, Stopped};
use crate::config::{Batch as BatchSize, Decay, Interval, LiveSettings, Loss, Rule, RunConfig};
use crate::curvature::Probe;
use crate::data::sampling::{self, batch_indices};
use crate::data::{self, Examples};
use crate::init::initialize;
use crate::net::{Batch, Interface, Linearization, Objective, Program, widen};
use crate::optim::clip::Clipped;
use crate::optim::rate::Rates;
use crate::optim::{Conditions, Optimizer, Proposal, Stability, ascent, stability};
use crate::sample::{Cost, Curvature, Record, Sample};

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
    pub(super) params: Tensor,
    pub(super) buffers: Vec<Tensor>,
    pub(super) optimizer: Optimizer,
    /// Elements that are clipped together.
    pub(super) units: Vec<std::ops::Range<usize>>,
    pub(super) rates: Rates,
    pub(super) probes: Probes,
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
        let n_together = config.optimizer.batch.size(task.train.n).max(n_measured);
        check_size(&program, &config, n_together)?;
        let weights = initialize(program.params(), &config.init, config.seed);
        let n = weights.len();
        let dtype = config.dtype.into();
        let params = Tensor::from_vec(weights, n, &Device::Cpu)?.to_dtype(dtype)?;
        let tensors = |examples: &Examples| -> candle_core::Result<Batch> {
            let tensor = |data: &[f64]| {
                Tensor::from_slice(data, (examples.n, data.len() / examples.n), &Device::Cpu)?
                    .to_dtype(dtype)
            };
            Ok(Batch { inputs: tensor(&examples.inputs)?, targets: tensor(&examples.targets)? })
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
            units: objective.program().units(),
            objective,
            test: task.test.as_ref().map(tensors).transpose()?,
            train,
            probe_set,
            data_hash: task.hash,
            params,
            optimizer: Optimizer::new(config.optimizer.rule),
            rates: Rates::default(),
            probes: Probes { raw: Probe::new(config.seed), scaled: Probe::new(config.seed) },
            first: None,
            step: 0,
            config,
        })
    }

    /// Measures the current iterate, then moves to the next one.
    ///
    /// # Errors
    /// When the engine cannot compute; a loss that is not finite is [`Outcome::Diverged`] instead.
    pub fn step(&mut self, hooks: Hooks<'_>) -> Result<Outcome, TrainError> {
        let begun = (hooks.now_ms)();
        let batch = self.batch()?;
        let Some(at) = self.linearize(&self.params, &batch, hooks)? else {
            return Ok(Outcome::Interrupted);
        };
        let gradient = at.wide_gradient()?;
        let clipped = self.clip(&gradient)?;
        let mut sample = self.describe(&at, (&gradient, &clipped))?;
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
        let (proposal, rates) = match self.propose(&at, clipped, &mut sample, hooks) {
            Ok(proposed) => proposed,
            Err(Stopped::Interrupted) => return Ok(Outcome::Interrupted),
            Err(Stopped::Engine(error)) => return Err(error.into()),
        };
        let scales = Self::scales(&proposal)?;
        match self.measure((&at, &gradient), scales.as_deref(), (&mut sample, &mut cost), hooks) {
            Ok(curvature) => sample.curvature = curvature,
            Err(Stopped::Interrupted) => return Ok(Outcome::Interrupted),
            Err(Stopped::Engine(error)) => return Err(error.into()),
        }
        self.advance(&at, proposal, &mut sample)?;
        self.rates = rates;
        cost.step_ms = (hooks.now_ms)() - begun;
        Ok(Outcome::Stepped(Record { sample, cost }))
    }

    /// What is due of the curvature: on the step's own linearization where that is of the probe set.
    fn measure(
        &mut self,
        (at, gradient): (&Linearization, &[f64]),
        scales: Option<&[f64]>,
        (sample, cost): (&mut Sample, &mut Cost),
        hooks: Hooks<'_>,
    ) -> Result<Option<Curvature>, Stopped> {
        let layers = self.objective.program().layer_ranges();
        let is_coupled = self.live.decay_of(self.config.optimizer.rule) == Decay::Coupled;
        let shift = if is_coupled { self.live.weight_decay } else { 0.0 };
        let mut meter = Meter {
            settings: &self.live.probe,
            step: self.step,
            hooks,
            layers: &layers,
            scaling: scales.map(|scales| Scaling { scales, shift }),
            cost,
        };
        if self.is_full_batch() && self.n_probe() == self.n_train() {
            return meter.measure(&mut self.probes, at, gradient);
        }
        if !meter.is_due() {
            return Ok(None);
        }
        let linearized = self.linearize(&self.params, &self.probe_set, hooks);
        let Some(at) = linearized.map_err(Stopped::Engine)? else {
            return Err(Stopped::Interrupted);
        };
        sample.probe_loss = Some(at.score().loss);
        let gradient = at.wide_gradient().map_err(Stopped::Engine)?;
        meter.measure(&mut self.probes, &at, &gradient)
    }

    /// The part of a sample that needs no further computation.
    fn describe(
        &self,
        at: &Linearization,
        (gradient, clipped): (&[f64], &Clipped),
    ) -> Result<Sample, TrainError> {
        let lr = self.rates.foreseen(&self.live, self.step);
        let grad_norm = norm(gradient);
        let conditions = Conditions { lr, grad_norm, torque: self.optimizer.torque() };
        Ok(Sample {
            step: self.step,
            epoch: sampling::epoch(self.n_train(), self.batch_size(), self.step),
            loss: at.score().loss,
            accuracy: self.is_classification().then_some(at.score().accuracy),
            learning_rate: lr,
            effective_learning_rate: lr * clipped.scale,
            grad_norm,
            clip_level: clipped.level,
            clip_scale: clipped.scale,
            clipped_fraction: clipped.fraction,
            param_norm: norm(&widen(&self.params)?),
            stability_threshold: self.stability().threshold(conditions),
            ..Sample::default()
        })
    }

    /// Loss and gradient of a batch at these parameters; `None` when interrupted.
    pub(super) fn linearize(
        &self,
        params: &Tensor,
        batch: &Batch,
        hooks: Hooks<'_>,
    ) -> candle_core::Result<Option<Linearization>> {
        let (objective, is_interrupted) = (&self.objective, hooks.is_interrupted);
        objective.linearize_unless(params, &self.buffers, batch, is_interrupted)
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

    /// Where the rule wants to go from here and how far, with the threshold that follows.
    pub(super) fn propose(
        &self,
        at: &Linearization,
        mut clipped: Clipped,
        sample: &mut Sample,
        hooks: Hooks<'_>,
    ) -> Result<(Proposal, Rates), Stopped> {
        let rule = self.config.optimizer.rule;
        let mut gradient = at.gradient().clone();
        if rule == Rule::Sam {
            // The gradient at w + ρg/‖g‖.
            let uphill = (&self.params + ascent(&gradient, self.live.radius)?)?;
            let above = self.linearize(&uphill, at.batch(), hooks)?.ok_or(Stopped::Interrupted)?;
            gradient = above.gradient().clone();
            clipped = self.clip(&above.wide_gradient()?)?;
            sample.clip_scale = clipped.scale;
            sample.clipped_fraction = clipped.fraction;
        }
        if let Some(g) = clipped.gradient {
            let n = g.len();
            gradient = Tensor::from_vec(g, n, gradient.device())?.to_dtype(gradient.dtype())?;
        }
        let proposal = self.optimizer.propose(&gradient, &self.params, &self.live)?;
        let (lr, rates) = self.decide_rate(at, &proposal.direction, hooks)?;
        sample.learning_rate = lr;
        sample.effective_learning_rate = lr * clipped.scale;
        if rule == Rule::TorqueAware {
            sample.torque = Some(proposal.torque);
        }
        let conditions = Conditions { lr, grad_norm: sample.grad_norm, torque: proposal.torque };
        sample.stability_threshold = self.stability().threshold(conditions);
        Ok((proposal, rates))
    }

    /// The limit of the rule with the constants in force.
    fn stability(&self) -> Stability {
        stability(self.config.optimizer.rule, &self.live)
    }

    /// P^-½, one factor for each parameter; `None` where the update does not scale the Hessian.
    fn scales(proposal: &Proposal) -> Result<Option<Vec<f64>>, TrainError> {
        let Some(preconditioner) = &proposal.preconditioner else { return Ok(None) };
        Ok(Some(widen(preconditioner)?.iter().map(|p| 1.0 / p.sqrt()).collect()))
    }

    /// w ← w + ηp, and the buffers as the forward pass left them.
    fn advance(
        &mut self,
        at: &Linearization,
        proposal: Proposal,
        sample: &mut Sample,
    ) -> Result<(), TrainError> {
        let update = (&proposal.direction * sample.learning_rate)?;
        sample.update_norm = norm(&widen(&update)?);
        self.params = (&self.params + update)?;
        self.optimizer.accept(proposal);
        self.buffers = at.buffers_left().to_vec();
        self.step += 1;
        Ok(())
    }

    /// The examples of the next step.
    pub(super) fn batch(&self) -> candle_core::Result<Batch> {
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

/// Euclidean norm.
pub(super) fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}
