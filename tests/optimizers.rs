//! Every optimizer reaches its own edge of stability on the T6 net. Bounds have a margin over values
//! observed on four seeds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use std::ops::ControlFlow;

use eoscope::config::{Rule, RunConfig};
use eoscope::curvature::{HessianOperator, LanczosOptions, Operator, Scaled, lanczos};
use eoscope::figure::{Choices, Figure, Options, PanelKind, PlottedRun, compose};
use eoscope::history::Run;
use eoscope::net::widen;
use eoscope::net::{Halt, never};
use eoscope::protocol::RunId;
use eoscope::quantity::{self, Quantity};
use eoscope::runner;
use eoscope::sample::Sample;
use eoscope::train::{Hooks, Outcome, Trainer};
use training::{
    Told, last_quarter, max, preconditioned, quantile, quiet, ratios, sharpness, train,
};

/// Seeds of the assertions; the first is that of the presets.
const SEEDS: [u64; 3] = [5, 1, 3];

/// A preset from this seed, with only the largest eigenvalues measured.
fn seeded(name: &str, seed: u64) -> RunConfig {
    RunConfig { seed, ..quiet(name, 1) }
}

#[test]
fn e9_the_preconditioned_sharpness_hovers_at_its_limit_while_the_raw_one_grows() {
    for seed in SEEDS {
        for (name, beta2, limit) in
            [("adam-edge", 0.999, 38.0), ("adam-edge", 0.99, 38.0), ("rmsprop-edge", 0.99, 2.0)]
        {
            let mut config = seeded(name, seed);
            config.live.beta2 = beta2;
            let lr = config.live.peak_lr;
            let Told { samples, is_diverged } = train(config);
            let context = format!("{name}, β₂ {beta2}, seed {seed}");
            assert!(!is_diverged, "{context}");
            let late = last_quarter(&samples);
            let plateau =
                quantile(&late.iter().map(|s| preconditioned(s) * lr).collect::<Vec<_>>(), 0.5);
            assert!((plateau / limit - 1.0).abs() < 0.1, "{context}: η·λ₁(P⁻¹H) = {plateau}");
            let (first, last) = (sharpness(&samples[0]), sharpness(samples.last().unwrap()));
            assert!(last > 1.5 * first, "{context}: raw λ₁ {first} → {last}");
        }
    }
}

/// λ₁(P⁻¹H) from a cold start, at the iterate of the last measurement.
#[test]
fn the_followed_preconditioned_sharpness_is_the_one_of_a_cold_solve() {
    let mut config = seeded("adam-edge", 5);
    config.live.weight_decay = 1e-3;
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    let mut worst: f64 = 0.0;
    for step in 0..600 {
        let (params, buffers) = (trainer.params().clone(), trainer.buffers().to_vec());
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { panic!() };
        if step % 50 != 0 {
            continue;
        }
        let state = trainer.snapshot().tensors().unwrap();
        let (_, p) = state.iter().find(|(name, _)| name == "optimizer.preconditioner").unwrap();
        let scales: Vec<f64> = p.to_vec1::<f64>().unwrap().iter().map(|p| 1.0 / p.sqrt()).collect();
        let at =
            trainer.objective().linearize(&params, &buffers, trainer.probe_set(), &never).unwrap();
        let mut hessian = HessianOperator::new(&at, &|| false);
        let mut scaled = Scaled { inner: &mut hessian, scales: &scales, shift: 1e-3 };
        let n = scaled.dim();
        let options = LanczosOptions { tolerance: 1e-9, min_steps: 80, max_steps: 300 };
        let start = (0..n).map(|i| ((i * i) as f64).sin()).collect();
        let solved: Result<_, Halt> = lanczos(&mut scaled, start, options);
        let exact = solved.unwrap().0.value;
        worst = worst.max((preconditioned(&record.sample) / exact - 1.0).abs());
    }
    assert!(worst < 2e-3, "off by {worst}");
}

#[test]
fn sam_hovers_at_its_own_line_well_below_two_over_eta() {
    for seed in SEEDS {
        let config = seeded("sam", seed);
        let lr = config.live.peak_lr;
        let Told { samples, is_diverged } = train(config);
        assert!(!is_diverged, "seed {seed}");
        let late = last_quarter(&samples);
        let plateau = quantile(&ratios(late), 0.5);
        assert!((0.95..=1.08).contains(&plateau), "seed {seed}: ratio {plateau}");
        let raw = max(&late.iter().map(|s| sharpness(s) * lr).collect::<Vec<_>>());
        assert!(raw < 1.4, "seed {seed}: η·λ₁ = {raw}");
    }
}

#[test]
fn torque_aware_momentum_trains_where_heavy_ball_diverges() {
    for seed in SEEDS {
        let config = seeded("tam-vs-heavy-ball", seed);
        let mut rival = config.clone();
        rival.optimizer.rule = Rule::HeavyBall;
        let Told { samples, is_diverged } = train(config);
        assert!(!is_diverged, "seed {seed}");
        assert!(samples.last().unwrap().loss < 1e-3, "seed {seed}");
        let torque = |sample: &Sample| sample.torque.unwrap();
        assert!(samples.iter().all(|s| (0.0..=1.0 + 1e-7).contains(&torque(s))), "seed {seed}");
        let Told { samples, is_diverged } = train(rival);
        assert!(is_diverged && samples.len() < 300, "seed {seed}: {} steps", samples.len());
    }
}

