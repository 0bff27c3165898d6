//! The network's tensors with their names, as plain numbers.

use super::error::TrainError;
use super::trainer::Trainer;
use crate::net::widen;
use crate::sample::NamedTensor;

impl Trainer {
    /// Parameters, then buffers, before the next step.
    ///
    /// # Errors
    /// The tensors cannot be read.
    pub fn named_tensors(&self) -> Result<Vec<NamedTensor>, TrainError> {
        let program = self.objective.program();
        let flat = widen(&self.params)?;
        let mut all: Vec<_> = program
            .params()
            .iter()
            .map(|spec| NamedTensor {
                name: spec.name.clone(),
                shape: spec.shape.clone(),
                values: flat[spec.offset..spec.offset + spec.len()].to_vec(),
            })
            .collect();
        for (spec, buffer) in program.buffers().iter().zip(&self.buffers) {
            let (name, shape) = (spec.name.clone(), spec.shape.clone());
            all.push(NamedTensor { name, shape, values: widen(buffer)? });
        }
        Ok(all)
    }
}
