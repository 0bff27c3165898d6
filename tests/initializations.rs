//! Initializations: initial sharpness, survival of the run, and the objectives of those that tune.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

#[allow(dead_code, reason = "each test uses its part")]
#[path = "common/training.rs"]
mod training;

use eoscope::config::{
    Architecture, BuiltinTask, GradInitForm, InitScheme, ModelSpec, ResidualForm, RunConfig,
    TaskSpec, Tuning, preset,
};
use eoscope::net::never;
use eoscope::sample::Preparation;
use eoscope::train::{Hooks, Outcome, Prepared, Trainer};
use training::{Told, go_on, mean, quiet, sharpness, tiny, train};

/// Tunes the weights to the end; returns every iteration.
fn prepare(trainer: &mut Trainer) -> Vec<Preparation> {
    let mut told = Vec::new();
    while let Some(prepared) = trainer.prepare(Hooks::none()).unwrap() {
        let Prepared::Iterated(record) = prepared else { panic!("nobody interrupts") };
        told.push(record);
    }
    told
}

/// Tunes, then trains to the end.
fn tuned(config: RunConfig) -> (Vec<Preparation>, Told) {
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    let told = prepare(&mut trainer);
    (told, go_on(&mut trainer))
}

/// Sharpness at step 0.
fn first_sharpness(mut config: RunConfig) -> f64 {
    config.n_steps = 1;
    sharpness(&train(config).samples[0])
}

fn objective(told: &[Preparation]) -> f64 {
    mean(&told.iter().map(|record| record.objective).collect::<Vec<_>>())
}

#[test]
fn fixup_starts_a_residual_network_below_the_line_and_trains_at_the_rate_that_blows_up() {
    let told = train(quiet("fixup", 4));
    assert!(!told.is_diverged && told.samples.len() == 2000);
    let start = told.ratios()[0].1;
    assert!((0.2..0.4).contains(&start), "starts at {start}");
    assert!(told.max_ratio() < 1.4, "max ratio {}", told.max_ratio());
    assert!(told.loss_at(1999) < 0.025, "loss {}", told.loss_at(1999));
}

#[test]
fn metainit_lowers_its_quotient_and_the_first_sharpness_and_the_run_survives() {
    let plain = first_sharpness(quiet("blowup", 1));
    let (tuning, told) = tuned(quiet("metainit", 4));
    assert_eq!(tuning.len(), 301);
    let (early, late) = (objective(&tuning[..10]), objective(&tuning[290..]));
    assert!(late < 0.5 * early && tuning[300].objective < 0.1 * tuning[0].objective);
    for (norm, start) in tuning[300].sizes.iter().zip(&tuning[0].sizes) {
        assert!(*norm <= start * (1.0 + 1e-12), "norms are capped at their start");
    }
    let start = sharpness(&told.samples[0]);
    assert!(start < 0.1 * plain, "λ₁(0) {start}, of the plain start {plain}");
    assert!(!told.is_diverged && told.max_ratio() < 1.5, "max ratio {}", told.max_ratio());
    assert!((0.02..=0.08).contains(&told.loss_at(1999)), "loss {}", told.loss_at(1999));
}

/// Sign steps never settle, so the norms and the speed of later training depend on the last batches:
/// seven of eight seeds end within the calibration's .02 to .08 and one at .104; an independent
/// implementation ends at .031 to .135 on five of these draws with other batches.
#[test]
fn metainit_ends_where_it_was_calibrated_on_most_seeds_and_survives_on_all() {
    let mut losses: Vec<f64> = (1..=3)
        .map(|seed| {
            let (_, told) = tuned(RunConfig { seed, ..quiet("metainit", 200) });
            assert!(!told.is_diverged && told.max_ratio() < 1.5, "seed {seed}");
            told.loss_at(1999)
        })
        .collect();
    losses.sort_by(f64::total_cmp);
    assert!((0.02..=0.08).contains(&losses[1]) && losses[2] < 0.15, "{losses:?}");
}

/// The result varies between draws: λ₁(0)·η/2 is .54 to 1.44 on six of ours, within 3 % of an
/// independent implementation of the formula on the same draws with other batches, and .29 to .70 on
/// five draws made elsewhere. None is within the calibration's .14 to .26. With an objective without
/// the factor 1/η before its gradient is clipped it is .15 to .56 on these eleven draws, and with a
/// single first moment for both kinds of steps .14 to .51.
#[test]
fn gradinit_meets_its_bound_lowers_the_first_sharpness_and_the_run_survives() {
    let plain = first_sharpness(quiet("blowup", 1));
    let (tuning, told) = tuned(quiet("gradinit", 4));
    assert_eq!(tuning.len(), 391);
    assert!(tuning[0].grad_norm.unwrap() > 10.0 && tuning[390].grad_norm.unwrap() <= 1.0);
    assert!(objective(&tuning[380..]) < 0.2 * tuning[0].objective);
    let start = sharpness(&told.samples[0]);
    assert!(start < 0.1 * plain, "λ₁(0) {start}, of the plain start {plain}");
    assert!(!told.is_diverged && told.loss_at(1999) < 0.03, "loss {}", told.loss_at(1999));
    for seed in 1..=3 {
        let config = RunConfig { seed, n_steps: 1, ..quiet("gradinit", 1) };
        let ratio = tuned(config).1.ratios()[0].1;
        assert!((0.25..1.6).contains(&ratio), "seed {seed} starts at {ratio}");
    }
}

