//! One step of a run: measures at the current iterate, asks the update rule, then moves. The state
//! changes only at the very end, so an interrupted step can be repeated.

use std::sync::Arc;

use candle_core::Tensor;

use super::error::TrainError;
use super::measure::{Circumstances, Hooks, Meter, Scaling, is_due};
use super::trainer::{First, Outcome, Trainer, norm};
use crate::config::Decay;
use crate::data::sampling;
use crate::net::{Batch, Halt, Linearization, widen};
use crate::optim::gradient_clipping::Clipped;
use crate::optim::rate::Rates;
use crate::optim::{Conditions, Proposal, Stability, stability};
use crate::sample::{Cost, Curvature, Record, Sample};

/// Ratio of the loss to the first one above which the run has diverged.
const DIVERGED: f64 = 1e3;

/// What is measured at a step besides its linearization.
#[derive(Clone, Copy)]
struct Probed<'a> {
    /// Of the step's own examples.
    gradient: &'a [f64],
    /// P^-½ where a scaled Hessian decides about stability.
    scales: Option<&'a Arc<[f64]>>,
    /// `(w_{t+1} − w_t)/η`.
    direction: &'a Tensor,
}

impl Trainer {
    /// Measures the current iterate, then moves to the next one; finishes the tuning of the initial
    /// weights first.
    ///
    /// # Errors
    /// The computation fails; a loss that is not finite is [`Outcome::Diverged`] instead.
    pub fn step(&mut self, hooks: Hooks<'_>) -> Result<Outcome, TrainError> {
        match self.try_step(hooks) {
            Err(TrainError::Interrupted) => Ok(Outcome::Interrupted),
            stepped => stepped,
        }
    }

    fn try_step(&mut self, hooks: Hooks<'_>) -> Result<Outcome, TrainError> {
        if !self.prepare_fully(hooks)? {
            return Ok(Outcome::Interrupted);
        }
        let start = (hooks.now_ms)();
        let batch = self.batch()?;
        let at = self.linearize(&self.params, &batch, hooks)?;
        let gradient = at.wide_gradient()?;
        let clipped = self.clip(&gradient)?;
        let mut sample = self.describe(&at, &gradient, &clipped)?;
        let mut cost = Cost::default();
        let first =
            *self.first.get_or_insert(First { loss: sample.loss, grad_norm: sample.grad_norm });
        let is_diverged = !sample.loss.is_finite()
            || !sample.grad_norm.is_finite()
            || sample.loss > DIVERGED * first.loss;
        if is_diverged {
            cost.step_ms = (hooks.now_ms)() - start;
            return Ok(Outcome::Diverged(Record { sample, cost }));
        }
        self.evaluate(&mut sample, hooks)?;
        let (proposal, rates) = self.propose(&at, clipped, &mut sample, hooks)?;
        let scales = self.scales(&proposal)?;
        let conditions = Conditions {
            lr: sample.learning_rate,
            grad_norm: sample.grad_norm,
            torque: proposal.torque.unwrap_or(1.0),
        };
        let curvature = self.measure(
            &at,
            Probed { gradient: &gradient, scales: scales.as_ref(), direction: &proposal.direction },
            &mut sample,
            &mut cost,
            hooks,
        )?;
        let governing = curvature.as_ref().and_then(Curvature::governing);
        // No stability limit is known if coordinates or units were clipped.
        let is_known = sample.effective_threshold.is_some();
        let scale = sample.clip_scale;
        sample.largest_stable_rate = governing
            .filter(|_| is_known)
            .and_then(|found| self.stability().largest_clipped_rate(found, conditions, scale));
        sample.curvature = curvature;
        self.advance(&at, proposal, &mut sample)?;
        self.rates = rates;
        cost.step_ms = (hooks.now_ms)() - start;
        Ok(Outcome::Stepped(Record { sample, cost }))
    }

