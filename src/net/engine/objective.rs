//! The training loss as a function of the flat parameter vector.

use std::sync::Arc;

use candle_core::{DType, Device, Tensor, bail};

use super::chunks::{Rows, TAPE_BYTES, chunks};
use super::params::ParamSpec;
use super::program::{BufferSpec, Program};
use super::tape::{Chunk, Scale, evaluate};
use super::waves::Threads;
use super::weight_standardisation::EffectiveParams;
use crate::config::{Dtype, Loss};
use crate::net::halt::Halt;
use crate::net::loss::Scored;
use crate::net::ops::add::add_to;
use crate::net::passes::{Mode, State};

/// Examples: inputs `[n, d]` and targets `[n, p·o]` for p predictions of o outputs each, on one
/// device in one dtype.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Inputs.
    pub inputs: Tensor,
    /// One-hot classes, ±1, or regression values.
    pub targets: Tensor,
}

/// Loss and accuracy of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean loss.
    pub loss: f64,
    /// Fraction of correctly classified predictions; meaningless for regression.
    pub accuracy: f64,
}

/// A network with a loss and the threads that compute it.
#[derive(Clone, Debug)]
pub struct Objective {
    pub(super) program: Arc<Program>,
    loss: Loss,
    pub(super) threads: Threads,
    pub(super) tape_bytes: usize,
}

impl From<Dtype> for DType {
    fn from(dtype: Dtype) -> Self {
        match dtype {
            Dtype::F32 => Self::F32,
            Dtype::F64 => Self::F64,
        }
    }
}

impl Objective {
    /// A program with a loss, computed by `n_threads` threads. Results do not depend on their
    /// number.
    ///
    /// # Errors
    /// The threads cannot be started.
    pub fn new(program: Program, loss: Loss, n_threads: usize) -> candle_core::Result<Self> {
        let threads = Threads::new(n_threads)?;
        Ok(Self { program: Arc::new(program), loss, threads, tape_bytes: TAPE_BYTES })
    }

    /// Replaces the bound on stored tapes, in bytes.
    #[must_use]
    pub fn with_tape_bytes(self, tape_bytes: usize) -> Self {
        Self { tape_bytes, ..self }
    }

