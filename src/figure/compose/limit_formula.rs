//! The formula of a stability limit, and notes on where it applies.

use crate::config::{Batch, ClipMode, Decay, LiveSettings, settings};
use crate::figure::panels::PanelKind;
use crate::history::{Marker, Run};
use crate::quantity;
use crate::text;

use super::clipping::modes_between;

/// The limit as a formula, such as `2/η`, or `2/η − μ` with coupled weight decay.
pub(super) fn formula(run: &Run) -> String {
    let limit = run.facts().map_or("limit", |facts| facts.limit.as_str());
    let config = run.config();
    let LiveSettings { weight_decay, .. } = config.live;
    match config.live.decay_of(config.optimizer.rule) {
        Decay::Decoupled if weight_decay > 0.0 => format!("(1−ημ/2)·{limit}"),
        // A preconditioned Hessian includes μ.
        Decay::Coupled if weight_decay > 0.0 && !run.is_preconditioned() => format!("{limit} − μ"),
        Decay::Coupled | Decay::Decoupled => limit.to_owned(),
    }
}

/// The formula of the binding limit: at the effective rate once the norm has been clipped.
pub(super) fn binding(run: &Run) -> String {
    let is_clipped = !run.series_where_clipped(quantity::EFFECTIVE_THRESHOLD).is_empty();
    format!("{}{}", formula(run), if is_clipped { " eff" } else { "" })
}

/// The limit that binds at a step, with its constant where that is one number: `38/η` for Adam. At
/// the effective rate if the gradient was clipped.
#[must_use]
pub fn limit_name(run: &Run, step: u64, is_clipped: bool) -> String {
    let at = |quantity| run.series(quantity).at(step);
    let product = at(quantity::STABILITY_THRESHOLD).zip(at(quantity::LEARNING_RATE));
    let is_constant = run.config().optimizer.rule.limit_note().is_none() && !ever_decays(run);
    let name = match product.filter(|_| is_constant) {
        Some((threshold, rate)) => format!("{}/η", text::number(threshold * rate)),
        None => formula(run),
    };
    format!("{name}{}", if is_clipped { " eff" } else { "" })
}

/// Whether the run has weight decay at some step, which is part of its limit.
fn ever_decays(run: &Run) -> bool {
    let is_of_decay =
        |marker: &Marker| marker.changes.iter().any(|change| change.is_of(&settings::WEIGHT_DECAY));
    run.initial_config().live.weight_decay > 0.0 || run.markers().iter().any(is_of_decay)
}

/// Why no binding limit is drawn at the newest step; `None` if one is.
#[must_use]
pub fn why_no_limit(run: &Run) -> Option<String> {
    let rate = run.last().map(|record| record.sample.learning_rate);
    why_unlimited(run, &[run.config().live.clip.mode], rate)
}

/// Why no binding limit is drawn at some of the steps with these clip modes, the last of which has
/// this rate.
fn why_unlimited(run: &Run, modes: &[ClipMode], rate: Option<f64>) -> Option<String> {
    let rule = run.config().optimizer.rule;
    if !rule.has_limit() {
        return Some(format!(
            "no limit is drawn for {rule}: its steps have a fixed length, so the limit moves with \
             ‖g‖"
        ));
    }
    let parts = clipped_parts(modes);
    if !parts.is_empty() {
        let parts = parts.join(" or ");
        return Some(format!("a limit is known only at steps where no {parts} is clipped"));
    }
    let is_still = rate.is_some_and(|rate| rate == 0.0);
    is_still.then(|| "η is 0, so no curvature is too large".to_owned())
}

/// The parts of the gradient that these modes clip one by one, after which no limit is known.
fn clipped_parts(modes: &[ClipMode]) -> Vec<&'static str> {
    let parts = [(ClipMode::Value, "coordinate"), (ClipMode::Adaptive, "unit")];
    parts.into_iter().filter(|(mode, _)| modes.contains(mode)).map(|(_, part)| part).collect()
}

