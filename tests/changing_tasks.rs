//! Tasks that change during a run: shuffled labels, exchanged classes, permuted inputs. The examples
//! are the expected ones, and a dated change, one by the user and a snapshot lead to the same run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use candle_core::{DType, Device, Tensor};
use eoscope::config::{
    Arrangement, Batch, BuiltinTask, DatedChange, Dtype, Interval, Loss, ProbeMethod, RunConfig,
    TaskSpec, settings,
};
use eoscope::net::{never, widen};
use eoscope::sample::Sample;
use eoscope::train::{Hooks, Outcome, Trainer};

/// Ten clusters of 40 points with cross-entropy and a small network in f64.
fn clusters() -> RunConfig {
    let mut config = RunConfig { n_steps: 60, dtype: Dtype::F64, ..RunConfig::default() };
    config.task = TaskSpec { name: BuiltinTask::Clusters.into(), n_train: 40, ..config.task };
    config.task.n_probe = Batch::Full;
    config.model.hidden = vec![6];
    config.loss = Loss::CrossEntropy;
    config.live.peak_lr = 0.5;
    config.live.probe.every = Interval::every(1);
    config.live.eval_every = Interval::every(1);
    config
}

fn with(data: Arrangement, mut config: RunConfig) -> Trainer {
    config.live.data = data;
    config.validate().unwrap();
    Trainer::new(config, 1, &never).unwrap()
}

fn step(trainer: &mut Trainer) -> Sample {
    match trainer.step(Hooks::none()).unwrap() {
        Outcome::Stepped(record) => record.sample,
        Outcome::Diverged(_) | Outcome::Interrupted => panic!("the run continues"),
    }
}

/// Rows of a matrix.
fn rows(matrix: &Tensor) -> Vec<Vec<f64>> {
    let width = matrix.dims()[1];
    widen(matrix).unwrap().chunks_exact(width).map(<[f64]>::to_vec).collect()
}

fn sorted(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    rows.sort_by(|a, b| a.partial_cmp(b).unwrap());
    rows
}

/// Class of a one-hot row.
fn class(row: &[f64]) -> usize {
    row.iter().position(|x| *x == 1.0).unwrap()
}

#[test]
fn a_shuffle_exchanges_the_labels_of_the_training_examples_and_nothing_else() {
    let loaded = with(Arrangement::default(), clusters());
    let [first, second, again] = [1, 2, 1].map(|labels| {
        let trainer = with(Arrangement { labels, ..Arrangement::default() }, clusters());
        assert_eq!(rows(&trainer.probe_set().inputs), rows(&loaded.probe_set().inputs));
        rows(&trainer.probe_set().targets)
    });
    let before = rows(&loaded.probe_set().targets);
    assert_eq!(first, again);
    assert!(first != before && second != before && first != second);
    assert_eq!(sorted(first), sorted(before.clone()));
    assert_eq!(sorted(second), sorted(before));
    // The test examples keep their labels: the losses of equal weights on them are equal.
    let tested = |labels| {
        step(&mut with(Arrangement { labels, ..Arrangement::default() }, clusters())).test_loss
    };
    assert_eq!(tested(0), tested(3));
}

#[test]
fn classes_move_by_the_given_places_and_two_classes_of_one_output_change_sign() {
    let targets = |config: &RunConfig, classes| {
        let data = Arrangement { classes, ..Arrangement::default() };
        rows(&with(data, config.clone()).probe_set().targets)
    };
    let before = targets(&clusters(), 0);
    for n in [1, 9] {
        for (now, before) in targets(&clusters(), n).iter().zip(&before) {
            assert_eq!(class(now), (class(before) + n as usize) % 10);
            assert_eq!(now.iter().sum::<f64>(), 1.0);
        }
    }
    let mut signs = clusters();
    signs.task = TaskSpec { name: BuiltinTask::Spirals.into(), n_train: 20, ..signs.task };
    signs.loss = Loss::Mse;
    let before = targets(&signs, 0);
    let negated: Vec<Vec<f64>> =
        before.iter().map(|row| row.iter().map(|x| -x).collect()).collect();
    assert_eq!((before[0].len(), targets(&signs, 1)), (1, negated));
    // Three predictions for each string: the symbols of every one of them move.
    let mut strings = clusters();
    let sorting = BuiltinTask::Sorting.into();
    strings.task = TaskSpec { name: sorting, n_train: 8, length: 3, symbols: 4, ..strings.task };
    strings.model.architecture = eoscope::config::Architecture::Transformer;
    let (before, now) = (targets(&strings, 0), targets(&strings, 3));
    for (now, before) in now.iter().zip(&before) {
        assert_eq!(now.len(), 12);
        for (now, before) in now.chunks_exact(4).zip(before.chunks_exact(4)) {
            assert_eq!(class(now), (class(before) + 3) % 4);
        }
    }
}

