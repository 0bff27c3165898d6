//! The settings of the update rule and of what a step sees.
//! Does not make an update (`optim/` does).

use super::super::choices::{Batch, Rule};
use super::declare::{Range, Section, any_of, settings};

settings! {
    /// The update rule and how many examples a step sees.
    OptimizerSpec at (optimizer) {
        /// The update rule; each has its own stability limit.
        rule: Rule = Rule::GradientDescent => RULE,
            restart(Section::Optimizer, "Optimizer", any_of!(Rule)).brings(|config, before| {
                let rule = config.optimizer.rule;
                if kind(before.optimizer.rule) != kind(rule) {
                    config.live.peak_lr = match kind(rule) {
                        Kind::Gradient => config.task.info().default_lr,
                        Kind::Sign => 3e-3,
                        Kind::Length => 3e-2,
                    };
                }
            });
        /// Examples a step sees; the stability limit drawn holds for full batch.
        batch: Batch = Batch::Full => BATCH,
            restart(Section::Optimizer, "Batch size", Range::WholeOr("full")).unit("examples")
                .axis_label("batch size")
                .limits(|config| [0.0, config.task.n_train as f64]);
    }
}

impl OptimizerSpec {
    /// A rule that sees so many examples a step.
    #[must_use]
    pub fn of(rule: Rule, batch: Batch) -> Self {
        Self { rule, batch }
    }
}

/// Rules of one kind take rates of like size.
#[derive(PartialEq, Eq)]
enum Kind {
    /// Steps as long as the gradient says.
    Gradient,
    /// Steps of about η for each parameter.
    Sign,
    /// Steps of length η.
    Length,
}

fn kind(rule: Rule) -> Kind {
    if rule == Rule::Normalised {
        Kind::Length
    } else if rule == Rule::Sign || rule.is_adaptive() {
        Kind::Sign
    } else {
        Kind::Gradient
    }
}
