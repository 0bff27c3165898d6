//! What adjusts the drawn weights before step 0: one factor for every tensor, found by iterations.
//! Knows no run, thread or clock; randomness is a function of the seed and the iteration.

use std::sync::Arc;

use super::gradinit::GradInit;
use super::iteration::{Scaled, Turn, World};
use super::lsuv::Lsuv;
use super::metainit::MetaInit;
use crate::config::{RunConfig, Tuning};
use crate::net::{Halt, Program};
use crate::sample::Preparation;

#[derive(Clone, Debug)]
enum Method {
    Lsuv(Lsuv),
    MetaInit(MetaInit),
    GradInit(GradInit),
}

/// The tuning of one run's initial weights, an iteration at a time.
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
    /// What `config` asks for, on the weights that were drawn; `None` when nothing is to be tuned.
    #[must_use]
    pub fn new(config: &RunConfig, program: &Program, drawn: &[f64]) -> Option<Self> {
        let (init, table) = (&config.init, program.params());
        let method = match init.tuning {
            Tuning::None => return None,
            Tuning::Lsuv => Method::Lsuv(Lsuv::new(config, program)),
            Tuning::MetaInit => Method::MetaInit(MetaInit::new(config, table)),
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

    /// Measures, then moves unless all iterations are done: those are followed by one last
    /// measurement, after which the tuning is over.
    ///
    /// # Errors
    /// See [`Halt`]; then nothing has changed.
    pub fn iterate(&mut self, world: World<'_>) -> Result<Preparation, Halt> {
        let turn = if self.n_done < self.n_iterations { Turn::Move } else { Turn::Look };
        let sizes = self.sizes();
        // Copies, so that an interruption leaves everything as it was.
        let (mut method, mut weights) = (self.method.clone(), self.weights.clone());
        let iteration = self.n_done;
        let measured = match &mut method {
            Method::Lsuv(lsuv) => lsuv.iterate(world, iteration, &mut weights, turn),
            Method::MetaInit(meta) => meta.iterate(world, iteration, &mut weights, turn),
            Method::GradInit(grad) => grad.iterate(world, iteration, &mut weights, turn),
        }?;
        let numbers = measured.grad_norm.iter().chain(&weights.scales);
        if !numbers.chain([&measured.objective]).all(|x| x.is_finite()) {
            return Err(Halt::NotFinite);
        }
        let told = Preparation {
            iteration: self.n_done,
            n_iterations: self.n_iterations,
            objective: measured.objective,
            grad_norm: measured.grad_norm,
            names: self.names.clone(),
            sizes,
        };
        (self.method, self.weights) = (method, weights);
        self.n_done += u64::from(turn == Turn::Move);
        self.is_over = turn == Turn::Look;
        Ok(told)
    }

    /// Ends with the iterations done so far, and gives their number: what is left is the last
    /// measurement. `None` where no more was to come anyway.
    pub fn cut_short(&mut self) -> Option<u64> {
        let is_cut = self.n_done < self.n_iterations;
        self.n_iterations = self.n_iterations.min(self.n_done);
        is_cut.then_some(self.n_done)
    }

    /// Whether the last measurement has been made.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Iterations done so far.
    #[must_use]
    pub fn n_done(&self) -> u64 {
        self.n_done
    }

    /// The weights as they are now, flat.
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
    /// The tensors that are adjusted, by index.
    fn tensors(&self) -> &[usize] {
        match self {
            Self::Lsuv(lsuv) => lsuv.tensors(),
            Self::MetaInit(meta) => meta.tensors(),
            Self::GradInit(grad) => grad.tensors(),
        }
    }
}
