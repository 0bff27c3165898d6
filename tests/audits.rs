//! Audits find and correct lost eigenvalues and mark the doubtful steps. The first measurement is an
//! audit, and so is the first after the user asks for more eigenvalues or resumes measuring.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test says so at once"
)]

use std::cell::Cell;

use eoscope::config::{Interval, LiveSettings, ProbeMethod, ProbeSettings, RunConfig, preset};
use eoscope::curvature::{Location, Moment, Operator, Probe};
use eoscope::net::{Halt, never};
use eoscope::sample::{Curvature, Doubt, Followed};
use eoscope::train::{Hooks, Outcome, Trainer};

/// A diagonal operator, whose products never mix eigenvectors.
struct Diagonal(Vec<f64>);

impl Operator for Diagonal {
    fn dim(&self) -> usize {
        self.0.len()
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        let product = |v: &Vec<f64>| v.iter().zip(&self.0).map(|(v, d)| v * d).collect();
        Ok(vectors.iter().map(product).collect())
    }
}

const DIM: usize = 80;

fn spectrum() -> Vec<f64> {
    (0..DIM).map(|i| 10.0 * 0.8_f64.powi(i32::try_from(i).unwrap()) - 1.0).collect()
}

fn settings(top_k: usize) -> ProbeSettings {
    ProbeSettings { top_k, ..ProbeSettings::default() }
}

fn gradient() -> Vec<f64> {
    (0..DIM).map(|i| f64::from(u8::from(i == 0))).collect()
}

#[test]
fn an_eigenvalue_that_came_from_nowhere_is_found_by_the_audit_and_puts_what_was_before_in_doubt() {
    let (gradient, location) = (gradient(), Location::new(Vec::new()));
    let at = |step| Moment { step, location: &location, gradient: &gradient, update: None };
    let (mut probe, settings) = (Probe::new(7, 1), settings(2));
    let mut before = Diagonal(spectrum());
    let first = probe.measure(&mut before, &settings, at(3)).unwrap();
    assert!((first.top[0].value - 9.0).abs() < 1e-3 && first.top[0].is_converged);
    // Orthogonal to the gradient and to all carried vectors.
    let mut values = spectrum();
    values[60] = 20.0;
    values[70] = -8.0;
    let mut after = Diagonal(values);
    let mut curvature = probe.measure(&mut after, &settings, at(4)).unwrap();
    assert!((curvature.top[0].value - 9.0).abs() < 1e-3 && !curvature.is_doubted);
    let audit = probe.audit(&mut after, &settings, at(4), &mut curvature).unwrap();
    assert!((audit.eigenvalue.value - 20.0).abs() < 1e-3 && audit.eigenvalue.is_converged);
    let values: Vec<f64> = curvature.top.iter().map(|e| e.value).collect();
    assert!((values[0] - 20.0).abs() < 1e-3 && (values[1] - 9.0).abs() < 1e-3, "{values:?}");
    assert!(curvature.is_doubted);
    let Doubt { of, agreed, step, followed, audited } = curvature.doubts[0];
    assert_eq!((of, agreed, step), (Followed::Largest(1), 3, 4));
    assert!((followed - 9.0).abs() < 1e-3 && (audited - 20.0).abs() < 1e-3);
    assert_eq!(curvature.doubts[1].of, Followed::Largest(2));
    // Doubtful until an audit agrees.
    let mut next = probe.measure(&mut after, &settings, at(5)).unwrap();
    assert!((next.top[0].value - 20.0).abs() < 1e-3 && next.is_doubted);
    probe.audit(&mut after, &settings, at(5), &mut next).unwrap();
    assert!(next.doubts.is_empty() && !next.is_doubted);
}

/// What a product along the update says, and which products are spent on the gradient.
#[test]
fn the_curvature_along_the_update_is_that_of_the_update_really_made() {
    let (gradient, location) = (gradient(), Location::new(Vec::new()));
    // Twice the gradient, and a direction of its own.
    let parallel: Vec<f64> = gradient.iter().map(|g| 2.0 * g).collect();
    let mut own = gradient.clone();
    own[5] = -3.0;
    let values = spectrum();
    let (mut probe, settings) = (Probe::new(7, 1), settings(1));
    for step in 0..6 {
        let update = if step % 2 == 0 { &parallel } else { &own };
        let at = Moment { step, location: &location, gradient: &gradient, update: Some(update) };
        let found = probe.measure(&mut Diagonal(values.clone()), &settings, at).unwrap();
        let along = found.along_update.unwrap();
        let curvature: f64 = update.iter().zip(&values).map(|(u, d)| u * u * d).sum();
        assert!((along.curvature - curvature).abs() < 1e-9 * curvature.abs(), "step {step}");
        let slope = if step % 2 == 0 { 2.0 } else { 1.0 };
        assert_eq!((along.slope, along.directional_sharpness().is_some()), (slope, true));
        // Absent where no product was spent on the gradient, never another vector's number.
        match found.gradient_curvature {
            Some(of_gradient) => assert!((of_gradient - values[0]).abs() < 1e-9),
            None => assert!(step % 2 == 1, "an update along the gradient is a product with it"),
        }
    }
}