#[test]
fn gradinit_meets_the_bound_of_either_norm() {
    for (form, gamma) in
        [(GradInitForm::Sgd, 1.0), (GradInitForm::Sgd, 0.5), (GradInitForm::Adam, 30.0)]
    {
        let mut config = quiet("gradinit", 1);
        config.n_steps = 1;
        (config.init.grad.form, config.init.grad.gamma) = (form, gamma);
        let (tuning, _) = tuned(config);
        let norms: Vec<f64> = tuning.iter().map(|record| record.grad_norm.unwrap()).collect();
        assert!(norms[0] > 10.0 * gamma, "{form}: {} at first", norms[0]);
        // The bound holds for single batches, which differ: steps on the loss reach it.
        let late = &norms[340..];
        assert!(mean(late) <= 1.02 * gamma, "{form} {gamma}: mean {}", mean(late));
        assert!(late.iter().all(|norm| *norm <= 1.25 * gamma), "{form} {gamma}: {late:?}");
    }
}

#[test]
fn starts_that_save_family_a_save_family_b_too_and_lower_its_first_sharpness() {
    let plain = quiet("blowup-cross-entropy", 6);
    let start = first_sharpness(plain.clone());
    for name in ["fixup", "metainit", "gradinit"] {
        let sibling = preset(name).unwrap().config.clone();
        let mut config = plain.clone();
        config.init.tuning = sibling.init.tuning;
        config.init.tuning_steps = sibling.init.tuning_steps;
        config.init.tuning_batch = sibling.init.tuning_batch;
        if sibling.init.scheme == InitScheme::Fixup {
            let activation = plain.model.activation;
            config.model = ModelSpec { activation, ..sibling.model };
            config.init = sibling.init;
        }
        let (_, told) = tuned(config);
        assert!(!told.is_diverged, "{name}");
        let first = sharpness(&told.samples[0]);
        assert!(first < 0.2 * start, "{name}: λ₁(0) {first}, of the plain start {start}");
        assert!(told.loss_at(599) <= 0.008, "{name}: loss {}", told.loss_at(599));
    }
}

#[test]
fn lsuv_lowers_the_first_sharpness_of_a_start_that_is_too_large() {
    let mut config = quiet("blowup", 1);
    let plain = first_sharpness(config.clone());
    config.init.tuning = Tuning::Lsuv;
    let (tuning, _) = tuned(RunConfig { n_steps: 1, ..config.clone() });
    assert_eq!(tuning.len(), 5, "one iteration for each of four layers, and a last look");
    assert!(tuning[4].objective < 1e-5, "variances are 1: {}", tuning[4].objective);
    let start = first_sharpness(config);
    assert!(start < 0.8 * plain, "λ₁(0) {start}, of the plain start {plain}");
}

#[test]
fn fixup_starts_a_resnet_20_at_less_than_a_tenth_of_the_sharpness_of_he() {
    let mut he = quiet("fashion-edge", 1);
    he.task = TaskSpec { name: BuiltinTask::Shapes.into(), n_train: 8, ..TaskSpec::default() };
    he.model = ModelSpec { width: 16, blocks: 3, ..Architecture::Resnet.default_model() };
    he.init.scheme = InitScheme::HeNormal;
    let mut fixup = he.clone();
    fixup.model.residual = ResidualForm::Fixup;
    let mut form = fixup.clone();
    fixup.init.scheme = InitScheme::Fixup;
    form.init.scheme = InitScheme::HeNormal;
    let [fixup, he, form] = [fixup, he, form].map(first_sharpness);
    assert!(fixup < 0.1 * he, "{fixup}, of He's {he}");
    assert!(fixup < 0.1 * form, "{fixup}, of He's in the same network {form}");
}

/// Four iterations of tuning, then three steps of a tiny network.
fn brief(architecture: Architecture) -> RunConfig {
    let mut config = tiny(architecture, 1);
    (config.init.tuning_steps, config.init.tuning_batch) = (4, 5);
    config.n_steps = 3;
    config.live.peak_lr = 1e-5;
    config
}

/// Every scheme with every tuning, on a small network of every architecture and residual form.
fn walk() -> impl Iterator<Item = RunConfig> {
    let all = Architecture::ALL.iter().flat_map(|architecture| {
        let schemes = InitScheme::ALL.iter().map(|scheme| (*architecture, *scheme));
        schemes.flat_map(|pair| Tuning::ALL.iter().map(move |tuning| (pair, *tuning)))
    });
    all.flat_map(|((architecture, scheme), tuning)| {
        [ResidualForm::Plain, ResidualForm::Fixup].map(|residual| {
            let mut config = brief(architecture);
            config.model.residual = residual;
            (config.init.scheme, config.init.tuning) = (scheme, tuning);
            config
        })
    })
}

