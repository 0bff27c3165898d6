//! Positions relative to the limit, at the borders of their definitions.

use eoscope::config::Interval;
use eoscope::history::{EDGE, Fact, MIN_MEASURED, narrate};

use crate::checker::Checker;
use crate::sketch::Sketch;
use crate::{at_edge_since, first, sentences};

#[test]
fn nothing_is_said_from_fewer_than_ten_measurements() {
    for n in 0..MIN_MEASURED as u64 {
        let sketch = Sketch::new().unmeasured(40).ratios(n, |i| 0.9 + 0.1 * i as f64);
        assert_eq!(sentences(&sketch.run), [""; 0], "{n}");
    }
    let sketch = Sketch::new().unmeasured(40).ratios(MIN_MEASURED as u64, |_| 0.5);
    assert_eq!(first(&sketch.run), "λ₁ is below its limit 2/η: 0.5 × the limit at step 49.");
}

#[test]
fn a_trend_is_told_where_its_slope_is_above_two_standard_errors() {
    let wave = |slope: f64| {
        let sketch = Sketch::new().ratios(50, |i| {
            let wobble = if i.is_multiple_of(2) { -0.02 } else { 0.02 };
            0.5 + slope * i as f64 + wobble
        });
        first(&sketch.run)
    };
    // The standard error is .02/√(50³/12·48/50) = 2.0e-4.
    assert!(wave(2e-4).starts_with("λ₁ is below its limit 2/η: "), "{}", wave(2e-4));
    assert!(wave(8e-4).starts_with("λ₁ is below its limit 2/η and rising: "), "{}", wave(8e-4));
    let falling = "λ₁ is below its limit 2/η and falling: 0.481 × the limit at step 49.";
    assert_eq!(wave(-8e-4), falling, "the last one alone is above the median");
    let smooth = Sketch::new().ratios(50, |i| 0.9 - 0.005 * i as f64);
    assert_eq!(
        first(&smooth.run),
        "λ₁ is below its limit 2/η and falling: 0.655 × the limit at step 49."
    );
}

#[test]
fn a_limit_that_falls_towards_the_curvature_comes_nearer() {
    let towards = |slope: f64| {
        let sketch = Sketch::new().changed(50, 0.5, |step, sample| {
            let limit = 200.0 / (1.0 + step as f64);
            sample.stability_threshold = Some(limit);
            sample.effective_threshold = Some(limit);
            sample.learning_rate = 2.0 / limit;
            let top = &mut sample.curvature.as_mut().unwrap().top[0];
            top.value = 2.0 + slope * step as f64;
        });
        first(&sketch.run)
    };
    let level = "λ₁ is below its limit 2/η, which comes nearer: 0.5 × the limit at step 49.";
    assert_eq!(towards(0.0), level);
    assert!(
        towards(-0.01).contains("and falling, but the limit falls faster"),
        "{}",
        towards(-0.01)
    );
    assert!(towards(0.01).contains("2/η and rising: "), "{}", towards(0.01));
}

#[test]
fn a_crossing_is_told_with_the_measured_steps_around_it() {
    let rise = |i: u64| 0.705 + 0.01 * i as f64;
    let below = Sketch::new().ratios(30, rise);
    assert!(first(&below.run).starts_with("λ₁ is below its limit"), "{}", first(&below.run));
    let above = Sketch::new().ratios(31, rise);
    let wanted = "λ₁ crossed its limit 2/η at step 30 and is rising: 1.005 × the limit at step 30.";
    assert_eq!(first(&above.run), wanted);
    let mut rare = Sketch::of(|config| config.live.probe.every = Interval::every(3));
    for i in 0..31 {
        rare = rare.ratios(1, |_| rise(i)).unmeasured(2);
    }
    assert!(first(&rare.run).contains("between steps 87 and 90"), "{}", first(&rare.run));
    // A run that starts above its limit has not crossed it.
    let high = Sketch::new().ratios(40, |_| 1.3);
    assert_eq!(first(&high.run), "λ₁ is above its limit 2/η: 1.3 × the limit at step 39.");
}

