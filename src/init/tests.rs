//! Tests of the moments, bounds and random streams of initial weights.

use std::collections::BTreeSet;

use super::initialize;
use crate::config::{Architecture, InitScheme, InitSpec, ModelSpec, ResidualForm, RunConfig};
use crate::net::{Interface, ParamSpec, Program, Role, never};

fn table(widths: &[usize]) -> Vec<ParamSpec> {
    let mut table = Vec::new();
    let mut offset = 0;
    for (layer, pair) in widths.windows(2).enumerate() {
        let (fan_in, fan_out) = (pair[0], pair[1]);
        for (role, shape) in [(Role::Weight, vec![fan_out, fan_in]), (Role::Bias, vec![fan_out])] {
            let spec = ParamSpec {
                name: format!("layer{layer}.{role:?}"),
                shape,
                offset,
                role,
                fan_in,
                fan_out,
                is_output: layer + 2 == widths.len(),
                branch: None,
            };
            offset += spec.len();
            table.push(spec);
        }
    }
    table
}

fn spec(scheme: InitScheme) -> InitSpec {
    InitSpec { scheme, ..InitSpec::default() }
}

fn tensor<'a>(w: &'a [f64], spec: &ParamSpec) -> &'a [f64] {
    &w[spec.offset..spec.offset + spec.len()]
}

