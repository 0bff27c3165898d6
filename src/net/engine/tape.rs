//! The four passes over a program on one chunk of examples.

use candle_core::{Error, Tensor, bail};

use super::program::{Node, Program};
use super::waves::Interrupt;
use crate::config::Loss;
use crate::net::halt::Halt;
use crate::net::loss::{Head, Scored};
use crate::net::ops::add::add;
use crate::net::passes::{Directions, Gradients, Pair, Primal, Saved, State};

/// Examples of one chunk: inputs `[n, d]`, targets `[n, p·o]` for p predictions of o outputs each.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) inputs: Tensor,
    pub(super) targets: Tensor,
}

/// What the tangent passes need from the forward and backward passes over one chunk.
#[derive(Debug)]
pub(super) struct Tape {
    /// The batch, then the output of every node; placeholders where no later pass reads them.
    values: Vec<Tensor>,
    saved: Vec<Saved>,
    /// ∂L/∂output of every node whose output depends on the parameters; placeholders where no later
    /// pass reads them.
    gradients: Vec<Option<Tensor>>,
    head: Head,
}

/// Result of a forward and a backward pass over one chunk.
pub(super) struct Recorded {
    pub(super) tape: Tape,
    /// Parameter gradients of this chunk, in table order.
    pub(super) gradients: Vec<Option<Tensor>>,
    /// The buffers after the forward pass.
    pub(super) buffers: Vec<Tensor>,
}

/// Runs forward only and scores the outputs.
pub(super) fn evaluate(
    program: &Program,
    state: State<'_>,
    chunk: &Chunk,
    scale: Scale,
    interrupt: Interrupt<'_>,
) -> Result<Scored, Halt> {
    let values = forward(program, state, chunk, interrupt)?;
    let output = &values[values.len() - 1];
    let targets = chunk.targets.reshape(output.shape())?;
    Ok(Head::new(scale.loss, output, &targets, scale.weight)?.scored)
}

/// Runs forward only and returns all values, the batch first.
pub(super) fn forward(
    program: &Program,
    state: State<'_>,
    chunk: &Chunk,
    interrupt: Interrupt<'_>,
) -> Result<Vec<Tensor>, Halt> {
    let mut values = vec![chunk.inputs.clone()];
    for node in program.nodes() {
        interrupt.check()?;
        values.push(node.op.passes().forward(primal(program, state, &values, node))?.value);
    }
    Ok(values)
}

/// A tensor of this shape that takes no memory. It is not contiguous, so kernels refuse to read it.
fn placeholder(like: &Tensor) -> candle_core::Result<Tensor> {
    Tensor::zeros((), like.dtype(), like.device())?.broadcast_as(like.shape())
}

/// Arguments of one node's passes.
fn primal<'a>(
    program: &'a Program,
    state: State<'a>,
    values: &'a [Tensor],
    node: &'a Node,
) -> Primal<'a> {
    Primal { state, inputs: &node.inputs, values, varies: &program.varies }
}

/// The loss and the weight of one prediction in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) loss: Loss,
    /// 1 / (predictions in the whole batch).
    pub(super) weight: f64,
}

impl Tape {
    /// Runs forward and backward.
    pub(super) fn record(
        program: &Program,
        state: State<'_>,
        chunk: &Chunk,
        scale: Scale,
        interrupt: Interrupt<'_>,
    ) -> Result<Recorded, Halt> {
        let (mut values, mut saved) = (vec![chunk.inputs.clone()], Vec::new());
        let mut buffers = state.buffers.to_vec();
        for (i, node) in program.nodes().iter().enumerate() {
            interrupt.check()?;
            let found = node.op.passes().forward(primal(program, state, &values, node))?;
            values.push(found.value);
            saved.push(found.saved);
            for value in program.freed_after(i) {
                values[value] = placeholder(&values[value])?;
            }
            for (index, buffer) in found.buffers {
                buffers[index] = buffer;
            }
        }
        let output = &values[values.len() - 1];
        let targets = chunk.targets.reshape(output.shape())?;
        let (head, g) = Head::with_gradient(scale.loss, output, &targets, scale.weight)?;
        let mut sums = Sums::new(program, g);
        let mut gradients = vec![None; saved.len()];
        for (i, node) in program.varying().rev() {
            interrupt.check()?;
            let g = sums.take(i + 1)?;
            let at = primal(program, state, &values, node);
            sums.add(node, node.op.passes().backward(at, &mut saved[i], &g)?)?;
            gradients[i] =
                Some(if node.op.passes().rereads_gradient() { g } else { placeholder(&g)? });
        }
        let tape = Self { values, saved, gradients, head };
        Ok(Recorded { tape, gradients: sums.params, buffers })
    }

