//! Why a quantity has no value in a run: what the run cannot have, what is switched off, or what is not
//! due yet.

use crate::config::{ClipMode, Interval, Rule, Setting, settings};
use crate::history::Run;
use crate::quantity::{self as q, N_EIGENVALUES, N_LAYER_SHARES, Quantity};
use crate::text;

use super::limit_formula;

/// Why a quantity has no value in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// The run cannot have one, because of its task, its network or its optimizer.
    Never(String),
    /// The settings of the run do not ask for one now.
    Off(String),
    /// It is measured later.
    NotYet,
}

impl NoValue {
    /// The reason in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Never(why) => format!("no value: {why}"),
            Self::Off(why) => format!("no value yet: {why}"),
            Self::NotYet => "no value yet: it is not measured so far".to_owned(),
        }
    }
}

/// What every step has, or what does not take a measurement of the curvature.
const OF_STEPS: [Quantity; 17] = [
    q::EPOCH,
    q::LOSS,
    q::ACCURACY,
    q::TEST_LOSS,
    q::TEST_ACCURACY,
    q::PROBE_LOSS,
    q::LEARNING_RATE,
    q::EFFECTIVE_LEARNING_RATE,
    q::GRAD_NORM,
    q::CLIP_LEVEL,
    q::CLIP_SCALE,
    q::CLIPPED_FRACTION,
    q::UPDATE_NORM,
    q::PARAM_NORM,
    q::RELATIVE_UPDATE,
    q::TORQUE,
    q::STEP_MS,
];

/// Why a quantity has no value in a run; `None` if it has one.
#[must_use]
pub fn why(run: &Run, quantity: Quantity) -> Option<NoValue> {
    if !run.series(quantity).is_empty() {
        return None;
    }
    let root = quantity.measured_with().unwrap_or(quantity);
    let never = never(run, root).map(NoValue::Never);
    Some(never.or_else(|| off(run, root).map(NoValue::Off)).unwrap_or(NoValue::NotYet))
}

/// What the run cannot have.
fn never(run: &Run, quantity: Quantity) -> Option<String> {
    let (config, facts) = (run.config(), run.facts());
    let is_of_test = [q::TEST_LOSS, q::TEST_ACCURACY].contains(&quantity);
    if is_of_test && facts.is_some_and(|facts| facts.n_test == 0) {
        return Some("the run has no test examples".to_owned());
    }
    if [q::ACCURACY, q::TEST_ACCURACY].contains(&quantity) {
        // Every step of a classifier has an accuracy.
        let is_regression = run.last().is_some() && run.series(q::ACCURACY).is_empty();
        return is_regression.then(|| "the task has numbers to predict, not classes".to_owned());
    }
    let limits = [q::STABILITY_THRESHOLD, q::EFFECTIVE_THRESHOLD, q::LARGEST_STABLE_RATE];
    let ratios = [q::SHARPNESS_RATIO, q::BINDING_RATIO];
    let rule = config.optimizer.rule;
    if limits.iter().chain(&ratios).any(|of| *of == quantity) && !rule.has_limit() {
        return limit_formula::why_no_limit(run);
    }
    let scaled = [q::PRECONDITIONED_SHARPNESS, q::PRECONDITIONED_SHARPNESS_ERROR];
    if scaled.contains(&quantity) && !run.is_preconditioned() {
        return Some(format!("{rule} does not scale the Hessian"));
    }
    if quantity == q::TORQUE && rule != Rule::TorqueAware {
        return Some("only torque-aware momentum has this factor".to_owned());
    }
    if of_batches(quantity) && config.is_full_batch() {
        return Some("every step sees all examples, so there are no batches".to_owned());
    }
    if quantity == q::PROBE_LOSS
        && config.n_probe() == config.task.n_train
        && config.is_full_batch()
    {
        return Some("the curvature is measured on the training examples".to_owned());
    }
    let layers = facts.map_or(0, |facts| facts.layers.len());
    let layer = layer_of(quantity).filter(|layer| layers > 0 && *layer > layers)?;
    let layers = text::plural(layers as u64, "layer");
    Some(format!("the network has {layers}, so none with number {layer}"))
}

