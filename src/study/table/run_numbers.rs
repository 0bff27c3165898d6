//! Computes each numeric column of the results table from a run's history.

use super::zero_output_loss;
use crate::config::RunConfig;
use crate::history::{Run, Series};
use crate::protocol::RunEnd;
use crate::quantity::{self, Quantity};

/// A run counts as trained below this fraction of [`zero_output_loss`].
const TRAINED: f64 = 0.5;

/// The configured peak learning rate, ignoring changes during the run.
#[expect(clippy::unnecessary_wraps, reason = "a column like the others, which may be blank")]
pub(super) fn peak_lr(run: &Run) -> Option<f64> {
    Some(run.initial_config().live.peak_lr)
}

/// Number of updates made.
#[expect(clippy::unnecessary_wraps, reason = "a column like the others, which may be blank")]
pub(super) fn steps_taken(run: &Run) -> Option<f64> {
    Some(run.n_steps() as f64)
}

pub(super) fn first_loss(run: &Run) -> Option<f64> {
    run.series(quantity::LOSS).iter().next().map(|(_, loss)| loss)
}

pub(super) fn final_loss(run: &Run) -> Option<f64> {
    run.series(quantity::LOSS).last().map(|(_, loss)| loss)
}

pub(super) fn best_loss(run: &Run) -> Option<f64> {
    let losses = run.series(quantity::LOSS).iter().map(|(_, loss)| loss);
    losses.filter(|loss| loss.is_finite()).min_by(f64::total_cmp)
}

/// 1 for a run that took all its steps and ended below [`TRAINED`] × [`zero_output_loss`], else 0.
pub(super) fn trained(run: &Run) -> Option<f64> {
    let bound = TRAINED * zero_output_loss(run.initial_config())?;
    let is_below = final_loss(run).is_some_and(|loss| loss.is_finite() && loss < bound);
    let is_trained = match run.end()? {
        RunEnd::Finished => is_below,
        RunEnd::Diverged { .. } => false,
        RunEnd::Stopped | RunEnd::Failed { .. } => return None,
    };
    Some(f64::from(u8::from(is_trained)))
}

pub(super) fn final_accuracy(run: &Run) -> Option<f64> {
    run.series(quantity::ACCURACY).last().map(|(_, accuracy)| accuracy)
}

pub(super) fn final_test_loss(run: &Run) -> Option<f64> {
    run.series(quantity::TEST_LOSS).last().map(|(_, loss)| loss)
}

pub(super) fn first_sharpness(run: &Run) -> Option<f64> {
    first_from(run.series(quantity::SHARPNESS), 0)
}

/// The first λ₁ after the configured warmup; the first of all without a warmup.
pub(super) fn warmup_sharpness(run: &Run) -> Option<f64> {
    let RunConfig { live, .. } = run.initial_config();
    let end = match live.warmup.steps {
        0 => 0,
        steps => live.warmup.start.saturating_add(steps),
    };
    first_from(run.series(quantity::SHARPNESS), end)
}

/// The first λ₁ in the second half of the configured steps.
pub(super) fn half_sharpness(run: &Run) -> Option<f64> {
    first_from(run.series(quantity::SHARPNESS), run.initial_config().n_steps.div_ceil(2))
}

pub(super) fn max_sharpness(run: &Run) -> Option<f64> {
    largest(run.series(quantity::SHARPNESS))
}

pub(super) fn first_ratio(run: &Run) -> Option<f64> {
    first_from(run.series(quantity::SHARPNESS_RATIO), 0)
}

pub(super) fn max_ratio(run: &Run) -> Option<f64> {
    largest(run.series(quantity::SHARPNESS_RATIO))
}

pub(super) fn late_sharpness(run: &Run) -> Option<f64> {
    mean(late(run, quantity::SHARPNESS).map(|(_, value)| value))
}

pub(super) fn late_ratio(run: &Run) -> Option<f64> {
    mean(late(run, quantity::SHARPNESS_RATIO).map(|(_, value)| value))
}

/// Mean η·λ in the last quarter, computed as η · ratio · threshold.
pub(super) fn late_product(run: &Run) -> Option<f64> {
    let at = |quantity, step| run.series(quantity).at(step);
    mean(late(run, quantity::SHARPNESS_RATIO).filter_map(|(step, ratio)| {
        Some(ratio * at(quantity::STABILITY_THRESHOLD, step)? * at(quantity::LEARNING_RATE, step)?)
    }))
}

pub(super) fn late_batch_product(run: &Run) -> Option<f64> {
    let rates = run.series(quantity::LEARNING_RATE);
    mean(
        late(run, quantity::BATCH_SHARPNESS)
            .filter_map(|(step, value)| Some(value * rates.at(step)?)),
    )
}

pub(super) fn late_rising(run: &Run) -> Option<f64> {
    let losses: Vec<f64> = late(run, quantity::LOSS).map(|(_, loss)| loss).collect();
    mean(losses.windows(2).map(|pair| f64::from(u8::from(pair[1] > pair[0]))))
}

/// Steps and finite values of a quantity in the last quarter of the configured steps.
fn late(run: &Run, quantity: Quantity) -> impl Iterator<Item = (u64, f64)> {
    let n_steps = run.initial_config().n_steps;
    let from = n_steps - n_steps / 4;
    let series = run.series(quantity);
    (from.checked_sub(1).map_or(0, |before| series.n_up_to(before))..series.len())
        .map(|at| (series.step(at), series.value(at)))
        .filter(|(_, value)| value.is_finite())
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (n, sum) = values.fold((0_u32, 0.0), |(n, sum), x| (n + 1, sum + x));
    (n > 0).then(|| sum / f64::from(n))
}

fn first_from(series: &Series, step: u64) -> Option<f64> {
    let n_before = step.checked_sub(1).map_or(0, |before| series.n_up_to(before));
    (n_before < series.len()).then(|| series.value(n_before))
}

/// The largest finite value.
fn largest(series: &Series) -> Option<f64> {
    series.iter().map(|(_, x)| x).filter(|x| x.is_finite()).max_by(f64::total_cmp)
}
