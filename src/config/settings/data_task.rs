//! The settings of the data: the task, its size and its parameters.

use std::path::Path;

use super::super::choices::Batch;
use super::declaration::{Choice, Effect, Range, Section, log, log_whole, whole};
use super::group::settings;
use super::probe::is_off;
use crate::data::{BuiltinTask, DataFile, Parameter, Parameters, TaskSource};
use crate::text;

settings! {
    /// The data set, its size and its parameters.
    TaskSpec at (task) {
        /// The data set the network is trained on.
        name: TaskSource = BuiltinTask::Fashion.into() => TASK,
            restart(Section::Task, "Task", Range::Word(task_choices))
                .brief(|config| Some(task_name(&config.task)))
                .also_sets(|config, _| {
                if config.task.name != TaskSource::File {
                    config.task.set_file(DataFile::default());
                }
                config.fit_to_task();
            });
        /// The file that the task `file` reads, in a format that the list of tasks names. A relative
        /// path begins at the folder of the configuration file that has it, or else at the working
        /// directory.
        path: String = String::new() => DATA_PATH,
            restart(Section::Task, "Data file", Range::Text)
                .also_sets(|config, _| {
                    config.task.name = TaskSource::File;
                    config.task.sha256.clear();
                    config.fit_to_task();
                })
                .unread(|config| unless_read(&config.task, Parameter::File));
        /// SHA-256 of the data file, with the files that belong to it one after the other. If it is
        /// given, other contents are refused.
        sha256: String = String::new() => DATA_SHA256,
            elsewhere(Effect::Derived, "Hash of the data file", Range::Text)
                .unread(|config| unless_read(&config.task, Parameter::File));
        /// The first n training examples are used; fewer examples make every step cheaper.
        n_train: usize = 1000 => N_TRAIN,
            restart(Section::Task, "Training examples", log_whole(1, 10_000)).unit("examples")
                .brief(|config| Some(text::plural(config.task.n_train as u64, "example")))
                .limits(|config| {
                    let range = config.task.info().map(|info| info.n_train().into_inner());
                    let n_train = config.task.n_train;
                    let (least, most) = range.unwrap_or((n_train, n_train));
                    [least as f64, most as f64]
                });
        /// The curvature is measured on this many of the first training examples; fewer make
        /// measurements cheaper. For mini-batch runs, full means at most 2,000.
        n_probe: Batch = Batch::Full => N_PROBE,
            restart(Section::Task, "Probe examples", Range::WholeOr("full")).unit("examples")
                .always_shown()
                .limits(|config| [0.0, config.task.n_train as f64])
                .unread(|config| is_off(&config.live.probe));
        /// Degree k of the Chebyshev polynomial; higher is harder to fit.
        degree: u32 = Parameters::default().degree => DEGREE,
            restart(Section::Task, "Polynomial degree", whole(1, 12))
                .unread(|config| unless_read(&config.task, Parameter::Degree));
        /// Spread of the cluster centres relative to the width of a cluster.
        separation: f64 = Parameters::default().separation => SEPARATION,
            restart(Section::Task, "Cluster separation", log(0.05, 10.0))
                .unread(|config| unless_read(&config.task, Parameter::Separation));
        /// Length of the strings to sort; longer is harder.
        length: usize = Parameters::default().length => LENGTH,
            restart(Section::Task, "String length", whole(2, 16)).unit("symbols")
                .unread(|config| unless_read(&config.task, Parameter::Length));
        /// Number of different symbols in the strings.
        symbols: usize = Parameters::default().symbols => SYMBOLS,
            restart(Section::Task, "Alphabet", whole(2, 10)).unit("symbols")
                .unread(|config| unless_read(&config.task, Parameter::Symbols));
    }
}

impl TaskSpec {
    /// The values of the settings that only some tasks read.
    pub(in crate::config) fn parameters(&self) -> Parameters {
        let Self { degree, separation, length, symbols, .. } = *self;
        Parameters { degree, separation, length, symbols, file: self.file() }
    }

    /// The data file.
    pub(in crate::config) fn file(&self) -> DataFile {
        DataFile { path: self.path.clone(), sha256: self.sha256.clone() }
    }

    /// Sets the data file.
    pub(in crate::config) fn set_file(&mut self, file: DataFile) {
        self.path = file.path;
        self.sha256 = file.sha256;
    }
}

/// The built-in tasks, and a file of the user.
fn task_choices() -> Vec<Choice> {
    let builtin = |task: &BuiltinTask| Choice { word: task.word(), sentence: task.sentence() };
    let file = Choice { word: TaskSource::File.word(), sentence: "Examples from a file of yours." };
    BuiltinTask::ALL.iter().map(builtin).chain([file]).collect()
}

/// The task, or its file without the folder.
fn task_name(task: &TaskSpec) -> String {
    match task.name {
        TaskSource::Builtin(name) => name.to_string(),
        TaskSource::File => {
            let name = Path::new(&task.path).file_name();
            name.map_or_else(|| task.name.to_string(), |name| name.to_string_lossy().into_owned())
        }
    }
}

/// The reason why the task does not read this parameter; `None` if it does.
fn unless_read(task: &TaskSpec, parameter: Parameter) -> Option<String> {
    let readers = || {
        let builtin = BuiltinTask::ALL.iter().map(|task| TaskSource::from(*task));
        let all = builtin.chain([TaskSource::File]);
        let readers = all.filter(|task| task.reads().contains(&parameter));
        readers.map(|task| task.word()).collect::<Vec<_>>().join(" or ")
    };
    (!task.name.reads().contains(&parameter))
        .then(|| format!("the task is {}, and only {} reads it", task.name, readers()))
}
