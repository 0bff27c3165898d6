//! The settings of the data: the task, its size and its parameters.

use super::super::choices::{Batch, Loss};
use super::declaration::{Range, Section, log, log_whole, whole};
use super::group::{any_of, settings};
use super::probe::is_off;
use crate::data::{BuiltinTask, Parameter, Parameters, TaskSource};

settings! {
    /// The data set, its size and its parameters.
    TaskSpec at (task) {
        /// The data set the network is trained on.
        name: TaskSource = BuiltinTask::Fashion.into() => TASK,
            restart(Section::Task, "Task", any_of!(BuiltinTask)).also_sets(|config, _| {
                let info = config.task.info();
                config.task.n_train = info.default_n_train;
                config.live.peak_lr = info.default_lr;
                if info.n_classes().is_none() {
                    config.loss = Loss::Mse;
                }
                if !config.model.can_read(info.shape) {
                    config.model = config.model.refitted(info.shape);
                    config.fit_scheme();
                }
            });
        /// The first n training examples are used; fewer examples make every step cheaper.
        n_train: usize = 1000 => N_TRAIN,
            restart(Section::Task, "Training examples", log_whole(1, 10_000)).unit("examples")
                .limits(|config| {
                    let (least, most) = config.task.info().n_train().into_inner();
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
        Parameters { degree, separation, length, symbols }
    }
}

/// The reason why the task does not read this parameter; `None` if it does.
fn unless_read(task: &TaskSpec, parameter: Parameter) -> Option<String> {
    let readers = || {
        let all = BuiltinTask::ALL.iter().filter(|task| task.info().reads.contains(&parameter));
        all.map(|task| task.word()).collect::<Vec<_>>().join(" or ")
    };
    (!task.info().reads.contains(&parameter))
        .then(|| format!("the task is {}, and only {} reads it", task.name, readers()))
}
