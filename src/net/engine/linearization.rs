//! The loss and its first derivative at one point, and Hessian-vector products there.
//! Does not know how a batch was split, nor what the products are for.

use candle_core::Tensor;

use super::chunks::{Rows, n_together};
use super::objective::{Batch, Objective, Score, add_all, cut, total};
use super::tape::Tape;
use super::weights::{Pulled, Seen};
use crate::net::halt::Halt;
use crate::net::passes::Mode;
use crate::net::simd::widen;

/// The loss and its first derivative at one point, ready for Hessian-vector products there.
#[derive(Debug)]
pub struct Linearization {
    objective: Objective,
    seen: Seen,
    /// Gradients of the weights that ops see otherwise than they are trained.
    pulled: Vec<Pulled>,
    /// As the forward pass read them.
    buffers: Vec<Tensor>,
    /// As the forward pass left them.
    buffers_left: Vec<Tensor>,
    batch: Batch,
    chunks: Vec<Rows>,
    /// One for each chunk; `None` where memory did not allow to keep it.
    tapes: Vec<Option<Tape>>,
    score: Score,
    gradient: Tensor,
}

impl Objective {
    /// Forward and backward at `params` (flat `[N]`) and `buffers` (in the program's order): loss,
    /// gradient, the buffers the forward pass leaves, and the means for `hvp`. Normalizations use
    /// the statistics of this batch.
    pub fn linearize(
        &self,
        params: &Tensor,
        buffers: &[Tensor],
        batch: &Batch,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Linearization, Halt> {
        let seen = Seen::of(&self.program, self.split(params)?)?;
        let at = self.state(&seen.params, buffers, Mode::Training)?;
        let scale = self.scale(batch)?;
        let chunks = self.chunks(batch, Mode::Training)?;
        let keeps =
            self.program.kept_bytes(batch.inputs.dtype()) * batch.inputs.dim(0)? <= self.tape_bytes;
        let mut sums = vec![None; seen.params.len()];
        let (mut tapes, mut scored) = (Vec::new(), Vec::new());
        let mut buffers_left = None;
        self.threads_for(batch, 1)?.in_waves(
            &chunks,
            is_interrupted,
            |range, asked| Tape::record(&self.program, at, &cut(batch, range)?, scale, asked),
            |found| {
                add_all(&mut sums, found.gradients)?;
                scored.push(found.tape.scored());
                tapes.push(keeps.then_some(found.tape));
                // A buffer that depends on the examples is in a program that couples them, which
                // has one chunk; all others are the same from every chunk.
                buffers_left.get_or_insert(found.buffers);
                Ok(())
            },
        )?;
        let pulled = seen.pull(&mut sums)?;
        Ok(Linearization {
            objective: self.clone(),
            buffers: buffers.to_vec(),
            buffers_left: buffers_left.unwrap_or_default(),
            batch: batch.clone(),
            score: total(&scored, scale),
            gradient: self.join(sums, params.device(), params.dtype(), 1)?.squeeze(0)?,
            seen,
            pulled,
            chunks,
            tapes,
        })
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

    /// The examples it is of.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// What the forward pass made of the buffers, in the program's order.
    #[must_use]
    pub fn buffers_left(&self) -> &[Tensor] {
        &self.buffers_left
    }

    /// How many of `k` vectors are multiplied together.
    #[must_use]
    pub fn n_together(&self, k: usize) -> usize {
        let rows = self.chunks.first().map_or(1, |rows| rows.len);
        n_together(&self.objective.program, rows, k)
    }

    /// Exact Hessian-vector products for a block of vectors `[k, N]`, by Pearlmutter's R-operator.
    ///
    /// A block that is long work for one chunk is multiplied in parts.
    pub fn hvp(&self, block: &Tensor, is_interrupted: &dyn Fn() -> bool) -> Result<Tensor, Halt> {
        let k = block.dim(0)?;
        let n_together = self.n_together(k);
        let mut products = Vec::with_capacity(k.div_ceil(n_together));
        for start in (0..k).step_by(n_together) {
            let part = block.narrow(0, start, n_together.min(k - start))?;
            products.push(self.multiply(&part, is_interrupted)?);
        }
        match products.as_slice() {
            [whole] => Ok(whole.clone()),
            parts => Ok(Tensor::cat(parts, 0)?),
        }
    }

    /// The products of vectors that are multiplied together.
    fn multiply(&self, block: &Tensor, is_interrupted: &dyn Fn() -> bool) -> Result<Tensor, Halt> {
        let objective = &self.objective;
        let program = &objective.program;
        let (directions, pushed) = self.seen.push(objective.split_block(block)?)?;
        let k = block.dim(0)?;
        let at = objective.state(&self.seen.params, &self.buffers, Mode::Training)?;
        let scale = objective.scale(&self.batch)?;
        let pieces: Vec<_> = self.chunks.iter().copied().zip(&self.tapes).collect();
        let mut sums = vec![None; self.seen.params.len()];
        objective.threads_for(&self.batch, block.dim(0)?)?.in_waves(
            &pieces,
            is_interrupted,
            |(range, tape), asked| {
                if let Some(tape) = tape {
                    return tape.hvp(program, at, k, &directions, asked);
                }
                let chunk = cut(&self.batch, range)?;
                let found = Tape::record(program, at, &chunk, scale, asked)?;
                found.tape.hvp(program, at, k, &directions, asked)
            },
            |found| add_all(&mut sums, found),
        )?;
        self.seen.pull_tangent(&mut sums, &self.pulled, &pushed)?;
        Ok(objective.join(sums, block.device(), block.dtype(), k)?)
    }

    /// The gradient as f64.
    pub fn wide_gradient(&self) -> candle_core::Result<Vec<f64>> {
        widen(&self.gradient)
    }
}
