//! The settings of the update rule and the batch size.

use super::super::choices::{Batch, Rule, StepLength};
use super::declaration::{Range, Section};
use super::group::{any_of, settings};

settings! {
    /// The update rule and the examples per step.
    OptimizerSpec at (optimizer) {
        /// The update rule; each has its own stability limit.
        rule: Rule = Rule::GradientDescent => RULE,
            restart(Section::Optimizer, "Optimizer", any_of!(Rule)).also_sets(|config, before| {
                let rule = config.optimizer.rule;
                if before.optimizer.rule.step_length() != rule.step_length() {
                    let now = config.live.peak_lr;
                    config.live.peak_lr = match rule.step_length() {
                        StepLength::Gradient => {
                            config.task.info().map_or(now, |info| info.default_lr)
                        }
                        StepLength::PerParameter => 3e-3,
                        StepLength::Whole => 3e-2,
                    };
                }
            });
        /// Examples per step; the stability limit drawn holds for the full batch.
        batch: Batch = Batch::Full => BATCH,
            restart(Section::Batch, "Batch size", Range::WholeOr("full")).unit("examples")
                .axis_label("batch size")
                .brief(|config| Some(match config.optimizer.batch {
                    Batch::Full => "full batch".to_owned(),
                    Batch::Size(n) => format!("batch {n}"),
                }))
                .limits(|config| [0.0, config.task.n_train as f64]);
    }
}

impl OptimizerSpec {
    /// This rule with this batch size.
    #[must_use]
    pub fn of(rule: Rule, batch: Batch) -> Self {
        Self { rule, batch }
    }
}
