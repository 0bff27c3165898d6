//! Changes of settings, and the end of a run.

use eoscope::history::{Fact, RECENT_STEPS, narrate};
use eoscope::protocol::{RunEnd, Sample};

use crate::sketch::Sketch;
use crate::{first, sentences};

/// The samples after η was doubled.
fn doubled(_: u64, sample: &mut Sample) {
    sample.learning_rate = 0.2;
    sample.effective_learning_rate = 0.2;
    sample.stability_threshold = Some(10.0);
    sample.effective_threshold = Some(10.0);
}

fn double(sketch: Sketch, n: u64, ratio: f64) -> Sketch {
    sketch.tune(1, |live| live.peak_lr = 0.2).changed(n, ratio / 2.0, doubled)
}

#[test]
fn a_change_is_told_with_the_limits_and_ratios_before_and_after() {
    let before = Sketch::at_edge();
    let wanted = "Learning rate 0.1 → 0.2 at step 180: the limit 2/η fell from 20 to 10; λ₁ went \
                  from 0.98 × the limit at step 179 to 1.6 × the limit at step ";
    for n in [1, 5, RECENT_STEPS + 1] {
        let sketch = double(Sketch::at_edge(), n, 1.6);
        assert_eq!(first(&sketch.run), format!("{wanted}{}.", 179 + n));
    }
    let later = double(before, RECENT_STEPS + 2, 1.6);
    assert!(first(&later.run).starts_with("λ₁ is above its limit 2/η:"), "{}", first(&later.run));
    // What it did ends there.
    let last = format!("{wanted}{}.", 180 + RECENT_STEPS);
    assert!(sentences(&later.run).contains(&last), "{:?}", sentences(&later.run));
    // Before its first step it has done nothing.
    let asked = Sketch::at_edge().tune(1, |live| live.peak_lr = 0.2);
    assert!(first(&asked.run).starts_with("At the edge of stability"), "{}", first(&asked.run));
}

#[test]
fn a_change_has_the_jump_that_follows_and_the_edge_that_is_reached() {
    let sketch =
        Sketch::at_edge().tune(1, |live| live.peak_lr = 0.2).changed(4, 1.0, |step, sample| {
            doubled(step, sample);
            sample.loss = if step == 182 { 2.0 } else { sample.loss };
        });
    let told = first(&sketch.run);
    let floor = sketch.records[162..182].iter().map(|r| r.sample.loss).fold(f64::MAX, f64::min);
    let factor = eoscope::text::number(eoscope::text::rounded(2.0 / floor, 2));
    let wanted = format!("; the loss jumped to {factor} × its recent minimum at step 182.");
    assert!(told.ends_with(&wanted), "{told}");
    let n_jumps =
        narrate(&sketch.run, None).iter().filter(|fact| matches!(fact, Fact::Jumped(_))).count();
    assert_eq!(n_jumps, 0, "the jump is told once");
    let settled = double(Sketch::at_edge(), 5, 1.6).changed(4, 0.51, doubled);
    let told = first(&settled.run);
    assert!(!told.contains("at the edge"), "{told}");
    let settled = settled.changed(20, 0.51, doubled);
    let told = first(&settled.run);
    assert!(told.contains("; at the edge of stability since step "), "{told}");
}

#[test]
fn nothing_is_compared_across_a_change() {
    let sketch = double(Sketch::at_edge(), 9, 0.4);
    assert!(crate::position(&sketch.run).is_none());
    let told = sentences(&sketch.run);
    assert!(told.iter().all(|told| !told.contains("falling")), "{told:?}");
    let ten = sketch.changed(1, 0.2, doubled);
    assert!(crate::position(&ten.run).is_some());
}

#[test]
fn a_change_of_measurements_changes_nothing() {
    let sketch = Sketch::at_edge().tune(1, |live| live.probe.top_k = 3).ratios(1, |_| 1.0);
    assert!(first(&sketch.run).starts_with("At the edge of stability, limit 2/η, since step"));
    assert!(sentences(&sketch.run).iter().all(|told| !told.contains('→')));
}

#[test]
fn a_drag_is_one_change_and_one_taken_back_is_none() {
    let drag = Sketch::at_edge().tune(1, |live| live.peak_lr = 0.15).ratios(2, |_| 1.0);
    let drag = drag.tune(1, |live| live.peak_lr = 0.2).changed(3, 0.5, doubled);
    let told = first(&drag.run);
    let wanted = "Learning rate 0.1 → 0.2 from step 180 to 182: the limit 2/η fell from 20 to 10;";
    assert!(told.starts_with(wanted), "{told}");
    let back = Sketch::at_edge().tune(1, |live| live.peak_lr = 0.2).changed(2, 1.0, doubled);
    let back = back.tune(1, |live| live.peak_lr = 0.1).ratios(3, |_| 1.0);
    assert!(
        sentences(&back.run).iter().all(|told| !told.contains('→')),
        "{:?}",
        sentences(&back.run)
    );
}

#[test]
fn a_divergence_has_its_cause_if_that_is_recent() {
    let diverged = |n: u64, ratio: f64| {
        let sketch = double(Sketch::at_edge(), n, ratio);
        first(&sketch.end(RunEnd::Diverged { loss: 3456.0 }).run)
    };
    let told = "Diverged at step 182, two steps after Learning rate 0.1 → 0.2: loss 3456; λ₁ was \
                24.4 × its limit 2/η at step 181.";
    assert_eq!(diverged(2, 24.4), told);
    assert!(diverged(RECENT_STEPS, 2.0).contains("50 steps after"));
    assert!(!diverged(RECENT_STEPS + 1, 2.0).contains("after"));
    // From too few measurements nothing is said of the curvature.
    let short = Sketch::new().ratios(5, |_| 20.0).end(RunEnd::Diverged { loss: f64::NAN });
    assert_eq!(sentences(&short.run), ["Diverged at step 5: loss NaN."]);
    // Before its end it had not diverged.
    let sketch = double(Sketch::at_edge(), 2, 9.0).end(RunEnd::Diverged { loss: 1e9 });
    let before = narrate(&sketch.run, Some(180));
    assert!(matches!(before[0], Fact::Changed(_)), "{before:?}");
}
