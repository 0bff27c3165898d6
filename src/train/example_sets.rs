//! The examples of a run: training, test and probe examples, as they are arranged at present.

use candle_core::{Device, Result, Tensor};

use crate::config::{Arrangement, RunConfig, TaskInfo};
use crate::data::{Examples, InputShape, Task};
use crate::net::Batch;
use crate::random::{Purpose, Stream};

/// The examples as loaded and as arranged. A clone shares the tensors.
#[derive(Clone, Debug)]
pub(super) struct ExampleSets {
    /// Training examples.
    pub(super) train: Batch,
    /// Test examples; `None` if the training examples are the whole task.
    pub(super) test: Option<Batch>,
    /// The first training examples, on which the curvature is measured.
    pub(super) probe: Batch,
    loaded_train: Batch,
    loaded_test: Option<Batch>,
    layout: Layout,
}

/// What the numbers of an example are, and the seed of its arrangements.
#[derive(Clone, Copy, Debug)]
struct Layout {
    seed: u64,
    n_probe: usize,
    /// Numbers that a permutation of the inputs keeps together; `None` if inputs are not permuted.
    n_together: Option<usize>,
    n_classes: Option<usize>,
}

impl ExampleSets {
    /// The examples of a task as tensors of the run's dtype, in the arrangement that the
    /// configuration begins with.
    pub(super) fn new(task: &Task, info: &TaskInfo, config: &RunConfig) -> Result<Self> {
        let dtype = config.dtype.into();
        let tensors = |examples: &Examples| -> Result<Batch> {
            let rows = |data: &[f64]| {
                Tensor::from_slice(data, (examples.n, data.len() / examples.n), &Device::Cpu)?
                    .to_dtype(dtype)
            };
            Ok(Batch { inputs: rows(&examples.inputs)?, targets: rows(&examples.targets)? })
        };
        let (train, test) = (tensors(&task.train)?, task.test.as_ref().map(tensors).transpose()?);
        let n_together = match info.shape {
            InputShape::Flat => Some(1),
            InputShape::Image { channels, .. } => Some(channels),
            InputShape::Tokens { .. } => None,
        };
        let layout = Layout {
            seed: config.seed,
            n_probe: config.n_probe(),
            n_together,
            n_classes: info.n_classes(),
        };
        let mut sets = Self {
            probe: layout.probe(&train)?,
            train: train.clone(),
            test: test.clone(),
            loaded_train: train,
            loaded_test: test,
            layout,
        };
        if !config.live.data.is_as_loaded() {
            sets.arrange(&config.live.data)?;
        }
        Ok(sets)
    }

    /// Arranges the loaded examples anew. The first probe examples stay the first training examples.
    pub(super) fn arrange(&mut self, arrangement: &Arrangement) -> Result<()> {
        let mut train = self.layout.arranged(&self.loaded_train, arrangement)?;
        if arrangement.labels > 0 {
            let order =
                self.layout.order(train.targets.dim(0)?, Purpose::LabelShuffle, arrangement.labels);
            train.targets = train.targets.index_select(&indices(&order)?, 0)?;
        }
        let test = self.loaded_test.as_ref();
        self.test = test.map(|test| self.layout.arranged(test, arrangement)).transpose()?;
        self.probe = self.layout.probe(&train)?;
        self.train = train;
        Ok(())
    }
}

impl Layout {
    fn probe(&self, train: &Batch) -> Result<Batch> {
        Ok(Batch {
            inputs: train.inputs.narrow(0, 0, self.n_probe)?,
            targets: train.targets.narrow(0, 0, self.n_probe)?,
        })
    }

    /// The numbers 0..n in the order of this draw.
    fn order(&self, n: usize, purpose: Purpose, number: u32) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        Stream::new(self.seed, purpose, number.into()).shuffle(&mut order);
        order
    }

    /// Examples with their classes exchanged and their inputs permuted.
    fn arranged(&self, loaded: &Batch, arrangement: &Arrangement) -> Result<Batch> {
        Ok(Batch {
            inputs: self.permuted(&loaded.inputs, arrangement.inputs)?,
            targets: self.shifted(&loaded.targets, arrangement.classes)?,
        })
    }

    /// Inputs of shape `[n, numbers]` with the numbers of every example in another order.
    fn permuted(&self, inputs: &Tensor, number: u32) -> Result<Tensor> {
        let Some(n_together) = self.n_together.filter(|_| number > 0) else {
            return Ok(inputs.clone());
        };
        let order = self.order(inputs.dim(1)? / n_together, Purpose::InputPermutation, number);
        let places: Vec<usize> = order
            .into_iter()
            .flat_map(|place| place * n_together..(place + 1) * n_together)
            .collect();
        inputs.index_select(&indices(&places)?, 1)
    }

    /// Targets of shape `[n, predictions × outputs]` of class c + n in place of class c.
    fn shifted(&self, targets: &Tensor, n_places: u32) -> Result<Tensor> {
        let Some(n_classes) = self.n_classes else { return Ok(targets.clone()) };
        let shift = n_places as usize % n_classes;
        if shift == 0 {
            return Ok(targets.clone());
        }
        let n_numbers = targets.dim(1)?;
        if !n_numbers.is_multiple_of(n_classes) {
            // Two classes as one output of −1 and 1.
            return targets.neg();
        }
        // The target of class c stands where that of class c − n stood.
        let source = |at: usize| {
            let (first, class) = (at - at % n_classes, at % n_classes);
            first + (class + n_classes - shift) % n_classes
        };
        let places: Vec<usize> = (0..n_numbers).map(source).collect();
        targets.index_select(&indices(&places)?, 1)
    }
}

/// Indices as a tensor.
fn indices(places: &[usize]) -> Result<Tensor> {
    let places: Vec<u32> = places.iter().filter_map(|place| u32::try_from(*place).ok()).collect();
    let n = places.len();
    Tensor::from_vec(places, n, &Device::Cpu)
}