    /// The curvature measurements due at this step. Batches come first: they change nothing, so an
    /// interruption during them leaves the probes as they were.
    fn measure(
        &mut self,
        at: &Linearization,
        of: Probed<'_>,
        sample: &mut Sample,
        cost: &mut Cost,
        hooks: Hooks<'_>,
    ) -> Result<Option<Curvature>, Halt> {
        let batches = self.measure_batches(cost, hooks)?;
        let curvature = self.probe(at, of, sample, cost, hooks)?;
        Ok(match batches {
            Some(_) => Some(Curvature { batches, ..curvature.unwrap_or_default() }),
            None => curvature,
        })
    }

    /// The eigenvalues due at this step, from the step's linearization if that covers the probe
    /// set.
    fn probe(
        &mut self,
        at: &Linearization,
        of: Probed<'_>,
        sample: &mut Sample,
        cost: &mut Cost,
        hooks: Hooks<'_>,
    ) -> Result<Option<Curvature>, Halt> {
        if !is_due(&self.live.probe, self.step) {
            return Ok(None);
        }
        let layers = self.objective.program().layer_ranges();
        let is_coupled = self.live.decay_of(self.config.optimizer.rule) == Decay::Coupled;
        let shift = if is_coupled { self.live.weight_decay } else { 0.0 };
        let params: Arc<[f64]> = widen(&self.params)?.into();
        let update: Vec<f64> = widen(of.direction)?.into_iter().map(|x| -x).collect();
        let mut meter = Meter {
            settings: &self.live.probe,
            step: self.step,
            hooks,
            params: &params,
            update: &update,
            now: Circumstances {
                rate: sample.learning_rate,
                loss: sample.loss,
                threshold: sample.stability_threshold,
                is_near: false,
            },
            layers: &layers,
            scaling: of.scales.map(|scales| Scaling { scales, shift }),
            cost,
        };
        if self.is_full_batch() && self.n_probe() == self.n_train() {
            return meter.measure(&mut self.probes, at, of.gradient);
        }
        let at = self.linearize(&self.params, &self.examples.probe, hooks)?;
        sample.probe_loss = Some(at.score().loss);
        meter.now.loss = at.score().loss;
        let gradient = at.wide_gradient()?;
        meter.measure(&mut self.probes, &at, &gradient)
    }

    /// The parts of a sample that need no further computation.
    fn describe(
        &self,
        at: &Linearization,
        gradient: &[f64],
        clipped: &Clipped,
    ) -> Result<Sample, TrainError> {
        let lr = self.rates.provisional(&self.live, self.step);
        let grad_norm = norm(gradient);
        let torque = self.optimizer.torque().unwrap_or(1.0);
        let conditions = Conditions { lr, grad_norm, torque };
        Ok(Sample {
            step: self.step,
            epoch: sampling::epoch(self.n_train(), self.batch_size(), self.step),
            loss: at.score().loss,
            accuracy: self.is_classification().then_some(at.score().accuracy),
            learning_rate: lr,
            effective_learning_rate: self.effective_rate(lr, clipped),
            grad_norm,
            clip_level: clipped.level,
            clip_scale: clipped.scale,
            clipped_fraction: clipped.fraction,
            param_norm: norm(&widen(&self.params)?),
            stability_threshold: self.stability().threshold(conditions),
            effective_threshold: self.binding(conditions, clipped),
            ..Sample::default()
        })
    }

    /// Linearization of the loss of a batch at these parameters.
    pub(super) fn linearize(
        &self,
        params: &Tensor,
        batch: &Batch,
        hooks: Hooks<'_>,
    ) -> Result<Linearization, Halt> {
        self.objective.linearize(params, &self.buffers, batch, hooks.is_interrupted)
    }

    /// The learning rate of a step whose gradient was clipped; rules with steps of fixed length ignore
    /// the gradient's.
    fn effective_rate(&self, lr: f64, clipped: &Clipped) -> f64 {
        if self.config.optimizer.rule.has_fixed_length() { lr } else { lr * clipped.scale }
    }

