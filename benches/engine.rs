//! What the engine costs: gradients, Hessian-vector products, and training steps with measurements.
//! One thread; wall time, so pin it: `taskset -c 0 cargo bench --bench engine`.

#![allow(missing_docs, reason = "criterion writes the entry")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot run says so at once")]

use std::hint::black_box;
use std::time::Duration;

use candle_core::{DType, Device, Tensor};
use criterion::{Criterion, criterion_group, criterion_main};
use eoscope::config::{Activation, Interval, Loss, ModelSpec, preset};
use eoscope::net::{Batch, Objective, Program};
use eoscope::train::{Hooks, Trainer};

/// Vectors in a block.
const N_BLOCK: usize = 4;

/// A network at a point, with a batch and directions.
struct Case {
    name: &'static str,
    objective: Objective,
    params: Tensor,
    batch: Batch,
    directions: Tensor,
}

/// Numbers that repeat for no short period, in (−1, 1).
fn spread(n: usize, salt: f64) -> Vec<f64> {
    (0..n).map(|i| ((i as f64 + salt) * 12.9898).sin()).collect()
}

fn tensor(shape: &[usize], salt: f64, dtype: DType) -> Tensor {
    let values = spread(shape.iter().product(), salt);
    Tensor::from_vec(values, shape, &Device::Cpu).unwrap().to_dtype(dtype).unwrap()
}

impl Case {
    /// Widths from inputs to outputs; tanh, MSE.
    fn new(name: &'static str, widths: &[usize], n: usize, dtype: DType) -> Self {
        let [n_inputs, hidden @ .., n_outputs] = widths else {
            unreachable!("two widths at least")
        };
        let model = ModelSpec { hidden: hidden.to_vec(), activation: Activation::Tanh, bias: true };
        let program = Program::mlp(&model, *n_inputs, *n_outputs);
        let n_params = program.n_params();
        let params = (tensor(&[n_params], 0.1, dtype) * 0.05).unwrap();
        let batch = Batch {
            inputs: tensor(&[n, *n_inputs], 0.2, dtype),
            targets: tensor(&[n, *n_outputs], 0.3, dtype),
        };
        let directions = tensor(&[N_BLOCK, n_params], 0.4, dtype);
        let objective = Objective::new(program, Loss::Mse, 1).unwrap();
        Self { name, objective, params, batch, directions }
    }
}

fn cases() -> [Case; 3] {
    [
        Case::new("mlp-large", &[3072, 200, 200, 10], 5000, DType::F32),
        Case::new("mlp-small", &[196, 64, 64, 10], 1000, DType::F32),
        Case::new("mlp-tiny", &[1, 30, 20, 1], 20, DType::F64),
    ]
}

fn products(criterion: &mut Criterion) {
    for case in cases() {
        let Case { name, objective, params, batch, directions } = &case;
        let one = directions.narrow(0, 0, 1).unwrap();
        let at = objective.linearize(params, batch).unwrap();
        criterion.benchmark_group("gradient").bench_function(*name, |b| {
            b.iter(|| black_box(objective.linearize(params, batch).unwrap()));
        });
        criterion.benchmark_group("hvp").bench_function(format!("{name}/linearized"), |b| {
            b.iter(|| black_box(at.hvp(&one).unwrap()));
        });
        criterion.benchmark_group("hvp").bench_function(format!("{name}/whole"), |b| {
            b.iter(|| black_box(objective.linearize(params, batch).unwrap().hvp(&one).unwrap()));
        });
        criterion.benchmark_group("block-hvp").bench_function(*name, |b| {
            b.iter(|| {
                black_box(objective.linearize(params, batch).unwrap().hvp(directions).unwrap())
            });
        });
    }
}

/// Steps of the 701-parameter net, with λ₁…λ₃ measured at every one and without measurement.
fn steps(criterion: &mut Criterion) {
    for (name, every) in [("plain", Interval::Off), ("top-3", Interval::every(1))] {
        let mut config = preset("chebyshev-edge").unwrap().config.clone();
        config.n_steps = 1_000_000;
        config.live.probe.every = every;
        let mut trainer = Trainer::new(config, 1).unwrap();
        criterion.benchmark_group("step").bench_function(format!("mlp-tiny/{name}"), |b| {
            b.iter(|| black_box(trainer.step(Hooks::none()).unwrap()));
        });
    }
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .without_plots()
}

criterion_group! { name = engine; config = quick(); targets = products, steps }
criterion_main!(engine);
