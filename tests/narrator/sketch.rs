//! Made-up runs, given by their binding ratio and loss at every step.

use eoscope::config::{Interval, LiveSettings, RunConfig};
use eoscope::history::Run;
use eoscope::protocol::{
    Cost, Curvature, Eigenvalue, Event, Record, RunEnd, RunId, Sample, Solved, Source,
};

use crate::facts::started;

pub(crate) const RUN: RunId = RunId(7);

/// A run that records are added to.
pub(crate) struct Sketch {
    pub(crate) run: Run,
    pub(crate) records: Vec<Record>,
}

/// An eigenvalue that met its tolerance.
pub(crate) fn eigenvalue(value: f64) -> Eigenvalue {
    Eigenvalue { value, residual: 1e-4, error: Some(1e-5), is_converged: true, identity: 0 }
}

/// A sample with this binding ratio and loss: the limit 2/η is 20 at η = 0.1.
pub(crate) fn sample(step: u64, ratio: Option<f64>, loss: f64) -> Sample {
    let curvature = ratio
        .map(|ratio| Curvature { top: vec![eigenvalue(20.0 * ratio)], ..Curvature::default() });
    Sample {
        step,
        loss,
        learning_rate: 0.1,
        effective_learning_rate: 0.1,
        clip_scale: 1.0,
        stability_threshold: Some(20.0),
        effective_threshold: Some(20.0),
        curvature,
        ..Sample::default()
    }
}

/// A falling loss.
pub(crate) fn falling(step: u64) -> f64 {
    1.0 / (1.0 + step as f64 / 50.0)
}

impl Sketch {
    /// A run without steps, measured at every step.
    pub(crate) fn new() -> Self {
        Self::of(|_| {})
    }

    /// The same with a changed configuration.
    pub(crate) fn of(change: impl Fn(&mut RunConfig)) -> Self {
        let mut config = RunConfig::default();
        config.live.probe.every = Interval::every(1);
        change(&mut config);
        let mut run = Run::new(RUN, config.clone());
        run.apply(&started(RUN, &config));
        Self { run, records: Vec::new() }
    }

    /// The number of steps so far.
    pub(crate) fn n(&self) -> u64 {
        self.records.len() as u64
    }

    /// Adds a sample.
    pub(crate) fn add(&mut self, sample: Sample) {
        let record = Record { sample, cost: Cost::default() };
        self.records.push(record.clone());
        self.run.apply(&Event::Sampled { run: RUN, records: vec![record] });
    }

    /// Adds measured steps with a falling loss, their ratios given by their number among these.
    pub(crate) fn ratios(mut self, n: u64, ratio: impl Fn(u64) -> f64) -> Self {
        for i in 0..n {
            let step = self.n();
            self.add(sample(step, Some(ratio(i)), falling(step)));
        }
        self
    }

    /// Adds steps without measurement.
    pub(crate) fn unmeasured(mut self, n: u64) -> Self {
        for _ in 0..n {
            let step = self.n();
            self.add(sample(step, None, falling(step)));
        }
        self
    }

    /// Adds steps made from usual ones with this ratio and a falling loss.
    pub(crate) fn changed(mut self, n: u64, ratio: f64, change: impl Fn(u64, &mut Sample)) -> Self {
        for _ in 0..n {
            let step = self.n();
            let mut sample = sample(step, Some(ratio), falling(step));
            change(step, &mut sample);
            self.add(sample);
        }
        self
    }

    /// Adds steps with these losses and a constant ratio.
    pub(crate) fn losses(mut self, ratio: f64, losses: impl IntoIterator<Item = f64>) -> Self {
        for loss in losses {
            self.add(sample(self.n(), Some(ratio), loss));
        }
        self
    }

    /// The user changes live settings before the next step.
    pub(crate) fn tune(mut self, gesture: u64, change: impl Fn(&mut LiveSettings)) -> Self {
        let mut live = self.run.config().live.clone();
        change(&mut live);
        let (step, live, source) = (self.n(), Box::new(live), Source::User(gesture));
        self.run.apply(&Event::Tuned { run: RUN, step, live, source });
        self
    }

    /// The run ends.
    pub(crate) fn end(mut self, end: RunEnd) -> Self {
        self.run.apply(&Event::Ended { run: RUN, step: self.n(), end });
        self
    }

    /// Rises smoothly over the limit and rests at the edge of stability.
    pub(crate) fn at_edge() -> Self {
        let wave = |i: u64| 1.0 + if i.is_multiple_of(2) { 0.04 } else { -0.02 };
        Self::new().ratios(60, |i| 0.5 + i as f64 / 110.0).ratios(120, wave)
    }
}

/// The curvature preconditioned with this ratio to a limit.
pub(crate) fn preconditioned(value: f64) -> Solved {
    Solved { eigenvalue: eigenvalue(value), hvps: 3 }
}
