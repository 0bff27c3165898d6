//! Every eigenvalue reported as converged agrees with the dense f64 spectrum, on tiny networks of every
//! architecture, normalization and initialization.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use candle_core::{DType, Device, Tensor};
use eoscope::config::{
    Activation, Architecture, DatedChange, Dtype, InitScheme, Interval, Loss, Normalization,
    ProbeMethod, ResidualForm, RunConfig, Tuning, settings,
};
use eoscope::net::{never, widen};
use eoscope::sample::{Curvature, Eigenvalue};
use eoscope::train::{Hooks, Outcome, Trainer};
use rayon::prelude::*;
use training::tiny;

/// Steps at which eigenvalues are checked.
const STEPS: [u64; 4] = [0, 1, 5, 50];

/// The most eigenvalues requested.
const MOST: usize = 6;

/// The most parameters for which a dense spectrum is fast enough.
const MAX_PARAMETERS: usize = 400;

/// Errors below this count as none.
const FINE: f64 = 1e-3;

/// Every initialization with every compatible network and normalization; loss and zeroed last layer
/// alternate.
fn walk() -> Vec<RunConfig> {
    let mut all = Vec::new();
    let starts = InitScheme::ALL.iter().map(|scheme| (*scheme, Tuning::None));
    let tunings = Tuning::ALL.iter().skip(1).map(|tuning| (InitScheme::HeNormal, *tuning));
    let starts: Vec<_> = starts.chain(tunings).collect();
    for network in Architecture::ALL.iter().flat_map(|architecture| small(*architecture)) {
        for normalization in Normalization::ALL {
            for (scheme, tuning) in &starts {
                for residual in [ResidualForm::Plain, ResidualForm::Fixup] {
                    let architecture = network.model.architecture;
                    if residual == ResidualForm::Fixup && !settings::RESIDUAL.is_of(architecture) {
                        continue;
                    }
                    let mut config = network.clone();
                    config.model.normalization = *normalization;
                    config.model.residual = residual;
                    (config.init.scheme, config.init.tuning) = (*scheme, *tuning);
                    config.seed = all.len() as u64;
                    config.init.zero_last_layer = all.len() % 3 == 1;
                    if all.len() % 5 == 2 {
                        config.loss = Loss::CrossEntropy;
                    }
                    if config.validate().is_ok() {
                        all.push(config);
                    }
                }
            }
        }
    }
    all
}

/// The smallest networks of an architecture on a few examples, in f64. Where it is cheap, also one with
/// linear activations, whose eigenvalues are degenerate.
fn small(architecture: Architecture) -> Vec<RunConfig> {
    let mut config = tiny(architecture, 1);
    config.dtype = Dtype::F64;
    let is_deep = matches!(architecture, Architecture::Resnet | Architecture::Densenet);
    config.model.width = if is_deep { 1 } else { 4 };
    config.model.hidden = vec![4, 4];
    let is_of_images = is_deep || architecture == Architecture::Cnn;
    if is_of_images {
        config.task.n_train = 2;
    }
    (config.init.tuning_steps, config.init.tuning_batch) = (4, config.task.n_train.min(5));
    config.n_steps = 51;
    let set = [("live.probe.every".to_owned(), toml::Value::Integer(10))];
    config.changes = vec![DatedChange { step: 6, set: set.into_iter().collect() }];
    let mut linear = config.clone();
    linear.model.activation = Activation::Linear;
    if is_of_images { vec![config] } else { vec![config, linear] }
}

/// All eigenvalues at the trainer's current iterate, largest first.
fn spectrum(trainer: &Trainer) -> Vec<f64> {
    let (params, buffers) = (trainer.params(), trainer.buffers());
    let at = trainer.objective().linearize(params, buffers, trainer.probe_set(), &never).unwrap();
    let n = at.gradient().elem_count();
    let identity = Tensor::eye(n, DType::F64, &Device::Cpu).unwrap();
    let dense = widen(&at.hvp(&identity, &never).unwrap()).unwrap();
    if !dense.iter().all(|x| x.is_finite()) {
        return Vec::new();
    }
    let matrix = nalgebra::DMatrix::from_row_slice(n, n, &dense);
    // nalgebra's QR iteration can return NaN for a finite matrix; a shift avoids it.
    let shifted = |shift: f64| {
        let moved = &matrix + nalgebra::DMatrix::identity(n, n) * shift;
        moved.symmetric_eigenvalues().iter().map(|x| x - shift).collect::<Vec<f64>>()
    };
    let mut all = [0.0, 0.1, 0.7].into_iter().map(|shift| shifted(shift * matrix.norm()));
    let mut eigenvalues = all.find(|e| e.iter().all(|x| x.is_finite())).unwrap();
    eigenvalues.sort_by(|a, b| b.total_cmp(a));
    eigenvalues
}