#[test]
fn an_eigenvalue_that_came_from_nowhere_is_found_by_the_next_solve_that_predicts_nothing() {
    for method in ProbeMethod::ALL {
        let (gradient, location) = (gradient(), Location::new(Vec::new()));
        let at = |step| Moment { step, location: &location, gradient: &gradient, update: None };
        let settings = ProbeSettings { method: *method, ..settings(2) };
        let mut probe = Probe::new(7, 1);
        for step in 0..9 {
            probe.measure(&mut Diagonal(spectrum()), &settings, at(step)).unwrap();
        }
        let mut values = spectrum();
        values[60] = 20.0;
        let mut measure = |step| {
            let found = probe.measure(&mut Diagonal(values.clone()), &settings, at(step)).unwrap();
            found.top[0].value
        };
        let n_blind = (9..20).take_while(|step| (measure(*step) - 20.0).abs() > 1e-2).count();
        assert!(n_blind <= 3, "{method}: {n_blind} measurements without it");
    }
}

#[test]
fn the_smallest_eigenvalue_is_audited_too() {
    let (gradient, location) = (gradient(), Location::new(Vec::new()));
    let at = |step| Moment { step, location: &location, gradient: &gradient, update: None };
    let (mut probe, settings) = (Probe::new(7, 1), settings(1));
    // An isolated cluster that is tracked, then one below it.
    let mut values = spectrum();
    (values[40], values[41], values[42], values[43]) = (-6.0, -5.0, -4.5, -4.0);
    let found = probe.smallest(&mut Diagonal(values.clone()), &settings, at(0)).unwrap();
    assert!((found.eigenvalue.value + 6.0).abs() < 1e-2);
    values[60] = -12.0;
    let mut operator = Diagonal(values);
    let mut curvature = Curvature {
        min: Some(probe.smallest(&mut operator, &settings, at(1)).unwrap()),
        ..Curvature::default()
    };
    probe.audit_smallest(&mut operator, &settings, at(1), &mut curvature).unwrap();
    assert!((curvature.min.unwrap().eigenvalue.value + 12.0).abs() < 1e-2);
    for doubt in &curvature.doubts {
        assert_eq!((doubt.of, doubt.agreed), (Followed::Smallest, 0));
        assert!(doubt.audited < doubt.followed);
    }
}

#[test]
fn more_copies_of_an_eigenvalue_than_are_wanted_are_all_seen() {
    let (gradient, location) = (gradient(), Location::new(Vec::new()));
    let at = Moment { step: 0, location: &location, gradient: &gradient, update: None };
    let mut values = spectrum();
    values[30..36].fill(15.0);
    let mut probe = Probe::new(1, 6);
    let found = probe.measure(&mut Diagonal(values), &settings(6), at).unwrap();
    for told in found.top {
        assert!((told.value - 15.0).abs() < 1e-4 && told.is_converged, "{told:?}");
    }
}

/// The T6 net with λ₁ at every step.
fn config() -> RunConfig {
    let mut config = preset("chebyshev-edge").unwrap().config.clone();
    config.live.probe = ProbeSettings {
        top_k: 1,
        min_every: Interval::Off,
        audit_every: Interval::Off,
        ..ProbeSettings::default()
    };
    config
}

/// Number of products of the next measurement.
fn hvps(trainer: &mut Trainer) -> u32 {
    let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { panic!() };
    record.sample.curvature.map_or(0, |curvature| curvature.hvps)
}