    /// Loss and number of correct predictions.
    pub(super) fn scored(&self) -> Scored {
        self.head.scored
    }

    /// Runs tangent and tangent-backward: this chunk's contribution to H·v for a block of k
    /// directions `[k, shape]`, in table order.
    pub(super) fn hvp(
        &self,
        program: &Program,
        state: State<'_>,
        k: usize,
        block: &[Tensor],
        interrupt: Interrupt<'_>,
    ) -> Result<Vec<Option<Tensor>>, Halt> {
        let mut tangents: Vec<Option<Tensor>> = vec![None; self.values.len()];
        let mut inner = vec![Saved::none(); self.saved.len()];
        let nothing = Saved::none();
        for (i, node) in program.varying() {
            interrupt.check()?;
            let inputs = node.inputs.as_slice();
            let along =
                Directions { k, params: block, inputs, tangents: &tangents, saved: &nothing };
            let at = primal(program, state, &self.values, node);
            let found = node.op.passes().tangent(at, along, &self.saved[i])?;
            tangents[i + 1] = Some(found.value);
            inner[i] = found.saved;
        }
        let Some(Some(df)) = tangents.last() else {
            return Err(Error::msg("a program needs at least one op with parameters").into());
        };
        let mut sums = Sums::new(program, self.head.tangent(df)?);
        for (i, node) in program.varying().rev() {
            interrupt.check()?;
            let dg = sums.take(i + 1)?;
            let Some(g) = &self.gradients[i] else {
                return Err(Error::msg(format!("value {} has no gradient", i + 1)).into());
            };
            let inputs = node.inputs.as_slice();
            let along =
                Directions { k, params: block, inputs, tangents: &tangents, saved: &inner[i] };
            let at = primal(program, state, &self.values, node);
            let pair = Pair { g, dg: &dg };
            sums.add(node, node.op.passes().tangent_backward(at, along, &self.saved[i], pair)?)?;
        }
        Ok(sums.params)
    }
}

/// Gradients being accumulated: summed for a value read, or a parameter used, more than once.
struct Sums {
    values: Vec<Option<Tensor>>,
    params: Vec<Option<Tensor>>,
}

impl Sums {
    fn new(program: &Program, output: Tensor) -> Self {
        let n_values = program.shapes().len();
        let mut values = vec![None; n_values];
        values[n_values - 1] = Some(output);
        Self { values, params: vec![None; program.params().len()] }
    }

    fn take(&mut self, value: usize) -> candle_core::Result<Tensor> {
        match self.values[value].take() {
            Some(gradient) => Ok(gradient),
            None => bail!("value {value} of the program is never read"),
        }
    }

    fn add(&mut self, node: &Node, found: Gradients) -> candle_core::Result<()> {
        for (input, gradient) in node.inputs.iter().zip(found.inputs) {
            if let Some(gradient) = gradient {
                accumulate(&mut self.values[*input], gradient)?;
            }
        }
        for (param, gradient) in found.params {
            accumulate(&mut self.params[param], gradient)?;
        }
        Ok(())
    }
}

/// Adds to a sum; `None` is zero.
fn accumulate(sum: &mut Option<Tensor>, term: Tensor) -> candle_core::Result<()> {
    *sum = Some(match sum.take() {
        Some(sum) => add(&sum, &term)?,
        None => term,
    });
    Ok(())
}
