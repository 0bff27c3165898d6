//! Wall time of steps and measurements: multiply-adds over a typical speed. Accurate to a factor of
//! two or three, for display only.

use super::peak_memory::is_scaled;
use crate::config::{Dtype, Interval, RunConfig, Tuning};
use crate::curvature;
use crate::net::Program;
use crate::text;

/// Multiply-adds per second of one thread in f32 on images and tokens; measured: 2e9 with eight
/// channels to 2e10 with 32.
const SPEED: f64 = 4e9;

/// The same for fully connected networks.
const FLAT_SPEED: f64 = 2e10;

/// Cost of a gradient, in forward passes.
const GRADIENT_WORK: f64 = 3.0;

/// Seconds per parameter that orthogonalization adds to each product of a first measurement.
/// Measured with 670,000 and 1.8 million parameters on two cores.
const ORTHOGONALIZATION: f64 = 1.2e-7;

/// Hessian-vector products of a warm-started measurement, each about the cost of a gradient.
const WARM_PRODUCTS: f64 = 12.0;

/// Cost of an iteration of a tuning, in gradients.
const TUNING_GRADIENTS: f64 = 4.0;

/// Seconds before the first sample from which the expected times are reported.
const LONG_SECS: f64 = 3.0;

/// Estimated wall time of a run, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// The tuning of the initial weights.
    pub tuning: f64,
    /// From then to the first sample.
    pub first: f64,
    /// A later step.
    pub step: f64,
    /// A later measurement of the largest eigenvalues; 0 if they are not measured.
    pub measurement: f64,
}

impl Time {
    pub(super) fn of(program: &Program, config: &RunConfig, n_threads: usize) -> Self {
        let is_flat = program.shapes().iter().all(|shape| shape.positions == 1);
        let slowness = match config.dtype {
            Dtype::F32 => 1.0,
            Dtype::F64 => 2.0,
        };
        let speed = if is_flat { FLAT_SPEED } else { SPEED } * n_threads as f64;
        let gradient =
            |n: usize| GRADIENT_WORK * program.work() as f64 * slowness * n as f64 / speed;
        let step = gradient(config.optimizer.batch.size(config.task.n_train));
        let product = gradient(config.n_probe());
        let is_scaled = is_scaled(program, config);
        let cold = curvature::n_first_products(
            program.n_params(),
            program.output().features,
            &config.live.probe,
            is_scaled,
        );
        let is_measured = config.live_states().iter().any(|live| live.probe.every != Interval::Off);
        let iterations = match config.init.tuning {
            Tuning::None => 0,
            Tuning::Lsuv | Tuning::MetaInit | Tuning::GradInit => config.init.tuning_steps,
        };
        let iteration = TUNING_GRADIENTS * gradient(config.init.tuning_batch);
        Self {
            tuning: iterations as f64 * iteration,
            first: step + (product + ORTHOGONALIZATION * program.n_params() as f64) * cold as f64,
            step,
            measurement: if is_measured { product * WARM_PRODUCTS } else { 0.0 },
        }
    }

    /// The expected times as a sentence; `None` if the first sample comes soon.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let Self { tuning, first, step, measurement } = *self;
        if tuning + first < LONG_SECS {
            return None;
        }
        let secs = |x: f64| format!("{} s", text::number(text::rounded(x, 2)));
        let tuning = (tuning >= LONG_SECS).then(|| format!("tuning about {}, ", secs(tuning)));
        let measurement =
            (measurement > 0.0).then(|| format!(" and {} a measurement", secs(measurement)));
        Some(format!(
            "expected: {}first step about {}, then {} a step{}; a smaller network, or fewer \
             training or probe examples, make it cheaper",
            tuning.unwrap_or_default(),
            secs(first),
            secs(step),
            measurement.unwrap_or_default()
        ))
    }
}
