//! Tests that running statistics (of batch norm) depend on the steps of a run and nothing else.

use candle_core::{DType, Device, Tensor};

use super::super::{Hooks, Outcome, Trainer};
use crate::config::{Batch as BatchSize, Dtype, Interval, Loss, preset};
use crate::init::initialize;
use crate::net::{Batch, Objective, batch_norm_network, never, widen};
use crate::sample::Sample;

const INPUTS: usize = 3;
const UNITS: usize = 4;
const OUTPUTS: usize = 2;

/// Examples whose mean is not 0 and whose variance is not 1.
fn examples(n: usize, salt: f64) -> Batch {
    let numbers = |d: usize, salt: f64| {
        let data: Vec<f64> =
            (0..n * d).map(|i| 0.4 + ((i as f64 + salt) * 12.9898).sin() * 1.7).collect();
        Tensor::from_vec(data, (n, d), &Device::Cpu).unwrap()
    };
    Batch { inputs: numbers(INPUTS, salt), targets: numbers(OUTPUTS, salt + 0.5) }
}

/// A run of y = W₂·tanh(batch norm of W₁·x) on 12 examples, with 7 test examples evaluated at every
/// step.
fn trainer(batch: BatchSize, probe_every: Interval) -> Trainer {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    (config.dtype, config.loss, config.optimizer.batch) = (Dtype::F64, Loss::Mse, batch);
    config.live.peak_lr = 0.05;
    config.live.eval_every = Interval::every(1);
    config.live.probe.every = probe_every;
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    let program = batch_norm_network(INPUTS, UNITS, OUTPUTS);
    let weights = initialize(program.params(), &trainer.config.init, 3, &never).unwrap();
    let n = weights.len();
    trainer.params = Tensor::from_vec(weights, n, &Device::Cpu).unwrap();
    trainer.objective = Objective::new(program, Loss::Mse, 1).unwrap();
    trainer.buffers = trainer.objective.initial_buffers(DType::F64, &Device::Cpu).unwrap();
    trainer.examples.train = examples(12, 0.1);
    trainer.examples.test = Some(examples(7, 0.2));
    trainer.examples.probe = examples(9, 0.3);
    trainer
}

fn step(trainer: &mut Trainer) -> Sample {
    match trainer.step(Hooks::none()).unwrap() {
        Outcome::Stepped(record) => record.sample,
        Outcome::Diverged(_) | Outcome::Interrupted => panic!("the run continues"),
    }
}

/// Running mean and variance.
fn running(trainer: &Trainer) -> [Vec<f64>; 2] {
    [widen(&trainer.buffers()[0]).unwrap(), widen(&trainer.buffers()[1]).unwrap()]
}

/// The named parameter.
fn param(trainer: &Trainer, name: &str) -> Vec<f64> {
    let specs = trainer.objective().program().params();
    let spec = specs.iter().find(|spec| spec.name == name).unwrap();
    widen(trainer.params()).unwrap()[spec.offset..][..spec.len()].to_vec()
}

/// W·x of each row x of `rows`.
fn products(rows: &[f64], w: &[f64], d: usize) -> Vec<f64> {
    let dot = |x: &[f64], w: &[f64]| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>();
    rows.chunks_exact(d).flat_map(|x| w.chunks_exact(d).map(move |w| dot(x, w))).collect()
}

fn assert_close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12), "{a:?} is not {b:?}");
}

/// r ← 0.9·r + 0.1·(mean, or unbiased variance, of the batch before the norm).
fn by_hand(trainer: &Trainer) -> [Vec<f64>; 2] {
    let batch = widen(&trainer.batch().unwrap().inputs).unwrap();
    let z = products(&batch, &param(trainer, "a.weight"), INPUTS);
    let n = (z.len() / UNITS) as f64;
    let [mut means, mut variances] = running(trainer);
    for j in 0..UNITS {
        let column: Vec<f64> = z.iter().skip(j).step_by(UNITS).copied().collect();
        let mean = column.iter().sum::<f64>() / n;
        let squares: f64 = column.iter().map(|z| (z - mean) * (z - mean)).sum();
        means[j] = 0.9 * means[j] + 0.1 * mean;
        variances[j] = 0.9 * variances[j] + 0.1 * squares / (n - 1.0);
    }
    [means, variances]
}

