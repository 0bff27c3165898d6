//! Every network against its reference from candle operations.

use std::num::NonZeroUsize;

use candle_core::{Device, Tensor};

use super::Interface;
use crate::config::{
    Activation, Architecture, Batch, InputShape, ModelSpec, Normalization, Placement, PoolKind,
    ResidualForm,
};
use crate::net::engine::Program;
use crate::net::oracle;

/// The smallest network of an architecture that has all of the architecture's parts.
fn small(architecture: Architecture) -> ModelSpec {
    ModelSpec {
        hidden: vec![4, 4],
        width: 4,
        blocks: 1,
        block_layers: 2,
        heads: 2,
        patch: 2,
        activation: Activation::Tanh,
        ..architecture.default_model()
    }
}

/// Units do not overlap, cover every layer except the last, and number as many as each weight has
/// outputs.
fn check_units(program: &Program) {
    let units = program.units();
    assert!(units.windows(2).all(|pair| pair[0].end <= pair[1].start));
    let is_in = |spec: &&crate::net::ParamSpec| !spec.is_output;
    let n: usize = program.params().iter().filter(is_in).map(crate::net::ParamSpec::len).sum();
    assert_eq!(units.iter().map(std::iter::ExactSizeIterator::len).sum::<usize>(), n);
    for spec in program.params().iter().filter(is_in) {
        let elements = spec.offset..spec.offset + spec.len();
        let n_units = units.iter().filter(|unit| elements.contains(&unit.start)).count();
        let wanted = if spec.shape.len() > 1 { spec.shape[0] } else { 1 };
        assert_eq!(n_units, wanted, "{}", spec.name);
    }
}

fn check(model: &ModelSpec, interface: Interface) {
    let program = Program::of(model, interface);
    let covered: usize = (0..program.layers().len()).map(|i| program.layer_elements(i).len()).sum();
    assert_eq!(covered, program.n_params(), "every parameter is in one layer");
    check_units(&program);
    let inputs = match interface.shape {
        InputShape::Tokens { length, vocabulary } => {
            let tokens = (0..5 * length).map(|i| ((i * i + i / 3) % vocabulary) as f64);
            Some(Tensor::from_vec(tokens.collect(), (5, length), &Device::Cpu).unwrap())
        }
        InputShape::Flat | InputShape::Image { .. } => None,
    };
    if model.sigma_reparam {
        let candle = |params: &[Tensor], x: &Tensor| oracle::output(&program, params, x);
        oracle::check_against_candle(&program, inputs.as_ref(), &candle);
    } else {
        oracle::check_program(&program, inputs.as_ref());
    }
}

fn normalizations(model: &ModelSpec) -> impl Iterator<Item = ModelSpec> {
    let choices = Normalization::ALL.iter();
    choices.map(|normalization| ModelSpec { normalization: *normalization, ..model.clone() })
}

#[test]
fn fully_connected_networks_of_every_normalization_have_exact_derivatives() {
    for architecture in [Architecture::Mlp, Architecture::ResidualMlp] {
        for model in normalizations(&small(architecture)) {
            check(&model, Interface::flat(5, 3));
        }
    }
    let ghosts = Batch::Size(NonZeroUsize::new(2).unwrap());
    let model = ModelSpec { ghost_batch: ghosts, ..small(Architecture::Mlp) };
    check(&ModelSpec { normalization: Normalization::Batch, ..model }, Interface::flat(5, 3));
}

#[test]
fn convolutional_networks_of_every_normalization_have_exact_derivatives() {
    for architecture in [Architecture::Cnn, Architecture::Resnet, Architecture::Densenet] {
        for model in normalizations(&small(architecture)) {
            check(&model, Interface::image([5, 6, 2], 3));
        }
    }
    let model = ModelSpec { pool: PoolKind::Max, ..small(Architecture::Cnn) };
    check(&model, Interface::image([6, 6, 1], 3));
}

#[test]
fn networks_on_images_of_one_row_have_exact_derivatives() {
    for architecture in [Architecture::Cnn, Architecture::Resnet, Architecture::Densenet] {
        check(&small(architecture), Interface::image([1, 8, 1], 3));
    }
    check(&small(Architecture::Transformer), Interface::image([1, 8, 1], 3));
}

#[test]
fn networks_in_fixups_form_have_exact_derivatives() {
    let residual = ResidualForm::Fixup;
    let model = ModelSpec { residual, ..small(Architecture::ResidualMlp) };
    check(&model, Interface::flat(5, 3));
    let model = ModelSpec { residual, ..small(Architecture::Resnet) };
    check(&model, Interface::image([4, 4, 1], 3));
}

#[test]
fn networks_with_standardised_weights_have_exact_derivatives() {
    for architecture in [Architecture::Mlp, Architecture::Cnn, Architecture::Resnet] {
        let model = ModelSpec { weight_standardisation: true, ..small(architecture) };
        check(&model, Interface::image([4, 4, 2], 3));
    }
}

#[test]
fn transformers_of_every_form_have_exact_derivatives() {
    let strings = Interface {
        n_inputs: 5,
        shape: InputShape::Tokens { length: 5, vocabulary: 3 },
        n_positions: 3,
        n_outputs: 3,
    };
    let plain = small(Architecture::Transformer);
    let layer = ModelSpec { normalization: Normalization::Layer, ..plain.clone() };
    for model in [
        layer.clone(),
        ModelSpec { placement: Placement::Post, ..layer.clone() },
        ModelSpec { qk_norm: true, ..layer },
        ModelSpec { sigma_reparam: true, ..plain.clone() },
        ModelSpec { blocks: 2, ..plain.clone() },
        plain,
    ] {
        check(&model, strings);
        check(&model, Interface::image([4, 4, 1], 3));
    }
}

#[test]
fn mup_scores_equal_those_of_scaled_queries_and_have_exact_derivatives() {
    let interface = Interface::image([4, 4, 1], 3);
    let plain = Program::of(&small(Architecture::Transformer), interface);
    let scaled = plain.clone().with_mup_scores(1);
    oracle::check_program(&scaled, None);
    let tensor = |spec: &crate::net::ParamSpec, factor: f64| {
        let numbers = (0..spec.len()).map(|i| factor * ((i + spec.offset) as f64).sin());
        Tensor::from_vec(numbers.collect(), spec.shape.as_slice(), &Device::Cpu).unwrap()
    };
    let x: Tensor =
        Tensor::from_vec((0..48).map(|i| f64::from(i).cos()).collect(), (3, 16), &Device::Cpu)
            .unwrap();
    let output = |program: &Program, of_queries: f64| {
        let factor = |name: &str| if name.contains("query") { of_queries } else { 1.0 };
        let params: Vec<_> =
            program.params().iter().map(|spec| tensor(spec, factor(&spec.name))).collect();
        crate::net::widen(&oracle::output(program, &params, &x).unwrap().flatten_all().unwrap())
            .unwrap()
    };
    // At width 4 the scores are scaled by √(1/4).
    let (found, wanted) = (output(&scaled, 1.0), output(&plain, 0.5));
    assert!(found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-12));
    assert!(output(&plain, 1.0).iter().zip(&wanted).any(|(a, b)| (a - b).abs() > 1e-3));
    assert_eq!(output(&plain.clone().with_mup_scores(4), 1.0), output(&plain, 1.0));
}