/// The note in a curvature panel about its limit between two steps; `is_drawn` is whether the
/// nominal one is drawn.
pub(super) fn note(run: &Run, kind: PanelKind, steps: [f64; 2], is_drawn: bool) -> Option<String> {
    let config = run.config();
    let rule = config.optimizer.rule;
    if kind == PanelKind::Sharpness && run.is_preconditioned() {
        return Some("of H itself: the optimizer's limit applies to λ₁(P⁻¹H)".to_owned());
    }
    let scope = if matches!(config.optimizer.batch, Batch::Size(_)) {
        let has_batch_sharpness =
            rule.has_batch_limit() && !run.series(quantity::BATCH_SHARPNESS).is_empty();
        Some(if has_batch_sharpness && kind == PanelKind::Sharpness {
            let limit = formula(run);
            format!("arXiv 2412.20553: {limit} is for the batch sharpness, λ₁ ends below")
        } else {
            "limit drawn holds for full batch".to_owned()
        })
    } else {
        rule.limit_note().map(str::to_owned)
    };
    let modes = modes_between(run, steps);
    let rates = run.series(quantity::LEARNING_RATE);
    let newest = rates.index_range([0.0, steps[1]]).end.checked_sub(1);
    let why = why_unlimited(run, &modes, newest.map(|at| rates.value(at)));
    let clipped = run.series_where_clipped(quantity::EFFECTIVE_THRESHOLD);
    let is_of_norm = modes.iter().any(|mode| mode.is_of_norm());
    let is_clipped = is_of_norm && !clipped.index_range(steps).is_empty();
    let effective = (is_clipped && rule.has_limit())
        .then(|| "while the norm is clipped the limit at η eff is the one that binds".to_owned());
    let drawn = (is_drawn && !clipped_parts(&modes).is_empty() && rule.has_limit())
        .then(|| "the limit drawn ignores clipping".to_owned());
    let notes = why.into_iter().chain(effective).chain(drawn);
    let parts: Vec<_> = notes.chain(scope.filter(|_| rule.has_limit())).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Rule, RunConfig};
    use crate::protocol::RunId;

    /// Steps of a panel.
    const STEPS: [f64; 2] = [0.0, 9.0];

    fn run(change: impl Fn(&mut RunConfig)) -> Run {
        let mut config = RunConfig::default();
        change(&mut config);
        Run::new(RunId(1), config)
    }

    #[test]
    fn weight_decay_is_part_of_the_formula() {
        let decayed = |decay| {
            run(|c| {
                c.optimizer.rule = Rule::HeavyBall;
                (c.live.weight_decay, c.live.decay) = (0.1, decay);
            })
        };
        assert_eq!(formula(&run(|_| {})), "limit");
        assert_eq!(formula(&decayed(Decay::Coupled)), "limit − μ");
        assert_eq!(formula(&decayed(Decay::Decoupled)), "(1−ημ/2)·limit");
    }

    #[test]
    fn rules_without_a_fixed_limit_have_a_note() {
        let of = |rule| note(&run(|c| c.optimizer.rule = rule), PanelKind::Sharpness, STEPS, true);
        assert_eq!(of(Rule::GradientDescent), None);
        assert!(of(Rule::Sign).unwrap().contains("no limit"));
        assert!(of(Rule::Sam).unwrap().contains("‖g‖"));
        assert!(of(Rule::TorqueAware).unwrap().contains("momentum"));
    }

    #[test]
    fn only_clipping_of_parts_notes_that_no_limit_is_known() {
        for mode in ClipMode::ALL {
            let is_of_parts = matches!(mode, ClipMode::Value | ClipMode::Adaptive);
            for is_drawn in [true, false] {
                let clipped = run(|c| c.live.clip.mode = *mode);
                let text =
                    note(&clipped, PanelKind::Sharpness, STEPS, is_drawn).unwrap_or_default();
                assert_eq!(text.contains("a limit is known only"), is_of_parts);
                assert_eq!(text.contains("ignores clipping"), is_of_parts && is_drawn);
            }
        }
    }
}
