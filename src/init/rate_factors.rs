//! Per-tensor learning-rate factors: of Fixup's scalars, and of μP by width.

use crate::config::{Architecture, InitScheme, ModelSpec, ResidualForm, RunConfig, StepLength};
use crate::net::{ParamSpec, Role};

/// Learning rate of Fixup's scalars relative to the weights' (arXiv 1901.09321).
const SCALARS: f64 = 0.1;

/// Factors on the learning rate, one per tensor of the table; `None` if all are 1.
///
/// Fixup's scalars have a factor of 0.1. Under μP (arXiv 2203.03466, Table 3), factors are relative
/// to the width n₀ = `init.base_width`. For rules whose steps scale with the gradient: n/n₀ for
/// input weights, embeddings, biases, gains and shifts of n units; 1 for hidden weights; n₀/n for
/// the last layer's weight. For rules with steps of fixed size per coordinate (Adam and variants,
/// `RMSProp`, sign descent): n₀/n for weights that read n hidden units, 1 for all other tensors.
/// The widths of input, output and scalars are constant.
#[must_use]
pub fn rate_factors(table: &[ParamSpec], config: &RunConfig) -> Option<Vec<f64>> {
    let model = &config.model;
    let is_fixup = model.residual == ResidualForm::Fixup
        && matches!(model.architecture, Architecture::ResidualMlp | Architecture::Resnet);
    let is_mup = config.init.scheme == InitScheme::Mup;
    // A token embedding is the first tensor; a positional embedding comes later.
    let is_tokens = table.first().is_some_and(|first| first.role == Role::Embedding);
    let mut layer = usize::from(is_tokens);
    let factors: Vec<f64> = table
        .iter()
        .map(|tensor| {
            layer += usize::from(tensor.role == Role::Weight);
            match tensor.shape.as_slice() {
                [1] if is_fixup && matches!(tensor.role, Role::Gain | Role::Shift) => SCALARS,
                _ if is_mup => mup(tensor, config, layer),
                _ => 1.0,
            }
        })
        .collect();
    factors.iter().any(|factor| *factor != 1.0).then_some(factors)
}

/// μP's factor for a tensor of the `layer`-th layer; layer 1 reads the input.
fn mup(tensor: &ParamSpec, config: &RunConfig, layer: usize) -> f64 {
    let base = config.init.base_width as f64;
    let reads_input = tensor.role == Role::Embedding || layer == 1;
    if config.optimizer.rule.step_length() == StepLength::PerParameter {
        return match tensor.role {
            Role::Weight if !reads_input => base / width_of(&config.model, layer - 1, base),
            Role::Weight | Role::Embedding | Role::Bias | Role::Gain | Role::Shift => 1.0,
        };
    }
    // The width of its layer; for the last layer, of the layer before.
    let width = width_of(&config.model, layer, base);
    match tensor.role {
        Role::Weight if tensor.is_output && reads_input => 1.0,
        Role::Weight if tensor.is_output => base / width,
        Role::Weight if !reads_input => 1.0,
        Role::Bias if tensor.is_output => 1.0,
        Role::Gain | Role::Shift if tensor.shape == [1] => 1.0,
        Role::Weight | Role::Embedding | Role::Bias | Role::Gain | Role::Shift => width / base,
    }
}

