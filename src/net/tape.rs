//! The four passes over a program on one chunk of examples.
//! Does not know how a batch was split, nor what the results are for.

use candle_core::{Result, Tensor};

use super::loss::{Head, Scored};
use super::op::{Directions, Gradients, Kept, Primal, State};
use super::program::Program;
use crate::config::Loss;

/// Examples of one chunk: inputs `[n, d]`, targets `[n, o]`.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) inputs: Tensor,
    pub(super) targets: Tensor,
}

/// Everything the tangent passes need of one chunk.
#[derive(Debug)]
pub(super) struct Tape {
    /// Values 0 to the number of nodes; the batch first.
    values: Vec<Tensor>,
    kept: Vec<Kept>,
    /// ∂L/∂value for the output of every node.
    gradients: Vec<Tensor>,
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
) -> Result<Scored> {
    let mut values = vec![chunk.inputs.clone()];
    for node in program.nodes() {
        values.push(node.op.forward(Primal::of(state, &values, node.input))?.value);
    }
    Ok(Head::new(scale.loss, &values[values.len() - 1], &chunk.targets, scale.weight)?.scored)
}

impl<'a> Primal<'a> {
    fn of(state: State<'a>, values: &'a [Tensor], input: usize) -> Self {
        Self { state, input: &values[input], wants_gradient: input > 0 }
    }
}

/// The loss and the weight of one example in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) loss: Loss,
    /// 1 / (examples in the whole batch).
    pub(super) weight: f64,
}

impl Tape {
    /// Forward and backward.
    pub(super) fn record(
        program: &Program,
        state: State<'_>,
        chunk: &Chunk,
        scale: Scale,
    ) -> Result<Recorded> {
        let (mut values, mut kept) = (vec![chunk.inputs.clone()], Vec::new());
        let mut buffers = state.buffers.to_vec();
        for node in program.nodes() {
            let found = node.op.forward(Primal::of(state, &values, node.input))?;
            values.push(found.value);
            kept.push(found.kept);
            for (index, buffer) in found.buffers {
                buffers[index] = buffer;
            }
        }
        let (head, g) = Head::with_gradient(
            scale.loss,
            &values[values.len() - 1],
            &chunk.targets,
            scale.weight,
        )?;
        let mut sums = Sums::new(values.len(), state.params.len(), g);
        let mut gradients = Vec::with_capacity(kept.len());
        for (i, node) in program.nodes().iter().enumerate().rev() {
            let g = sums.take(i + 1)?;
            let at = Primal::of(state, &values, node.input);
            let found = node.op.backward(at, &mut kept[i], &g)?;
            sums.add(&[node.input], found)?;
            gradients.push(g);
        }
        gradients.reverse();
        let tape = Self { values, kept, gradients, head };
        Ok(Recorded { tape, gradients: sums.params, buffers })
    }

    /// What the loss says of the outputs.
    pub(super) fn scored(&self) -> Scored {
        self.head.scored
    }

    /// Tangent and tangent-backward: (H·v) of this chunk for a block of directions, by table index.
    pub(super) fn hvp(
        &self,
        program: &Program,
        state: State<'_>,
        directions: &[Tensor],
    ) -> Result<Vec<Option<Tensor>>> {
        let mut tangents: Vec<Option<Tensor>> = vec![None];
        let mut inner = Vec::with_capacity(self.kept.len());
        for (i, node) in program.nodes().iter().enumerate() {
            let along = Directions { params: directions, input: tangents[node.input].as_ref() };
            let at = Primal::of(state, &self.values, node.input);
            let (tangent, kept_input) = node.op.tangent(at, along, &self.kept[i])?;
            tangents.push(Some(tangent));
            inner.push(kept_input);
        }
        let Some(Some(df)) = tangents.pop() else {
            candle_core::bail!("a program needs at least one op")
        };
        let mut sums = Sums::new(self.values.len(), state.params.len(), self.head.tangent(&df)?);
        for (i, node) in program.nodes().iter().enumerate().rev() {
            let dg = sums.take(i + 1)?;
            let along = Directions { params: directions, input: inner[i].as_ref() };
            let at = Primal::of(state, &self.values, node.input);
            let pair = (&self.gradients[i], &dg);
            let found = node.op.tangent_backward(at, along, &self.kept[i], pair)?;
            sums.add(&[node.input], found)?;
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
    fn new(n_values: usize, n_params: usize, output: Tensor) -> Self {
        let mut values = vec![None; n_values];
        values[n_values - 1] = Some(output);
        Self { values, params: vec![None; n_params] }
    }

    fn take(&mut self, value: usize) -> Result<Tensor> {
        match self.values[value].take() {
            Some(gradient) => Ok(gradient),
            None => candle_core::bail!("value {value} of the program is never read"),
        }
    }

    fn add(&mut self, inputs: &[usize], found: Gradients) -> Result<()> {
        for (input, gradient) in inputs.iter().zip(found.inputs) {
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
fn accumulate(sum: &mut Option<Tensor>, term: Tensor) -> Result<()> {
    *sum = Some(match sum.take() {
        Some(sum) => (sum + term)?,
        None => term,
    });
    Ok(())
}
