//! Limits of optimizers, clipping, and measurements from which nothing follows.

use eoscope::config::{Batch, Clip, ClipMode, Interval, Rule};
use eoscope::history::{Fact, narrate};
use eoscope::protocol::{Doubt, Followed, Sample};

use crate::first;
use crate::sketch::{Sketch, preconditioned};

/// Whether any sentence compares the curvature with a limit.
fn compares(sketch: &Sketch) -> bool {
    narrate(&sketch.run, None)
        .iter()
        .any(|fact| !matches!(fact, Fact::Unlimited(_) | Fact::Unmeasured(_) | Fact::Jumped(_)))
}

#[test]
fn every_optimizer_has_its_own_limit() {
    let limited = |rule: Rule, product: f64| {
        let sketch = Sketch::of(|config| config.optimizer.rule = rule);
        let sketch = sketch.changed(20, 0.5, |_, sample| {
            let limit = product / sample.learning_rate;
            sample.stability_threshold = Some(limit);
            sample.effective_threshold = Some(limit);
            let curvature = sample.curvature.as_mut().unwrap();
            curvature.top[0].value = 0.5 * limit;
            if rule.is_adaptive() {
                curvature.preconditioned = Some(preconditioned(0.5 * limit));
            }
        });
        first(&sketch.run)
    };
    let told = "0.5 × the limit at step 19.";
    assert_eq!(limited(Rule::GradientDescent, 2.0), format!("λ₁ is below its limit 2/η: {told}"));
    assert_eq!(limited(Rule::HeavyBall, 3.8), format!("λ₁ is below its limit 3.8/η: {told}"));
    let adam = limited(Rule::Adam, 38.0);
    assert_eq!(adam, format!("λ₁(P⁻¹H) is below its limit 38/η: {told}"));
    // A limit that moves has the formula of its rule, here that of the made-up run.
    assert_eq!(limited(Rule::Sam, 1.7), format!("λ₁ is below its limit 2/η: {told}"));
}

#[test]
fn weight_decay_is_in_the_name_of_the_limit() {
    let sketch = Sketch::of(|config| config.live.weight_decay = 0.5);
    let sketch = sketch.changed(20, 0.5, |_, sample| sample.effective_threshold = Some(19.5));
    assert!(first(&sketch.run).contains("its limit 2/η − μ:"), "{}", first(&sketch.run));
}

#[test]
fn a_clipped_norm_has_its_limit_at_the_effective_rate() {
    let clip = |step: u64, sample: &mut Sample| {
        if step.is_multiple_of(2) {
            (sample.clip_scale, sample.effective_threshold) = (0.5, Some(40.0));
        }
    };
    let clipped = |n: u64| {
        let sketch = Sketch::of(|config| config.live.clip = Clip::at(ClipMode::Absolute, 1.0));
        first(&sketch.changed(n, 0.5, clip).run)
    };
    let told = "Clipped in 13 of 25 steps up to step 24, so the limit that binds is 2/η eff. λ₁ is \
                below the limit: 0.25 × the limit at step 24.";
    assert_eq!(clipped(25), told);
    assert!(!clipped(26).contains("lipped") && !clipped(26).contains("eff"), "{}", clipped(26));
    assert!(clipped(151).starts_with("Clipped in 25 of 50 steps"), "{}", clipped(151));
}

#[test]
fn gradients_clipped_by_parts_have_no_limit() {
    let sketch = Sketch::at_edge().changed(10, 1.0, |_, sample| {
        (sample.clip_scale, sample.effective_threshold) = (0.9, None);
    });
    let told = "λ₁ is 20 at step 189; no limit is known where coordinates or units are clipped.";
    assert_eq!(first(&sketch.run), told);
    // Nothing is compared again before there are ten measurements with a limit.
    let nine = sketch.ratios(9, |_| 1.0);
    assert!(crate::position(&nine.run).is_none());
    let ten = nine.ratios(1, |_| 0.9);
    assert!(first(&ten.run).starts_with("λ₁ is below its limit 2/η"), "{}", first(&ten.run));
}

#[test]
fn a_rate_of_zero_has_no_limit() {
    let sketch = Sketch::new().changed(20, 0.5, |_, sample| {
        (sample.learning_rate, sample.stability_threshold) = (0.0, None);
        sample.effective_threshold = None;
    });
    let told = "λ₁ is 10 at step 19; it has no limit at a learning rate of 0.";
    assert_eq!(first(&sketch.run), told);
}

