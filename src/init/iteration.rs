//! Inputs and results of a tuning iteration: the network with its examples, scaled weights, and
//! measurements.

use std::ops::Range;
use std::sync::Arc;

use candle_core::{DType, Device, Tensor};

use crate::net::{Batch, Halt, Linearization, Objective, ParamSpec};

/// The network, its training examples, and the interruption callback.
#[derive(Clone, Copy)]
pub struct TuningContext<'a> {
    /// The network with its loss.
    pub objective: &'a Objective,
    /// The network's initial buffers.
    pub buffers: &'a [Tensor],
    /// All training examples.
    pub train: &'a Batch,
    /// Whether to interrupt the computation; polled between ops.
    pub is_interrupted: &'a dyn Fn() -> bool,
}

impl TuningContext<'_> {
    /// Loss and gradient of a batch at these weights, in the batch's dtype.
    pub(super) fn linearize(&self, weights: &[f64], batch: &Batch) -> Result<Linearization, Halt> {
        let dtype = batch.inputs.dtype();
        let params = vector(weights, dtype)?;
        let buffers: Result<Vec<_>, _> = self.buffers.iter().map(|b| b.to_dtype(dtype)).collect();
        let (buffers, ask) = (buffers?, self.is_interrupted);
        self.objective.linearize(&params, &buffers, batch, ask)
    }

    /// The training examples with these indices.
    pub(super) fn examples(&self, places: &[usize]) -> Result<Batch, Halt> {
        let places: Vec<u32> = places.iter().filter_map(|i| u32::try_from(*i).ok()).collect();
        let n = places.len();
        let places = Tensor::from_vec(places, n, self.train.inputs.device())?;
        let inputs = self.train.inputs.index_select(&places, 0)?;
        Ok(Batch { inputs, targets: self.train.targets.index_select(&places, 0)? })
    }

    /// Number of training examples.
    pub(super) fn n_train(&self) -> usize {
        self.train.inputs.dims().first().copied().unwrap_or(0)
    }
}

/// Numbers as a tensor `[n]` of this dtype.
pub(super) fn vector(numbers: &[f64], dtype: DType) -> candle_core::Result<Tensor> {
    Tensor::from_slice(numbers, numbers.len(), &Device::Cpu)?.to_dtype(dtype)
}

/// The drawn weights with one factor per tensor.
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

    /// ⟨v, W⟩ of a flat v and a tensor W as drawn: with v = ∇L, the derivative with respect to the
    /// tensor's factor.
    pub(super) fn along(&self, tensor: usize, v: &[f64]) -> f64 {
        let range = self.tensors[tensor].clone();
        v[range.clone()].iter().zip(&self.drawn[range]).map(|(v, w)| v * w).sum()
    }

    /// The same weights with one tensor's factor multiplied by `factor`.
    pub(super) fn with(&self, tensor: usize, factor: f64) -> Self {
        let mut changed = self.clone();
        changed.scales[tensor] *= factor;
        changed
    }
}

/// What an iteration measures before updating the factors.
pub(super) struct Measured {
    pub(super) objective: f64,
    pub(super) grad_norm: Option<f64>,
}

/// Whether an iteration updates the factors after measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Update {
    Apply,
    Skip,
}
