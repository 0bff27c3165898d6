//! Loss, gradient and Hessian-vector products at one point.

use candle_core::Tensor;

use super::chunks::{Rows, n_together};
use super::objective::{Batch, Objective, Score, add_all, cut, total};
use super::tape::Tape;
use super::weight_standardisation::{EffectiveParams, Pullback};
use crate::net::halt::Halt;
use crate::net::passes::Mode;
use crate::net::simd::widen;

/// Loss and gradient at one point, with what Hessian-vector products there need.
#[derive(Debug)]
pub struct Linearization {
    objective: Objective,
    effective: EffectiveParams,
    /// Gradients of the standardised weights.
    pulled: Vec<Pullback>,
    /// Buffers before the forward pass.
    buffers: Vec<Tensor>,
    /// Buffers after the forward pass.
    buffers_after: Vec<Tensor>,
    batch: Batch,
    chunks: Vec<Rows>,
    /// One per chunk; `None` if it is recomputed to save memory.
    tapes: Vec<Option<Tape>>,
    score: Score,
    gradient: Tensor,
}

impl Objective {
    /// Runs forward and backward at `params` (flat `[N]`) and `buffers` (in table order).
    /// Normalizations use the statistics of this batch.
    pub fn linearize(
        &self,
        params: &Tensor,
        buffers: &[Tensor],
        batch: &Batch,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Linearization, Halt> {
        let effective = EffectiveParams::of(&self.program, self.split(params)?)?;
        let at = self.state(&effective.params, buffers, Mode::Training)?;
        let scale = self.scale(batch)?;
        let chunks = self.chunks(batch, Mode::Training)?;
        let stores_tapes = self.program.saved_bytes(batch.inputs.dtype()) * batch.inputs.dim(0)?
            <= self.tape_bytes;
        let mut sums = vec![None; effective.params.len()];
        let (mut tapes, mut scored) = (Vec::new(), Vec::new());
        let mut buffers_after = None;
        self.threads_for(batch, 1)?.in_waves(
            &chunks,
            is_interrupted,
            |range, interrupt| {
                Tape::record(&self.program, at, &cut(batch, range)?, scale, interrupt)
            },
            |found| {
                add_all(&mut sums, found.gradients)?;
                scored.push(found.tape.scored());
                tapes.push(stores_tapes.then_some(found.tape));
                // A program with buffers that depend on the examples couples them and has one
                // chunk; all other buffers are equal in every chunk.
                buffers_after.get_or_insert(found.buffers);
                Ok(())
            },
        )?;
        let pulled = effective.pull_back(&mut sums)?;
        Ok(Linearization {
            objective: self.clone(),
            buffers: buffers.to_vec(),
            buffers_after: buffers_after.unwrap_or_default(),
            batch: batch.clone(),
            score: total(&scored, scale),
            gradient: self.join(sums, params.device(), params.dtype(), 1)?.squeeze(0)?,
            effective,
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

    /// The batch of examples.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The buffers after the forward pass, in table order.
    #[must_use]
    pub fn buffers_after(&self) -> &[Tensor] {
        &self.buffers_after
    }

    /// How many of `k` vectors are multiplied at a time.
    #[must_use]
    pub fn n_together(&self, k: usize) -> usize {
        let rows = self.chunks.first().map_or(1, |rows| rows.len);
        n_together(&self.objective.program, rows, k)
    }

    /// Exact Hessian-vector products `[k, N]` of a block of vectors `[k, N]`, by Pearlmutter's
    /// R-operator, [`Self::n_together`] vectors at a time.
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

    /// The products of vectors multiplied at a time.
    fn multiply(&self, block: &Tensor, is_interrupted: &dyn Fn() -> bool) -> Result<Tensor, Halt> {
        let objective = &self.objective;
        let program = &objective.program;
        let (directions, pushed) = self.effective.push_forward(objective.split_block(block)?)?;
        let k = block.dim(0)?;
        let at = objective.state(&self.effective.params, &self.buffers, Mode::Training)?;
        let scale = objective.scale(&self.batch)?;
        let pieces: Vec<_> = self.chunks.iter().copied().zip(&self.tapes).collect();
        let mut sums = vec![None; self.effective.params.len()];
        objective.threads_for(&self.batch, block.dim(0)?)?.in_waves(
            &pieces,
            is_interrupted,
            |(range, tape), interrupt| {
                if let Some(tape) = tape {
                    return tape.hvp(program, at, k, &directions, interrupt);
                }
                let chunk = cut(&self.batch, range)?;
                let found = Tape::record(program, at, &chunk, scale, interrupt)?;
                found.tape.hvp(program, at, k, &directions, interrupt)
            },
            |found| add_all(&mut sums, found),
        )?;
        self.effective.pull_back_tangent(&mut sums, &self.pulled, &pushed)?;
        Ok(objective.join(sums, block.device(), block.dtype(), k)?)
    }

    /// The gradient as f64.
    pub fn wide_gradient(&self) -> candle_core::Result<Vec<f64>> {
        widen(&self.gradient)
    }
}
