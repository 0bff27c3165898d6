//! What the loss does: jumps, and its course at the edge of stability.

use eoscope::history::{Fact, JUMP_STEPS, LOSS_STEPS, MIN_MEASURED, RECENT_STEPS, narrate};

use crate::first;
use crate::sketch::{Sketch, sample};

fn has_jumped(sketch: &Sketch) -> bool {
    narrate(&sketch.run, None).iter().any(|fact| matches!(fact, Fact::Jumped(_)))
}

#[test]
fn a_loss_jumps_above_one_and_a_half_times_its_minimum_of_twenty_steps() {
    let after =
        |n: usize, loss: f64| Sketch::new().losses(0.5, std::iter::repeat_n(0.2, n).chain([loss]));
    assert!(!has_jumped(&after(30, 0.3)) && has_jumped(&after(30, 0.300_001)));
    let told = first(&after(30, 0.4).run);
    assert_eq!(told, "The loss jumped to 2 × its recent minimum at step 30.");
    // Too few losses before.
    assert!(!has_jumped(&after(MIN_MEASURED - 1, 9.0)) && has_jumped(&after(MIN_MEASURED, 9.0)));
    // A minimum is forgotten after its steps.
    let slow = |n: usize| {
        let low = [0.1; 1].into_iter().chain(std::iter::repeat_n(0.14, n)).chain([0.16]);
        Sketch::new().losses(0.5, low)
    };
    assert!(has_jumped(&slow(JUMP_STEPS - 1)) && !has_jumped(&slow(JUMP_STEPS)));
    // The first thing said for a while, and then a thing of the past.
    let later = |n: u64| after(30, 0.4).ratios(n, |_| 0.5);
    assert!(first(&later(RECENT_STEPS).run).starts_with("The loss jumped"));
    assert!(first(&later(RECENT_STEPS + 1).run).starts_with("λ₁ is below"));
    assert!(has_jumped(&later(RECENT_STEPS + 1)));
}

#[test]
fn a_jump_has_its_highest_loss() {
    let losses = std::iter::repeat_n(0.2, 30).chain([0.4, 1.2, 0.9]);
    let sketch = Sketch::new().losses(0.5, losses);
    assert_eq!(first(&sketch.run), "The loss jumped to 6 × its recent minimum at step 31.");
    let jump = narrate(&sketch.run, None).remove(0);
    assert_eq!(jump.step(), 30);
}

#[test]
fn the_curvature_fell_back_only_if_it_was_above_and_is_no_longer() {
    let jump = |before: f64, after: f64| {
        let mut sketch = Sketch::new().losses(before, [0.2; 30]);
        sketch.add(sample(30, Some(before), 0.5));
        first(&sketch.losses(after, [0.4]).run)
    };
    let told = "The loss jumped to 2.5 × its recent minimum at step 30";
    let fall = ", and λ₁ fell back from 1.2 × its limit 2/η at step 30 to 0.9 × at step 31.";
    assert_eq!(jump(1.2, 0.9), format!("{told}{fall}"));
    for (before, after) in [(1.2, 1.01), (1.0, 0.9)] {
        assert_eq!(jump(before, after), format!("{told}."));
    }
}

#[test]
fn the_loss_at_the_edge_is_counted_over_its_last_steps() {
    let course = |n: u64, loss: fn(u64) -> f64| {
        let mut sketch = Sketch::at_edge();
        for i in 0..n {
            let ratio = if i % 2 == 0 { 1.04 } else { 0.98 };
            sketch.add(sample(sketch.n(), Some(ratio), loss(i)));
        }
        first(&sketch.run)
    };
    // Every third step rises.
    let saw = |i: u64| 0.25 - i as f64 * 1e-4 + if i % 3 == 1 { 0.01 } else { 0.0 };
    let told = course(LOSS_STEPS + 100, saw);
    let wanted =
        format!("the loss rose in 33 % of the last {LOSS_STEPS} steps and fell over them.");
    assert!(told.starts_with("At the edge of stability, limit 2/η, since step "), "{told}");
    assert!(told.ends_with(&wanted), "{told}");
    let told = course(LOSS_STEPS + 100, |i| 0.25 + i as f64 * 1e-4);
    assert!(
        told.ends_with("the loss rose in 100 % of the last 500 steps and did not fall over them."),
        "{told}"
    );
    let told = first(&Sketch::at_edge().run);
    assert!(told.contains("the loss rose in 0 % of the last"), "{told}");
}

#[test]
fn too_few_steps_at_the_edge_say_nothing_of_the_loss() {
    let mut sketch = Sketch::at_edge();
    let since = crate::at_edge_since(&sketch.run).unwrap();
    while sketch.n() < since + RECENT_STEPS + 1 {
        sketch = sketch.ratios(1, |_| 1.01);
    }
    let until = usize::try_from(since + RECENT_STEPS).unwrap();
    let mut early = Sketch::new();
    for record in &sketch.records[..until] {
        early.add(record.sample.clone());
    }
    assert!(!first(&early.run).contains("the loss"), "{}", first(&early.run));
    let mut there = Sketch::new();
    for record in &sketch.records[..=until] {
        there.add(record.sample.clone());
    }
    assert!(first(&there.run).contains("the loss"), "{}", first(&there.run));
}
