//! How true followed eigenvalues are and what they cost: each method on the same trajectories,
//! against a reference that is followed to a thousandth of the tolerance and audited.
//!
//! `cargo bench --bench tracking -- [--seeds 0,1] [--predict] [--baselines] [BED…]`, every bed takes
//! minutes; `-- --cost` compares measured steps with plain ones.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a table for docs/measurements.md"
)]

#[path = "common/baselines.rs"]
mod baselines;

use baselines::{Baselines, NAMES};
use cpu_time::ThreadTime;
use eoscope::config::{Interval, ProbeMethod, RunConfig, preset};
use eoscope::curvature::HessianOperator;
use eoscope::net::never;
use eoscope::sample::{Curvature, Eigenvalue, Record};
use eoscope::train::{Hooks, Outcome, Trainer};
use mimalloc::MiMalloc;

/// The program's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// A run and the steps of it that are judged.
struct Bed {
    name: &'static str,
    preset: &'static str,
    from: u64,
    to: u64,
    top_k: usize,
    change: fn(&mut RunConfig),
}

const fn bed(name: &'static str, preset: &'static str, from: u64, to: u64, top_k: usize) -> Bed {
    Bed { name, preset, from, to, top_k, change: |_| () }
}

const BEDS: &[Bed] = &[
    bed("fashion-1", "fashion-edge", 200, 810, 1),
    bed("fashion-2", "fashion-edge", 200, 810, 2),
    bed("fashion-whole", "fashion-edge", 0, 1500, 2),
    bed("fashion-begin", "fashion-edge", 0, 200, 2),
    bed("fashion-late", "fashion-edge", 1000, 1500, 2),
    bed("cross-entropy", "cross-entropy-edge", 0, 240, 2),
    bed("blowup-warmup", "blowup-warmup", 20, 270, 2),
    bed("t6-1", "chebyshev-edge", 1650, 2150, 1),
    bed("t6-3", "chebyshev-edge", 1650, 2150, 3),
    bed("cnn", "cnn-edge", 100, 220, 2),
    bed("resnet", "resnet-batch-norm", 20, 140, 2),
    bed("transformer", "sorting-edge", 20, 140, 2),
    bed("adam", "adam-edge", 100, 400, 2),
    bed("minibatch", "fashion-minibatch", 100, 400, 2),
    Bed {
        change: |config| config.live.probe.min_every = Interval::every(1),
        ..bed("smallest", "fashion-edge", 200, 500, 1)
    },
    Bed {
        change: |config| config.live.probe.min_every = Interval::every(50),
        ..bed("smallest-50", "fashion-edge", 0, 1000, 1)
    },
];

/// Steps before the first judged one at which measuring begins.
const LEAD: u64 = 20;

/// Numbers of one method on one bed.
#[derive(Default)]
struct Column {
    errors: Vec<f64>,
    products: Vec<f64>,
    n_open: usize,
    n_understated: usize,
}

impl Column {
    fn add(&mut self, found: &Eigenvalue, truth: f64) {
        let error = ((truth - found.value) / truth).abs();
        self.errors.push(error);
        self.n_open += usize::from(!found.is_converged);
        let shown = found.error.unwrap_or(0.0).max(1e-3);
        self.n_understated += usize::from(found.is_converged && error > shown);
    }

    fn row(&mut self, label: &str) {
        if self.errors.is_empty() {
            return;
        }
        self.errors.sort_by(f64::total_cmp);
        self.products.sort_by(f64::total_cmp);
        let at = |of: &[f64], q: f64| of[((of.len() - 1) as f64 * q).round() as usize];
        let n_far = self.errors.iter().filter(|e| **e > 0.01).count();
        let mean = self.products.iter().sum::<f64>() / self.products.len().max(1) as f64;
        let products = if self.products.is_empty() {
            String::from("    -    -")
        } else {
            format!("{mean:5.2} {:4.0}", at(&self.products, 0.95))
        };
        let e = &self.errors;
        println!(
            "{label:28} {products} {:8.1e} {:8.1e} {:8.1e} {n_far:4} {:5.1}% {:3}",
            at(e, 0.5),
            at(e, 0.99),
            at(e, 1.0),
            100.0 * self.n_open as f64 / e.len() as f64,
            self.n_understated,
        );
    }
}

