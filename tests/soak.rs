//! A window left open overnight, as two million records: the number of drawn shapes and the bytes per
//! step stay bounded. Counts only; no clock.

#[path = "common/synthetic.rs"]
#[expect(dead_code, reason = "shared with the pictures' tests")]
mod synthetic;

use eoscope::figure::{Axis, Figure, Options, PlottedRun, compose};
use eoscope::history::Run;
use eoscope::protocol::{Cost, Event, Record, Sample};

/// A number of records in events of the usual size, with one spike.
fn long(n_steps: u64, spike: u64) -> Run {
    let mut run = synthetic::run(0, synthetic::clipped);
    let record = |step: u64| {
        let mut sample = synthetic::clipped(step);
        if step == spike {
            sample.loss = 1e7;
        }
        Record { sample: Sample { epoch: step as f64, ..sample }, cost: cost(step) }
    };
    for start in (0..n_steps).step_by(256) {
        let records = (start..n_steps.min(start + 256)).map(record).collect();
        run.apply(&Event::Sampled { run: synthetic::RUN, records });
    }
    run
}

fn cost(step: u64) -> Cost {
    Cost { step_ms: 1.0 + (step as f64).sin().abs(), ..Cost::default() }
}

fn drawn(run: &Run, axis: Axis, visible: Option<[f64; 2]>) -> Figure {
    let shown = PlottedRun { run, is_ghost: false, name: "now".to_owned() };
    compose(&[shown], &Options { axis, visible, ..Options::default() })
}

fn n_points(figure: &Figure) -> Vec<usize> {
    let lines = figure.panels.iter().flat_map(|panel| &panel.lines);
    lines.map(|line| line.trace.points().count() + line.trace.off_scale.len()).collect()
}

#[test]
fn after_two_million_records_every_zoom_draws_few_points_and_the_spike() {
    let (n_steps, spike) = (2_000_000, 1_234_567);
    let run = long(n_steps, spike);
    assert_eq!(run.n_steps(), n_steps);
    // Four eigenvalues every other step, occasional λ min and audits, and clipping at every step.
    assert!(run.bytes() as f64 / n_steps as f64 <= 250.0, "{}", run.bytes());
    for axis in Axis::ALL {
        let end = drawn(&run, axis, None).extent[1];
        let at = end * spike as f64 / n_steps as f64;
        let views = [1e-5, 1e-3, 0.1, 0.7]
            .map(|share| Some([(at - share * end).max(0.0), (at + share * end).min(end)]));
        for visible in views.into_iter().chain([None]) {
            let figure = drawn(&run, axis, visible);
            let n_points = n_points(&figure);
            assert!(n_points.iter().all(|n| *n <= 8_200), "{axis:?} {visible:?} {n_points:?}");
            assert!(figure.panels[3].clipped.len() <= 650, "{axis:?} {visible:?}");
            let loss = &figure.panels[1].lines[0].trace;
            assert!(loss.points().any(|point| point[1] == 1e7), "{axis:?} {visible:?}");
        }
    }
}
