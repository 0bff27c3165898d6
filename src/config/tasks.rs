//! What a configuration needs from its task: a description of it, the number of outputs for its loss,
//! and the request for its examples.

use std::borrow::Cow;
use std::path::Path;

use toml::{Table, Value};

use super::choices::Loss;
use super::settings::DATA_PATH;
use super::{Answer, ConfigError, RunConfig, TaskInfo, TaskSpec};
use crate::data::{DataError, Request, TaskSource, resolved_file};

impl TaskInfo {
    /// Network outputs per prediction under `loss`: one per number or class. Two classes under MSE,
    /// with one prediction per example, share one output of ±1.
    #[must_use]
    pub fn n_outputs(&self, loss: Loss) -> usize {
        match (self.answer, loss) {
            (Answer::Class(2), Loss::Mse) if self.n_positions == 1 => 1,
            (Answer::Class(n) | Answer::Values(n), _) => n,
        }
    }
}

impl TaskSpec {
    /// The description of its task with these settings. Opens a data file only once, until it
    /// changes; none whose hash is recorded and that was read before.
    ///
    /// # Errors
    /// The data file cannot be read, or its contents are not examples.
    pub fn info(&self) -> Result<TaskInfo, ConfigError> {
        self.name.info(&self.parameters(), self.n_train).map_err(|error| refused(&error))
    }

    /// The request for the examples of a run with this loss and seed.
    ///
    /// # Errors
    /// As [`Self::info`].
    pub fn request(&self, loss: Loss, seed: u64) -> Result<Request, ConfigError> {
        let n_outputs = self.info()?.n_outputs(loss);
        let (n_train, parameters) = (self.n_train, self.parameters());
        Ok(Request { n_train, n_outputs, seed, parameters })
    }

    /// What it is called on a picture: the task, with the name of its data file.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.name, Path::new(&self.path).file_name()) {
            (TaskSource::File, Some(name)) => name.to_string_lossy().into_owned(),
            (TaskSource::File, None) | (TaskSource::Builtin(_), _) => self.name.to_string(),
        }
    }
}

impl RunConfig {
    /// Sets what a newly chosen task brings along: its size, its rate, and a loss and a network that
    /// fit. A file that cannot be read brings nothing; the configuration is then refused.
    pub(super) fn fit_to_task(&mut self) {
        let Ok(info) = self.task.info() else { return };
        self.task.n_train = info.default_n_train;
        self.live.peak_lr = info.default_lr;
        if info.n_classes().is_none() {
            self.loss = Loss::Mse;
        }
        if !self.model.can_read(info.shape) {
            self.model = self.model.refitted(info.shape);
            self.fit_scheme();
        }
    }

    /// Makes the path of a data file absolute, and records the hash of its contents.
    ///
    /// # Errors
    /// The file cannot be read, its contents are not examples, or not those of the recorded hash.
    pub(super) fn resolve_file(&mut self) -> Result<(), ConfigError> {
        if self.task.name == TaskSource::File {
            let file = resolved_file(&self.task.file()).map_err(|error| refused(&error))?;
            self.task.set_file(file);
        }
        Ok(())
    }
}

/// A TOML document of any form, such as a study, in which relative paths of data files begin at
/// `folder`; unchanged if it has none.
#[must_use]
pub fn with_paths_from<'a>(text: &'a str, folder: &Path) -> Cow<'a, str> {
    let Ok(mut table) = text.parse::<Table>() else { return Cow::Borrowed(text) };
    if move_paths(&mut table, folder) { table.to_string().into() } else { Cow::Borrowed(text) }
}

/// Moves the paths of data files in this table and those below it; whether there are any.
fn move_paths(table: &mut Table, folder: &Path) -> bool {
    let (group, field) = DATA_PATH.key.rsplit_once('.').unwrap_or_default();
    let is_axis = table.get("key").and_then(Value::as_str) == Some(DATA_PATH.key);
    let mut is_moved = false;
    for (key, value) in table.iter_mut() {
        match value {
            Value::String(_) if key == DATA_PATH.key => is_moved |= move_path(value, folder),
            Value::Table(inner) => {
                if let Some(path) = inner.get_mut(field).filter(|_| key == group) {
                    is_moved |= move_path(path, folder);
                }
                is_moved |= move_paths(inner, folder);
            }
            Value::Array(values) => {
                for value in values {
                    is_moved |= match value {
                        Value::Table(inner) => move_paths(inner, folder),
                        Value::String(_) if is_axis => move_path(value, folder),
                        Value::String(_)
                        | Value::Integer(_)
                        | Value::Float(_)
                        | Value::Boolean(_)
                        | Value::Datetime(_)
                        | Value::Array(_) => false,
                    };
                }
            }
            Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_) => {}
        }
    }
    is_moved
}

/// Lets a path begin at a folder; whether it is one.
fn move_path(value: &mut Value, folder: &Path) -> bool {
    let Some(path) = value.as_str().filter(|path| !path.is_empty()) else { return false };
    *value = Value::String(folder.join(path).to_string_lossy().into_owned());
    true
}

fn refused(error: &DataError) -> ConfigError {
    ConfigError::Conflict(format!("`{DATA_PATH}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::BuiltinTask;

    #[test]
    fn the_default_settings_are_the_default_parameters() {
        for task in BuiltinTask::ALL {
            let spec = TaskSpec { name: (*task).into(), ..TaskSpec::default() };
            assert_eq!(spec.info(), Ok(task.info()));
        }
    }

    #[test]
    fn one_output_is_shared_by_two_classes_of_a_whole_example_only() {
        assert_eq!(BuiltinTask::Spirals.info().n_outputs(Loss::Mse), 1);
        assert_eq!(BuiltinTask::Spirals.info().n_outputs(Loss::CrossEntropy), 2);
        assert_eq!(BuiltinTask::DeepLinear.info().n_outputs(Loss::Mse), 50);
        let name = BuiltinTask::Sorting.into();
        let strings = TaskSpec { name, symbols: 2, ..TaskSpec::default() };
        assert_eq!(strings.info().unwrap().n_outputs(Loss::Mse), 2);
    }
}