fn trainer(bed: &Bed, seed: u64, change: impl Fn(&mut RunConfig)) -> Trainer {
    let mut config = preset(bed.preset).unwrap().config.clone();
    config.seed = seed;
    config.live.eval_every = Interval::Off;
    let probe = &mut config.live.probe;
    (probe.every, probe.top_k) = (Interval::every(1), bed.top_k);
    (probe.min_every, probe.audit_every) = (Interval::Off, Interval::Off);
    (bed.change)(&mut config);
    change(&mut config);
    if bed.from >= LEAD {
        config.live.probe.every = Interval::Off;
    }
    Trainer::new(config, 2, &never).unwrap()
}

fn begin_measuring(run: &mut Trainer) {
    let mut live = run.live().clone();
    live.probe.every = Interval::every(1);
    run.tune(live).unwrap();
}

fn step(trainer: &mut Trainer) -> Option<Record> {
    match trainer.step(Hooks::none()).unwrap() {
        Outcome::Stepped(record) => Some(record),
        Outcome::Diverged(_) | Outcome::Interrupted => None,
    }
}

/// The values that are shown, by name, with the products spent on the first of each solve.
fn values(curvature: &Curvature) -> Vec<(String, Eigenvalue, Option<u32>)> {
    let top = curvature
        .top
        .iter()
        .enumerate()
        .map(|(i, e)| (format!("λ{}", i + 1), *e, (i == 0).then_some(curvature.hvps)));
    let solved = [("λ₁(P⁻¹H)", curvature.preconditioned), ("λ min", curvature.min)];
    let solved = solved
        .into_iter()
        .filter_map(|(name, solved)| solved.map(|s| (name.to_owned(), s.eigenvalue, Some(s.hvps))));
    top.chain(solved).collect()
}

/// A run whose measurements are the truth.
fn reference(bed: &Bed, seed: u64) -> Trainer {
    trainer(bed, seed, |config| {
        let probe = &mut config.live.probe;
        (probe.method, probe.tolerance) = (ProbeMethod::Krylov, probe.tolerance * 1e-2);
        probe.audit_every = Interval::every(10);
        // A reference of the smallest one takes hundreds of products.
        if probe.min_every != Interval::Off {
            probe.min_every = Interval::every(25);
        }
    })
}

fn judge(bed: &Bed, seeds: &[u64], methods: &[ProbeMethod], tolerance: Option<f64>) {
    let mut rows: Vec<Vec<(String, Column)>> = methods.iter().map(|_| Vec::new()).collect();
    for seed in seeds {
        let mut reference = reference(bed, *seed);
        let mut runs: Vec<Trainer> = methods
            .iter()
            .map(|method| {
                trainer(bed, *seed, |config| {
                    let probe = &mut config.live.probe;
                    probe.method = *method;
                    probe.tolerance = tolerance.unwrap_or(probe.tolerance);
                })
            })
            .collect();
        for at in 0..bed.to {
            if at + LEAD == bed.from {
                runs.iter_mut().chain([&mut reference]).for_each(begin_measuring);
            }
            let Some(truth) = step(&mut reference) else { break };
            let found: Vec<_> = runs.iter_mut().map(|run| step(run).unwrap()).collect();
            let Some(truth) = truth.sample.curvature.filter(|_| at >= bed.from) else { continue };
            for (found, rows) in found.into_iter().zip(&mut rows) {
                let found = found.sample.curvature.unwrap();
                let truth = values(&truth);
                for (name, found, products) in values(&found) {
                    if rows.iter().all(|(known, _)| *known != name) {
                        rows.push((name.clone(), Column::default()));
                    }
                    let (_, column) = rows.iter_mut().find(|(known, _)| *known == name).unwrap();
                    column.products.extend(products.map(f64::from));
                    if let Some((_, truth, _)) = truth.iter().find(|(known, ..)| *known == name) {
                        column.add(&found, truth.value);
                    }
                }
            }
        }
    }
    for (method, rows) in methods.iter().zip(rows) {
        for (name, mut column) in rows {
            column.row(&format!("{} {method} {name}", bed.name));
        }
    }
}