/// Counts of reported and of wrong eigenvalues.
#[derive(Default)]
struct Tally {
    n_told: usize,
    n_open: usize,
    n_runs: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn judge(&mut self, told: &Eigenvalue, truth: f64, what: impl Fn() -> String) {
        self.n_told += 1;
        let error = (told.value / truth - 1.0).abs();
        if !told.is_converged {
            self.n_open += 1;
        } else if error.is_nan() || error > told.error.unwrap().max(FINE) {
            let Eigenvalue { value, residual, error: estimate, .. } = told;
            self.wrong.push(format!("{}: {value} is {truth}, {residual:e} {estimate:?}", what()));
        }
    }

    fn add(mut self, other: Self) -> Self {
        self.n_told += other.n_told;
        self.n_open += other.n_open;
        self.n_runs += other.n_runs;
        self.wrong.extend(other.wrong);
        self
    }
}

/// Curvature at every checked step that the run reaches, measured at every step up to 5 and every 10th
/// after.
fn run(config: RunConfig, mut look: impl FnMut(&Trainer)) -> Vec<Curvature> {
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    while trainer.prepare(Hooks::none()).unwrap().is_some() {}
    let mut found = Vec::new();
    while !trainer.is_finished() {
        trainer.apply_dated_changes().unwrap();
        let is_judged = STEPS.contains(&trainer.steps_taken());
        if is_judged {
            look(&trainer);
        }
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { break };
        match record.sample.curvature {
            Some(curvature) if is_judged => found.push(curvature),
            Some(_) => {}
            None => assert!(!is_judged),
        }
    }
    found
}

/// Checks the `index`-th network, tracking one to six eigenvalues, by each method half of the time.
fn judge(config: &RunConfig, index: usize) -> Tally {
    let mut tally = Tally::default();
    let fresh = Trainer::new(config.clone(), 1, &never).unwrap();
    if fresh.params().elem_count() > MAX_PARAMETERS {
        return tally;
    }
    let largest = spectrum(&fresh).first().copied().unwrap_or(1.0);
    let mut config = config.clone();
    config.live.peak_lr = [0.4, 1.2, 2.0][index / 3 % 3] / largest.max(0.1);
    let mut spectra = Vec::new();
    for k in 1..=MOST {
        config.live.probe.top_k = k;
        config.live.probe.method = ProbeMethod::ALL[(index + k) % 2];
        config.live.probe.min_every = if k == 1 { Interval::every(1) } else { Interval::Off };
        let found = run(config.clone(), |trainer| {
            if k == 1 {
                spectra.push(spectrum(trainer));
            }
        });
        for ((curvature, truth), step) in found.iter().zip(&spectra).zip(STEPS) {
            let what = |name: &str| {
                let (model, init) = (&config.model, &config.init);
                let (network, norm) = (model.architecture, model.normalization);
                let (scheme, tuning, form) = (init.scheme, init.tuning, model.residual);
                let (seed, zero) = (config.seed, init.zero_last_layer);
                let method = config.live.probe.method;
                format!(
                    "{network} {norm} {form} {scheme} {tuning} zero {zero} seed {seed} k {k} {method} step {step} {name}"
                )
            };
            for (i, told) in curvature.top.iter().enumerate() {
                tally.judge(told, truth[i], || what(&format!("λ{}", i + 1)));
            }
            if let (Some(min), Some(least)) = (&curvature.min, truth.last()) {
                tally.judge(&min.eigenvalue, *least, || what("λ min"));
            }
        }
        tally.n_runs += 1;
    }
    tally
}

#[test]
fn what_is_told_as_converged_is_so_and_nearly_all_is_converged() {
    let all = walk();
    let judged = all.par_iter().enumerate().map(|(index, config)| judge(config, index));
    let tally = judged.reduce(Tally::default, Tally::add);
    let Tally { n_told, n_open, n_runs, wrong } = tally;
    println!("{} networks, {n_runs} runs, {n_told} told, {n_open} open", all.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_runs >= 1950 && 20 * n_open < n_told, "{n_runs} runs, {n_open} of {n_told} open");
}
