//! Layer-sequential unit variance (LSUV, arXiv 1511.06422): scales one layer's weight after the
//! other so that weight · input has variance 1.

use super::iteration::{Measured, Scaled, TuningContext, Update, vector};
use crate::config::RunConfig;
use crate::net::{Halt, Program};
use crate::random::{Purpose, Stream};

/// LSUV of one network.
#[derive(Clone, Debug)]
pub(super) struct Lsuv {
    seed: u64,
    n_examples: usize,
    /// Indices of the weights, in network order.
    tensors: Vec<usize>,
    /// Value index of each weight · input.
    products: Vec<usize>,
}

impl Lsuv {
    /// Selects all weights whose weight · input is linear in the weight.
    pub(super) fn new(config: &RunConfig, program: &Program) -> Self {
        let product = |param: usize| Some((param, program.product_of(param)?));
        let mut found: Vec<_> = (0..program.params().len()).filter_map(product).collect();
        found.sort_by_key(|(_, value)| *value);
        let (tensors, products) = found.into_iter().unzip();
        let n_examples = config.init.tuning_batch;
        Self { seed: config.seed, n_examples, tensors, products }
    }

    pub(super) fn tensors(&self) -> &[usize] {
        &self.tensors
    }

    /// One per layer: weight · input is linear in the weight, so one division by its standard
    /// deviation suffices, and later layers do not change it.
    pub(super) fn n_iterations(&self) -> u64 {
        self.tensors.len() as u64
    }

    /// Measures the mean of |Var − 1| over the layers; then W ← W/√Var for the next layer unless
    /// its Var is 0.
    pub(super) fn iterate(
        &mut self,
        context: TuningContext<'_>,
        iteration: u64,
        weights: &mut Scaled,
        update: Update,
    ) -> Result<Measured, Halt> {
        let mut places: Vec<usize> = (0..context.n_train()).collect();
        Stream::new(self.seed, Purpose::Lsuv, 0).shuffle(&mut places);
        places.truncate(self.n_examples);
        let batch = context.examples(&places)?;
        let params = vector(&weights.weights(), batch.inputs.dtype())?;
        let (objective, ask) = (context.objective, context.is_interrupted);
        let variances = objective.variances(&params, context.buffers, &batch, ask)?;
        let layer = usize::try_from(iteration).unwrap_or(usize::MAX);
        if let (Update::Apply, Some(product)) = (update, self.products.get(layer)) {
            let variance = variances[*product];
            if variance > 0.0 {
                weights.scales[self.tensors[layer]] /= variance.sqrt();
            }
        }
        let distances = self.products.iter().map(|value| (variances[*value] - 1.0).abs());
        let objective = distances.sum::<f64>() / self.products.len().max(1) as f64;
        Ok(Measured { objective, grad_norm: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Architecture, BuiltinTask, ModelSpec, Normalization};
    use crate::init::testing::{Small, small};
    use crate::init::{Tuner, initialize};
    use crate::net::never;

    /// Checks in both precisions that after tuning every weight · input has variance 1.
    fn check(task: BuiltinTask, model: &ModelSpec, n_layers: usize) {
        for scale in [0.3, 4.0] {
            let mut config = small(task, model.clone());
            (config.init.tuning, config.init.scale) = (crate::config::Tuning::Lsuv, scale);
            let small = Small::new(config);
            let program = small.program();
            let drawn = initialize(program.params(), &small.config.init, 1, &never).unwrap();
            let mut tuner = Tuner::new(&small.config, &small.info, program, &drawn).unwrap();
            let mut preparations = Vec::new();
            while !tuner.is_over() {
                preparations.push(tuner.iterate(small.context()).unwrap());
            }
            assert_eq!(
                preparations.len(),
                n_layers + 1,
                "one iteration per layer and a final measurement"
            );
            let lsuv = Lsuv::new(&small.config, program);
            let places: Vec<usize> = {
                let mut all: Vec<usize> = (0..small.context().n_train()).collect();
                Stream::new(small.config.seed, Purpose::Lsuv, 0).shuffle(&mut all);
                all.into_iter().take(lsuv.n_examples).collect()
            };
            let batch = small.context().examples(&places).unwrap();
            let w = vector(&tuner.weights(), batch.inputs.dtype()).unwrap();
            let objective = &small.objective;
            let found = objective.variances(&w, &small.buffers, &batch, &never);
            let found = found.unwrap();
            for (tensor, value) in lsuv.tensors.iter().zip(&lsuv.products) {
                let (name, variance) = (&program.params()[*tensor].name, found[*value]);
                assert!((variance - 1.0).abs() < 1e-9, "{name}: {variance}");
            }
            assert!(preparations[0].objective > 0.05 && preparations[n_layers].objective < 1e-9);
        }
    }

    #[test]
    fn every_layers_output_has_variance_one_in_every_architecture() {
        let flat =
            |architecture: Architecture| ModelSpec { width: 8, ..architecture.default_model() };
        check(BuiltinTask::Clusters, &flat(Architecture::Mlp), 3);
        check(BuiltinTask::Clusters, &flat(Architecture::ResidualMlp), 6);
        check(BuiltinTask::Digits, &flat(Architecture::Cnn), 3);
        check(BuiltinTask::Digits, &flat(Architecture::Resnet), 10);
        check(BuiltinTask::Digits, &flat(Architecture::Transformer), 14);
        let normalization = Normalization::Batch;
        check(BuiltinTask::Digits, &ModelSpec { normalization, ..flat(Architecture::Cnn) }, 3);
    }

    #[test]
    fn standardised_weights_are_not_scaled() {
        let program = |model| {
            let small = Small::new(small(BuiltinTask::Digits, model));
            Lsuv::new(&small.config, small.program()).tensors.len()
        };
        let cnn = Architecture::Cnn.default_model();
        assert_eq!(program(ModelSpec { weight_standardisation: true, ..cnn }), 1);
        let transformer = Architecture::Transformer.default_model();
        assert_eq!(program(ModelSpec { sigma_reparam: true, ..transformer }), 1);
    }

    #[test]
    fn a_zero_layer_stays_zero() {
        let mut config = small(BuiltinTask::Clusters, ModelSpec::default());
        config.init.tuning = crate::config::Tuning::Lsuv;
        config.init.zero_last_layer = true;
        let small = Small::new(config);
        let drawn = initialize(small.program().params(), &small.config.init, 1, &never).unwrap();
        let mut tuner = Tuner::new(&small.config, &small.info, small.program(), &drawn).unwrap();
        while !tuner.is_over() {
            tuner.iterate(small.context()).unwrap();
        }
        let preparation = tuner.iterate(small.context()).unwrap();
        assert_eq!(preparation.sizes.last(), Some(&1.0));
        assert!(tuner.weights().iter().all(|w| w.is_finite()));
    }
}
