//! `GradInit` (arXiv 2102.08098): one factor per tensor, chosen to minimize the loss after one step
//! under a bound on the gradient norm.

use candle_core::Tensor;

use super::iteration::{Measured, Scaled, TuningContext, Update, vector};
use crate::config::{GradInitForm, GradInitSpec, RunConfig, Tuning};
use crate::net::{Batch, Halt, Linearization, ParamSpec, widen};
use crate::random::{Purpose, Stream};

/// Lower bound on the factors.
const LEAST_SCALE: f64 = Tuning::GradInit.floor();

/// Derivatives with respect to factors are clipped to this magnitude.
const LARGEST_SLOPE: f64 = 1.0;

/// Constants of Adam on the factors.
const BETAS: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// Adam on the factors, with separate first moments for each kind of step and shared second
/// moments.
#[derive(Clone, Debug)]
pub(super) struct GradInit {
    spec: GradInitSpec,
    seed: u64,
    n_examples: usize,
    /// Indices of all tensors. The factor of a zero tensor stays 1.
    tensors: Vec<usize>,
    kinds: [Moments; 2],
    second: Vec<f64>,
}

/// First moments of one kind of step.
#[derive(Clone, Debug)]
struct Moments {
    first: Vec<f64>,
    n_steps: i32,
}

/// What a step minimizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Objective = 0,
    Norm = 1,
}

impl GradInit {
    pub(super) fn new(config: &RunConfig, table: &[ParamSpec]) -> Self {
        let n = table.len();
        let moments = Moments { first: vec![0.0; n], n_steps: 0 };
        Self {
            spec: config.init.grad.clone(),
            seed: config.seed,
            n_examples: config.init.tuning_batch,
            tensors: (0..n).collect(),
            kinds: [moments.clone(), moments],
            second: vec![0.0; n],
        }
    }

    pub(super) fn tensors(&self) -> &[usize] {
        &self.tensors
    }

    /// Measures the objective L(B̃; w − ηA[g])/η and the norm of g = ∇L(B; w). Then takes a descent
    /// step on the norm if it exceeds γ, else on the objective with the step −ηA[g] treated as
    /// constant. Slopes of the objective are clipped with their factor 1/η, as in the authors'
    /// code.
    pub(super) fn iterate(
        &mut self,
        context: TuningContext<'_>,
        iteration: u64,
        weights: &mut Scaled,
        update: Update,
    ) -> Result<Measured, Halt> {
        let [seen, next] = self.batches(context, iteration)?;
        let w = weights.weights();
        let at = context.linearize(&w, &seen)?;
        let g = at.wide_gradient()?;
        let (norm, ascent) = self.steepest(&g);
        let eta = self.spec.eta;
        let moved: Vec<f64> = w.iter().zip(&ascent).map(|(w, a)| w - eta * a).collect();
        let after = context.linearize(&moved, &next)?;
        if update == Update::Apply {
            let (kind, along, unit) = if norm > self.spec.gamma {
                // ∇‖g‖₂ = H·g/‖g‖₂, ∇‖g‖₁ = H·sign(g).
                (Kind::Norm, product(&at, &ascent, context)?, 1.0)
            } else {
                (Kind::Objective, after.wide_gradient()?, eta)
            };
            let slope = |tensor: &usize| weights.along(*tensor, &along) / unit;
            let slopes: Vec<f64> = self.tensors.iter().map(slope).collect();
            self.step(kind, &slopes, weights);
        }
        Ok(Measured { objective: after.score().loss / eta, grad_norm: Some(norm) })
    }

    /// The bounded norm of g, and A[g].
    fn steepest(&self, g: &[f64]) -> (f64, Vec<f64>) {
        match self.spec.form {
            GradInitForm::Sgd => {
                let norm = g.iter().map(|x| x * x).sum::<f64>().sqrt();
                let unit = |x: &f64| if norm > 0.0 { x / norm } else { 0.0 };
                (norm, g.iter().map(unit).collect())
            }
            GradInitForm::Adam => {
                let sign = |x: &f64| if *x == 0.0 { 0.0 } else { x.signum() };
                (g.iter().map(|x| x.abs()).sum(), g.iter().map(sign).collect())
            }
        }
    }