    /// The network.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Loss and accuracy at `params` (flat `[N]`) and `buffers` (in table order). Normalizations
    /// use their running statistics.
    pub fn score(
        &self,
        params: &Tensor,
        buffers: &[Tensor],
        batch: &Batch,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Score, Halt> {
        self.score_in(params, buffers, batch, Mode::Evaluation, is_interrupted)
    }

    /// As [`Self::score`], but with the statistics of this batch: the loss of [`Self::linearize`]
    /// by a forward pass alone.
    pub fn score_in_training(
        &self,
        params: &Tensor,
        buffers: &[Tensor],
        batch: &Batch,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Score, Halt> {
        self.score_in(params, buffers, batch, Mode::Training, is_interrupted)
    }

    fn score_in(
        &self,
        params: &Tensor,
        buffers: &[Tensor],
        batch: &Batch,
        mode: Mode,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Score, Halt> {
        let effective = EffectiveParams::of(&self.program, self.split(params)?)?;
        let at = self.state(&effective.params, buffers, mode)?;
        let scale = self.scale(batch)?;
        let mut scored = Vec::new();
        self.threads_for(batch, 1)?.in_waves(
            &self.chunks(batch, mode)?,
            is_interrupted,
            |range, interrupt| evaluate(&self.program, at, &cut(batch, range)?, scale, interrupt),
            |found| {
                scored.push(found);
                Ok(())
            },
        )?;
        Ok(total(&scored, scale))
    }

    /// The buffers before the first step, in table order.
    pub fn initial_buffers(
        &self,
        dtype: DType,
        device: &Device,
    ) -> candle_core::Result<Vec<Tensor>> {
        let initial = |spec: &BufferSpec| {
            Tensor::full(spec.initial, spec.shape.as_slice(), device)?.to_dtype(dtype)
        };
        self.program.buffers().iter().map(initial).collect()
    }

    pub(super) fn state<'a>(
        &self,
        params: &'a [Tensor],
        buffers: &'a [Tensor],
        mode: Mode,
    ) -> candle_core::Result<State<'a>> {
        let n = self.program.buffers().len();
        if buffers.len() != n {
            bail!("the network has {n} buffers, but {} were given", buffers.len());
        }
        Ok(State { params, buffers, mode })
    }

    pub(super) fn scale(&self, batch: &Batch) -> candle_core::Result<Scale> {
        let n_predictions = batch.inputs.dim(0)? * self.program.output().positions;
        Ok(Scale { loss: self.loss, weight: 1.0 / n_predictions as f64 })
    }

    /// The threads that speed up a pass with this many vectors.
    pub(super) fn threads_for(
        &self,
        batch: &Batch,
        n_vectors: usize,
    ) -> candle_core::Result<Threads> {
        let n_products = batch.inputs.dim(0)? * self.program.work() * n_vectors;
        Ok(self.threads.for_work(n_products))
    }

    /// The chunks of a batch.
    pub(super) fn chunks(&self, batch: &Batch, mode: Mode) -> candle_core::Result<Vec<Rows>> {
        Ok(chunks(&self.program, batch.inputs.dim(0)?, batch.inputs.dtype(), mode))
    }

    /// Splits a flat vector `[N]` into views of the parameter tensors, in table order.
    pub(super) fn split(&self, flat: &Tensor) -> candle_core::Result<Vec<Tensor>> {
        let view = |spec: &ParamSpec| {
            flat.narrow(0, spec.offset, spec.len())?.reshape(spec.shape.as_slice())
        };
        self.program.params().iter().map(view).collect()
    }

    /// Splits a block of flat vectors `[k, N]` into copies `[k, shape]` of the parameter tensors,
    /// in table order.
    pub(super) fn split_block(&self, block: &Tensor) -> candle_core::Result<Vec<Tensor>> {
        let k = block.dim(0)?;
        let part = |spec: &ParamSpec| {
            let shape: Vec<usize> = std::iter::once(k).chain(spec.shape.iter().copied()).collect();
            block.narrow(1, spec.offset, spec.len())?.contiguous()?.reshape(shape)
        };
        self.program.params().iter().map(part).collect()
    }

    /// Joins gradients in table order to a flat block `[k, N]`; `None` becomes zeros.
    pub(super) fn join(
        &self,
        parts: Vec<Option<Tensor>>,
        device: &Device,
        dtype: DType,
        k: usize,
    ) -> candle_core::Result<Tensor> {
        let flat: candle_core::Result<Vec<Tensor>> = parts
            .into_iter()
            .zip(self.program.params())
            .map(|(part, spec)| match part {
                Some(part) => part.reshape((k, spec.len())),
                None => Tensor::zeros((k, spec.len()), dtype, device),
            })
            .collect();
        Tensor::cat(&flat?, 1)?.contiguous()
    }
}

/// Adds a chunk's gradients to the sums, in place.
pub(super) fn add_all(
    sums: &mut [Option<Tensor>],
    terms: Vec<Option<Tensor>>,
) -> candle_core::Result<()> {
    for (sum, term) in sums.iter_mut().zip(terms) {
        if let Some(term) = term {
            *sum = Some(match sum.take() {
                Some(sum) => add_to(sum, &term)?,
                None => term,
            });
        }
    }
    Ok(())
}

/// The examples of a chunk.
pub(super) fn cut(batch: &Batch, rows: Rows) -> candle_core::Result<Chunk> {
    let Rows { start, len } = rows;
    Ok(Chunk {
        inputs: batch.inputs.narrow(0, start, len)?,
        targets: batch.targets.narrow(0, start, len)?,
    })
}

/// Loss and accuracy of a batch from the scores of its chunks.
pub(super) fn total(scored: &[Scored], scale: Scale) -> Score {
    let loss_sum: f64 = scored.iter().map(|s| s.loss_sum).sum();
    let n_correct: usize = scored.iter().map(|s| s.n_correct).sum();
    Score { loss: loss_sum * scale.weight, accuracy: n_correct as f64 * scale.weight }
}
