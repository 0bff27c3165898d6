//! All series of a run, and the quantities derived from them as records arrive.

use crate::protocol::Record;
use crate::quantity::{self, Quantity};

use super::dated::Dated;
use super::series::Series;

/// Quantities with a second series for clipped steps only; at other steps clipping does not change
/// them.
const CLIPPED: [Quantity; 2] = [quantity::EFFECTIVE_LEARNING_RATE, quantity::EFFECTIVE_THRESHOLD];

/// A period in which the curvature exceeds the stability limit in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// First measured step of the period.
    pub step: u64,
    /// Last measured step of the period.
    pub last: u64,
    /// Largest ratio of curvature to limit in the period.
    pub max_ratio: Dated,
}

/// All series of a run.
#[derive(Clone, Debug)]
pub(super) struct SeriesSet {
    series: Vec<Series>,
    clipped: [Series; CLIPPED.len()],
    pub(super) effective_time: Series,
    pub(super) training_secs: Series,
    /// Effective time and training seconds, up to and including the newest record.
    sums: [f64; 2],
    pub(super) crossing: Option<Crossing>,
}

impl SeriesSet {
    pub(super) fn new() -> Self {
        Self {
            series: vec![Series::default(); Quantity::all().len()],
            clipped: Default::default(),
            effective_time: Series::default(),
            training_secs: Series::default(),
            sums: [0.0; 2],
            crossing: None,
        }
    }

    /// Adds a record.
    pub(super) fn record(&mut self, record: &Record) {
        let step = record.sample.step;
        for (series, quantity) in self.series.iter_mut().zip(Quantity::all()) {
            if let Some(value) = quantity.read(record) {
                series.push(step, value);
            }
        }
        if record.sample.clip_scale < 1.0 {
            for (series, quantity) in self.clipped.iter_mut().zip(CLIPPED) {
                if let Some(value) = quantity.read(record) {
                    series.push(step, value);
                }
            }
        }
        self.effective_time.push(step, self.sums[0]);
        self.training_secs.push(step, self.sums[1]);
        let more = [record.sample.effective_learning_rate, record.cost.step_ms / 1e3];
        for (sum, more) in self.sums.iter_mut().zip(more) {
            // A rate that is not finite ends the run; neither sum ever decreases.
            *sum += if more.is_finite() { more.max(0.0) } else { 0.0 };
        }
        let top = quantity::SHARPNESS.read(record);
        if top.or(quantity::PRECONDITIONED_SHARPNESS.read(record)).is_some() {
            self.update_crossing(step, quantity::BINDING_RATIO.read(record));
        }
    }

    /// Updates the crossing with a measured ratio; `None` if no limit is known, which ends the
    /// period.
    fn update_crossing(&mut self, step: u64, ratio: Option<f64>) {
        let Some(value) = ratio.filter(|ratio| !(ratio.is_finite() && *ratio <= 1.0)) else {
            self.crossing = None;
            return;
        };
        let now = Dated { value, step };
        let before = self.crossing.unwrap_or(Crossing { step, last: step, max_ratio: now });
        let is_higher = value > before.max_ratio.value || before.max_ratio.value.is_nan();
        let max_ratio = if is_higher { now } else { before.max_ratio };
        self.crossing = Some(Crossing { last: step, max_ratio, ..before });
    }

    /// The series of a quantity.
    pub(super) fn series(&self, quantity: Quantity) -> &Series {
        &self.series[quantity.place()]
    }

    /// The series of a quantity at clipped steps; empty if clipping does not change the quantity.
    pub(super) fn where_clipped(&self, quantity: Quantity) -> &Series {
        let at = CLIPPED.iter().position(|clipped| *clipped == quantity);
        at.map_or_else(empty, |at| &self.clipped[at])
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let rest = self.clipped.iter().chain([&self.effective_time, &self.training_secs]);
        self.series.iter().chain(rest).map(Series::bytes).sum()
    }
}

