//! Small networks with examples, for tests of tuning methods.

use candle_core::{DType, Device, Tensor};

use super::TuningContext;
use crate::config::{BuiltinTask, Dtype, Interval, ModelSpec, RunConfig, TaskInfo, TaskSpec};
use crate::net::{Batch, Interface, Objective, Program};
use crate::random::{Purpose, Stream};

/// Number of examples.
const N: usize = 60;

/// A configuration of a task on a network, in f64.
pub(super) fn small(task: BuiltinTask, model: ModelSpec) -> RunConfig {
    let task = TaskSpec { name: task.into(), ..TaskSpec::default() };
    let mut config = RunConfig { task, model, dtype: Dtype::F64, ..RunConfig::default() };
    config.live.probe.every = Interval::Off;
    config
}

/// The network of a configuration, and random examples with its task's shapes.
pub(super) struct Small {
    pub(super) config: RunConfig,
    pub(super) info: TaskInfo,
    pub(super) objective: Objective,
    pub(super) buffers: Vec<Tensor>,
    pub(super) train: Batch,
}

impl Small {
    pub(super) fn new(config: RunConfig) -> Self {
        let info = config.task.info().unwrap();
        let interface = Interface {
            n_inputs: info.n_inputs,
            shape: info.shape,
            n_positions: info.n_positions,
            n_outputs: info.n_outputs(config.loss),
        };
        let objective =
            Objective::new(Program::of(&config.model, interface), config.loss, 1).unwrap();
        let mut stream = Stream::new(4, Purpose::Data, 0);
        let mut tensor = |d: usize| {
            let numbers: Vec<f64> = (0..N * d).map(|_| stream.normal()).collect();
            Tensor::from_vec(numbers, (N, d), &Device::Cpu).unwrap()
        };
        let inputs = tensor(info.n_inputs);
        let targets = tensor(interface.n_positions * interface.n_outputs);
        let buffers = objective.initial_buffers(DType::F64, &Device::Cpu).unwrap();
        Self { config, info, objective, buffers, train: Batch { inputs, targets } }
    }

    pub(super) fn program(&self) -> &Program {
        self.objective.program()
    }

    pub(super) fn context(&self) -> TuningContext<'_> {
        TuningContext {
            objective: &self.objective,
            buffers: &self.buffers,
            train: &self.train,
            is_interrupted: &|| false,
        }
    }
}
