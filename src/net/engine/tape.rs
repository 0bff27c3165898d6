//! The four passes over a program on one chunk of examples.
//! Does not know how a batch was split, nor what the results are for.

use candle_core::{Error, Tensor, bail};

use super::program::{Node, Program};
use super::threads::Asked;
use crate::config::Loss;
use crate::net::halt::Halt;
use crate::net::loss::{Head, Scored};
use crate::net::ops::add::add;
use crate::net::passes::{Directions, Gradients, Kept, Pair, Primal, State};

/// Examples of one chunk: inputs `[n, d]`, targets `[n, p·o]` for p predictions of o numbers each.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) inputs: Tensor,
    pub(super) targets: Tensor,
}

/// Everything the tangent passes need of one chunk.
#[derive(Debug)]
pub(super) struct Tape {
    /// Values 0 to the number of nodes; the batch first. Those that no pass reads again are hollow.
    values: Vec<Tensor>,
    kept: Vec<Kept>,
    /// ∂L/∂value for the output of every node that depends on the parameters; hollow where no pass
    /// reads it again.
    gradients: Vec<Option<Tensor>>,
    head: Head,
}

/// What a forward and a backward pass over one chunk give.
pub(super) struct Recorded {
    pub(super) tape: Tape,
    /// The parameter gradients of this chunk by table index.
    pub(super) gradients: Vec<Option<Tensor>>,
    /// The buffers as the forward pass leaves them.
    pub(super) buffers: Vec<Tensor>,
}

/// Runs forward only: what the loss says of the outputs.
pub(super) fn evaluate(
    program: &Program,
    state: State<'_>,
    chunk: &Chunk,
    scale: Scale,
    asked: Asked<'_>,
) -> Result<Scored, Halt> {
    let values = forward(program, state, chunk, asked)?;
    let output = &values[values.len() - 1];
    let targets = chunk.targets.reshape(output.shape())?;
    Ok(Head::new(scale.loss, output, &targets, scale.weight)?.scored)
}

/// Runs forward only: all values, the batch first.
pub(super) fn forward(
    program: &Program,
    state: State<'_>,
    chunk: &Chunk,
    asked: Asked<'_>,
) -> Result<Vec<Tensor>, Halt> {
    let mut values = vec![chunk.inputs.clone()];
    for node in program.nodes() {
        asked.go_on()?;
        values.push(node.op.passes().forward(primal(program, state, &values, node))?.value);
    }
    Ok(values)
}

/// A tensor of this shape that takes no memory: kernels refuse to read it.
fn hollow(like: &Tensor) -> candle_core::Result<Tensor> {
    Tensor::zeros((), like.dtype(), like.device())?.broadcast_as(like.shape())
}

/// What one node sees.
fn primal<'a>(
    program: &'a Program,
    state: State<'a>,
    values: &'a [Tensor],
    node: &'a Node,
) -> Primal<'a> {
    Primal { state, inputs: &node.inputs, values, varies: &program.varies }
}

/// The loss and the weight of one example in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) loss: Loss,
    /// 1 / (predictions in the whole batch).
    pub(super) weight: f64,
}

impl Tape {
    /// Forward and backward.
    pub(super) fn record(
        program: &Program,
        state: State<'_>,
        chunk: &Chunk,
        scale: Scale,
        asked: Asked<'_>,
    ) -> Result<Recorded, Halt> {
        let (mut values, mut kept) = (vec![chunk.inputs.clone()], Vec::new());
        let mut buffers = state.buffers.to_vec();
        for (i, node) in program.nodes().iter().enumerate() {
            asked.go_on()?;
            let found = node.op.passes().forward(primal(program, state, &values, node))?;
            values.push(found.value);
            kept.push(found.kept);
            for value in program.spent_after(i) {
                values[value] = hollow(&values[value])?;
            }
            for (index, buffer) in found.buffers {
                buffers[index] = buffer;
            }
        }
        let output = &values[values.len() - 1];
        let targets = chunk.targets.reshape(output.shape())?;
        let (head, g) = Head::with_gradient(scale.loss, output, &targets, scale.weight)?;
        let mut sums = Sums::new(program, g);
        let mut gradients = vec![None; kept.len()];
        for (i, node) in program.varying().rev() {
            asked.go_on()?;
            let g = sums.take(i + 1)?;
            let at = primal(program, state, &values, node);
            sums.add(node, node.op.passes().backward(at, &mut kept[i], &g)?)?;
            gradients[i] = Some(if node.op.passes().rereads_gradient() { g } else { hollow(&g)? });
        }
        let tape = Self { values, kept, gradients, head };
        Ok(Recorded { tape, gradients: sums.params, buffers })
    }

    /// What the loss says of the outputs.
    pub(super) fn scored(&self) -> Scored {
        self.head.scored
    }

    /// Tangent and tangent-backward: (H·v) of this chunk for a block of k directions `[k, shape]`,
    /// by table index.
    pub(super) fn hvp(
        &self,
        program: &Program,
        state: State<'_>,
        k: usize,
        block: &[Tensor],
        asked: Asked<'_>,
    ) -> Result<Vec<Option<Tensor>>, Halt> {
        let mut tangents: Vec<Option<Tensor>> = vec![None; self.values.len()];
        let mut inner = vec![Kept::none(); self.kept.len()];
        let nothing = Kept::none();
        for (i, node) in program.varying() {
            asked.go_on()?;
            let inputs = node.inputs.as_slice();
            let along =
                Directions { k, params: block, inputs, tangents: &tangents, kept: &nothing };
            let at = primal(program, state, &self.values, node);
            let found = node.op.passes().tangent(at, along, &self.kept[i])?;
            tangents[i + 1] = Some(found.value);
            inner[i] = found.kept;
        }
        let Some(Some(df)) = tangents.last() else {
            return Err(Error::msg("a program needs at least one op with parameters").into());
        };
        let mut sums = Sums::new(program, self.head.tangent(df)?);
        for (i, node) in program.varying().rev() {
            asked.go_on()?;
            let dg = sums.take(i + 1)?;
            let Some(g) = &self.gradients[i] else {
                return Err(Error::msg(format!("value {} has no gradient", i + 1)).into());
            };
            let inputs = node.inputs.as_slice();
            let along =
                Directions { k, params: block, inputs, tangents: &tangents, kept: &inner[i] };
            let at = primal(program, state, &self.values, node);
            let pair = Pair { g, dg: &dg };
            sums.add(node, node.op.passes().tangent_backward(at, along, &self.kept[i], pair)?)?;
        }
        Ok(sums.params)
    }
}

/// Gradients being gathered: a value read twice, or a parameter used twice, gets the sum.
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

/// Adds to a sum that may not have begun.
fn accumulate(sum: &mut Option<Tensor>, term: Tensor) -> candle_core::Result<()> {
    *sum = Some(match sum.take() {
        Some(sum) => add(&sum, &term)?,
        None => term,
    });
    Ok(())
}