fn sizes() -> [BatchSize; 2] {
    [BatchSize::Full, BatchSize::Size(std::num::NonZeroUsize::new(5).unwrap())]
}

#[test]
fn running_statistics_follow_the_batch_of_every_step_as_computed_by_hand() {
    for batch in sizes() {
        let mut trainer = trainer(batch, Interval::every(1));
        assert_eq!(running(&trainer), [vec![0.0; UNITS], vec![1.0; UNITS]]);
        for _ in 0..4 {
            let wanted = by_hand(&trainer);
            let before = running(&trainer);
            step(&mut trainer);
            let found = running(&trainer);
            assert_close(&found[0], &wanted[0]);
            assert_close(&found[1], &wanted[1]);
            assert_ne!(found, before);
        }
    }
}

#[test]
fn probing_leaves_running_statistics_alone() {
    for batch in sizes() {
        let mut probed = trainer(batch, Interval::every(1));
        let mut left_alone = trainer(batch, Interval::Off);
        for _ in 0..3 {
            assert!(step(&mut probed).curvature.is_some());
            assert_eq!(step(&mut left_alone).curvature, None);
            assert_eq!(running(&probed), running(&left_alone));
        }
    }
}

#[test]
fn running_statistics_survive_a_snapshot_bit_for_bit() {
    let [_, batch] = sizes();
    let mut once = trainer(batch, Interval::every(2));
    step(&mut once);
    let snapshot = once.snapshot();
    let names: Vec<String> =
        snapshot.tensors().unwrap().into_iter().map(|(name, _)| name).collect();
    for name in ["buffer.bn.running_mean", "buffer.bn.running_variance"] {
        assert!(names.iter().any(|found| found == name), "{names:?}");
    }
    let at_snapshot = running(&once);
    let samples: Vec<Sample> = (0..5).map(|_| step(&mut once)).collect();
    let at_end = running(&once);
    once.restore(&snapshot);
    assert_eq!(running(&once), at_snapshot);
    assert_eq!((0..5).map(|_| step(&mut once)).collect::<Vec<_>>(), samples);
    assert_eq!(running(&once), at_end);
}

#[test]
fn test_losses_are_those_with_running_statistics() {
    let mut trainer = trainer(BatchSize::Full, Interval::Off);
    for _ in 0..3 {
        let test = trainer.examples.test.clone().unwrap();
        let (x, y) = (widen(&test.inputs).unwrap(), widen(&test.targets).unwrap());
        let [mean, variance] = running(&trainer);
        let (gain, shift) = (param(&trainer, "bn.gain"), param(&trainer, "bn.shift"));
        let mut z = products(&x, &param(&trainer, "a.weight"), INPUTS);
        for (i, z) in z.iter_mut().enumerate() {
            let j = i % UNITS;
            *z = (gain[j] * (*z - mean[j]) / (variance[j] + 1e-5).sqrt() + shift[j]).tanh();
        }
        let f = products(&z, &param(&trainer, "b.weight"), UNITS);
        let squares: f64 = f.iter().zip(&y).map(|(f, y)| (f - y) * (f - y)).sum();
        let at_training =
            trainer.objective().linearize(trainer.params(), &trainer.buffers, &test, &never);
        let with_batch_statistics = at_training.unwrap().score().loss;
        let loss = step(&mut trainer).test_loss.unwrap();
        assert_close(&[loss], &[squares / 14.0]);
        assert!((loss - with_batch_statistics).abs() > 1e-3);
    }
}