#[test]
fn at_the_limit_is_within_the_tolerance_of_measurements() {
    let last = |ratio: f64| {
        let sketch = Sketch::new().ratios(30, |_| 0.9).ratios(1, move |_| ratio);
        first(&sketch.run)
    };
    assert!(last(0.9995).starts_with("λ₁ is at its limit 2/η"), "{}", last(0.9995));
    assert!(last(0.998).starts_with("λ₁ is below its limit 2/η"), "{}", last(0.998));
    assert!(last(1.0005).starts_with("λ₁ is at its limit 2/η"), "{}", last(1.0005));
    assert!(last(1.002).starts_with("λ₁ crossed its limit 2/η at step 30"), "{}", last(1.002));
}

#[test]
fn the_edge_is_a_median_in_its_range_after_a_crossing() {
    let resting = |ratio: f64| Sketch::at_edge().ratios(60, move |_| ratio);
    for (ratio, is_at_edge) in [
        (EDGE[0], true),
        (EDGE[0] - 1e-6, false),
        (EDGE[1], true),
        (EDGE[1] + 1e-6, false),
        (1.0, true),
    ] {
        let sketch = resting(ratio);
        assert_eq!(at_edge_since(&sketch.run).is_some(), is_at_edge, "{ratio}");
    }
    // Never above its limit, or only rising through the range.
    let below = Sketch::new().ratios(200, |_| 0.97);
    assert_eq!(first(&below.run), "λ₁ is below its limit 2/η: 0.97 × the limit at step 199.");
    let mut passing = Sketch::new();
    for i in 0..400 {
        passing = passing.ratios(1, |_| 0.8 + 0.001 * f64::from(i));
        assert_eq!(at_edge_since(&passing.run), None, "{i}");
    }
}

#[test]
fn the_edge_has_its_steps_and_is_past_once_the_median_leaves_it() {
    let sketch = Sketch::at_edge();
    Checker::new(&sketch.run, &sketch.records).check_all();
    let since = at_edge_since(&sketch.run).unwrap();
    assert!((60..=130).contains(&since), "{since}");
    let calm = Sketch::at_edge().ratios(60, |_| 0.5);
    let told = sentences(&calm.run);
    assert!(told[0].starts_with("λ₁ is below its limit 2/η"), "{told:?}");
    let past = format!("At the edge of stability from step {since} to step ");
    assert!(told.iter().any(|sentence| sentence.starts_with(&past)), "{told:?}");
    assert!(told.contains(&"λ₁ crossed its limit at step 56.".to_owned()), "{told:?}");
    Checker::new(&calm.run, &calm.records).check_all();
}

/// What is true at a step is the same when the run is there and when it has gone on.
#[test]
fn a_step_is_told_the_same_later() {
    let mut sketch = Sketch::at_edge()
        .tune(1, |live| live.peak_lr *= 2.0)
        .ratios(30, |i| 2.0 - 0.04 * i as f64)
        .ratios(80, |_| 0.8)
        .unmeasured(9);
    let spike = (0..20).map(|i| if i == 12 { 3.0 } else { 0.2 });
    sketch = sketch.losses(0.8, spike).ratios(30, |i| 0.8 + 0.02 * i as f64);
    for until in 0..sketch.n() {
        let mut there = Sketch::new();
        for (step, record) in
            sketch.records.iter().enumerate().take(usize::try_from(until).unwrap() + 1)
        {
            if step == 180 {
                there = there.tune(1, |live| live.peak_lr *= 2.0);
            }
            there.add(record.sample.clone());
        }
        let (then, later) = (narrate(&there.run, None), narrate(&sketch.run, Some(until)));
        let steady = |facts: &[Fact]| format!("{facts:?}");
        assert_eq!(steady(&then), steady(&later), "step {until}");
    }
}