    /// Computes test loss and accuracy if due.
    fn evaluate(&self, sample: &mut Sample, hooks: Hooks<'_>) -> Result<(), Halt> {
        if let Some(test) = &self.examples.test
            && self.live.eval_every.is_due(self.step)
        {
            let (objective, is_interrupted) = (&self.objective, hooks.is_interrupted);
            let score = objective.score(&self.params, &self.buffers, test, is_interrupted)?;
            sample.test_loss = Some(score.loss);
            sample.test_accuracy = self.is_classification().then_some(score.accuracy);
        }
        Ok(())
    }

    /// The update rule's direction and learning rate, with the resulting stability threshold.
    pub(super) fn propose(
        &self,
        at: &Linearization,
        mut clipped: Clipped,
        sample: &mut Sample,
        hooks: Hooks<'_>,
    ) -> Result<(Proposal, Rates), Halt> {
        let mut gradient = at.gradient().clone();
        if let Some(ascent) = self.optimizer.ascent(&gradient, &self.live)? {
            let uphill = (&self.params + ascent)?;
            let above = self.linearize(&uphill, at.batch(), hooks)?;
            gradient = above.gradient().clone();
            clipped = self.clip(&above.wide_gradient()?)?;
            sample.clip_scale = clipped.scale;
            sample.clipped_fraction = clipped.fraction;
        }
        if let Some(g) = clipped.gradient.take() {
            let n = g.len();
            gradient = Tensor::from_vec(g, n, gradient.device())?.to_dtype(gradient.dtype())?;
        }
        let mut proposal = self.optimizer.propose(&gradient, &self.params, &self.live)?;
        if let Some(factors) = &self.rate_factors {
            proposal.direction = (&proposal.direction * factors)?;
        }
        let (lr, rates) = self.decide_rate(at, &proposal.direction, hooks)?;
        sample.learning_rate = lr;
        sample.effective_learning_rate = self.effective_rate(lr, &clipped);
        sample.torque = proposal.torque;
        let torque = proposal.torque.unwrap_or(1.0);
        let conditions = Conditions { lr, grad_norm: sample.grad_norm, torque };
        sample.stability_threshold = self.stability().threshold(conditions);
        sample.effective_threshold = self.binding(conditions, &clipped);
        Ok((proposal, rates))
    }

    /// Stability threshold with this clipping; `None` if single coordinates or units were clipped.
    fn binding(&self, at: Conditions, clipped: &Clipped) -> Option<f64> {
        match (clipped.scale < 1.0, clipped.level) {
            (false, _) => self.stability().threshold(at),
            (true, Some(_)) => self.stability().clipped_threshold(at, clipped.scale),
            (true, None) => None,
        }
    }

    /// Stability limit of the update rule with the current constants.
    fn stability(&self) -> Stability {
        let stability = stability(self.config.optimizer.rule, &self.live);
        if self.rate_factors.is_some() { stability.with_rate_factors() } else { stability }
    }

    /// √(D/P), a factor for each parameter; `None` if the update does not scale the Hessian.
    fn scales(&self, proposal: &Proposal) -> Result<Option<Arc<[f64]>>, TrainError> {
        let squares = match (&self.rate_factors, &proposal.preconditioner) {
            (None, None) => return Ok(None),
            (Some(d), None) => widen(d)?,
            (None, Some(p)) => widen(p)?.iter().map(|p| 1.0 / p).collect(),
            (Some(d), Some(p)) => widen(d)?.iter().zip(widen(p)?).map(|(d, p)| d / p).collect(),
        };
        Ok(Some(squares.into_iter().map(f64::sqrt).collect()))
    }

    /// w ← w + ηp; the buffers become those of the forward pass.
    fn advance(
        &mut self,
        at: &Linearization,
        proposal: Proposal,
        sample: &mut Sample,
    ) -> Result<(), TrainError> {
        let update = (&proposal.direction * sample.learning_rate)?;
        sample.update_norm = norm(&widen(&update)?);
        self.params = (&self.params + update)?;
        self.optimizer.accept(proposal);
        self.buffers = at.buffers_after().to_vec();
        self.step += 1;
        Ok(())
    }
}
