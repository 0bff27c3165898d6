//! The settings of the data: which task, and how much of it.
//! Does not load them (`data/` does).

use super::super::choices::{Batch, Loss};
use super::super::tasks::TaskName;
use super::declare::{Range, Section, any_of, log, log_whole, settings, whole};
use super::words::when;

settings! {
    /// Which data set, and how much of it.
    TaskSpec at (task) {
        /// The data set the network is trained on.
        name: TaskName = TaskName::Fashion => TASK,
            restart(Section::Task, "Task", any_of!(TaskName)).brings(|config, _| {
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
        /// Curvature is that of the loss on the first so many training examples; fewer make
        /// measurements cheaper. Of mini-batch runs, full is at most 2,000.
        n_probe: Batch = Batch::Full => N_PROBE,
            restart(Section::Task, "Probe examples", Range::WholeOr("full")).unit("examples")
                .limits(|config| [0.0, config.task.n_train as f64]);
        /// Degree k of the Chebyshev polynomial; higher is harder to fit.
        degree: u32 = 6 => DEGREE,
            restart(Section::Task, "Polynomial degree", whole(1, 12))
                .unread(|config| of_task(config.task.name, TaskName::Chebyshev));
        /// Spread of the cluster centres against the width of a cluster.
        separation: f64 = 1.0 => SEPARATION,
            restart(Section::Task, "Cluster separation", log(0.05, 10.0))
                .unread(|config| of_task(config.task.name, TaskName::Clusters));
        /// Symbols of a string to be sorted; longer is harder.
        length: usize = 8 => LENGTH,
            restart(Section::Task, "String length", whole(2, 16)).unit("symbols")
                .unread(|config| of_task(config.task.name, TaskName::Sorting));
        /// Different symbols that strings are made of.
        symbols: usize = 4 => SYMBOLS,
            restart(Section::Task, "Alphabet", whole(2, 10)).unit("symbols")
                .unread(|config| of_task(config.task.name, TaskName::Sorting));
    }
}

/// Why a setting of one task is not read, if this is another.
fn of_task(task: TaskName, reader: TaskName) -> Option<String> {
    when(task != reader, || format!("the task is {task}, and only {reader} reads it"))
}