fn empty<'a>() -> &'a Series {
    static EMPTY: std::sync::LazyLock<Series> = std::sync::LazyLock::new(Series::default);
    &EMPTY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{AlongUpdate, Cost, Curvature, Eigenvalue, Sample, Solved};

    /// Bytes per step, as documented in `history`.
    const USUAL: f64 = 180.0;
    const MOST: f64 = 720.0;

    fn record(step: u64, rate: f64, clip_scale: f64, step_ms: f64) -> Record {
        let effective_learning_rate = rate * clip_scale;
        let sample = Sample { step, effective_learning_rate, clip_scale, ..Sample::default() };
        Record { sample, cost: Cost { step_ms, ..Cost::default() } }
    }

    #[test]
    fn times_are_sums_over_earlier_steps_and_skip_values_that_are_not_finite() {
        let mut series_set = SeriesSet::new();
        for (step, rate) in [(0, 0.5), (1, f64::NAN), (2, 0.25), (3, 1.0)] {
            series_set.record(&record(step, rate, 1.0, 500.0));
        }
        let values = |series: &Series| series.iter().map(|(_, x)| x).collect::<Vec<_>>();
        assert_eq!(values(&series_set.effective_time), [0.0, 0.5, 0.5, 0.75]);
        assert_eq!(values(&series_set.training_secs), [0.0, 0.5, 1.0, 1.5]);
    }

    /// As in `fashion-edge`: λ₁ every third step, the test set every tenth.
    fn usual(step: u64) -> Record {
        let noise = |salt: f64| 1.0 + (step as f64 * salt).sin();
        let eigenvalue = |value| Eigenvalue {
            value,
            residual: 1e-3 * noise(0.1),
            error: Some(1e-5 * noise(0.2)),
            is_converged: true,
            identity: 0,
        };
        let curvature = step.is_multiple_of(3).then(|| Curvature {
            top: vec![eigenvalue(20.0 * noise(0.3))],
            hvps: 9,
            gradient_curvature: Some(noise(0.4)),
            along_update: Some(AlongUpdate { curvature: noise(0.45), slope: noise(0.15) }),
            directional_mean: Some(noise(0.35)),
            gradient_alignment: Some(noise(0.5)),
            layer_shares: vec![noise(0.25); 4],
            ..Curvature::default()
        });
        let tested = step.is_multiple_of(10);
        let sample = Sample {
            step,
            epoch: step as f64,
            loss: noise(0.6),
            accuracy: tested.then(|| noise(0.7)),
            test_loss: tested.then(|| noise(0.8)),
            test_accuracy: tested.then(|| noise(0.9)),
            learning_rate: 0.1,
            effective_learning_rate: 0.1,
            grad_norm: noise(1.1),
            clip_scale: 1.0,
            update_norm: noise(1.2),
            param_norm: noise(1.3),
            stability_threshold: Some(20.0),
            effective_threshold: Some(20.0),
            largest_stable_rate: curvature.as_ref().map(|_| 0.1 / noise(0.3)),
            curvature,
            ..Sample::default()
        };
        Record {
            sample,
            cost: Cost { step_ms: noise(1.4), probe_ms: noise(1.5), ..Cost::default() },
        }
    }

    /// Six eigenvalues, the smallest one, an audit and clipping at every step.
    fn most(step: u64) -> Record {
        let mut record = usual(3 * step);
        let solved = |eigenvalue| Some(Solved { eigenvalue, hvps: 7 });
        let sample = &mut record.sample;
        sample.step = step;
        sample.clip_scale = 0.5 + 0.4 * (step as f64).sin();
        sample.effective_learning_rate = 0.1 * sample.clip_scale;
        sample.learning_rate = 1.0 / (1.0 + step as f64);
        sample.stability_threshold = Some(2.0 / sample.learning_rate);
        sample.effective_threshold = Some(2.0 / sample.effective_learning_rate);
        // The level of norm clipping is constant, and value clipping has none.
        sample.clipped_fraction = Some(sample.clip_scale);
        sample.probe_loss = Some(sample.loss);
        let now = Some(sample.loss);
        (sample.accuracy, sample.test_loss, sample.test_accuracy) = (now, now, now);
        let curvature = sample.curvature.as_mut().unwrap();
        let first = curvature.top[0];
        curvature.top = vec![first; 6];
        (curvature.min, curvature.audit) = (solved(first), solved(first));
        record
    }

    #[test]
    fn memory_per_step_is_as_documented() {
        let n = 100_000;
        let bytes = |record: fn(u64) -> Record| {
            let mut series_set = SeriesSet::new();
            (0..n).for_each(|step| series_set.record(&record(step)));
            series_set.bytes() as f64 / n as f64
        };
        let (usual, most) = (bytes(usual), bytes(most));
        assert!(usual <= USUAL && most <= MOST, "{usual} {most}");
    }

    #[test]
    fn clipped_steps_have_a_series_of_their_own() {
        let mut series_set = SeriesSet::new();
        for step in 0..6 {
            let scale = if step % 3 == 1 { 0.5 } else { 1.0 };
            series_set.record(&record(step, 0.2, scale, 1.0));
        }
        let clipped = series_set.where_clipped(quantity::EFFECTIVE_LEARNING_RATE);
        assert_eq!(clipped.iter().collect::<Vec<_>>(), [(1, 0.1), (4, 0.1)]);
        assert_eq!(series_set.series(quantity::EFFECTIVE_LEARNING_RATE).len(), 6);
        assert!(series_set.where_clipped(quantity::LOSS).is_empty());
    }
}
