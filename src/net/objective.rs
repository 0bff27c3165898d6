//! The training loss as a function of the parameters: value, gradient and Hessian-vector products.
//! Splits batches into chunks of examples; knows nothing of optimizers or eigenvalues.

use std::sync::Arc;

use candle_core::{DType, Device, Result, Tensor};
use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::kernels::widen;
use super::loss::Scored;
use super::program::Program;
use super::tape::{Chunk, Scale, Tape, accumulate, evaluate};
use crate::config::{Dtype, Loss};

/// Examples in a chunk: enough for full-speed matrix products, few enough to stay in cache.
const CHUNK_ROWS: usize = 512;

/// Bytes that one chunk's tape may take; wide networks get fewer examples a chunk.
const CHUNK_BYTES: usize = 64 << 20;

/// Bytes that all tapes of a linearization may take; beyond, they are made again when needed.
const TAPE_BYTES: usize = 1 << 30;

/// Examples: inputs `[n, d]` and targets `[n, o]`, on one device in one dtype.
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
    /// Fraction of examples whose class is right (meaningless for regression).
    pub accuracy: f64,
}

/// A network, its loss, and the threads that compute them.
#[derive(Clone, Debug)]
pub struct Objective {
    program: Arc<Program>,
    loss: Loss,
    pool: Option<Arc<ThreadPool>>,
    tape_bytes: usize,
}

