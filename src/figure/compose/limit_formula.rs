//! The formula of a stability limit, and notes on where it applies.

use crate::config::{Batch, ClipMode, Decay, LiveSettings};
use crate::figure::panels::PanelKind;
use crate::history::Run;
use crate::quantity;

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

/// Why no binding limit is drawn at the newest step; `None` if one is.
#[must_use]
pub fn why_no_limit(run: &Run) -> Option<String> {
    let (rule, clip) = (run.config().optimizer.rule, run.config().live.clip.mode);
    if !rule.has_limit() {
        return Some(format!(
            "no limit is drawn for {rule}: its steps have a fixed length, so the limit moves with \
             ‖g‖"
        ));
    }
    match clip {
        ClipMode::Value => return Some(unknown("coordinate")),
        ClipMode::Adaptive => return Some(unknown("unit")),
        ClipMode::Off | ClipMode::Absolute | ClipMode::Relative => {}
    }
    let is_still = run.last().is_some_and(|record| record.sample.learning_rate == 0.0);
    is_still.then(|| "η is 0, so no curvature is too large".to_owned())
}

fn unknown(part: &str) -> String {
    format!("a limit is known only at steps where no {part} is clipped")
}

/// The note in a curvature panel about its limit; `is_drawn` is whether the nominal one is drawn.
pub(super) fn note(run: &Run, kind: PanelKind, is_drawn: bool) -> Option<String> {
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
    let is_of_norm = matches!(config.live.clip.mode, ClipMode::Absolute | ClipMode::Relative);
    let is_clipped = run.last().is_some_and(|record| record.sample.clip_scale < 1.0);
    let effective = (is_of_norm && is_clipped && rule.has_limit())
        .then(|| "while the norm is clipped the limit at η eff is the one that binds".to_owned());
    let why = why_no_limit(run).or(effective);
    let is_of_parts = matches!(config.live.clip.mode, ClipMode::Value | ClipMode::Adaptive);
    let drawn = (is_drawn && is_of_parts && rule.has_limit())
        .then(|| "the limit drawn ignores clipping".to_owned());
    let parts: Vec<_> =
        why.into_iter().chain(drawn).chain(scope.filter(|_| rule.has_limit())).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Rule, RunConfig};
    use crate::protocol::RunId;

    fn run(change: impl Fn(&mut RunConfig)) -> Run {
        let mut config = RunConfig::default();
        change(&mut config);
        Run::new(RunId(1), config)
    }

    #[test]
    fn weight_decay_is_part_of_the_formula() {
        let decayed = |decay| run(|c| (c.live.weight_decay, c.live.decay) = (0.1, decay));
        assert_eq!(formula(&run(|_| {})), "limit");
        assert_eq!(formula(&decayed(Decay::Coupled)), "limit − μ");
        assert_eq!(formula(&decayed(Decay::Decoupled)), "(1−ημ/2)·limit");
    }

    #[test]
    fn rules_without_a_fixed_limit_have_a_note() {
        let of = |rule| note(&run(|c| c.optimizer.rule = rule), PanelKind::Sharpness, true);
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
                let text = note(&clipped, PanelKind::Sharpness, is_drawn).unwrap_or_default();
                assert_eq!(text.contains("a limit is known only"), is_of_parts);
                assert_eq!(text.contains("ignores clipping"), is_of_parts && is_drawn);
            }
        }
    }
}
