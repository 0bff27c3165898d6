//! What adjusts the drawn weights before step 0: one factor for every tensor, found by iterations.
//! Knows no run, thread or clock; randomness is a function of the seed and the iteration.

use std::ops::Range;
use std::sync::Arc;

use candle_core::{DType, Device, Tensor};

use super::gradinit::GradInit;
use super::lsuv::Lsuv;
use super::metainit::MetaInit;
use crate::config::{RunConfig, Tuning};
use crate::net::{Batch, Halt, Linearization, Objective, ParamSpec, Program};
use crate::sample::Preparation;

/// What the iterations look at.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The network with its loss.
    pub objective: &'a Objective,
    /// Its buffers, before the first step.
    pub buffers: &'a [Tensor],
    /// All training examples.
    pub train: &'a Batch,
    /// Whether to give up; asked between two ops of a pass.
    pub is_interrupted: &'a dyn Fn() -> bool,
}

impl World<'_> {
    /// Loss and gradient of a batch, in its precision, at these weights.
    pub(super) fn linearize(&self, weights: &[f64], batch: &Batch) -> Result<Linearization, Halt> {
        let dtype = batch.inputs.dtype();
        let params = vector(weights, dtype)?;
        let buffers: Result<Vec<_>, _> = self.buffers.iter().map(|b| b.to_dtype(dtype)).collect();
        let (buffers, ask) = (buffers?, self.is_interrupted);
        self.objective.linearize(&params, &buffers, batch, ask)
    }

    /// These of the training examples.
    pub(super) fn examples(&self, places: &[usize]) -> Result<Batch, Halt> {
        let places: Vec<u32> = places.iter().filter_map(|i| u32::try_from(*i).ok()).collect();
        let n = places.len();
        let places = Tensor::from_vec(places, n, self.train.inputs.device())?;
        let inputs = self.train.inputs.index_select(&places, 0)?;
        Ok(Batch { inputs, targets: self.train.targets.index_select(&places, 0)? })
    }

    /// Training examples there are.
    pub(super) fn n_train(&self) -> usize {
        self.train.inputs.dims().first().copied().unwrap_or(0)
    }
}

/// Numbers as a tensor `[n]` of a precision.
pub(super) fn vector(numbers: &[f64], dtype: DType) -> candle_core::Result<Tensor> {
    Tensor::from_slice(numbers, numbers.len(), &Device::Cpu)?.to_dtype(dtype)
}

/// Weights as drawn, with one factor for every tensor.
#[derive(Clone, Debug)]
pub(super) struct Scaled {
    drawn: Arc<[f64]>,
    tensors: Arc<[Range<usize>]>,
    pub(super) scales: Vec<f64>,
}

impl Scaled {
    pub(super) fn new(table: &[ParamSpec], drawn: &[f64]) -> Self {
        let range = |tensor: &ParamSpec| tensor.offset..tensor.offset + tensor.len();
        let tensors: Arc<[_]> = table.iter().map(range).collect();
        Self { drawn: drawn.into(), scales: vec![1.0; tensors.len()], tensors }
    }

    /// All weights, flat.
    pub(super) fn weights(&self) -> Vec<f64> {
        let mut weights = self.drawn.to_vec();
        for (tensor, scale) in self.tensors.iter().zip(&self.scales) {
            weights[tensor.clone()].iter_mut().for_each(|w| *w *= scale);
        }
        weights
    }

    /// Euclidean norm of a tensor as drawn.
    pub(super) fn drawn_norm(&self, tensor: usize) -> f64 {
        self.along(tensor, &self.drawn).sqrt()
    }

    /// ⟨v, W⟩ over a tensor W as drawn, of a flat v: the derivative along its factor.
    pub(super) fn along(&self, tensor: usize, v: &[f64]) -> f64 {
        let range = self.tensors[tensor].clone();
        v[range.clone()].iter().zip(&self.drawn[range]).map(|(v, w)| v * w).sum()
    }

    /// The same weights with one factor multiplied.
    pub(super) fn with(&self, tensor: usize, factor: f64) -> Self {
        let mut changed = self.clone();
        changed.scales[tensor] *= factor;
        changed
    }
}

/// What an iteration measures before it moves.
pub(super) struct Measured {
    pub(super) objective: f64,
    pub(super) grad_norm: Option<f64>,
}

/// Whether an iteration moves once it has measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Move,
    Look,
}

