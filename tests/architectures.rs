//! Every architecture with every normalization, activation, loss and precision either trains with a
//! finite, symmetric Hessian, or is refused with a reason.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use candle_core::{Device, Tensor};
use eoscope::config::{
    Activation, Architecture, BuiltinTask, Dtype, InitScheme, Interval, Loss, Normalization,
    RunConfig, TaskSpec,
};
use eoscope::net::{never, widen};
use eoscope::train::{Hooks, Outcome, Trainer};
use training::tiny;

const N_STEPS: u64 = 20;

/// [`N_STEPS`] steps of a tiny network, with λ₁ at both ends.
fn brief(architecture: Architecture) -> RunConfig {
    let mut config = tiny(architecture, N_STEPS - 1);
    config.init.scheme = InitScheme::LecunNormal;
    config.n_steps = N_STEPS;
    config.live.peak_lr = 0.002;
    config
}

/// Vectors with one entry per parameter, in the run's precision.
fn vector(trainer: &Trainer, salt: f64) -> Tensor {
    let params = trainer.params();
    let n = params.dims()[0];
    let spread = (0..n).map(|i| ((i as f64 + 1.7) * 12.9898 + salt).sin()).collect();
    let spread: Tensor = Tensor::from_vec(spread, (1, n), &Device::Cpu).unwrap();
    spread.to_dtype(params.dtype()).unwrap()
}

fn dot(a: &Tensor, b: &Tensor) -> f64 {
    let (a, b) = (widen(a).unwrap(), widen(b).unwrap());
    a.iter().zip(&b).map(|(a, b)| a * b).sum()
}

/// Trains, and checks every sample, the curvature and the final Hessian.
fn check(config: &RunConfig, what: &str) {
    let mut trainer =
        Trainer::new(config.clone(), 1, &never).unwrap_or_else(|e| panic!("{what}: {e}"));
    for _ in 0..N_STEPS {
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else {
            panic!("{what}: diverged")
        };
        let sample = record.sample;
        assert!(sample.loss.is_finite() && sample.grad_norm.is_finite(), "{what}");
        if sample.step == 0 || sample.step == N_STEPS - 1 {
            let curvature = sample.curvature.unwrap_or_else(|| panic!("{what}: not measured"));
            assert!(curvature.top[0].value.is_finite(), "{what}");
            let sum: f64 = curvature.layer_shares.iter().sum();
            assert!((sum - 1.0).abs() < 1e-6, "{what}: shares sum to {sum}");
        }
    }
    let (params, buffers) = (trainer.params(), trainer.buffers());
    let at = trainer.objective().linearize(params, buffers, trainer.probe_set(), &never).unwrap();
    let (u, v) = (vector(&trainer, 0.1), vector(&trainer, 0.2));
    let (hu, hv) = (at.hvp(&u, &never).unwrap(), at.hvp(&v, &never).unwrap());
    let (a, b) = (dot(&u, &hv), dot(&v, &hu));
    let size = (dot(&u, &u) * dot(&hv, &hv)).sqrt();
    let tolerance = match config.dtype {
        Dtype::F32 => 1e-4,
        Dtype::F64 => 1e-11,
    };
    assert!((a - b).abs() <= tolerance * size, "{what}: uᵀHv = {a}, vᵀHu = {b}, of {size}");
}

fn walk(architecture: Architecture) {
    let (mut n_trained, mut n_refused) = (0, 0);
    for normalization in Normalization::ALL {
        for activation in Activation::ALL {
            for loss in Loss::ALL {
                for dtype in Dtype::ALL {
                    let mut config = brief(architecture);
                    config.model.normalization = *normalization;
                    config.model.activation = *activation;
                    (config.loss, config.dtype) = (*loss, *dtype);
                    let what =
                        format!("{architecture} {normalization} {activation} {loss} {dtype}");
                    match config.validate() {
                        Ok(()) => {
                            check(&config, &what);
                            n_trained += 1;
                        }
                        Err(error) => {
                            let reason = error.to_string();
                            let named = reason.contains("`model.normalization`");
                            assert!(named && reason.contains("takes none or layer"), "{reason}");
                            n_refused += 1;
                        }
                    }
                }
            }
        }
    }
    let (n_norms, n_rest) = (Normalization::ALL.len(), Activation::ALL.len() * 4);
    let n_refused_norms = if architecture == Architecture::Transformer { 2 } else { 0 };
    assert_eq!(
        (n_trained, n_refused),
        ((n_norms - n_refused_norms) * n_rest, n_refused_norms * n_rest,)
    );
}

