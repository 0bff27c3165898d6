//! Peak memory of a run: the sum of what it holds at the same time, computed from shapes.
//! `tests/cost.rs` compares it with measured peaks of every architecture.

use std::fmt;

use crate::config::settings::{BATCH, EVERY, MIN_EVERY, N_PROBE, N_TRAIN, TOP_K, TUNING_BATCH};
use crate::config::{LiveSettings, RunConfig, TaskInfo, Tuning};
use crate::net::{Pass, Program};
use crate::{curvature, init};

/// Bytes of the program itself, its libraries and its records.
const PROGRAM: u64 = 50 << 20;

/// Parameter-sized vectors in the run's precision that a step holds besides the rule's state:
/// parameters before and after, gradient, direction, update, and a temporary.
const STEP_VECTORS: usize = 6;

/// Parameter-sized vectors in f64: the drawn weights, the gradient before and after clipping, and a
/// copy for a norm.
const WIDE_VECTORS: usize = 4;

/// Copies of the examples in f64 during loading, besides their tensors: the loaded ones, and one
/// for conversion.
const LOADED: usize = 2;

/// Estimated peak memory of a run by part, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    examples: u64,
    network: u64,
    passes: u64,
    vectors: u64,
}

/// Part of the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Training and test examples.
    Examples,
    /// Parameters, gradients and the optimizer's state.
    Network,
    /// Intermediate values of the passes over a batch.
    Passes,
    /// Eigenvectors and their search space.
    Vectors,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Examples => "the examples",
            Self::Network => "parameters, gradients and the optimizer's state",
            Self::Passes => "passes over the examples of a batch",
            Self::Vectors => "the eigenvectors of its measurements",
        })
    }
}

impl Part {
    /// How to lower it.
    pub(super) fn advice(self) -> String {
        match self {
            Self::Examples => format!("use a smaller {N_TRAIN}"),
            Self::Network => "use a smaller network".to_owned(),
            Self::Passes => {
                format!("use a smaller {BATCH}, {N_PROBE} and {TUNING_BATCH}, or a smaller network")
            }
            Self::Vectors => format!(
                "use a smaller network or a lower {TOP_K}, or measure nothing with {EVERY} and \
                 {MIN_EVERY} \"off\""
            ),
        }
    }
}

impl Memory {
    pub(super) fn of(
        program: &Program,
        config: &RunConfig,
        info: &TaskInfo,
        n_threads: usize,
    ) -> Self {
        let (n, size) = (program.n_params(), config.dtype.bytes());
        let numbers = info.n_inputs + info.n_positions * info.n_outputs(config.loss);
        let n_examples = config.task.n_train + info.n_test;
        // The loaded examples are kept beside those in another arrangement.
        let n_kept =
            if config.live_states().iter().any(|live| !live.data.is_as_loaded()) { 2 } else { 1 };
        let rule = config.optimizer.rule;
        let is_scaled =
            rule.is_adaptive() || init::rate_factors(program.params(), config).is_some();
        // The rule's state is held twice: before and after the step.
        let own = STEP_VECTORS + 2 * rule.n_state();
        let wide = WIDE_VECTORS + usize::from(is_scaled);
        let lives = config.live_states();
        let vectors = lives
            .iter()
            .map(|live| curvature::n_vectors(n, program.output().features, &live.probe, is_scaled));
        let bytes = |n: usize| n as u64;
        Self {
            examples: bytes(n_examples * numbers * (LOADED * size_of::<f64>() + n_kept * size)),
            network: bytes(n * (own * size + wide * size_of::<f64>())),
            passes: bytes(passes(program, config, &lives, n_threads)),
            vectors: bytes(vectors.max().unwrap_or(0) * n * size_of::<f64>()),
        }
    }

    /// The total in bytes.
    #[must_use]
    pub fn total(&self) -> u64 {
        PROGRAM + self.examples + self.network + self.passes + self.vectors
    }

    /// The largest part and its bytes.
    pub(super) fn largest(&self) -> (Part, u64) {
        let parts = [
            (Part::Examples, self.examples),
            (Part::Network, self.network),
            (Part::Passes, self.passes),
        ];
        let vectors = (Part::Vectors, self.vectors);
        parts.into_iter().fold(vectors, |most, part| if part.1 > most.1 { part } else { most })
    }
}

/// Whether updates precondition the Hessian; a preconditioned sharpness is then measured too.
pub(super) fn is_scaled(program: &Program, config: &RunConfig) -> bool {
    let is_each_its_own = || init::rate_factors(program.params(), config).is_some();
    config.optimizer.rule.is_adaptive() || is_each_its_own()
}

/// Bytes of the passes held at the same time: over a step's batch and, if different, the probe set;
/// or over the batch of the tuning.
fn passes(
    program: &Program,
    config: &RunConfig,
    lives: &[LiveSettings],
    n_threads: usize,
) -> usize {
    let pass = |n_examples, n_vectors| {
        program.pass_bytes(Pass { dtype: config.dtype, n_examples, n_vectors, n_threads })
    };
    let n_batch = config.optimizer.batch.size(config.task.n_train);
    let block = |live: &LiveSettings| {
        curvature::n_multiplied(program.n_params(), program.output().features, &live.probe)
    };
    let n_vectors = lives.iter().map(block).max().unwrap_or(0);
    let n_probe = config.n_probe();
    let step = match n_vectors {
        0 => pass(n_batch, 0),
        _ if n_batch == n_probe => pass(n_batch, n_vectors),
        _ => pass(n_batch, 0) + pass(n_probe, n_vectors),
    };
    let tuning = match config.init.tuning {
        Tuning::None => 0,
        Tuning::Lsuv | Tuning::MetaInit | Tuning::GradInit => pass(config.init.tuning_batch, 1),
    };
    step.max(tuning)
}