#[derive(Clone, Debug)]
enum Method {
    Lsuv(Lsuv),
    MetaInit(MetaInit),
    GradInit(GradInit),
}

/// The tuning of one run's initial weights, an iteration at a time.
#[derive(Clone, Debug)]
pub struct Tuner {
    method: Method,
    weights: Scaled,
    names: Arc<[String]>,
    n_done: u64,
    n_iterations: u64,
    is_over: bool,
}

impl Tuner {
    /// What `config` asks for, on the weights that were drawn; `None` when nothing is to be tuned.
    #[must_use]
    pub fn new(config: &RunConfig, program: &Program, drawn: &[f64]) -> Option<Self> {
        let (init, table) = (&config.init, program.params());
        let method = match init.tuning {
            Tuning::None => return None,
            Tuning::Lsuv => Method::Lsuv(Lsuv::new(config, program)),
            Tuning::MetaInit => Method::MetaInit(MetaInit::new(config, table)),
            Tuning::GradInit => Method::GradInit(GradInit::new(config, table)),
        };
        let name = |i: &usize| table[*i].name.clone();
        let n_most = match &method {
            Method::Lsuv(lsuv) => lsuv.n_iterations(),
            Method::MetaInit(_) | Method::GradInit(_) => u64::MAX,
        };
        Some(Self {
            names: method.tensors().iter().map(name).collect(),
            method,
            weights: Scaled::new(table, drawn),
            n_done: 0,
            n_iterations: init.tuning_steps.min(n_most),
            is_over: false,
        })
    }

    /// Measures, then moves unless all iterations are done: those are followed by one last
    /// measurement, after which the tuning is over.
    ///
    /// # Errors
    /// See [`Halt`]; then nothing has changed.
    pub fn iterate(&mut self, world: World<'_>) -> Result<Preparation, Halt> {
        let turn = if self.n_done < self.n_iterations { Turn::Move } else { Turn::Look };
        let sizes = self.sizes();
        // Copies, so that an interruption leaves everything as it was.
        let (mut method, mut weights) = (self.method.clone(), self.weights.clone());
        let iteration = self.n_done;
        let measured = match &mut method {
            Method::Lsuv(lsuv) => lsuv.iterate(world, iteration, &mut weights, turn),
            Method::MetaInit(meta) => meta.iterate(world, iteration, &mut weights, turn),
            Method::GradInit(grad) => grad.iterate(world, iteration, &mut weights, turn),
        }?;
        let numbers = measured.grad_norm.iter().chain(&weights.scales);
        if !numbers.chain([&measured.objective]).all(|x| x.is_finite()) {
            return Err(Halt::NotFinite);
        }
        let told = Preparation {
            iteration: self.n_done,
            n_iterations: self.n_iterations,
            objective: measured.objective,
            grad_norm: measured.grad_norm,
            names: self.names.clone(),
            sizes,
        };
        (self.method, self.weights) = (method, weights);
        self.n_done += u64::from(turn == Turn::Move);
        self.is_over = turn == Turn::Look;
        Ok(told)
    }

    /// Ends with the iterations done so far, and gives their number: what is left is the last
    /// measurement. `None` where no more was to come anyway.
    pub fn cut_short(&mut self) -> Option<u64> {
        let is_cut = self.n_done < self.n_iterations;
        self.n_iterations = self.n_iterations.min(self.n_done);
        is_cut.then_some(self.n_done)
    }

    /// Whether the last measurement has been made.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Iterations done so far.
    #[must_use]
    pub fn n_done(&self) -> u64 {
        self.n_done
    }

    /// The weights as they are now, flat.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        self.weights.weights()
    }

    fn sizes(&self) -> Vec<f64> {
        let unit = |tensor: usize| match self.method {
            Method::MetaInit(_) => self.weights.drawn_norm(tensor),
            Method::Lsuv(_) | Method::GradInit(_) => 1.0,
        };
        let tensors = self.method.tensors().iter();
        tensors.map(|tensor| self.weights.scales[*tensor] * unit(*tensor)).collect()
    }
}

impl Method {
    /// The tensors that are adjusted, by index.
    fn tensors(&self) -> &[usize] {
        match self {
            Self::Lsuv(lsuv) => lsuv.tensors(),
            Self::MetaInit(meta) => meta.tensors(),
            Self::GradInit(grad) => grad.tensors(),
        }
    }
}