/// Units of the `layer`-th hidden layer, from 1, clamped to the last hidden layer; `base` without
/// hidden layers.
fn width_of(model: &ModelSpec, layer: usize, base: f64) -> f64 {
    match model.architecture {
        Architecture::Mlp | Architecture::Cnn => {
            let last = model.hidden.len().saturating_sub(1);
            model.hidden.get((layer - 1).min(last)).map_or(base, |n| *n as f64)
        }
        Architecture::ResidualMlp
        | Architecture::Resnet
        | Architecture::Densenet
        | Architecture::Transformer => model.width as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Normalization, Rule};
    use crate::net::{Interface, Program};

    /// Factors other than 1, by tensor name.
    fn factors(config: &RunConfig, interface: Interface) -> Vec<(String, f64)> {
        let program = Program::of(&config.model, interface);
        let table = program.params();
        let Some(factors) = rate_factors(table, config) else { return Vec::new() };
        assert_eq!(factors.len(), table.len());
        let named = table.iter().map(|tensor| tensor.name.clone()).zip(factors);
        named.filter(|(_, factor)| *factor != 1.0).collect()
    }

    fn config(model: ModelSpec, scheme: InitScheme) -> RunConfig {
        let mut config = RunConfig { model, ..RunConfig::default() };
        config.init.scheme = scheme;
        config
    }

    fn named<const N: usize>(pairs: [(&str, f64); N]) -> Vec<(String, f64)> {
        pairs.map(|(name, factor)| (name.to_owned(), factor)).into()
    }

    #[test]
    fn the_scalars_of_fixups_form_have_a_tenth_of_the_rate_whatever_the_scheme() {
        let residual = ResidualForm::Fixup;
        let model = ModelSpec { residual, blocks: 1, ..Architecture::ResidualMlp.default_model() };
        for scheme in [InitScheme::Fixup, InitScheme::HeNormal, InitScheme::Mup] {
            let found = factors(&config(model.clone(), scheme), Interface::flat(20, 1));
            let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
            let wanted = [
                "stem.shift",
                "block1.before1.shift",
                "block1.layer1.shift",
                "block1.before2.shift",
                "block1.branch.gain",
                "block1.branch.shift",
                "end.shift",
            ];
            assert_eq!(names, wanted, "{scheme}");
            assert!(found.iter().all(|(_, factor)| *factor == 0.1), "{scheme}: {found:?}");
        }
        let plain = config(Architecture::ResidualMlp.default_model(), InitScheme::HeNormal);
        assert_eq!(factors(&plain, Interface::flat(20, 1)), []);
        // Only residual networks read the form.
        let flat = ModelSpec { residual, ..ModelSpec::default() };
        assert_eq!(factors(&config(flat, InitScheme::HeNormal), Interface::flat(20, 1)), []);
    }

    #[test]
    fn mup_scales_rates_by_width_as_its_table_3_says() {
        let model = ModelSpec { hidden: vec![64, 64, 128], ..ModelSpec::default() };
        let mut config = config(model, InitScheme::Mup);
        let wanted = named([
            ("layer0.weight", 2.0),
            ("layer0.bias", 2.0),
            ("layer1.bias", 2.0),
            ("layer2.bias", 4.0),
            ("layer3.weight", 0.25),
        ]);
        assert_eq!(factors(&config, Interface::flat(784, 10)), wanted);
        config.model.hidden = vec![32; 3];
        assert_eq!(factors(&config, Interface::flat(784, 10)), [], "at the base width");
        config.init.base_width = 16;
        config.model.normalization = Normalization::Batch;
        config.model.hidden = vec![32];
        let wanted = named([
            ("layer0.weight", 2.0),
            ("layer0.gain", 2.0),
            ("layer0.shift", 2.0),
            ("layer1.weight", 0.5),
        ]);
        assert_eq!(factors(&config, Interface::flat(784, 10)), wanted);
        config.model.hidden = Vec::new();
        assert_eq!(factors(&config, Interface::flat(784, 10)), [], "a linear model has no width");
    }

    #[test]
    fn for_steps_of_fixed_size_rates_fall_with_the_inputs_of_a_weight() {
        let interface = Interface::image([8, 8, 1], 10);
        let hidden = vec![64, 64, 128];
        let mut flat = config(ModelSpec { hidden, ..ModelSpec::default() }, InitScheme::Mup);
        let model = ModelSpec { width: 64, blocks: 1, ..Architecture::Transformer.default_model() };
        let mut transformer = config(model, InitScheme::Mup);
        for rule in [Rule::Rmsprop, Rule::Adam, Rule::Adamw, Rule::GiAdam, Rule::Sign] {
            flat.optimizer.rule = rule;
            let wanted =
                named([("layer1.weight", 0.5), ("layer2.weight", 0.5), ("layer3.weight", 0.25)]);
            assert_eq!(factors(&flat, Interface::flat(784, 10)), wanted, "{rule}");
            transformer.optimizer.rule = rule;
            let found = factors(&transformer, interface);
            // Queries, keys, values, projection, the two MLP layers, and the output.
            assert_eq!(found.len(), 7, "{rule}: {found:?}");
            let is_half = |(name, factor): &(String, f64)| {
                name.ends_with(".weight") && !name.starts_with("positions") && *factor == 0.5
            };
            assert!(found.iter().all(is_half), "{rule}: {found:?}");
        }
        flat.model.hidden = Vec::new();
        assert_eq!(factors(&flat, Interface::flat(784, 10)), [], "a linear model has no width");
    }

    #[test]
    fn a_transformers_embeddings_count_as_its_first_layer() {
        let model = ModelSpec { width: 64, blocks: 1, ..Architecture::Transformer.default_model() };
        let config = config(model, InitScheme::Mup);
        let tokens = Interface {
            n_inputs: 5,
            shape: crate::config::InputShape::Tokens { length: 5, vocabulary: 3 },
            n_positions: 3,
            n_outputs: 3,
        };
        for (interface, n_weights) in [(tokens, 2), (Interface::image([8, 8, 1], 10), 2)] {
            let found = factors(&config, interface);
            let is_weight = |(name, _): &&(String, f64)| name.ends_with("weight");
            let weights: Vec<_> = found.iter().filter(is_weight).cloned().collect();
            let wanted = named([
                ("embedding.weight", 2.0),
                ("positions.weight", 2.0),
                ("output.weight", 0.5),
            ]);
            assert_eq!(weights.len(), n_weights + 1);
            assert_eq!(weights, wanted);
            assert!(!found.iter().any(|(name, _)| name == "output.bias"));
        }
    }
}