#[test]
fn every_scheme_with_every_tuning_trains_or_is_refused_with_its_reason() {
    let (mut n_trained, mut n_refused) = (0, 0);
    for config in walk() {
        let what = format!(
            "{} {} {} {}",
            config.model.architecture,
            config.model.residual,
            config.init.scheme,
            config.init.tuning
        );
        if let Err(error) = config.validate() {
            assert_eq!(config.init.scheme, InitScheme::Fixup, "{what}: {error}");
            assert!(error.to_string().contains("model.residual = \"fixup\""), "{what}: {error}");
            n_refused += 1;
            continue;
        }
        let (tuning, told) = tuned(config.clone());
        assert!(!told.is_diverged && told.samples.len() == 3, "{what}");
        assert!(told.samples.iter().all(|s| s.loss.is_finite() && s.curvature.is_some()), "{what}");
        assert_eq!(tuning.is_empty(), config.init.tuning == Tuning::None, "{what}");
        for record in &tuning {
            assert!(record.objective.is_finite() && !record.sizes.is_empty(), "{what}");
            assert!(record.sizes.iter().all(|size| size.is_finite() && *size >= 0.0), "{what}");
            assert_eq!(record.sizes.len(), record.names.len(), "{what}");
        }
        n_trained += 1;
    }
    // Fixup is compatible with two of six architectures, in one of two forms.
    assert_eq!((n_refused, n_trained), (10 * 4, 2 * 6 * 10 * 4 - 10 * 4));
}

#[test]
fn a_tuned_run_is_the_same_at_any_number_of_threads_and_from_any_snapshot() {
    for tuning in Tuning::ALL {
        let mut config = brief(Architecture::Cnn);
        (config.init.tuning, config.init.tuning_steps) = (*tuning, 6);
        let (told, run) = tuned(config.clone());
        let mut trainer = Trainer::new(config, 3, &never).unwrap();
        let snapshots: Vec<_> = told
            .iter()
            .map(|wanted| {
                let before = trainer.snapshot();
                let again = trainer.prepare(Hooks::none()).unwrap();
                assert_eq!(again, Some(Prepared::Iterated(wanted.clone())), "{tuning}");
                before
            })
            .collect();
        for (at, snapshot) in snapshots.iter().enumerate() {
            trainer.restore(snapshot);
            assert_eq!(prepare(&mut trainer), told[at..], "{tuning}");
            assert_eq!(go_on(&mut trainer).samples, run.samples, "{tuning}");
        }
    }
}

#[test]
fn a_step_tunes_first_and_an_interrupted_iteration_changes_nothing() {
    for tuning in [Tuning::Lsuv, Tuning::MetaInit, Tuning::GradInit] {
        let mut config = brief(Architecture::Mlp);
        config.init.tuning = tuning;
        let (_, wanted) = tuned(config.clone());
        let mut trainer = Trainer::new(config, 1, &never).unwrap();
        for n_answers in 0..40 {
            let asked = std::cell::Cell::new(0);
            let is_interrupted = || {
                asked.set(asked.get() + 1);
                asked.get() > n_answers % 5
            };
            let hooks = Hooks { is_interrupted: &is_interrupted, ..Hooks::none() };
            trainer.prepare(hooks).unwrap();
        }
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { panic!() };
        assert_eq!(record.sample, wanted.samples[0], "{tuning}");
        assert!(trainer.is_prepared());
    }
}

#[test]
fn a_tuning_that_is_ended_early_is_the_one_with_as_many_iterations() {
    for tuning in [Tuning::Lsuv, Tuning::MetaInit, Tuning::GradInit] {
        for n in 0..3 {
            let mut config = brief(Architecture::Mlp);
            config.init.tuning = tuning;
            let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
            (0..n).for_each(|_| assert!(trainer.prepare(Hooks::none()).unwrap().is_some()));
            assert_eq!(trainer.cut_preparation(), Some(n));
            assert_eq!(trainer.cut_preparation(), None, "once");
            let last = prepare(&mut trainer);
            assert_eq!((last.len(), last[0].iteration, last[0].is_last()), (1, n, true));
            config.init.tuning_steps = n;
            let (told, run) = tuned(config);
            assert_eq!(told.last(), last.last(), "{tuning}");
            assert_eq!(go_on(&mut trainer).samples, run.samples, "{tuning}");
        }
    }
}

#[test]
fn a_tuning_without_finite_values_is_told_in_a_sentence() {
    let mut config = brief(Architecture::Mlp);
    config.model.activation = eoscope::config::Activation::Linear;
    config.model.hidden = vec![64; 16];
    (config.init.scale, config.init.tuning) = (30.0, Tuning::GradInit);
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    let error = trainer.prepare(Hooks::none()).unwrap_err().to_string();
    assert!(error.contains("GradInit") && error.contains("init.scale"), "{error}");
}
