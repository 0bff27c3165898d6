//! The loss and its first derivative at one point, and Hessian-vector products there.
//! Does not know how a batch was split, nor what the products are for.

use candle_core::{Result, Tensor};

use super::chunks::n_together;
use super::kernels::widen;
use super::objective::{Batch, Objective, Score, add_all, cut, uninterrupted};
use super::ops::Mode;
use super::tape::Tape;
use super::weights::{Pulled, Seen};

/// The loss and its first derivative at one point, ready for Hessian-vector products there.
#[derive(Debug)]
pub struct Linearization {
    pub(super) objective: Objective,
    pub(super) seen: Seen,
    /// Gradients of the weights that ops see otherwise than they are trained.
    pub(super) pulled: Vec<Pulled>,
    /// As the forward pass read them.
    pub(super) buffers: Vec<Tensor>,
    /// As the forward pass left them.
    pub(super) buffers_left: Vec<Tensor>,
    pub(super) batch: Batch,
    pub(super) chunks: Vec<(usize, usize)>,
    /// One for each chunk; `None` where memory did not allow to keep it.
    pub(super) tapes: Vec<Option<Tape>>,
    pub(super) score: Score,
    pub(super) gradient: Tensor,
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

    /// Exact Hessian-vector products for a block of vectors `[k, N]`, by Pearlmutter's R-operator.
    pub fn hvp(&self, block: &Tensor) -> Result<Tensor> {
        uninterrupted(self.hvp_unless(block, &|| false)?)
    }

    /// How many of `k` vectors are multiplied together.
    #[must_use]
    pub fn n_together(&self, k: usize) -> usize {
        let rows = self.chunks.first().map_or(1, |(_, rows)| *rows);
        n_together(&self.objective.program, rows, k)
    }

    /// As [`Self::hvp`], asking between ops whether to give up; `None` when it was.
    ///
    /// A block that is long work for one chunk is multiplied in parts.
    pub fn hvp_unless(
        &self,
        block: &Tensor,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Option<Tensor>> {
        let k = block.dim(0)?;
        let n_together = self.n_together(k);
        let mut products = Vec::with_capacity(k.div_ceil(n_together));
        for start in (0..k).step_by(n_together) {
            let part = block.narrow(0, start, n_together.min(k - start))?;
            match self.multiply(&part, is_interrupted)? {
                Some(product) => products.push(product),
                None => return Ok(None),
            }
        }
        match products.as_slice() {
            [whole] => Ok(Some(whole.clone())),
            parts => Tensor::cat(parts, 0).map(Some),
        }
    }

    /// The products of vectors that are multiplied together.
    fn multiply(
        &self,
        block: &Tensor,
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<Option<Tensor>> {
        let objective = &self.objective;
        let program = &objective.program;
        let (directions, pushed) = self.seen.push(objective.split_block(block)?)?;
        let directions = (block.dim(0)?, directions.as_slice());
        let at = objective.state(&self.seen.params, &self.buffers, Mode::Training)?;
        let scale = objective.scale(&self.batch)?;
        let pieces: Vec<_> = self.chunks.iter().copied().zip(&self.tapes).collect();
        let mut sums = vec![None; self.seen.params.len()];
        let is_whole = objective.threads_for(&self.batch, block.dim(0)?)?.in_waves(
            &pieces,
            is_interrupted,
            |(range, tape), asked| match tape {
                Some(tape) => tape.hvp((program, at), directions, asked),
                None => match Tape::record(program, at, &cut(&self.batch, range)?, (scale, asked))?
                {
                    Some(found) => found.tape.hvp((program, at), directions, asked),
                    None => Ok(None),
                },
            },
            |found| add_all(&mut sums, found),
        )?;
        if !is_whole {
            return Ok(None);
        }
        self.seen.pull_tangent(&mut sums, (&self.pulled, &pushed))?;
        objective.join(sums, block.device(), block.dtype(), block.dim(0)?).map(Some)
    }

    /// The gradient as f64.
    pub fn wide_gradient(&self) -> Result<Vec<f64>> {
        widen(&self.gradient)
    }
}