#[test]
fn weights_have_the_mean_and_variance_of_their_scheme() {
    let table = table(&[300, 200, 10]);
    let (fan_in, fan_out) = (300.0, 200.0);
    for (scheme, variance) in [
        (InitScheme::LecunNormal, 1.0 / fan_in),
        (InitScheme::LecunUniform, 1.0 / fan_in),
        (InitScheme::XavierNormal, 2.0 / (fan_in + fan_out)),
        (InitScheme::XavierUniform, 2.0 / (fan_in + fan_out)),
        (InitScheme::HeNormal, 2.0 / fan_in),
        (InitScheme::HeUniform, 2.0 / fan_in),
        (InitScheme::Pytorch, 1.0 / (3.0 * fan_in)),
        (InitScheme::Orthogonal, 1.0 / fan_in),
        (InitScheme::Mup, 1.0 / fan_in),
        (InitScheme::Fixup, 2.0 / fan_in),
    ] {
        let w = initialize(&table, &spec(scheme), 1, &never).unwrap();
        let w = tensor(&w, &table[0]);
        let n = w.len() as f64;
        let mean = w.iter().sum::<f64>() / n;
        let second = w.iter().map(|x| x * x).sum::<f64>() / n;
        // Five standard errors: √(var/n) for the mean, √(2/n)·var for the variance.
        assert!(mean.abs() < 5.0 * (variance / n).sqrt(), "{scheme}: mean {mean}");
        assert!((second / variance - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{scheme}: {second}");
    }
}

#[test]
fn uniform_weights_fill_their_bounds_and_normal_ones_exceed_them() {
    let table = table(&[100, 100, 10]);
    for (scheme, bound, is_bounded) in [
        (InitScheme::LecunUniform, 3_f64.sqrt() / 10.0, true),
        (InitScheme::XavierUniform, 3_f64.sqrt() / 10.0, true),
        (InitScheme::HeUniform, 6_f64.sqrt() / 10.0, true),
        (InitScheme::Pytorch, 0.1, true),
        (InitScheme::HeNormal, 6_f64.sqrt() / 10.0, false),
    ] {
        let w = initialize(&table, &spec(scheme), 2, &never).unwrap();
        let largest = tensor(&w, &table[0]).iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        assert_eq!(largest <= bound, is_bounded, "{scheme}: {largest}");
        assert!(largest > 0.99 * bound, "{scheme}: {largest} of {bound}");
    }
}

#[test]
fn biases_are_zero_except_under_pytorch_where_they_fill_their_bounds() {
    let table = table(&[16, 4000, 1]);
    for scheme in InitScheme::ALL {
        let w = initialize(&table, &spec(*scheme), 3, &never).unwrap();
        let largest = tensor(&w, &table[1]).iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        if *scheme == InitScheme::Pytorch {
            assert!((0.249..=0.25).contains(&largest), "{largest}");
        } else {
            assert_eq!(largest, 0.0, "{scheme}");
        }
    }
}

#[test]
fn orthogonal_weights_have_orthonormal_rows_or_columns() {
    for (n_rows, n_columns) in [(30, 50), (50, 30), (40, 40), (1, 7), (7, 1)] {
        let table = table(&[n_columns, n_rows]);
        let w = initialize(&table, &spec(InitScheme::Orthogonal), 4, &never).unwrap();
        let at = |row: usize, column: usize| w[row * n_columns + column];
        let n = n_rows.min(n_columns);
        for a in 0..n {
            for b in 0..n {
                let dot: f64 = if n_rows <= n_columns {
                    (0..n_columns).map(|k| at(a, k) * at(b, k)).sum()
                } else {
                    (0..n_rows).map(|k| at(k, a) * at(k, b)).sum()
                };
                let wanted = if a == b { 1.0 } else { 0.0 };
                assert!((dot - wanted).abs() < 1e-12, "{n_rows}×{n_columns}: {dot}");
            }
        }
    }
}

#[test]
fn one_by_one_orthogonal_weights_have_both_signs_over_seeds() {
    let table = table(&[1, 1]);
    let of = |seed| initialize(&table, &spec(InitScheme::Orthogonal), seed, &never).unwrap()[0];
    let n_positive = (0..200).filter(|seed| of(*seed) == 1.0).count();
    let n_negative = (0..200).filter(|seed| of(*seed) == -1.0).count();
    assert_eq!(n_positive + n_negative, 200);
    assert!((60..=140).contains(&n_positive), "{n_positive}");
}

#[test]
fn embeddings_have_their_own_deviation_and_begin_a_layer() {
    let mut table = table(&[400, 100]);
    let plain = initialize(&table, &spec(InitScheme::HeNormal), 9, &never).unwrap();
    let embedding = ParamSpec {
        name: "embedding.weight".to_owned(),
        shape: vec![100, 200],
        offset: 400 * 100 + 100,
        role: Role::Embedding,
        fan_in: 100,
        fan_out: 200,
        is_output: false,
        branch: None,
    };
    table.push(embedding);
    for (scheme, deviation) in [(InitScheme::HeNormal, 0.02), (InitScheme::Pytorch, 1.0)] {
        let scaled = InitSpec { scheme, scale: 3.0, ..InitSpec::default() };
        let w = initialize(&table, &scaled, 9, &never).unwrap();
        let w = tensor(&w, &table[2]);
        let n = w.len() as f64;
        let second = w.iter().map(|x| x * x).sum::<f64>() / n;
        // Five standard errors, as above.
        let ratio = second / (3.0_f64 * deviation).powi(2);
        assert!((ratio - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{scheme}: {ratio}");
    }
    let w = initialize(&table, &spec(InitScheme::HeNormal), 9, &never).unwrap();
    assert_eq!(w[..plain.len()], plain[..]);
    table[2].offset = 0;
    for spec in &mut table[..2] {
        spec.offset += 100 * 200;
    }
    table.rotate_right(1);
    let w = initialize(&table, &spec(InitScheme::HeNormal), 9, &never).unwrap();
    assert_ne!(tensor(&w, &table[1])[..100], plain[..100]);
}

#[test]
fn scale_multiplies_every_parameter_and_output_scale_the_last_layer_further() {
    let table = table(&[8, 6, 4]);
    for scheme in InitScheme::ALL {
        let plain = initialize(&table, &spec(*scheme), 5, &never).unwrap();
        let spec = InitSpec { scale: 4.0, output_scale: 0.5, ..spec(*scheme) };
        let scaled = initialize(&table, &spec, 5, &never).unwrap();
        for tensor_spec in &table {
            let factor = if tensor_spec.is_output { 2.0 } else { 4.0 };
            for (a, b) in tensor(&plain, tensor_spec).iter().zip(tensor(&scaled, tensor_spec)) {
                assert_eq!(factor * a, *b, "{scheme}, {}", tensor_spec.name);
            }
        }
    }
}

/// The table with a gain and a shift inserted at the start, after the first tensor and before the
/// last.
fn with_norms(table: &[ParamSpec]) -> Vec<ParamSpec> {
    let norm = |role| ParamSpec {
        name: format!("norm.{role:?}"),
        shape: vec![7],
        role,
        ..table[table.len() - 1].clone()
    };
    let mut specs = vec![norm(Role::Shift), norm(Role::Gain)];
    for (i, spec) in table.iter().enumerate() {
        specs.push(spec.clone());
        if i == 0 || i + 2 == table.len() {
            specs.extend([norm(Role::Gain), norm(Role::Shift)]);
        }
    }
    let mut offset = 0;
    for spec in &mut specs {
        spec.offset = offset;
        offset += spec.len();
    }
    specs
}

#[test]
fn gains_start_at_one_and_shifts_at_zero_whatever_the_scheme_and_the_scales() {
    let table = with_norms(&table(&[8, 6, 4]));
    for scheme in InitScheme::ALL {
        let spec = InitSpec { scale: 4.0, output_scale: 0.5, ..spec(*scheme) };
        let w = initialize(&table, &spec, 5, &never).unwrap();
        for of_norm in table.iter().filter(|spec| spec.name.starts_with("norm")) {
            let wanted = if of_norm.role == Role::Gain { 1.0 } else { 0.0 };
            assert_eq!(tensor(&w, of_norm), [wanted; 7], "{scheme}, {}", of_norm.name);
        }
    }
}

#[test]
fn gains_and_shifts_do_not_change_the_draws_of_weights_and_biases() {
    let plain = table(&[8, 6, 5, 4]);
    let with = with_norms(&plain);
    for scheme in InitScheme::ALL {
        let a = initialize(&plain, &spec(*scheme), 9, &never).unwrap();
        let b = initialize(&with, &spec(*scheme), 9, &never).unwrap();
        for of_plain in &plain {
            let same = with.iter().find(|spec| spec.name == of_plain.name).unwrap();
            assert_eq!(tensor(&a, of_plain), tensor(&b, same), "{scheme}, {}", same.name);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_weights_and_another_seed_others() {
    let table = table(&[8, 6, 4]);
    for scheme in InitScheme::ALL {
        let w = initialize(&table, &spec(*scheme), 6, &never).unwrap();
        assert_eq!(w, initialize(&table, &spec(*scheme), 6, &never).unwrap());
        assert_ne!(w, initialize(&table, &spec(*scheme), 7, &never).unwrap());
    }
}

#[test]
fn omitting_the_biases_does_not_change_the_weights() {
    let with = table(&[8, 6, 4]);
    let mut without: Vec<_> =
        with.iter().filter(|tensor| tensor.role == Role::Weight).cloned().collect();
    without[1].offset = without[0].len();
    let a = initialize(&with, &spec(InitScheme::Pytorch), 8, &never).unwrap();
    let b = initialize(&without, &spec(InitScheme::Pytorch), 8, &never).unwrap();
    assert_eq!(b.len(), 8 * 6 + 6 * 4);
    for (with, without) in [(&with[0], &without[0]), (&with[2], &without[1])] {
        assert_eq!(tensor(&a, with), tensor(&b, without));
    }
}

#[test]
fn changing_the_width_of_one_layer_does_not_change_other_layers() {
    let (narrow, wide) = (table(&[8, 6, 5, 4, 3]), table(&[8, 6, 9, 4, 3]));
    let a = initialize(&narrow, &spec(InitScheme::Pytorch), 8, &never).unwrap();
    let b = initialize(&wide, &spec(InitScheme::Pytorch), 8, &never).unwrap();
    for layer in [0, 3] {
        for t in [2 * layer, 2 * layer + 1] {
            assert_eq!(tensor(&a, &narrow[t]), tensor(&b, &wide[t]));
        }
    }
    // Layers of the same shape have different weights.
    let square = table(&[5, 5, 5]);
    let w = initialize(&square, &spec(InitScheme::HeNormal), 8, &never).unwrap();
    assert_ne!(tensor(&w, &square[0]), tensor(&w, &square[2]));
}

#[test]
fn the_last_layer_of_mup_has_the_variance_of_the_inverse_square_of_its_inputs() {
    let table = table(&[10, 300, 200]);
    let w = initialize(&table, &spec(InitScheme::Mup), 1, &never).unwrap();
    let w = tensor(&w, &table[2]);
    let n = w.len() as f64;
    let ratio = w.iter().map(|x| x * x).sum::<f64>() / n * 300.0 * 300.0;
    assert!((ratio - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{ratio}");
}

#[test]
fn a_zeroed_last_layer_does_not_change_other_layers() {
    let table = table(&[8, 6, 4]);
    for scheme in InitScheme::ALL {
        let plain = initialize(&table, &spec(*scheme), 5, &never).unwrap();
        let zeroed = InitSpec { zero_last_layer: true, ..spec(*scheme) };
        let zeroed = initialize(&table, &zeroed, 5, &never).unwrap();
        for spec in &table {
            let (plain, zeroed) = (tensor(&plain, spec), tensor(&zeroed, spec));
            if spec.is_output {
                assert!(zeroed.iter().all(|w| w.to_bits() == 0), "{scheme}");
            } else {
                assert_eq!(plain, zeroed, "{scheme}");
            }
        }
    }
}

#[test]
fn layer_scales_multiply_layer_by_layer_and_too_many_are_refused() {
    let table = table(&[8, 6, 5, 4]);
    for scheme in InitScheme::ALL {
        let plain = initialize(&table, &spec(*scheme), 5, &never).unwrap();
        let scaled = InitSpec { layer_scales: vec![2.0, 0.5], ..spec(*scheme) };
        let scaled = initialize(&table, &scaled, 5, &never).unwrap();
        for (i, spec) in table.iter().enumerate() {
            let factor = [2.0, 2.0, 0.5, 0.5, 1.0, 1.0][i];
            for (a, b) in tensor(&plain, spec).iter().zip(tensor(&scaled, spec)) {
                assert_eq!(factor * a, *b, "{scheme}, {}", spec.name);
            }
        }
    }
    let with = |n| InitSpec { layer_scales: vec![1.0; n], ..InitSpec::default() };
    assert_eq!(super::check(&table, &with(3)), Ok(()));
    let error = super::check(&table, &with(4)).unwrap_err().to_string();
    let key = crate::config::settings::LAYER_SCALES.key;
    assert!(error.contains(key) && error.contains("3 layers"), "{error}");
}

#[test]
fn the_configuration_counts_the_layers_and_knows_which_start_at_0() {
    for architecture in Architecture::ALL {
        for residual in [ResidualForm::Plain, ResidualForm::Fixup] {
            let blocks = 2;
            let model = ModelSpec { blocks, residual, ..architecture.default_model() };
            let interface = match architecture {
                Architecture::Mlp | Architecture::ResidualMlp => Interface::flat(20, 3),
                Architecture::Cnn
                | Architecture::Resnet
                | Architecture::Densenet
                | Architecture::Transformer => Interface::image([8, 8, 1], 10),
            };
            let program = Program::of(&model, interface);
            let mut config = RunConfig { model, ..RunConfig::default() };
            config.init.zero_last_layer = true;
            config.init.scheme = InitScheme::HeNormal;
            check_layers_at_zero(&config, program.params());
            let has_branches = [Architecture::ResidualMlp, Architecture::Resnet];
            if residual == ResidualForm::Fixup && has_branches.contains(architecture) {
                config.init.zero_last_layer = false;
                config.init.scheme = InitScheme::Fixup;
                check_layers_at_zero(&config, program.params());
            }
        }
    }
}

fn check_layers_at_zero(config: &RunConfig, table: &[ParamSpec]) {
    let w = initialize(table, &config.init, 3, &never).unwrap();
    let is_layer = |spec: &&ParamSpec| matches!(spec.role, Role::Weight | Role::Embedding);
    let layers: Vec<&ParamSpec> = table.iter().filter(is_layer).collect();
    let model = &config.model;
    assert_eq!(layers.len(), model.n_weight_layers(), "{model:?}");
    let is_zero = |spec: &ParamSpec| tensor(&w, spec).iter().all(|w| *w == 0.0);
    let zero = layers.iter().zip(1..).filter(|(spec, _)| is_zero(spec)).map(|(_, layer)| layer);
    assert_eq!(zero.collect::<BTreeSet<usize>>(), config.layers_at_zero(), "{model:?}");
}
