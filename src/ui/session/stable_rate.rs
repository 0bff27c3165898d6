//! The stability limit of a run as a learning rate: the largest stable rate, and how far above it the
//! run started. Pure functions of a history.

use crate::config::{ClipMode, RunConfig};
use crate::history::Run;
use crate::protocol::Curvature;
use crate::quantity;
use crate::text;

use super::measured::{self, NOT_YET};

/// r₀ = η·λ(0)/limit, and the limit = threshold × rate, both at the first measurement of the λ that
/// the limit applies to. `None` before that measurement, or without a limit.
pub(in crate::ui) fn starting_ratio(run: &Run, peak_lr: f64) -> Option<(f64, f64)> {
    let (step, ratio) = run.series(quantity::SHARPNESS_RATIO).first()?;
    let rate = run.series(quantity::LEARNING_RATE).at(step)?;
    let limit = run.series(quantity::STABILITY_THRESHOLD).at(step)? * rate;
    (limit > 0.0 && rate > 0.0).then(|| (peak_lr * ratio / rate, limit))
}

/// Rounds a rate down to three digits.
pub(in crate::ui) fn rounded_down(rate: f64) -> f64 {
    let rounded = text::rounded(rate, 3);
    if rounded <= rate || !rate.is_finite() {
        return rounded;
    }
    let digit = 10f64.powf(rate.abs().log10().floor() - 2.0);
    text::rounded(rounded - digit, 3)
}

/// Why the largest stable rate is undefined for such settings; `None` if it is defined. It assumes
/// full-batch steps with an unclipped direction.
fn why_undefined(config: &RunConfig) -> Option<&'static str> {
    let n_train = config.task.n_train;
    if config.optimizer.batch.size(n_train) < n_train {
        return Some("does not hold for mini-batches: they become unstable below it");
    }
    match config.live.clip.mode {
        ClipMode::Value => Some("does not hold at steps where coordinates are clipped"),
        ClipMode::Adaptive => Some("does not hold at steps where units are clipped"),
        ClipMode::Off | ClipMode::Absolute | ClipMode::Relative => None,
    }
}

/// The last measured largest stable rate; `None` where it is undefined or old, and after divergence.
pub(in crate::ui) fn largest_stable(run: &Run) -> Option<f64> {
    if why_undefined(run.config()).is_some() {
        return None;
    }
    let record = run.last_measured().filter(|_| !run.has_diverged())?;
    record.sample.largest_stable_rate.filter(|_| !run.is_outdated(record.sample.step))
}

/// Explains the largest stable rate, or why there is none.
pub(in crate::ui) fn explain_largest_stable(run: &Run) -> String {
    let limit = run.facts().map_or("limit", |facts| facts.limit.as_str());
    if run.has_diverged() {
        return "the run diverged: try smaller rates, or a warmup".to_owned();
    }
    if let Some(reason) = why_undefined(run.config()) {
        return reason.to_owned();
    }
    let Some(record) = run.last_measured() else { return NOT_YET.to_owned() };
    let sample = &record.sample;
    let when = measured::when(run, sample.step);
    if run.is_outdated(sample.step) {
        return format!("{} was last measured {when}", run.governing_symbol());
    }
    let governing = sample.curvature.as_ref().and_then(Curvature::governing);
    let three = |x| text::number(text::rounded(x, 3));
    match (sample.largest_stable_rate, governing) {
        (Some(_), Some(found)) => {
            let of = if sample.clip_scale < 1.0 { " at η eff" } else { "" };
            let symbol = run.governing_symbol();
            format!("where the limit {limit}{of} is {symbol} = {} {when}", three(found))
        }
        (_, Some(found)) if found <= 0.0 => {
            format!("no limit: λ₁ = {} {when} curves down", three(found))
        }
        _ if sample.stability_threshold.is_none() => {
            "not known: steps are of fixed length".to_owned()
        }
        _ => "not known at this step".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use toml::Value;

    use super::*;
    use crate::config::settings::{BATCH, CLIP_MODE};
    use crate::config::{Setting, presets};

    #[test]
    fn a_largest_stable_rate_is_offered_only_where_it_is_defined() {
        use crate::protocol::{Curvature, Eigenvalue, Event, Record, RunId, Sample};
        let run = |setting: &Setting, value: Value| {
            let mut config = presets()[0].config.clone();
            config.set(setting.key, &value).unwrap();
            let mut run = Run::new(RunId(1), config);
            let top = vec![Eigenvalue {
                value: 20.0,
                residual: 0.0,
                is_converged: true,
                identity: 0,
                error: Some(0.0),
            }];
            let sample = Sample {
                largest_stable_rate: Some(0.1),
                stability_threshold: Some(20.0),
                curvature: Some(Curvature { top, ..Curvature::default() }),
                ..Sample::default()
            };
            let records = vec![Record { sample, ..Record::default() }];
            run.apply(&Event::Sampled { run: RunId(1), records });
            run
        };
        let word = |word: &str| Value::String(word.into());
        for (setting, value, is_offered) in [
            (&BATCH, word("full"), true),
            (&BATCH, Value::Integer(1000), true),
            (&BATCH, Value::Integer(999), false),
            (&CLIP_MODE, word("absolute"), true),
            (&CLIP_MODE, word("value"), false),
            (&CLIP_MODE, word("adaptive"), false),
        ] {
            let run = run(setting, value.clone());
            assert_eq!(largest_stable(&run).is_some(), is_offered, "{setting} {value}");
            let reason = explain_largest_stable(&run);
            assert_eq!(reason.starts_with("does not hold"), !is_offered, "{reason}");
        }
    }

    #[test]
    fn rates_are_rounded_down_to_three_digits() {
        for (rate, wanted) in
            [(0.099_85, 0.0998), (0.1, 0.1), (1.0049, 1.0), (0.100_04, 0.1), (99.96, 99.9)]
        {
            assert_eq!(rounded_down(rate), wanted);
        }
        assert!(rounded_down(1e-9_f64 / 3.0) <= 1e-9 / 3.0);
    }
}
