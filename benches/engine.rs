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
use eoscope::config::{
    Activation, Architecture, InputShape, Interval, Loss, ModelSpec, Normalization, ProbeSettings,
    preset,
};
use eoscope::curvature::{HessianOperator, Location, Moment, Probe};
use eoscope::net::{Batch, Interface, Objective, Program, never};
use eoscope::train::{Hooks, Trainer};
use mimalloc::MiMalloc;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Vectors in a block.
const N_BLOCK: usize = 4;

/// A network at a point, with a batch and directions.
struct Case {
    name: &'static str,
    objective: Objective,
    params: Tensor,
    buffers: Vec<Tensor>,
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
        let model = ModelSpec {
            hidden: hidden.to_vec(),
            activation: Activation::Tanh,
            bias: true,
            ..ModelSpec::default()
        };
        Self::of(name, Program::of(&model, Interface::flat(*n_inputs, *n_outputs)), n, dtype)
    }

    /// Three convolutions of 32 channels with tanh and means over 2×2 pixels, on images of 32×32
    /// pixels in 3 channels; MSE on 10 outputs.
    fn cnn(name: &'static str, n: usize) -> Self {
        let usual = Architecture::Cnn.default_model();
        let model = ModelSpec { hidden: vec![32; 3], activation: Activation::Tanh, ..usual };
        Self::of(name, Program::of(&model, Interface::image([32, 32, 3], 10)), n, DType::F32)
    }

    /// Residual blocks with batch normalization, 8 layers of 8 to 32 channels, on the same images.
    fn resnet(name: &'static str, n: usize) -> Self {
        let normalization = Normalization::Batch;
        let model = ModelSpec { normalization, ..Architecture::Resnet.default_model() };
        Self::of(name, Program::of(&model, Interface::image([32, 32, 3], 10)), n, DType::F32)
    }

    /// A transformer of 2 blocks, 2 heads and width 32 that sorts 8 digits of 4 kinds: 15 tokens, of
    /// which the last 8 predict.
    fn transformer(name: &'static str, n: usize) -> Self {
        let (n_digits, n_kinds) = (8, 4);
        let length = 2 * n_digits - 1;
        let model = ModelSpec { width: 32, ..Architecture::Transformer.default_model() };
        let shape = InputShape::Tokens { length, vocabulary: n_kinds };
        let ends = Interface { n_inputs: length, shape, n_positions: n_digits, n_outputs: n_kinds };
        let mut case = Self::of(name, Program::of(&model, ends), n, DType::F32);
        let digit = |i: usize| ((i * i + i / 3) % n_kinds) as f32;
        let tensor = |x: Vec<f32>| Tensor::from_vec(x, (n, ()), &Device::Cpu).unwrap();
        let classes = (0..n * n_digits)
            .flat_map(|i| (0..n_kinds).map(move |j| f32::from(u8::from(i % n_kinds == j))));
        case.batch = Batch {
            inputs: tensor((0..n * length).map(digit).collect()),
            targets: tensor(classes.collect()),
        };
        case
    }

    fn of(name: &'static str, program: Program, n: usize, dtype: DType) -> Self {
        let (n_inputs, n_outputs) = (program.shapes()[0].len(), program.output().len());
        let buffers = Objective::new(program.clone(), Loss::Mse, 1)
            .unwrap()
            .initial_buffers(dtype, &Device::Cpu)
            .unwrap();
        let n_params = program.n_params();
        let params = (tensor(&[n_params], 0.1, dtype) * 0.05).unwrap();
        let batch = Batch {
            inputs: tensor(&[n, n_inputs], 0.2, dtype),
            targets: tensor(&[n, n_outputs], 0.3, dtype),
        };
        let directions = tensor(&[N_BLOCK, n_params], 0.4, dtype);
        let objective = Objective::new(program, Loss::Mse, 1).unwrap();
        Self { name, objective, params, buffers, batch, directions }
    }
}

fn cases() -> [Case; 3] {
    [
        Case::new("mlp-large", &[3072, 200, 200, 10], 5000, DType::F32),
        Case::new("mlp-small", &[196, 64, 64, 10], 1000, DType::F32),
        Case::new("mlp-tiny", &[1, 30, 20, 1], 20, DType::F64),
    ]
}

fn products(criterion: &mut Criterion<ThreadCpu>) {
    let others = [
        Case::cnn("cnn-100", 100),
        Case::cnn("cnn-1000", 1000),
        Case::resnet("resnet8-bn", 100),
        Case::transformer("transformer-small", 1000),
    ];
    for case in cases().into_iter().chain(others) {
        let Case { name, objective, params, buffers, batch, directions } = &case;
        let one = directions.narrow(0, 0, 1).unwrap();
        let at = objective.linearize(params, buffers, batch, &never).unwrap();
        criterion.benchmark_group("gradient").bench_function(*name, |b| {
            b.iter(|| black_box(objective.linearize(params, buffers, batch, &never).unwrap()));
        });
        criterion.benchmark_group("hvp").bench_function(format!("{name}/linearized"), |b| {
            b.iter(|| black_box(at.hvp(&one, &never).unwrap()));
        });
        criterion.benchmark_group("hvp").bench_function(format!("{name}/whole"), |b| {
            b.iter(|| {
                black_box(
                    objective
                        .linearize(params, buffers, batch, &never)
                        .unwrap()
                        .hvp(&one, &never)
                        .unwrap(),
                )
            });
        });
        criterion.benchmark_group("block-hvp").bench_function(*name, |b| {
            b.iter(|| {
                black_box(
                    objective
                        .linearize(params, buffers, batch, &never)
                        .unwrap()
                        .hvp(directions, &never)
                        .unwrap(),
                )
            });
        });
    }
}

/// λ₁ from the eigenvectors of the measurement before, at the same point.
fn sharpness(criterion: &mut Criterion<ThreadCpu>) {
    let settings = ProbeSettings::default();
    for Case { name, objective, params, batch, .. } in cases() {
        let at = objective.linearize(&params, &[], &batch, &never).unwrap();
        let gradient = at.wide_gradient().unwrap();
        let mut probe = Probe::new(1, 10);
        let (mut step, location) = (0, Location::new(Vec::new()));
        let mut measure = || {
            step += 1;
            let moment = Moment { step, location: &location, gradient: &gradient, update: None };
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
        let mut trainer = Trainer::new(config, 1, &never).unwrap();
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
