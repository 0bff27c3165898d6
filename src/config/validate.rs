//! Validation of a configuration: every value in range, and no two settings in conflict.

use super::settings::N_TRAIN;
use super::{ConfigError, Loss, RunConfig, Setting, Tuning};

impl RunConfig {
    /// Checks every value against its range, and the settings against each other.
    ///
    /// # Errors
    /// The first setting out of range or in conflict, or a data file that cannot be read, as one
    /// sentence.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let info = self.task.info()?;
        let (n_train, allowed) = (self.task.n_train, info.n_train());
        if !allowed.contains(&n_train) {
            let (least, most) = (allowed.start(), allowed.end());
            return Err(ConfigError::Conflict(format!(
                "`{N_TRAIN}` is {n_train}, but the task `{}` takes {least} to {most} training examples; choose a number in that range",
                self.task.name
            )));
        }
        self.validate_values()?;
        if self.loss == Loss::CrossEntropy && info.n_classes().is_none() {
            return Err(ConfigError::Conflict(format!(
                "`loss` is cross-entropy, but the task `{}` is a regression; use loss = \"mse\"",
                self.task.name
            )));
        }
        self.model.check(info.shape, &self.task.name.to_string())?;
        self.init.check(&self.model)?;
        let n_train = self.task.n_train;
        let mut n_least = self.optimizer.batch.size(n_train).min(self.task.n_probe.size(n_train));
        if self.init.tuning != Tuning::None {
            n_least = n_least.min(self.init.tuning_batch);
        }
        self.model.check_batch(n_least)?;
        self.validate_changes()
    }

    /// Checks the dated changes alone.
    pub(super) fn validate_changes(&self) -> Result<(), ConfigError> {
        for change in &self.changes {
            change.applied_to(&self.live)?;
        }
        Ok(())
    }

    /// Checks every value against its range alone.
    pub(super) fn validate_values(&self) -> Result<(), ConfigError> {
        let values = Setting::all().map(|setting| (setting, setting.get(self)));
        let mut refused = values.filter(|(setting, value)| !setting.accepts(value));
        refused.next().map_or(Ok(()), |(setting, value)| Err(setting.refused(&value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for text in [
            "[live]\npeak_lr = -1.0",
            "[live]\npeak_lr = nan",
            "[live.probe]\ntop_k = 7",
            "[task]\nn_train = 1",
            "[task]\nn_train = 100000000",
            "[model]\nhidden = [0]",
            "[model]\nhidden = [99999999]",
            "[optimizer]\nbatch = 0",
            "[init]\nscale = 0.0",
        ] {
            let error = RunConfig::from_toml(text).unwrap_err().to_string();
            let key = text.split_once('\n').unwrap().1.split(' ').next().unwrap();
            assert!(error.contains(key), "{text}: {error}");
        }
    }

    #[test]
    fn cross_entropy_on_a_regression_is_refused() {
        let error = RunConfig::from_toml(
            "loss = \"cross-entropy\"\n[task]\nname = \"chebyshev\"\nn_train = 20",
        );
        assert!(error.unwrap_err().to_string().contains("regression"));
    }

    #[test]
    fn a_network_that_cannot_read_the_task_is_refused_with_one_that_can() {
        let error = RunConfig::from_toml("[task]\nname = \"sorting\"").unwrap_err().to_string();
        assert!(error.contains("sorting") && error.contains("transformer"), "{error}");
    }
}
