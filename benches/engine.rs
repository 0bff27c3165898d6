//! What the engine costs: gradients, Hessian-vector products, and training steps with measurements.
//! One thread, in its own CPU time, so that a busy machine matters little: `taskset -c 0 cargo bench`.

#![allow(missing_docs, reason = "criterion writes the entry")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot run says so at once")]

#[path = "common/cpu.rs"]
mod cpu;

use std::hint::black_box;
use std::time::Duration;

use candle_core::{DType, Device, Tensor};
use cpu::ThreadCpu;
use criterion::{Criterion, criterion_group, criterion_main};
use eoscope::config::{Activation, Interval, Loss, ModelSpec, ProbeSettings, preset};
use eoscope::curvature::{HessianOperator, Moment, Probe};
use eoscope::net::{Batch, Objective, Predictions, Program, Tokens, Transformer};
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
        let program = Program::of(&model, *n_inputs, *n_outputs);
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

/// A transformer that sorts 8 digits of 4 kinds: 15 tokens, the last 8 predict.
fn transformer(name: &'static str, n: usize, dtype: DType) -> Case {
    let (n_digits, n_kinds) = (8, 4);
    let length = 2 * n_digits - 1;
    let program = Program::transformer(&Transformer {
        input: Tokens::Words { vocabulary: n_kinds, length },
        d_model: 32,
        layers: 2,
        heads: 2,
        mlp_ratio: 4,
        activation: Activation::Gelu,
        output: Predictions::Last(n_digits),
        n_outputs: n_kinds,
    });
    let digit = |i: usize, of: usize| ((i * i + i / 3) % of) as f64;
    let tokens: Vec<f64> = (0..n * length).map(|i| digit(i, n_kinds)).collect();
    let classes = (0..n * n_digits).flat_map(|i| {
        (0..n_kinds).map(move |class| f64::from(u8::from(digit(i, n_kinds) == class as f64)))
    });
    let of = |data: Vec<f64>| {
        Tensor::from_vec(data, (n, ()), &Device::Cpu).unwrap().to_dtype(dtype).unwrap()
    };
    let n_params = program.n_params();
    Case {
        name,
        params: (tensor(&[n_params], 0.1, dtype) * 0.1).unwrap(),
        batch: Batch { inputs: of(tokens), targets: of(classes.collect()) },
        directions: tensor(&[N_BLOCK, n_params], 0.4, dtype),
        objective: Objective::new(program, Loss::CrossEntropy, 1).unwrap(),
    }
}

fn cases() -> [Case; 4] {
    [
        transformer("transformer-small", 1000, DType::F32),
        Case::new("mlp-large", &[3072, 200, 200, 10], 5000, DType::F32),
        Case::new("mlp-small", &[196, 64, 64, 10], 1000, DType::F32),
        Case::new("mlp-tiny", &[1, 30, 20, 1], 20, DType::F64),
    ]
}

fn products(criterion: &mut Criterion<ThreadCpu>) {
    for case in cases() {
        let Case { name, objective, params, batch, directions } = &case;
        let one = directions.narrow(0, 0, 1).unwrap();
        let at = objective.linearize(params, &[], batch).unwrap();
        criterion.benchmark_group("gradient").bench_function(*name, |b| {
            b.iter(|| black_box(objective.linearize(params, &[], batch).unwrap()));
        });
        criterion.benchmark_group("hvp").bench_function(format!("{name}/linearized"), |b| {
            b.iter(|| black_box(at.hvp(&one).unwrap()));
        });
        criterion.benchmark_group("hvp").bench_function(format!("{name}/whole"), |b| {
            b.iter(|| {
                black_box(objective.linearize(params, &[], batch).unwrap().hvp(&one).unwrap())
            });
        });
        criterion.benchmark_group("block-hvp").bench_function(*name, |b| {
            b.iter(|| {
                black_box(objective.linearize(params, &[], batch).unwrap().hvp(directions).unwrap())
            });
        });
    }
}

/// λ₁ from the eigenvectors of the measurement before, at the same point.
fn sharpness(criterion: &mut Criterion<ThreadCpu>) {
    let settings = ProbeSettings::default();
    for Case { name, objective, params, batch, .. } in cases() {
        let at = objective.linearize(&params, &[], &batch).unwrap();
        let gradient = at.wide_gradient().unwrap();
        let mut probe = Probe::new(1);
        let mut step = 0;
        let mut measure = || {
            step += 1;
            let moment = Moment { step, gradient: &gradient };
            let mut operator = HessianOperator::new(&at, &|| false);
            black_box(probe.measure(&mut operator, &settings, moment).unwrap());
        };
        measure();
        criterion.benchmark_group("sharpness").bench_function(name, |b| b.iter(&mut measure));
    }
}

/// Training steps, with all eigenvalues of the preset measured at every one and without measurement: the
/// 701-parameter net (k = 3), and 784-32-32-10 on 1,000 images (k = 1).
fn steps(criterion: &mut Criterion<ThreadCpu>) {
    let cases = [
        ("chebyshev-edge", "mlp-tiny/plain", Interval::Off),
        ("chebyshev-edge", "mlp-tiny/measured", Interval::every(1)),
        ("fashion-edge", "fashion-edge/plain", Interval::Off),
        ("fashion-edge", "fashion-edge/measured", Interval::every(1)),
    ];
    for (task, name, every) in cases {
        let mut config = preset(task).unwrap().config.clone();
        config.n_steps = 1_000_000;
        config.live.eval_every = Interval::Off;
        config.live.probe.every = every;
        let mut trainer = Trainer::new(config, 1).unwrap();
        criterion.benchmark_group("step").bench_function(name, |b| {
            b.iter(|| black_box(trainer.step(Hooks::none()).unwrap()));
        });
    }
}

fn quick() -> Criterion<ThreadCpu> {
    Criterion::default()
        .with_measurement(ThreadCpu)
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .without_plots()
}

criterion_group! { name = engine; config = quick(); targets = products, sharpness, steps }
criterion_main!(engine);
