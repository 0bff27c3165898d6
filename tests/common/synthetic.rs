//! Synthetic runs, made of events with known values, for tests of figures.

#[path = "facts.rs"]
mod facts;

use eoscope::config::{LiveSettings, RunConfig};
use eoscope::history::Run;
use eoscope::protocol::{
    Cost, Curvature, Eigenvalue, Event, Record, RunId, Sample, Solved, Source,
};

/// The id of the run.
pub(crate) const RUN: RunId = RunId(1);

/// An eigenvalue that met its tolerance.
pub(crate) fn eigenvalue(value: f64) -> Eigenvalue {
    Eigenvalue { value, residual: 1e-3, error: Some(1e-5), is_converged: true, identity: 0 }
}

/// A started run with the given samples.
pub(crate) fn run(n_steps: u64, sample: impl Fn(u64) -> Sample) -> Run {
    let mut run = Run::new(RUN, RunConfig::default());
    run.apply(&facts::started(RUN, &RunConfig::default()));
    let records =
        (0..n_steps).map(|step| Record { sample: sample(step), cost: Cost::default() }).collect();
    run.apply(&Event::Sampled { run: RUN, records });
    run
}

/// The user changes the learning rate.
pub(crate) fn tune(run: &mut Run, step: u64, peak_lr: f64) {
    let live = LiveSettings { peak_lr, ..run.config().live.clone() };
    let source = Source::User(step);
    run.apply(&Event::Tuned { run: RUN, step, live: Box::new(live), source });
}

/// Progressive sharpening to 2/η = 20, then the edge with an alternating loss.
pub(crate) fn edge(step: u64) -> Sample {
    let x = step as f64;
    let sign = if step.is_multiple_of(2) { 1.0 } else { -1.0 };
    let at_edge = x > 120.0;
    let sharpness = if at_edge {
        20.0 + 1.6 * (x / 9.0).sin() + 0.5 * sign
    } else {
        2.0 + 18.5 * (x / 120.0).powf(0.7)
    };
    let wobble = if at_edge { 0.12 * sign * (1.0 + (x / 17.0).sin()) } else { 0.0 };
    let loss = 2.3 * (-x / 90.0).exp() + 0.05;
    let is_measured = step.is_multiple_of(2);
    let curvature = is_measured.then(|| Curvature {
        top: [1.0, 0.82, 0.55, 0.41].iter().map(|f| eigenvalue(sharpness * f)).collect(),
        min: step.is_multiple_of(20).then(|| Solved { eigenvalue: eigenvalue(-1.5), hvps: 20 }),
        audit: step
            .is_multiple_of(50)
            .then(|| Solved { eigenvalue: eigenvalue(sharpness), hvps: 40 }),
        ..Curvature::default()
    });
    Sample {
        step,
        loss: loss * (1.0 + wobble),
        test_loss: step.is_multiple_of(10).then_some(loss * 1.3 + 0.1),
        learning_rate: 0.1,
        effective_learning_rate: 0.1,
        grad_norm: 0.4 * loss * (1.0 + 2.0 * wobble.abs()),
        clip_scale: 1.0,
        stability_threshold: Some(20.0),
        effective_threshold: Some(20.0),
        curvature,
        ..Sample::default()
    }
}

/// The edge with another learning rate from `from` on.
pub(crate) fn edge_then(step: u64, from: u64, rate: f64) -> Sample {
    let mut sample = edge(step);
    if step >= from {
        sample.learning_rate = rate;
        sample.effective_learning_rate = rate;
        (sample.stability_threshold, sample.effective_threshold) =
            (Some(2.0 / rate), Some(2.0 / rate));
        let ratio = 2.0 / rate / 20.0;
        for eigenvalue in sample.curvature.iter_mut().flat_map(|c| &mut c.top) {
            eigenvalue.value *= ratio;
        }
        if let Some(audit) = sample.curvature.as_mut().and_then(|c| c.audit.as_mut()) {
            audit.eigenvalue.value *= ratio;
        }
    }
    sample
}

/// Linear warmup over 200 steps, with a threshold that starts far above all other values.
pub(crate) fn warmup(step: u64) -> Sample {
    let rate = 0.1 * ((step as f64 + 0.2) / 200.0).min(1.0);
    let mut sample = edge(step);
    sample.learning_rate = rate;
    sample.effective_learning_rate = rate;
    (sample.stability_threshold, sample.effective_threshold) = (Some(2.0 / rate), Some(2.0 / rate));
    sample
}

/// Clipping at 0.3: two steps of three early on, every other one at the edge.
pub(crate) fn clipped(step: u64) -> Sample {
    let mut sample = edge(step);
    sample.clip_level = Some(0.3);
    let is_clipped = if step < 120 { step % 3 < 2 } else { step.is_multiple_of(2) };
    sample.grad_norm =
        if is_clipped { 0.3 * (1.4 + 0.3 * (step as f64 / 30.0).sin()) } else { 0.22 };
    sample.clip_scale = (0.3 / sample.grad_norm).min(1.0);
    sample.clipped_fraction = Some(f64::from(u8::from(is_clipped)));
    sample.effective_learning_rate = 0.1 * sample.clip_scale;
    sample.effective_threshold = Some(20.0 / sample.clip_scale);
    sample
}

/// Diverges from step 150; the last loss is not finite.
pub(crate) fn diverged(step: u64) -> Sample {
    let mut sample = edge(step);
    if step > 150 {
        let growth = 1.25f64.powf(step as f64 - 150.0);
        sample.loss *= growth;
        sample.grad_norm *= growth;
        for eigenvalue in sample.curvature.iter_mut().flat_map(|c| &mut c.top) {
            eigenvalue.value *= growth;
        }
    }
    if step >= 199 {
        sample.loss = f64::NAN;
        sample.grad_norm = f64::INFINITY;
    }
    sample
}
