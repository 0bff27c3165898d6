//! The state needed to continue a run bit for bit. Random numbers need none: each is a function of
//! seed, purpose and step.

use candle_core::{Result, Tensor};

use super::example_sets::ExampleSets;
use super::measure::Probes;
use super::trainer::{First, Trainer};
use crate::config::LiveSettings;
use crate::init::Tuner;
use crate::optim::Optimizer;
use crate::optim::rate::Rates;

/// The state of a run before a step.
#[derive(Clone, Debug)]
pub struct Snapshot {
    step: u64,
    live: LiveSettings,
    /// As they are arranged under the live settings.
    examples: ExampleSets,
    tuner: Option<Tuner>,
    params: Tensor,
    /// Buffers with their names in the program.
    buffers: Vec<(String, Tensor)>,
    optimizer: Optimizer,
    rates: Rates,
    probes: Probes,
    first: Option<First>,
}

impl Snapshot {
    /// Index of the next step.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The live settings in force.
    #[must_use]
    pub fn live(&self) -> &LiveSettings {
        &self.live
    }

    /// Named tensors: weights, buffers, the state of the optimizer and of the learning rate rule,
    /// and tracked eigenvectors.
    ///
    /// # Errors
    /// Memory runs out.
    pub fn tensors(&self) -> Result<Vec<(String, Tensor)>> {
        let mut tensors = vec![("params".to_owned(), self.params.clone())];
        for (name, tensor) in &self.buffers {
            tensors.push((format!("buffer.{name}"), tensor.clone()));
        }
        for (name, tensor) in self.optimizer.state()? {
            tensors.push((format!("optimizer.{name}"), tensor));
        }
        for (name, value) in self.rates.state() {
            let value = Tensor::new(&[value], self.params.device())?;
            tensors.push((format!("rate.{name}"), value));
        }
        let probes =
            [("eigenvector", &self.probes.raw), ("scaled-eigenvector", &self.probes.scaled)];
        for (name, probe) in probes {
            for (identity, vector) in probe.tracked() {
                let vector = Tensor::from_slice(vector, vector.len(), self.params.device())?;
                tensors.push((format!("{name}.{identity}"), vector));
            }
        }
        Ok(tensors)
    }
}

impl Trainer {
    /// The state before the next step; cheap, as tensors are shared and never changed in place.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let names = self.objective().program().buffers().iter().map(|spec| spec.name.clone());
        Snapshot {
            step: self.step,
            live: self.live.clone(),
            examples: self.examples.clone(),
            tuner: self.tuner.clone(),
            params: self.params.clone(),
            buffers: names.zip(&self.buffers).map(|(n, t)| (n, t.clone())).collect(),
            optimizer: self.optimizer.clone(),
            rates: self.rates,
            probes: self.probes.clone(),
            first: self.first,
        }
    }

    /// Restores a state of the same run, earlier or later.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.step = snapshot.step;
        self.live = snapshot.live.clone();
        self.examples = snapshot.examples.clone();
        self.tuner.clone_from(&snapshot.tuner);
        self.params = snapshot.params.clone();
        self.buffers = snapshot.buffers.iter().map(|(_, tensor)| tensor.clone()).collect();
        self.optimizer = snapshot.optimizer.clone();
        self.rates = snapshot.rates;
        self.probes = snapshot.probes.clone();
        self.first = snapshot.first;
    }
}
