//! The loss of a network whose outputs are all 0, the baseline for "trained".

use crate::config::{Answer, Loss, RunConfig};
use crate::data;

/// Training loss of all-zero outputs; `None` where the task cannot be loaded.
///
/// Cross-entropy of k classes: ln k. MSE of one-hot or ±1 targets: ½. MSE of a regression: half the
/// mean squared norm of the training targets.
#[must_use]
pub fn zero_output_loss(config: &RunConfig) -> Option<f64> {
    let info = config.task.info().ok()?;
    match (info.answer, config.loss) {
        // `libm` gives identical bits on every machine.
        (Answer::Class(k), Loss::CrossEntropy) => Some(libm::log(k as f64)),
        (Answer::Class(_), Loss::Mse) => Some(0.5),
        (Answer::Values(_), _) => {
            let request = config.task.request(config.loss, config.seed).ok()?;
            let task = data::load(&config.task.name, &request).ok()?;
            let n = (task.train.n * task.n_positions) as f64;
            Some(0.5 * task.train.targets.iter().map(|y| y * y).sum::<f64>() / n)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::net::never;
    use std::ops::ControlFlow;

    use super::*;
    use crate::config::{Architecture, BuiltinTask, InputShape, Interval};
    use crate::protocol::Event;
    use crate::runner;

    /// The loss at step 0 of a network whose last layer is 0.
    fn measured(config: &RunConfig) -> f64 {
        let mut loss = f64::NAN;
        runner::run(config, 1, &never, &mut |event| {
            if let Event::Sampled { records, .. } = event {
                loss = records[0].sample.loss;
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        loss
    }

    #[test]
    fn a_network_with_a_last_layer_of_0_has_this_loss_on_every_task() {
        for task in BuiltinTask::ALL {
            let info = task.info();
            for loss in Loss::ALL {
                if info.n_classes().is_none() && *loss == Loss::CrossEntropy {
                    continue;
                }
                let mut config = RunConfig { loss: *loss, ..RunConfig::default() };
                config.task.name = (*task).into();
                config.task.n_train = info.min_n_train.max(info.max_n_train.min(20));
                if matches!(info.shape, InputShape::Tokens { .. }) {
                    config.model.architecture = Architecture::Transformer;
                }
                config.init.zero_last_layer = true;
                config.live.probe.every = Interval::Off;
                config.live.eval_every = Interval::Off;
                config.validate().unwrap();
                let (wanted, found) = (measured(&config), zero_output_loss(&config).unwrap());
                let error = (wanted - found).abs() / wanted.max(1e-3);
                assert!(error < 1e-5, "{task} {loss}: {wanted} {found}");
            }
        }
    }
}
