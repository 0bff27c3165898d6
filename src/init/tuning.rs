//! Tunes the drawn weights before step 0: iterates on one factor per tensor. Randomness is a
//! function of the seed and the iteration.

use std::sync::Arc;

use super::gradinit::GradInit;
use super::iteration::{Scaled, TuningContext, Update};
use super::lsuv::Lsuv;
use super::metainit::MetaInit;
use crate::config::{RunConfig, TaskInfo, Tuning};
use crate::net::{Halt, Program};
use crate::sample::Preparation;

#[derive(Clone, Debug)]
enum Method {
    Lsuv(Lsuv),
    MetaInit(MetaInit),
    GradInit(GradInit),
}

/// The tuning of a run's initial weights, one iteration at a time.
#[derive(Clone, Debug)]
pub struct Tuner {
    method: Method,
    weights: Scaled,
    names: Arc<[String]>,
    n_done: u64,
    n_iterations: u64,
    is_over: bool,
}

impl Tuner {
    /// The tuning configured in `config`, starting from the drawn weights; `None` if tuning is off.
    #[must_use]
    pub fn new(
        config: &RunConfig,
        info: &TaskInfo,
        program: &Program,
        drawn: &[f64],
    ) -> Option<Self> {
        let (init, table) = (&config.init, program.params());
        let method = match init.tuning {
            Tuning::None => return None,
            Tuning::Lsuv => Method::Lsuv(Lsuv::new(config, program)),
            Tuning::MetaInit => Method::MetaInit(MetaInit::new(config, info, table)),
            Tuning::GradInit => Method::GradInit(GradInit::new(config, table)),
        };
        let name = |i: &usize| table[*i].name.clone();
        let n_most = match &method {
            Method::Lsuv(lsuv) => lsuv.n_iterations(),
            Method::MetaInit(_) | Method::GradInit(_) => u64::MAX,
        };
        Some(Self {
            names: method.tensors().iter().map(name).collect(),
            method,
            weights: Scaled::new(table, drawn),
            n_done: 0,
            n_iterations: init.tuning_steps.min(n_most),
            is_over: false,
        })
    }

    /// Measures, then updates the factors. After the last iteration, a final call only measures and
    /// interface the tuning.
    ///
    /// # Errors
    /// See [`Halt`]; the tuning is then unchanged.
    pub fn iterate(&mut self, context: TuningContext<'_>) -> Result<Preparation, Halt> {
        let update = if self.n_done < self.n_iterations { Update::Apply } else { Update::Skip };
        let sizes = self.sizes();
        // Works on copies, so an interruption changes nothing.
        let (mut method, mut weights) = (self.method.clone(), self.weights.clone());
        let iteration = self.n_done;
        let measured = match &mut method {
            Method::Lsuv(lsuv) => lsuv.iterate(context, iteration, &mut weights, update),
            Method::MetaInit(meta) => meta.iterate(context, iteration, &mut weights, update),
            Method::GradInit(grad) => grad.iterate(context, iteration, &mut weights, update),
        }?;
        let numbers = measured.grad_norm.iter().chain(&weights.scales);
        if !numbers.chain([&measured.objective]).all(|x| x.is_finite()) {
            return Err(Halt::NotFinite);
        }
        let preparation = Preparation {
            iteration: self.n_done,
            n_iterations: self.n_iterations,
            objective: measured.objective,
            grad_norm: measured.grad_norm,
            names: self.names.clone(),
            sizes,
        };
        (self.method, self.weights) = (method, weights);
        self.n_done += u64::from(update == Update::Apply);
        self.is_over = update == Update::Skip;
        Ok(preparation)
    }

    /// Skips the remaining iterations, so only the final measurement is left, and returns the
    /// number of iterations done. `None` if no iterations remained.
    pub fn cut_short(&mut self) -> Option<u64> {
        let is_cut = self.n_done < self.n_iterations;
        self.n_iterations = self.n_iterations.min(self.n_done);
        is_cut.then_some(self.n_done)
    }

    /// Whether the final measurement was made.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Iterations done so far.
    #[must_use]
    pub fn n_done(&self) -> u64 {
        self.n_done
    }

    /// The current weights, flat.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        self.weights.weights()
    }

    fn sizes(&self) -> Vec<f64> {
        let unit = |tensor: usize| match self.method {
            Method::MetaInit(_) => self.weights.drawn_norm(tensor),
            Method::Lsuv(_) | Method::GradInit(_) => 1.0,
        };
        let tensors = self.method.tensors().iter();
        tensors.map(|tensor| self.weights.scales[*tensor] * unit(*tensor)).collect()
    }
}

impl Method {
    /// Indices of the tuned tensors.
    fn tensors(&self) -> &[usize] {
        match self {
            Self::Lsuv(lsuv) => lsuv.tensors(),
            Self::MetaInit(meta) => meta.tensors(),
            Self::GradInit(grad) => grad.tensors(),
        }
    }
}