/// What is switched off, by the label of its setting.
fn off(run: &Run, quantity: Quantity) -> Option<String> {
    let config = run.config();
    let (live, probe) = (&config.live, &config.live.probe);
    let is_off = |setting: &Setting, interval: Interval| {
        (interval == Interval::Off).then(|| format!("“{}” is off", setting.label))
    };
    if [q::TEST_LOSS, q::TEST_ACCURACY].contains(&quantity) {
        return is_off(&settings::EVAL_EVERY, live.eval_every);
    }
    if quantity == q::CLIP_LEVEL && !live.clip.mode.is_of_norm() {
        return Some("the norm of the gradient is not clipped".to_owned());
    }
    if quantity == q::CLIPPED_FRACTION {
        return (live.clip.mode == ClipMode::Off).then(|| "nothing is clipped".to_owned());
    }
    if OF_STEPS.contains(&quantity) {
        return None;
    }
    let rank = rank_of(quantity).filter(|rank| *rank > probe.top_k);
    let rank = rank.map(|_| format!("“{}” is {}", settings::TOP_K.label, probe.top_k));
    let smallest = [q::HESSIAN_EIG_MIN, q::HESSIAN_EIG_MIN_ERROR, q::HESSIAN_EIG_MIN_MS];
    let audits = [q::AUDIT_SHARPNESS, q::AUDIT_ERROR, q::AUDIT_MS];
    is_off(&settings::EVERY, probe.every).or(rank).or_else(|| match quantity {
        _ if smallest.contains(&quantity) => is_off(&settings::MIN_EVERY, probe.min_every),
        _ if audits.contains(&quantity) => is_off(&settings::AUDIT_EVERY, probe.audit_every),
        _ if of_batches(quantity) => is_off(&settings::BATCHES_EVERY, probe.batches_every),
        _ => None,
    })
}

/// Whether it is measured on fresh batches.
fn of_batches(quantity: Quantity) -> bool {
    [q::BATCH_SHARPNESS, q::BATCH_SHARPNESS_MS].contains(&quantity)
}

/// The rank of the eigenvalue that it belongs to, from the second on.
fn rank_of(quantity: Quantity) -> Option<usize> {
    (2..=N_EIGENVALUES).find(|rank| {
        let members = [q::HESSIAN_EIG, q::HESSIAN_EIG_ERROR];
        members.iter().any(|family| family.of(*rank) == Some(quantity))
    })
}

/// The number of the layer whose share it is.
fn layer_of(quantity: Quantity) -> Option<usize> {
    let single = (1..N_LAYER_SHARES).find(|layer| q::LAYER_SHARE.of(*layer) == Some(quantity));
    single.or((quantity == q::LAYER_SHARE_REST).then_some(N_LAYER_SHARES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::protocol::{Cost, Event, Record, RunFacts, RunId, Sample};

    /// A run of one step without measurements, or test set.
    fn run(change: impl Fn(&mut RunConfig)) -> Run {
        let mut config = RunConfig::default();
        change(&mut config);
        let mut run = Run::new(RunId(1), config.clone());
        let facts = Box::new(RunFacts::unknown());
        run.apply(&Event::Started { run: RunId(1), config: Box::new(config), facts });
        let records = vec![Record { sample: Sample::default(), cost: Cost::default() }];
        run.apply(&Event::Sampled { run: RunId(1), records });
        run
    }

    #[test]
    fn every_quantity_without_a_value_has_a_reason_and_one_with_a_value_has_none() {
        let run = run(|_| {});
        for quantity in Quantity::all() {
            let why = why(&run, quantity);
            assert_eq!(why.is_none(), !run.series(quantity).is_empty(), "{}", quantity.name());
            if let Some(why) = why {
                assert!(why.sentence().starts_with("no value"), "{}", quantity.name());
            }
        }
    }

    #[test]
    fn what_the_run_cannot_have_is_told_from_what_is_off_or_later() {
        let usual = run(|_| {});
        let of = |quantity| why(&usual, quantity).unwrap();
        assert!(matches!(of(q::ACCURACY), NoValue::Never(_)));
        assert_eq!(of(q::TEST_LOSS), NoValue::Never("the run has no test examples".to_owned()));
        assert!(matches!(of(q::TORQUE), NoValue::Never(_)));
        assert!(matches!(of(q::BATCH_SHARPNESS_BATCHES), NoValue::Never(_)));
        assert!(matches!(of(q::CLIP_LEVEL), NoValue::Off(_)));
        assert_eq!(of(q::SHARPNESS_RESIDUAL), NoValue::NotYet);
        let third = of(q::HESSIAN_EIG_RESIDUAL.of(3).unwrap()).sentence();
        assert_eq!(third, "no value yet: “Eigenvalues” is 2");
        let unmeasured = run(|config| config.live.probe.every = Interval::Off);
        let why_not = why(&unmeasured, q::SHARPNESS).unwrap().sentence();
        assert_eq!(why_not, "no value yet: “Measure every” is off");
        let sign = run(|config| config.optimizer.rule = Rule::Sign);
        assert!(matches!(why(&sign, q::BINDING_RATIO), Some(NoValue::Never(_))));
    }
}