#[test]
fn the_first_measurement_and_the_first_after_a_change_by_decree_is_an_audit() {
    // Four rounds of at least four vectors each, and the gradient.
    let audit = 17;
    let mut trainer = Trainer::new(config(), 1, &never).unwrap();
    assert!(hvps(&mut trainer) >= audit);
    assert!((0..5).all(|_| hvps(&mut trainer) < audit));
    let tune = |trainer: &mut Trainer, change: &dyn Fn(&mut LiveSettings)| {
        let mut live = trainer.live().clone();
        change(&mut live);
        trainer.tune(live).unwrap();
        hvps(trainer)
    };
    assert!(tune(&mut trainer, &|live| live.peak_lr = 0.1) < audit);
    assert!(tune(&mut trainer, &|live| live.probe.top_k = 2) >= 5 * 4, "more eigenvalues");
    assert!(tune(&mut trainer, &|live| live.probe.top_k = 1) < audit, "fewer");
    assert_eq!(tune(&mut trainer, &|live| live.probe.every = Interval::Off), 0);
    assert!(tune(&mut trainer, &|live| live.probe.every = Interval::every(1)) >= audit, "on");
}

#[test]
fn audits_are_at_the_first_measurement_after_they_are_due() {
    let mut config = config();
    config.live.probe.every = Interval::every(3);
    config.live.probe.audit_every = Interval::every(10);
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    let mut audited = Vec::new();
    for _ in 0..40 {
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { panic!() };
        let curvature = record.sample.curvature.unwrap_or_default();
        if let Some(audit) = curvature.audit {
            let error = (audit.eigenvalue.value / curvature.top[0].value - 1.0).abs();
            assert!(error < 1e-3 && curvature.doubts.is_empty());
            audited.push(record.sample.step);
        }
    }
    assert_eq!(audited, [0, 12, 21, 30]);
}

#[test]
fn the_preconditioned_sharpness_is_audited_when_the_sharpness_is() {
    let mut config = preset("adam-edge").unwrap().config.clone();
    config.live.probe = ProbeSettings {
        top_k: 1,
        min_every: Interval::Off,
        audit_every: Interval::every(10),
        ..ProbeSettings::default()
    };
    let mut trainer = Trainer::new(config, 1, &never).unwrap();
    let mut products = Vec::new();
    for _ in 0..35 {
        let Outcome::Stepped(record) = trainer.step(Hooks::none()).unwrap() else { panic!() };
        let curvature = record.sample.curvature.unwrap_or_default();
        let solved = curvature.preconditioned.unwrap();
        assert!(solved.eigenvalue.is_converged && curvature.doubts.is_empty());
        products.push((record.sample.step, solved.hvps));
    }
    let (audited, followed): (Vec<_>, Vec<_>) =
        products.into_iter().skip(1).partition(|(step, _)| step % 10 == 0);
    let most = followed.iter().map(|(_, hvps)| *hvps).max().unwrap();
    assert_eq!(audited.len(), 3);
    assert!(audited.iter().all(|(_, hvps)| *hvps > most), "{audited:?}, at most {most} between");
}

/// Interrupts at the given call of its check.
struct Stopped {
    inner: Diagonal,
    n_asked: Cell<usize>,
    stop_at: usize,
    n_products: usize,
}

impl Operator for Stopped {
    fn dim(&self) -> usize {
        self.inner.dim()
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        self.n_products += vectors.len();
        self.inner.apply(vectors)
    }

    fn is_interrupted(&self) -> bool {
        self.n_asked.set(self.n_asked.get() + 1);
        self.n_asked.get() > self.stop_at
    }
}

/// Millions of parameters, so the sums between products take seconds.
#[test]
fn a_measurement_stops_between_products_too_wherever_it_is() {
    let (gradient, location) = (gradient(), Location::new(Vec::new()));
    let moment = |step| Moment { step, location: &location, gradient: &gradient, update: None };
    let measured = |stop_at| {
        let (n_asked, inner) = (Cell::new(0), Diagonal(spectrum()));
        let mut operator = Stopped { inner, n_asked, stop_at, n_products: 0 };
        let mut probe = Probe::new(7, 1);
        // The first measurement is an audit, the second starts from carried vectors.
        let found = (0..2).try_for_each(|step| {
            probe.measure(&mut operator, &settings(2), moment(step)).map(drop)
        });
        (found, operator.n_asked.get(), operator.n_products)
    };
    let (whole, n_asked, n_products) = measured(usize::MAX);
    assert!(whole.is_ok() && n_asked > n_products, "{n_asked} questions, {n_products} products");
    for stop_at in 0..n_asked {
        let (found, n_asked, made) = measured(stop_at);
        assert!(matches!(found, Err(Halt::Interrupted)), "{stop_at}");
        assert_eq!(n_asked, stop_at + 1, "nothing is done after it");
        assert!(made <= n_products);
    }
}
