//! The trainer of one run: built from a configuration, advanced one measured step at a time. It
//! measures before it moves, so a sample never mixes two iterates.

use candle_core::{DType, Device, Tensor};

use super::error::TrainError;
use super::example_sets::ExampleSets;
use super::measure::Probes;
use crate::config::{LiveSettings, Loss, RunConfig, TaskInfo};
use crate::cost;
use crate::data;
use crate::data::sampling::batch_indices;
use crate::init::{self, Tuner, initialize};
use crate::net::{Batch, Objective, Program};
use crate::optim::Optimizer;
use crate::optim::rate::Rates;
use crate::sample::Record;

/// Result of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Measured and moved.
    Stepped(Record),
    /// Measured, and the run has ended: the loss or gradient is not finite, or the loss is far
    /// above its initial value.
    Diverged(Record),
    /// Interrupted while measuring; nothing has changed.
    Interrupted,
}

/// Reference values from the first iterate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct First {
    /// L(w₀), the reference for divergence.
    pub(super) loss: f64,
    /// ‖g₀‖, the unit of relative clipping.
    pub(super) grad_norm: f64,
}

/// A run in progress. A clone continues independently and shares the data that does not change.
#[derive(Clone, Debug)]
pub struct Trainer {
    pub(super) config: RunConfig,
    info: TaskInfo,
    pub(super) live: LiveSettings,
    pub(super) objective: Objective,
    pub(super) examples: ExampleSets,
    pub(super) data_hash: String,
    /// Tunes the initial weights before step 0, if configured.
    pub(super) tuner: Option<Tuner>,
    pub(super) params: Tensor,
    pub(super) buffers: Vec<Tensor>,
    pub(super) optimizer: Optimizer,
    /// D, shape `[N]`: factors on the learning rates of single parameters; `None` if all are 1.
    pub(super) rate_factors: Option<Tensor>,
    /// Ranges of elements that are clipped together.
    pub(super) units: Vec<std::ops::Range<usize>>,
    pub(super) rates: Rates,
    pub(super) probes: Probes,
    pub(super) first: Option<First>,
    pub(super) step: u64,
}

impl Trainer {
    /// Loads the task, builds the network and draws its weights; `n_threads` threads compute.
    ///
    /// # Errors
    /// An invalid configuration, missing data, or too little memory; [`TrainError::Interrupted`]
    /// when interrupted.
    pub fn new(
        config: RunConfig,
        n_threads: usize,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Self, TrainError> {
        config.validate()?;
        cost::check(&config, n_threads)?;
        let info = config.task.info()?;
        let program = Program::of_run(&config, &info);
        let task = data::load(&config.task.name, &config.task.request(config.loss, config.seed)?)?;
        init::check(program.params(), &config.init)?;
        let weights = initialize(program.params(), &config.init, config.seed, is_interrupted)?;
        let tuner = Tuner::new(&config, &info, &program, &weights);
        let dtype = config.dtype.into();
        let params = tensor(weights, dtype)?;
        let examples = ExampleSets::new(&task, &info, &config)?;
        let rate_factors = rate_factors(&program, &config, &params)?;
        let objective = Objective::new(program, config.loss, n_threads)?;
        Ok(Self {
            live: config.live.clone(),
            buffers: objective.initial_buffers(dtype, params.device())?,
            units: objective.program().units(),
            probes: Probes::new(config.seed, objective.program().output().features),
            objective,
            examples,
            data_hash: task.hash,
            tuner,
            params,
            optimizer: Optimizer::new(config.optimizer.rule),
            rate_factors,
            rates: Rates::default(),
            first: None,
            step: 0,
            info,
            config,
        })
    }

    /// The examples of the next step.
    pub(super) fn batch(&self) -> candle_core::Result<Batch> {
        if self.is_full_batch() {
            return Ok(self.examples.train.clone());
        }
        let (n_train, n_batch) = (self.n_train(), self.batch_size());
        self.select(batch_indices(self.config.seed, n_train, n_batch, self.step))
    }

    /// Applies the changes that the configuration schedules at the next step; returns the live
    /// settings, or `None` if no change is due.
    ///
    /// # Errors
    /// A scheduled change is invalid.
    pub fn apply_dated_changes(&mut self) -> Result<Option<&LiveSettings>, TrainError> {
        let mut is_changed = false;
        for at in 0..self.config.changes.len() {
            let change = &self.config.changes[at];
            if change.step == self.step {
                self.tune(change.applied_to(&self.live)?)?;
                is_changed = true;
            }
        }
        Ok(is_changed.then_some(&self.live))
    }

    /// Applies new live settings from the next step on.
    ///
    /// # Errors
    /// Too little memory for the examples in another arrangement.
    pub fn tune(&mut self, live: LiveSettings) -> Result<(), TrainError> {
        if live.data != self.live.data {
            self.examples.arrange(&live.data)?;
        }
        self.probes.adapt(&self.live, &live);
        self.live = live;
        Ok(())
    }

    /// Number of examples per step.
    #[must_use]
    pub fn batch_size(&self) -> usize {
        self.config.optimizer.batch.size(self.n_train())
    }

    pub(super) fn is_full_batch(&self) -> bool {
        self.batch_size() == self.n_train()
    }

    pub(super) fn is_classification(&self) -> bool {
        self.config.loss == Loss::CrossEntropy || self.info.n_classes().is_some()
    }
}

/// The learning rate factor of every parameter, in the dtype of the parameters.
fn rate_factors(
    program: &Program,
    config: &RunConfig,
    params: &Tensor,
) -> candle_core::Result<Option<Tensor>> {
    let Some(factors) = init::rate_factors(program.params(), config) else { return Ok(None) };
    let mut all = vec![1.0; program.n_params()];
    for (spec, factor) in program.params().iter().zip(factors) {
        all[spec.offset..spec.offset + spec.len()].fill(factor);
    }
    let n = all.len();
    Tensor::from_vec(all, n, params.device())?.to_dtype(params.dtype()).map(Some)
}

/// Numbers as a tensor of shape `[n]` and this dtype.
pub(super) fn tensor(numbers: Vec<f64>, dtype: DType) -> candle_core::Result<Tensor> {
    let n = numbers.len();
    Tensor::from_vec(numbers, n, &Device::Cpu)?.to_dtype(dtype)
}

/// Euclidean norm.
pub(super) fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}