    /// Takes one step of Adam on all factors.
    fn step(&mut self, kind: Kind, slopes: &[f64], weights: &mut Scaled) {
        let n_all = 1 + self.kinds.iter().map(|moments| moments.n_steps).sum::<i32>();
        let moments = &mut self.kinds[kind as usize];
        moments.n_steps += 1;
        let [beta1, beta2] = BETAS;
        let corrections = [1.0 - beta1.powi(moments.n_steps), 1.0 - beta2.powi(n_all)];
        for (tensor, slope) in self.tensors.iter().zip(slopes) {
            let d = slope.clamp(-LARGEST_SLOPE, LARGEST_SLOPE);
            let (m, v) = (&mut moments.first[*tensor], &mut self.second[*tensor]);
            *m = beta1 * *m + (1.0 - beta1) * d;
            *v = beta2 * *v + (1.0 - beta2) * d * d;
            let step = *m / corrections[0] / ((*v / corrections[1]).sqrt() + EPSILON);
            let scale = weights.scales[*tensor] - self.spec.lr * step;
            weights.scales[*tensor] = if scale < LEAST_SCALE { LEAST_SCALE } else { scale };
        }
    }

    /// Batches B and B̃ of an iteration, which share a fraction of their examples.
    fn batches(&self, context: TuningContext<'_>, iteration: u64) -> Result<[Batch; 2], Halt> {
        let n_train = context.n_train();
        let mut order: Vec<usize> = (0..n_train).collect();
        Stream::new(self.seed, Purpose::GradInit, iteration).shuffle(&mut order);
        let n = self.n_examples.min(n_train);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a fraction of a count"
        )]
        let n_shared = (self.spec.overlap * n as f64).round() as usize;
        // With too few examples, more are shared.
        let next: Vec<usize> = (0..n).map(|i| order[(n - n_shared + i) % n_train]).collect();
        Ok([context.examples(&order[..n])?, context.examples(&next)?])
    }
}

