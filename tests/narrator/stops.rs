//! Runs that stop at each awkward step, and stay as true as they were.

use eoscope::config::Interval;
use eoscope::history::narrate;
use eoscope::protocol::{Event, RunEnd};

use crate::checker::Checker;
use crate::sketch::{RUN, Sketch, falling, sample};
use crate::{first, sentences};

/// The same run running, paused, stopped and finished has the same facts.
fn stopped(sketch: &Sketch) -> Vec<String> {
    let told = sentences(&sketch.run);
    let facts = format!("{:?}", narrate(&sketch.run, None));
    let ends = [RunEnd::Finished, RunEnd::Stopped, RunEnd::Failed { message: String::new() }];
    let ends = ends.map(|end| Event::Ended { run: RUN, step: sketch.n(), end });
    let pause = Event::Paused { run: RUN, step: sketch.n() };
    for event in ends.into_iter().chain([pause]) {
        let mut run = sketch.run.clone();
        run.apply(&event);
        assert_eq!(format!("{:?}", narrate(&run, None)), facts, "{event:?}");
        if !sketch.records.is_empty() {
            Checker::new(&run, &sketch.records).check_all();
        }
    }
    told
}

#[test]
fn a_run_without_steps_or_with_few_says_nothing() {
    assert_eq!(stopped(&Sketch::new()), [""; 0]);
    for n in [1, 2, 9] {
        assert_eq!(stopped(&Sketch::new().ratios(n, |_| 1.5)), [""; 0], "{n}");
    }
    let never = Sketch::of(|config| config.live.probe.every = Interval::Off).unmeasured(80);
    assert_eq!(stopped(&never), [""; 0]);
    let nine = Sketch::new().ratios(9, |_| 0.5);
    let off = nine.tune(1, |live| live.probe.every = Interval::Off).unmeasured(80);
    assert_eq!(stopped(&off), [""; 0]);
}

#[test]
fn a_run_may_end_at_its_tenth_measurement_or_its_crossing() {
    let ten = stopped(&Sketch::new().ratios(10, |_| 1.5));
    assert_eq!(ten, ["λ₁ is above its limit 2/η: 1.5 × the limit at step 9."]);
    let crossing = stopped(&Sketch::new().ratios(40, |_| 0.9).ratios(1, |_| 1.2));
    assert_eq!(crossing.len(), 1, "{crossing:?}");
    assert!(crossing[0].starts_with("λ₁ crossed its limit 2/η at step 40"), "{crossing:?}");
    let early = stopped(&Sketch::new().ratios(8, |_| 0.9).ratios(1, |_| 1.2));
    assert_eq!(early, [""; 0], "nine measurements");
}

#[test]
fn a_run_may_end_in_a_jump() {
    let jump = Sketch::new().losses(1.2, [0.2; 40].into_iter().chain([0.5]));
    let told = stopped(&jump);
    assert_eq!(told[0], "The loss jumped to 2.5 × its recent minimum at step 40.");
    let mut infinite = Sketch::new().losses(1.2, [0.2; 40]);
    infinite.add(sample(40, None, f64::INFINITY));
    assert!(stopped(&infinite).iter().all(|told| !told.contains("jumped")));
}

#[test]
fn a_run_may_end_one_step_after_a_change_or_before_its_first_step() {
    let change = || Sketch::at_edge().tune(1, |live| live.weight_decay = 0.5);
    let told = stopped(&change());
    assert!(told[0].starts_with("At the edge of stability"), "{told:?}");
    let told = stopped(&change().ratios(1, |_| 1.0));
    let wanted = "Weight decay 0 → 0.5 at step 180: the limit 2/η − μ stayed at 20; λ₁ went from 0.98 × \
                  the limit at step 179 to 1 × the limit at step 180.";
    assert_eq!(told[0], wanted);
    let told = stopped(&change().unmeasured(1));
    let wanted = "Weight decay 0 → 0.5 at step 180: the limit 2/η − μ stayed at 20.";
    assert_eq!(told[0], wanted);
}

#[test]
fn a_run_may_diverge_at_each_of_these_steps() {
    let end = || RunEnd::Diverged { loss: f64::INFINITY };
    let diverge = |mut sketch: Sketch| {
        let step = sketch.n();
        sketch.add(sample(step, Some(f64::NAN), f64::INFINITY));
        let sketch = sketch.end(end());
        Checker::new(&sketch.run, &sketch.records).check_all();
        first(&sketch.run)
    };
    assert_eq!(diverge(Sketch::new()), "Diverged at step 1: loss ∞.");
    assert_eq!(diverge(Sketch::new().ratios(8, |_| 9.0)), "Diverged at step 9: loss ∞.");
    let told = diverge(Sketch::new().ratios(12, |_| 9.0));
    assert_eq!(told, "Diverged at step 13: loss ∞; λ₁ was 9 × its limit 2/η at step 11.");
    let told = diverge(Sketch::new().ratios(12, |_| 9.0).unmeasured(60));
    assert_eq!(told, "Diverged at step 73: loss ∞.", "its last ratio is old");
    let told = diverge(Sketch::at_edge().tune(1, |live| live.peak_lr = 100.0));
    let wanted = "Diverged at step 181, one step after Learning rate 0.1 → 100: loss ∞; λ₁ was \
                  0.98 × its limit 2/η at step 179.";
    assert_eq!(told, wanted);
}

#[test]
fn a_run_that_began_to_be_measured_late_is_told_from_there() {
    let late = Sketch::of(|config| config.live.probe.every = Interval::Off).unmeasured(80);
    let late = late.tune(1, |live| live.probe.every = Interval::every(1));
    let told = stopped(&late.ratios(12, |_| 0.5));
    assert_eq!(told, ["λ₁ is below its limit 2/η: 0.5 × the limit at step 91."]);
}

#[test]
fn losses_do_not_jump_while_they_only_fall() {
    let mut sketch = Sketch::new();
    for step in 0..300 {
        sketch.add(sample(step, None, falling(step)));
        assert_eq!(sentences(&sketch.run), [""; 0]);
    }
}