#[test]
fn rules_without_a_limit_have_no_line() {
    for rule in [Rule::Normalised, Rule::Sign] {
        let mut config = seeded("chebyshev-edge", 5);
        config.optimizer.rule = rule;
        config.live.peak_lr = 1e-3;
        config.n_steps = 20;
        let Told { samples, .. } = train(config);
        assert!(samples.iter().all(|sample| sample.stability_threshold.is_none()));
        assert!(samples.iter().all(|sample| sharpness(sample) > 0.0));
    }
}

/// A run's history as the window has it.
fn told(config: &RunConfig) -> Run {
    let mut run = Run::new(RunId(0), config.clone());
    runner::run(config, 1, &never, &mut |event| {
        run.apply(event);
        ControlFlow::Continue(())
    })
    .unwrap();
    run
}

fn lines(figure: &Figure, kind: PanelKind) -> Vec<Quantity> {
    let panel = figure.panels.iter().find(|panel| panel.kind == kind).unwrap();
    panel.lines.iter().filter(|line| line.ghost.is_none()).map(|line| line.quantity).collect()
}

#[test]
fn the_limit_stands_in_the_plot_of_the_curvature_that_it_is_for() {
    let mut config = seeded("adam-edge", 5);
    config.n_steps = 6;
    let (adam, plain) =
        (told(&config), told(&RunConfig { n_steps: 6, ..seeded("chebyshev-edge", 5) }));
    let drawn = |current, ghost, is_ratio| {
        let shown = |run, is_ghost| PlottedRun { run, is_ghost, name: String::new() };
        let choices = Choices { is_ratio, ..Choices::default() };
        let options = Options { choices, ..Options::default() };
        compose(&[shown(ghost, true), shown(current, false)], &options)
    };
    let figure = drawn(&adam, &plain, false);
    let scaled = lines(&figure, PanelKind::Preconditioned);
    assert_eq!(scaled, [quantity::PRECONDITIONED_SHARPNESS, quantity::STABILITY_THRESHOLD]);
    assert_eq!(lines(&figure, PanelKind::Sharpness), [quantity::SHARPNESS]);
    let figure = drawn(&adam, &plain, true);
    let panel = &figure.panels[0];
    let last = panel.lines[0].trace.points().last().unwrap()[1];
    let ratio = adam.series(eoscope::quantity::SHARPNESS_RATIO).last().unwrap().1;
    assert_eq!((panel.kind, last), (PanelKind::Preconditioned, ratio));
    assert_eq!(lines(&figure, PanelKind::Sharpness), [quantity::SHARPNESS]);
    // An Adam ghost beside gradient descent has no limit for its λ₁.
    let figure = drawn(&plain, &adam, true);
    assert_eq!(lines(&figure, PanelKind::Preconditioned), []);
    let own = lines(&figure, PanelKind::Sharpness);
    assert_eq!(own, [quantity::SHARPNESS, quantity::STABILITY_THRESHOLD]);
    let ghosts = figure.panels[1].lines.iter().filter(|line| line.ghost.is_some());
    assert_eq!(ghosts.count(), 0);
    assert_eq!(
        compose(
            &[PlottedRun { run: &plain, is_ghost: false, name: String::new() }],
            &Options::default()
        )
        .panels
        .len(),
        4
    );
}

#[test]
fn rates_of_single_parameters_scale_the_step_and_the_hessian() {
    let mut config = seeded("fixup", 1);
    config.task.n_train = 200;
    let lr = config.live.peak_lr;
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    let mut factors = vec![1.0; trainer.params().elem_count()];
    for spec in trainer.objective().program().params() {
        if spec.shape == [1] {
            factors[spec.offset] = 0.1;
        }
    }
    assert!(factors.iter().filter(|d| **d < 1.0).count() >= 4, "Fixup's scalars");
    for _ in 0..30 {
        let (before, buffers) = (trainer.params().clone(), trainer.buffers().to_vec());
        let at =
            trainer.objective().linearize(&before, &buffers, trainer.probe_set(), &never).unwrap();
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { panic!() };
        // Δw = −ηDg
        let (before, after) = (widen(&before).unwrap(), widen(trainer.params()).unwrap());
        let gradient = at.wide_gradient().unwrap();
        for (i, d) in factors.iter().enumerate().filter(|(_, d)| **d < 1.0) {
            let (moved, wanted) = (after[i] - before[i], -lr * d * gradient[i]);
            assert!((moved - wanted).abs() < 1e-6 * (1.0 + wanted.abs()), "{moved}, not {wanted}");
        }
        // λ₁ of D^½HD^½, from a cold start.
        let scales: Vec<f64> = factors.iter().map(|d| d.sqrt()).collect();
        let mut hessian = HessianOperator::new(&at, &|| false);
        let mut scaled = Scaled { inner: &mut hessian, scales: &scales, shift: 0.0 };
        let start = (0..factors.len()).map(|i| ((i * i) as f64).sin()).collect();
        let options = LanczosOptions { tolerance: 1e-4, min_steps: 30, max_steps: 80 };
        let exact = lanczos(&mut scaled, start, options).unwrap().0.value;
        let followed = preconditioned(&record.sample);
        assert!((followed / exact - 1.0).abs() < 5e-3, "{followed}, not {exact}");
    }
}