#[test]
fn inputs_are_permuted_alike_in_every_example_and_the_colours_of_a_pixel_stay_together() {
    let inputs = |config: &RunConfig, inputs| {
        let data = Arrangement { inputs, ..Arrangement::default() };
        rows(&with(data, config.clone()).probe_set().inputs)
    };
    let mut colours = clusters();
    colours.task = TaskSpec { name: BuiltinTask::Shapes.into(), n_train: 3, ..colours.task };
    for (config, n_together) in [(clusters(), 1), (colours, 3)] {
        let (before, now) = (inputs(&config, 0), inputs(&config, 1));
        assert_ne!(before, now);
        let groups = |row: &[f64]| row.chunks_exact(n_together).map(<[f64]>::to_vec).collect();
        for (now, before) in now.iter().zip(&before) {
            assert_eq!(sorted(groups(now)), sorted(groups(before)));
        }
        // Each input is another one of the loaded inputs, the same in all examples.
        let column =
            |rows: &[Vec<f64>], at: usize| -> Vec<f64> { rows.iter().map(|row| row[at]).collect() };
        let n_inputs = before[0].len();
        let columns: Vec<_> = (0..n_inputs).map(|at| column(&before, at)).collect();
        assert!((0..n_inputs).all(|at| columns.contains(&column(&now, at))));
    }
    // A network whose inputs and first weights are permuted alike would be the same one: the test
    // examples are permuted like the training examples, so the losses of one start differ.
    let tested =
        |inputs| step(&mut with(Arrangement { inputs, ..Arrangement::default() }, clusters()));
    assert_ne!(tested(0).test_loss, tested(1).test_loss);
}

#[test]
fn a_change_by_the_user_a_dated_one_and_a_snapshot_lead_to_the_same_run() {
    let keys = [&settings::LABEL_SHUFFLE, &settings::CLASS_SHIFT, &settings::INPUT_PERMUTATION];
    let eight = std::num::NonZeroUsize::new(8).unwrap();
    for batch in [Batch::Full, Batch::Size(eight)] {
        let mut config = clusters();
        config.optimizer.batch = batch;
        let mut dated = config.clone();
        for (step, key, number) in [(20, 0, 1_i64), (20, 1, 2), (30, 2, 5), (40, 0, 0)] {
            let set = [(keys[key].key.to_owned(), toml::Value::from(number))].into();
            dated.add_changes([DatedChange { step, set }]);
        }
        let mut dated = Trainer::new(dated, 1, &never).unwrap();
        let mut by_hand = Trainer::new(config, 1, &never).unwrap();
        let (mut samples, mut before) = (Vec::new(), None);
        for at in 0..60 {
            dated.apply_dated_changes().unwrap();
            let data = match at {
                20 => Some(Arrangement { labels: 1, classes: 2, inputs: 0 }),
                30 => Some(Arrangement { labels: 1, classes: 2, inputs: 5 }),
                40 => Some(Arrangement { labels: 0, classes: 2, inputs: 5 }),
                _ => None,
            };
            if let Some(data) = data {
                let mut live = by_hand.live().clone();
                live.data = data;
                by_hand.tune(live).unwrap();
            }
            if at == 25 {
                before = Some(by_hand.snapshot());
            }
            let (one, other) = (step(&mut dated), step(&mut by_hand));
            assert_eq!(one, other, "{at}");
            samples.push(one);
        }
        let [calm, changed] = [19, 20].map(|at: usize| samples[at].loss);
        assert!(changed > 1.02 * calm, "{changed} after {calm} on another task");
        // Back to a step with the other arrangement.
        by_hand.restore(&before.unwrap());
        for sample in &samples[25..30] {
            assert_eq!(&step(&mut by_hand), sample);
        }
    }
}

#[test]
fn the_first_measurement_of_a_changed_task_is_of_its_own_hessian() {
    for method in [ProbeMethod::Predict, ProbeMethod::Krylov] {
        let mut config = clusters();
        config.live.probe.method = method;
        let mut trainer = with(Arrangement::default(), config.clone());
        for _ in 0..30 {
            step(&mut trainer);
        }
        let mut live = trainer.live().clone();
        live.data = Arrangement { labels: 1, classes: 0, inputs: 1 };
        trainer.tune(live).unwrap();
        let exact = largest_eigenvalue(&trainer);
        let found = step(&mut trainer).curvature.unwrap().top[0];
        assert!(
            found.is_converged && (found.value / exact - 1.0).abs() < 1e-3,
            "{found:?} {exact}"
        );
    }
}

/// λ₁ of the dense Hessian on the probe set.
fn largest_eigenvalue(trainer: &Trainer) -> f64 {
    let (params, buffers) = (trainer.params(), trainer.buffers());
    let at = trainer.objective().linearize(params, buffers, trainer.probe_set(), &never).unwrap();
    let n = params.elem_count();
    let identity = Tensor::eye(n, DType::F64, &Device::Cpu).unwrap();
    let dense = widen(&at.hvp(&identity, &never).unwrap()).unwrap();
    nalgebra::DMatrix::from_row_slice(n, n, &dense).symmetric_eigenvalues().max()
}

#[test]
fn new_labels_lower_the_curvature_and_it_comes_back_to_the_limit() {
    for seed in 1..=3 {
        let mut config = training::quiet("plasticity", 5);
        config.seed = seed;
        let told = training::train(config);
        assert!(!told.is_diverged, "seed {seed}");
        let ratios = told.ratios();
        let median = |steps: std::ops::Range<u64>| {
            let within = |(step, ratio): &(u64, f64)| steps.contains(step).then_some(*ratio);
            let mut found: Vec<f64> = ratios.iter().filter_map(within).collect();
            found.sort_by(f64::total_cmp);
            found[found.len() / 2]
        };
        for change in [500, 1000, 1500] {
            let accuracy = |step: u64| told.samples[usize::try_from(step).unwrap()].accuracy;
            let before = accuracy(change - 1).unwrap();
            let after = accuracy(change).unwrap();
            assert!(before > 0.8 && after < 0.2, "seed {seed}: accuracy {before} to {after}");
            let (fallen, risen) =
                (median(change + 30..change + 70), median(change + 200..change + 300));
            assert!((0.6..0.9).contains(&fallen), "seed {seed}, step {change}: falls to {fallen}");
            assert!((1.0..1.2).contains(&risen), "seed {seed}, step {change}: comes to {risen}");
        }
    }
}