/// λ₁ by the textbook methods at the judged steps, against the same reference.
fn compare(bed: &Bed, seed: u64) {
    let mut columns: Vec<Column> = NAMES.iter().map(|_| Column::default()).collect();
    let mut reference = reference(bed, seed);
    let mut baselines = None;
    for at in 0..bed.to {
        if at + LEAD == bed.from {
            begin_measuring(&mut reference);
        }
        let found = (at + LEAD >= bed.from).then(|| {
            let objective = reference.objective();
            let (params, buffers) = (reference.params(), reference.buffers());
            let at = objective.linearize(params, buffers, reference.probe_set(), &never).unwrap();
            let mut operator = HessianOperator::new(&at, &|| false);
            let dim = at.gradient().elem_count();
            baselines.get_or_insert_with(|| Baselines::new(dim)).measure(&mut operator)
        });
        let Some(truth) = step(&mut reference) else { break };
        let Some((found, truth)) = found.zip(truth.sample.curvature).filter(|_| at >= bed.from)
        else {
            continue;
        };
        for (column, found) in columns.iter_mut().zip(found) {
            let truth = truth.top[0].value;
            column.errors.push(((truth - found.value) / truth).abs());
            column.products.push(f64::from(found.n_products));
        }
    }
    for (name, mut column) in NAMES.iter().zip(columns) {
        column.row(&format!("{} {name}", bed.name));
    }
}

/// Measured and plain steps in one thread's CPU time, after the first measurements.
fn cost(hidden: &[usize], method: ProbeMethod) {
    const N: u32 = 16;
    let milliseconds = |every: Interval| {
        let mut config = preset("fashion-edge").unwrap().config.clone();
        if !hidden.is_empty() {
            config.model.hidden = hidden.to_vec();
        }
        config.live.eval_every = Interval::Off;
        let probe = &mut config.live.probe;
        (probe.every, probe.method) = (every, method);
        (probe.min_every, probe.audit_every) = (Interval::Off, Interval::Off);
        let mut run = Trainer::new(config, 1, &never).unwrap();
        let n_params = run.params().elem_count();
        (0..17).for_each(|_| drop(step(&mut run)));
        let begun = ThreadTime::now();
        (0..N).for_each(|_| drop(step(&mut run)));
        (begun.elapsed().as_secs_f64() * 1e3 / f64::from(N), n_params)
    };
    let (plain, n_params) = milliseconds(Interval::Off);
    let (measured, _) = milliseconds(Interval::every(1));
    let ratio = measured / plain;
    println!(
        "{n_params:>10} parameters, {method}: {plain:.1} ms plain, {measured:.1} ms measured, {ratio:.1} ×"
    );
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench").peekable();
    let mut seeds = vec![0];
    let mut methods = ProbeMethod::ALL.to_vec();
    let (mut named, mut are_compared, mut tolerance) = (Vec::new(), false, None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seeds" => {
                seeds = args.next().unwrap().split(',').map(|s| s.parse().unwrap()).collect();
            }
            "--tolerance" => tolerance = args.next().and_then(|text| text.parse().ok()),
            "--predict" => methods = vec![ProbeMethod::Predict],
            "--baselines" => are_compared = true,
            "--cost" => {
                for hidden in [&[][..], &[512, 512], &[2048, 1024]] {
                    for method in ProbeMethod::ALL {
                        cost(hidden, *method);
                    }
                }
                return;
            }
            _ => named.push(arg),
        }
    }
    println!(
        "{:28} {:5} {:>4} {:>8} {:>8} {:>8} {:>4} {:>6} understated",
        "", "HVPs", "95 %", "median", "99 %", "worst", "> 1%", "open"
    );
    for bed in BEDS.iter().filter(|bed| named.is_empty() || named.iter().any(|n| n == bed.name)) {
        judge(bed, &seeds, &methods, tolerance);
        if are_compared {
            compare(bed, seeds[0]);
        }
    }
}