#[test]
fn fully_connected_networks_train_in_every_combination() {
    walk(Architecture::Mlp);
}

#[test]
fn residual_networks_train_in_every_combination() {
    walk(Architecture::ResidualMlp);
}

#[test]
fn plain_convolutional_networks_train_in_every_combination() {
    walk(Architecture::Cnn);
}

#[test]
fn residual_convolutional_networks_train_in_every_combination() {
    walk(Architecture::Resnet);
}

#[test]
fn densely_connected_networks_train_in_every_combination() {
    walk(Architecture::Densenet);
}

#[test]
fn transformers_train_in_every_combination_that_is_not_refused() {
    walk(Architecture::Transformer);
}

#[test]
fn a_network_too_large_to_be_measured_is_refused_before_it_is_built() {
    let mut config = brief(Architecture::Resnet);
    (config.model.width, config.model.blocks) = (1024, 16);
    let error = Trainer::new(config, 1, &never).unwrap_err().to_string();
    assert!(error.contains("parameters") && error.contains("smaller width"), "{error}");
    let mut config = brief(Architecture::Resnet);
    config.task =
        TaskSpec { name: BuiltinTask::Shapes.into(), n_train: 5000, ..TaskSpec::default() };
    config.model.width = 64;
    config.model.normalization = Normalization::Batch;
    let error = Trainer::new(config, 1, &never).unwrap_err().to_string();
    assert!(
        error.contains("passes over the examples") && error.contains("optimizer.batch"),
        "{error}"
    );
}

#[test]
fn batch_statistics_of_one_example_are_refused() {
    for set in ["optimizer.batch", "model.ghost_batch"] {
        let mut config = brief(Architecture::Mlp);
        config.model.normalization = Normalization::Batch;
        let error = config.set(set, &toml::Value::Integer(1)).unwrap_err().to_string();
        assert!(error.contains("at least 2 examples") && error.contains(set), "{error}");
    }
}

#[test]
fn a_normalization_that_would_make_every_feature_zero_is_refused() {
    for (architecture, key, value, norm) in [
        (Architecture::Mlp, "model.hidden", "[4, 4]", "group"),
        (Architecture::Mlp, "model.hidden", "[1]", "layer"),
        (Architecture::Transformer, "model.heads", "8", "none"),
    ] {
        let mut config = brief(architecture);
        let is_stream = architecture == Architecture::Transformer;
        config.model.qk_norm = is_stream;
        let value: toml::Value =
            toml::from_str::<toml::Table>(&format!("x = {value}")).unwrap()["x"].clone();
        let norm = toml::Value::String(norm.into());
        let set = [(key, &value), ("model.normalization", &norm)];
        let error = config.set_all(set).unwrap_err().to_string();
        assert!(error.contains(key) || error.contains("model.heads"), "{error}");
    }
}

/// Interrupting a step or measurement of a network without chunks leaves no change, whichever op is
/// running.
#[test]
fn batch_normalization_is_interrupted_between_two_ops() {
    let mut config = brief(Architecture::Resnet);
    config.model.normalization = Normalization::Batch;
    config.live.probe.every = Interval::every(1);
    let n_asked = std::cell::Cell::new(0);
    let step = |trainer: &mut Trainer, n_patient: u32| {
        n_asked.set(0);
        let is_interrupted = || {
            n_asked.set(n_asked.get() + 1);
            n_asked.get() > n_patient
        };
        let hooks = Hooks { is_interrupted: &is_interrupted, ..Hooks::none() };
        trainer.step(hooks).unwrap()
    };
    let mut patient = Trainer::new(config.clone(), 2, &never).unwrap();
    let undisturbed = step(&mut patient, u32::MAX);
    let n_questions = n_asked.get();
    let n_ops = u32::try_from(patient.objective().program().nodes().len()).unwrap();
    // The gradient and every product take two passes.
    assert!(n_questions > 8 * n_ops, "{n_questions} questions, {n_ops} ops");
    let mut trainer = Trainer::new(config, 2, &never).unwrap();
    let before = widen(trainer.params()).unwrap();
    for n_patient in [0, n_ops / 2, n_ops + 3, 3 * n_ops, 5 * n_ops, n_questions - 1] {
        assert_eq!(step(&mut trainer, n_patient), Outcome::Interrupted, "{n_patient}");
        assert_eq!(n_asked.get(), n_patient + 1, "the first yes is obeyed");
        assert_eq!(widen(trainer.params()).unwrap(), before);
    }
    assert_eq!(step(&mut trainer, u32::MAX), undisturbed);
}