/// The loss and its first derivative at one point, ready for Hessian-vector products there.
#[derive(Debug)]
pub struct Linearization {
    objective: Objective,
    params: Vec<Tensor>,
    batch: Batch,
    chunks: Vec<(usize, usize)>,
    /// One for each chunk; `None` where memory did not allow to keep it.
    tapes: Vec<Option<Tape>>,
    score: Score,
    gradient: Tensor,
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
    /// A program with a loss, computed by `n_threads` threads; results do not depend on how many.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn new(program: Program, loss: Loss, n_threads: usize) -> Result<Self> {
        let pool = (n_threads > 1)
            .then(|| {
                rayon::ThreadPoolBuilder::new()
                    .num_threads(n_threads)
                    .thread_name(|i| format!("eoscope-compute-{i}"))
                    .build()
                    .map(Arc::new)
            })
            .transpose()
            .map_err(candle_core::Error::wrap)?;
        Ok(Self { program: Arc::new(program), loss, pool, tape_bytes: TAPE_BYTES })
    }

    /// The same objective with another bound on the memory for tapes, in bytes.
    #[must_use]
    pub fn with_tape_bytes(self, tape_bytes: usize) -> Self {
        Self { tape_bytes, ..self }
    }

    /// The network.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Loss and accuracy only.
    pub fn score(&self, params: &Tensor, batch: &Batch) -> Result<Score> {
        let params = self.split(params)?;
        let scale = self.scale(batch)?;
        let chunks = self.chunks(batch)?;
        let scored = self.for_each(&chunks, |range| {
            evaluate(&self.program, &params, &cut(batch, range)?, scale)
        })?;
        Ok(total(scored.into_iter(), scale))
    }

    /// Forward and backward at `params` (flat `[N]`): loss, gradient, and the means for `hvp`.
    pub fn linearize(&self, params: &Tensor, batch: &Batch) -> Result<Linearization> {
        let tensors = self.split(params)?;
        let scale = self.scale(batch)?;
        let chunks = self.chunks(batch)?;
        let keeps = self.bytes_per_example(batch) * batch.inputs.dim(0)? <= self.tape_bytes;
        let mut sums = vec![None; tensors.len()];
        let (mut tapes, mut scored) = (Vec::new(), Vec::new());
        for wave in chunks.chunks(self.n_threads()) {
            let found = self.for_each(wave, |range| {
                Tape::record(&self.program, &tensors, &cut(batch, range)?, scale)
            })?;
            for (tape, gradients) in found {
                add_all(&mut sums, gradients)?;
                scored.push(tape.scored());
                tapes.push(keeps.then_some(tape));
            }
        }
        let score = total(scored.into_iter(), scale);
        let gradient = self.join(sums, params.device(), params.dtype(), 1)?.squeeze(0)?;
        let batch = batch.clone();
        Ok(Linearization {
            objective: self.clone(),
            params: tensors,
            batch,
            chunks,
            tapes,
            score,
            gradient,
        })
    }

    /// Runs `f` on every chunk, in parallel, and returns the results in order.
    fn for_each<R: Send>(
        &self,
        chunks: &[(usize, usize)],
        f: impl Fn((usize, usize)) -> Result<R> + Sync + Send,
    ) -> Result<Vec<R>> {
        match &self.pool {
            Some(pool) if chunks.len() > 1 => {
                pool.install(|| chunks.to_vec().into_par_iter().map(f).collect())
            }
            _ => chunks.iter().copied().map(f).collect(),
        }
    }

    fn n_threads(&self) -> usize {
        self.pool.as_ref().map_or(1, |pool| pool.current_num_threads())
    }

    fn scale(&self, batch: &Batch) -> Result<Scale> {
        Ok(Scale { loss: self.loss, weight: 1.0 / batch.inputs.dim(0)? as f64 })
    }

    /// Bytes that the tape of one example takes: value, slope, bend and gradient of every unit.
    fn bytes_per_example(&self, batch: &Batch) -> usize {
        4 * batch.inputs.dtype().size_in_bytes() * self.program.widths()[1..].iter().sum::<usize>()
    }

    /// First row and number of rows of every chunk; depends on the batch alone, never on threads.
    fn chunks(&self, batch: &Batch) -> Result<Vec<(usize, usize)>> {
        let n = batch.inputs.dim(0)?;
        let rows = if self.program.couples_examples() {
            n.max(1)
        } else {
            (CHUNK_BYTES / self.bytes_per_example(batch).max(1)).clamp(1, CHUNK_ROWS)
        };
        let n_chunks = n.div_ceil(rows).max(1);
        let starts = |i: usize| i * n / n_chunks;
        Ok((0..n_chunks).map(|i| (starts(i), starts(i + 1) - starts(i))).collect())
    }

    /// Views of the named tensors in a flat vector `[N]`.
    fn split(&self, flat: &Tensor) -> Result<Vec<Tensor>> {
        let view = |spec: &super::ParamSpec| {
            flat.narrow(0, spec.offset, spec.len())?.reshape(spec.shape.as_slice())
        };
        self.program.params().iter().map(view).collect()
    }

    /// Copies `[k, shape]` of the named tensors in a block of flat vectors `[k, N]`.
    fn split_block(&self, block: &Tensor) -> Result<Vec<Tensor>> {
        let k = block.dim(0)?;
        let part = |spec: &super::ParamSpec| {
            let shape: Vec<usize> = std::iter::once(k).chain(spec.shape.iter().copied()).collect();
            block.narrow(1, spec.offset, spec.len())?.contiguous()?.reshape(shape)
        };
        self.program.params().iter().map(part).collect()
    }

    /// The flat block `[k, N]` of gradients by table index; tensors never reached get zeros.
    fn join(
        &self,
        parts: Vec<Option<Tensor>>,
        device: &Device,
        dtype: DType,
        k: usize,
    ) -> Result<Tensor> {
        let flat: Result<Vec<Tensor>> = parts
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

impl Linearization {
    /// Mean loss and accuracy at this point.
    #[must_use]
    pub fn score(&self) -> Score {
        self.score
    }

    /// The gradient, flat `[N]`.
    #[must_use]
    pub fn gradient(&self) -> &Tensor {
        &self.gradient
    }

    /// Exact Hessian-vector products for a block of vectors `[k, N]`, by Pearlmutter's R-operator.
    pub fn hvp(&self, block: &Tensor) -> Result<Tensor> {
        match self.hvp_unless(block, &|| false)? {
            Some(products) => Ok(products),
            None => candle_core::bail!("a product that nobody interrupts has a value"),
        }
    }

    /// As [`Self::hvp`], asking between chunks whether to give up; `None` when it was.
    pub fn hvp_unless(
        &self,
        block: &Tensor,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Option<Tensor>> {
        let objective = &self.objective;
        let directions = objective.split_block(block)?;
        let scale = objective.scale(&self.batch)?;
        let program = &objective.program;
        let mut sums = vec![None; self.params.len()];
        let indices: Vec<(usize, usize)> = (0..self.chunks.len()).map(|i| (i, i)).collect();
        for wave in indices.chunks(objective.n_threads()) {
            if is_interrupted() {
                return Ok(None);
            }
            let found = objective.for_each(wave, |(i, _)| {
                if let Some(tape) = &self.tapes[i] {
                    return tape.hvp(program, &self.params, &directions);
                }
                let chunk = cut(&self.batch, self.chunks[i])?;
                let (tape, _) = Tape::record(program, &self.params, &chunk, scale)?;
                tape.hvp(program, &self.params, &directions)
            })?;
            for products in found {
                add_all(&mut sums, products)?;
            }
        }
        objective.join(sums, block.device(), block.dtype(), block.dim(0)?).map(Some)
    }

    /// The gradient as f64.
    pub fn wide_gradient(&self) -> Result<Vec<f64>> {
        widen(&self.gradient)
    }
}

/// Adds a chunk's contributions, in the order of chunks.
fn add_all(sums: &mut [Option<Tensor>], terms: Vec<Option<Tensor>>) -> Result<()> {
    for (sum, term) in sums.iter_mut().zip(terms) {
        if let Some(term) = term {
            accumulate(sum, term)?;
        }
    }
    Ok(())
}

/// The examples of a chunk.
fn cut(batch: &Batch, (start, len): (usize, usize)) -> Result<Chunk> {
    Ok(Chunk {
        inputs: batch.inputs.narrow(0, start, len)?,
        targets: batch.targets.narrow(0, start, len)?,
    })
}

/// Loss and accuracy of a batch from those of its chunks.
fn total(scored: impl Iterator<Item = Scored>, scale: Scale) -> Score {
    let (loss_sum, n_correct) =
        scored.fold((0.0, 0), |(loss, correct), s| (loss + s.loss_sum, correct + s.n_correct));
    Score { loss: loss_sum * scale.weight, accuracy: n_correct as f64 * scale.weight }
}