/// H·v in f64.
fn product(at: &Linearization, v: &[f64], context: TuningContext<'_>) -> Result<Vec<f64>, Halt> {
    let block: Tensor = vector(v, at.gradient().dtype())?.unsqueeze(0)?;
    Ok(widen(&at.hvp(&block, context.is_interrupted)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BuiltinTask, ModelSpec};
    use crate::init::initialize;
    use crate::init::testing::{Small, small};
    use crate::net::never;

    fn tiny(form: GradInitForm) -> (Small, GradInit, Scaled) {
        let mut config = small(BuiltinTask::Clusters, ModelSpec::default());
        config.model.hidden = vec![6, 5];
        config.init.tuning_batch = 24;
        config.init.grad.form = form;
        let small = Small::new(config);
        let table = small.program().params();
        let drawn = initialize(table, &small.config.init, 1, &never).unwrap();
        let grad = GradInit::new(&small.config, table);
        let weights = Scaled::new(table, &drawn);
        (small, grad, weights)
    }

    /// Derivative of a function of the factors with respect to one of them.
    fn rise(weights: &Scaled, tensor: usize, f: impl Fn(&Scaled) -> f64) -> f64 {
        let h = 1e-5;
        (f(&weights.with(tensor, 1.0 + h)) - f(&weights.with(tensor, 1.0 - h))) / (2.0 * h)
    }

    #[test]
    fn both_kinds_of_step_follow_the_derivative_of_their_objective() {
        for form in GradInitForm::ALL {
            let (small, mut grad, weights) = tiny(*form);
            let context = small.context();
            let [seen, next] = grad.batches(context, 0).unwrap();
            let gradient = |weights: &Scaled| {
                context.linearize(&weights.weights(), &seen).unwrap().wide_gradient().unwrap()
            };
            let (norm, ascent) = grad.steepest(&gradient(&weights));
            let after = |weights: &Scaled| {
                let moved = weights.weights();
                let moved: Vec<f64> =
                    moved.iter().zip(&ascent).map(|(w, a)| w - grad.spec.eta * a).collect();
                context.linearize(&moved, &next).unwrap().score().loss / grad.spec.eta
            };
            let norm_of = |weights: &Scaled| grad.steepest(&gradient(weights)).0;
            let tensors = 0..small.program().params().len();
            let wanted = [
                tensors.clone().map(|i| rise(&weights, i, after)).collect::<Vec<_>>(),
                tensors.clone().map(|i| rise(&weights, i, norm_of)).collect::<Vec<_>>(),
            ];
            for (gamma, kind) in [(2.0 * norm, 0), (0.5 * norm, 1)] {
                grad.spec.gamma = gamma;
                let (mut once, mut moved) = (grad.clone(), weights.clone());
                once.iterate(context, 0, &mut moved, Update::Apply).unwrap();
                assert_eq!(once.kinds[kind].n_steps, 1);
                for tensor in tensors.clone() {
                    // The first moment after one step is a tenth of the derivative.
                    let found = once.kinds[kind].first[tensor] / (1.0 - BETAS[0]);
                    let wanted = wanted[kind][tensor].clamp(-LARGEST_SLOPE, LARGEST_SLOPE);
                    let off = (found - wanted).abs();
                    assert!(off < 1e-6 * (1.0 + wanted.abs()), "{form} {kind}: {found} {wanted}");
                }
            }
        }
    }

    #[test]
    fn a_tensor_that_starts_at_zero_keeps_its_factor_and_no_factor_falls_below_its_floor() {
        let (small, mut grad, _) = tiny(GradInitForm::Sgd);
        let table = small.program().params();
        let init = crate::config::InitSpec {
            scheme: crate::config::InitScheme::HeNormal,
            scale: 3.0,
            ..small.config.init.clone()
        };
        let mut weights = Scaled::new(table, &initialize(table, &init, 1, &never).unwrap());
        (grad.spec.lr, grad.spec.gamma) = (0.1, 1e-4);
        for iteration in 0..60 {
            grad.iterate(small.context(), iteration, &mut weights, Update::Apply).unwrap();
        }
        for (tensor, scale) in table.iter().zip(&weights.scales) {
            let is_bias = tensor.name.ends_with("bias");
            assert_eq!(*scale == 1.0, is_bias, "{}: {scale}", tensor.name);
            assert!(*scale >= LEAST_SCALE);
        }
        assert!(weights.scales.contains(&LEAST_SCALE), "{:?}", weights.scales);
    }

    #[test]
    fn moments_are_those_of_adam_with_second_moments_shared_by_both_kinds() {
        let (_, mut grad, mut weights) = tiny(GradInitForm::Sgd);
        let n = grad.tensors.len();
        let (mut first, mut second, mut counts) = ([0.0; 2], 0.0, [0, 0]);
        let mut alpha = 1.0;
        for (kind, d) in [(Kind::Norm, 0.5), (Kind::Objective, -0.2), (Kind::Norm, 7.0)] {
            let clipped = f64::min(d, 1.0);
            let k = kind as usize;
            counts[k] += 1;
            first[k] = 0.9 * first[k] + 0.1 * clipped;
            second = 0.999 * second + 0.001 * clipped * clipped;
            let m = first[k] / (1.0 - 0.9_f64.powi(counts[k]));
            let v: f64 = second / (1.0 - 0.999_f64.powi(counts[0] + counts[1]));
            alpha -= grad.spec.lr * m / (v.sqrt() + 1e-8);
            grad.step(kind, &vec![d; n], &mut weights);
            assert!((weights.scales[0] - alpha).abs() < 1e-14);
        }
    }

    #[test]
    fn the_two_batches_share_half_of_their_examples_or_all_if_there_are_no_others() {
        let (mut small, mut grad, _) = tiny(GradInitForm::Sgd);
        let rows = |batch: &Batch| -> Vec<Vec<u64>> {
            let width = batch.inputs.dims()[1];
            let numbers = widen(&batch.inputs).unwrap();
            numbers.chunks(width).map(|row| row.iter().map(|x| x.to_bits()).collect()).collect()
        };
        let n_shared = |grad: &GradInit, small: &Small, iteration| {
            let [seen, next] = grad.batches(small.context(), iteration).unwrap().map(|b| rows(&b));
            assert_eq!(seen.len(), next.len());
            next.iter().filter(|row| seen.contains(row)).count()
        };
        for overlap in [0.0, 0.5, 1.0] {
            grad.spec.overlap = overlap;
            assert_eq!(n_shared(&grad, &small, 5) as f64, overlap * 24.0);
        }
        grad.spec.overlap = 0.5;
        let n = small.train.inputs.dims()[0];
        small.train.inputs = small.train.inputs.narrow(0, 0, 24).unwrap();
        small.train.targets = small.train.targets.narrow(0, 0, 24).unwrap();
        assert!(n > 24 && n_shared(&grad, &small, 5) == 24);
    }
}