#[test]
fn a_limit_that_is_not_that_of_the_run_is_compared_with_nothing() {
    let crossing = |i: u64| 0.5 + 0.01 * i as f64;
    let batch = Sketch::of(|config| config.optimizer.batch = Batch::Size(4.try_into().unwrap()));
    let batch = batch.ratios(100, crossing).ratios(100, |_| 1.0);
    let told = "λ₁ is 20 at step 199; its limit holds for the full batch, not for batches of 4.";
    assert_eq!(first(&batch.run), told);
    let n_train = batch.run.config().task.n_train;
    let subset = Sketch::of(|config| config.task.n_probe = Batch::Size(50.try_into().unwrap()));
    let subset = subset.ratios(100, crossing);
    let told = format!(
        "λ₁ is rising, 29.8 at step 99; it is measured on 50 of the {n_train} examples that the \
         limit is for."
    );
    assert_eq!(first(&subset.run), told);
    let sign = Sketch::of(|config| config.optimizer.rule = Rule::Sign);
    let sign = sign.ratios(100, crossing);
    let told = "λ₁ is rising, 29.8 at step 99; it has no limit, as the steps of sign have a fixed \
                length.";
    assert_eq!(first(&sign.run), told);
    for sketch in [batch, subset, sign] {
        assert!(!compares(&sketch), "{:?}", narrate(&sketch.run, None));
    }
    // A batch of all examples is the full batch.
    let full = Sketch::of(|config| {
        config.optimizer.batch = Batch::Size(config.task.n_train.try_into().unwrap());
    });
    assert!(first(&full.ratios(20, |_| 0.5).run).starts_with("λ₁ is below its limit"));
}

#[test]
fn a_loss_of_other_examples_does_not_jump() {
    let batch = Sketch::of(|config| config.optimizer.batch = Batch::Size(4.try_into().unwrap()));
    let sketch = batch.losses(0.5, [0.1; 30].into_iter().chain([9.0]));
    assert!(!first(&sketch.run).contains("jumped"));
}

#[test]
fn a_measurement_is_missed_once_it_is_overdue() {
    let sketch = |every: u64, n: u64| {
        let config = Sketch::of(|config| config.live.probe.every = Interval::every(every));
        first(&config.ratios(20, |_| 0.5).unmeasured(n).run)
    };
    assert!(sketch(3, 3).starts_with("λ₁ is below its limit"), "{}", sketch(3, 3));
    assert_eq!(sketch(3, 4), "λ₁ was last measured at step 19, 4 steps ago.");
    // Between rare measurements the last one is told as past.
    assert!(sketch(100, 10).starts_with("λ₁ is below its limit"), "{}", sketch(100, 10));
    assert!(sketch(100, 11).starts_with("λ₁ was below its limit"), "{}", sketch(100, 11));
    let off = Sketch::new().ratios(20, |_| 0.5);
    let off = off.tune(1, |live| live.probe.every = Interval::Off).unmeasured(5);
    let told = "λ₁ has not been measured since step 19: measuring is off.";
    assert_eq!(first(&off.run), told);
    let on = off.tune(2, |live| live.probe.every = Interval::every(1)).ratios(9, |_| 0.5);
    assert_eq!(first(&on.run), "", "nothing is compared across the gap");
    assert!(first(&on.ratios(1, |_| 0.5).run).ends_with("at step 34."));
}

#[test]
fn the_edge_is_past_where_it_is_no_longer_measured() {
    let off = Sketch::at_edge().tune(1, |live| live.probe.every = Interval::Off).unmeasured(5);
    let since = narrate(&off.run, Some(179))[0].step();
    let told = crate::sentences(&off.run);
    let wanted =
        format!("At the edge of stability from step {since} to step 179, the last measured.");
    assert!(told.contains(&wanted), "{told:?}");
    let again = off.tune(2, |live| live.probe.every = Interval::every(1)).ratios(30, |_| 1.0);
    let told = crate::sentences(&again.run);
    let past = format!("At the edge of stability from step {since} to step 179.");
    assert!(told.contains(&past), "{told:?}");
}

#[test]
fn measurements_that_did_not_converge_count_as_none() {
    let unconverged = |_: u64, sample: &mut Sample| {
        sample.curvature.as_mut().unwrap().top[0].is_converged = false;
    };
    let never = Sketch::new().changed(60, 1.5, unconverged);
    assert_eq!(first(&never.run), "");
    let sketch = Sketch::new().ratios(30, |_| 0.5).changed(30, 1.5, unconverged);
    let told = "λ₁ has not been measured to its tolerance since step 29.";
    assert_eq!(first(&sketch.run), told);
    assert!(crate::sentences(&sketch.run).iter().all(|told| !told.contains("crossed")));
}

#[test]
fn an_audit_takes_back_what_it_contradicts() {
    let rising = Sketch::new().ratios(60, |i| 0.8 + 0.005 * i as f64);
    assert!(
        first(&rising.run).contains("crossed its limit 2/η at step 41"),
        "{}",
        first(&rising.run)
    );
    let doubted = rising.changed(1, 0.7, |step, sample| {
        let curvature = sample.curvature.as_mut().unwrap();
        curvature.is_doubted = true;
        curvature.doubts = vec![Doubt {
            of: Followed::Largest(1),
            agreed: 20,
            step,
            followed: 22.0,
            audited: 14.0,
        }];
    });
    let told = crate::sentences(&doubted.run);
    assert_eq!(told, ["λ₁ is in doubt after step 20: an audit contradicted it."]);
    let agreed = doubted.ratios(10, |_| 0.7);
    let told = crate::sentences(&agreed.run);
    assert_eq!(told, ["λ₁ is below its limit 2/η: 0.7 × the limit at step 70."]);
}
