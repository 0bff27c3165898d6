//! `MetaInit` (Dauphin and Schoenholz, `NeurIPS` 2019): weight norms that minimize the gradient
//! quotient on random data, so a gradient step changes the gradient little.

use candle_core::DType;

use super::iteration::{Measured, Scaled, TuningContext, Update, vector};
use crate::config::{Answer, InputShape, Loss, MetaInitSpec, RunConfig, TaskInfo, Tuning};
use crate::net::{Batch, Halt, ParamSpec, widen};
use crate::random::{Purpose, Stream};

/// ε in the quotient's denominators.
const EPSILON: f64 = 1e-5;

/// Lower bound on a tensor's norm.
const LEAST_NORM: f64 = Tuning::MetaInit.floor();

/// Relative step of the central difference in a norm. Few gradient elements change sign within it,
/// and in f64 rounding contributes about 1e-5 of the difference.
const DIFFERENCE: f64 = 1e-6;

/// Sign descent with momentum on the norm of every tensor of two or more dimensions.
#[derive(Clone, Debug)]
pub(super) struct MetaInit {
    spec: MetaInitSpec,
    data: RandomData,
    /// Tensors of two or more dimensions, by index. Zero tensors are left unchanged.
    tensors: Vec<usize>,
    momenta: Vec<f64>,
}

/// Generator of random examples with a task's shapes.
#[derive(Clone, Debug)]
struct RandomData {
    seed: u64,
    n_examples: usize,
    info: TaskInfo,
    loss: Loss,
}

impl MetaInit {
    pub(super) fn new(config: &RunConfig, info: &TaskInfo, table: &[ParamSpec]) -> Self {
        let tensors: Vec<usize> = (0..table.len()).filter(|i| table[*i].shape.len() >= 2).collect();
        let data = RandomData {
            seed: config.seed,
            n_examples: config.init.tuning_batch,
            info: info.clone(),
            loss: config.loss,
        };
        let momenta = vec![0.0; tensors.len()];
        Self { spec: config.init.meta.clone(), data, tensors, momenta }
    }

    pub(super) fn tensors(&self) -> &[usize] {
        &self.tensors
    }

    /// Measures the gradient quotient on new random data; then m ← μm − lr·sign(∂GQ/∂‖W‖) and ‖W‖ ←
    /// ‖W‖ + m for all tensors simultaneously.
    pub(super) fn iterate(
        &mut self,
        context: TuningContext<'_>,
        iteration: u64,
        weights: &mut Scaled,
        update: Update,
    ) -> Result<Measured, Halt> {
        let batch = self.data.batch(iteration)?;
        let objective = quotient(context, &weights.weights(), &batch)?;
        if update == Update::Apply {
            let slopes = self.slopes(context, weights, &batch)?;
            for (slot, slope) in slopes.into_iter().enumerate() {
                self.step(slot, slope, weights);
            }
        }
        Ok(Measured { objective, grad_norm: None })
    }

    /// ∂GQ/∂log‖W‖ of every tensor by central differences; only its sign is used.
    fn slopes(
        &self,
        context: TuningContext<'_>,
        weights: &Scaled,
        batch: &Batch,
    ) -> Result<Vec<f64>, Halt> {
        let slope = |tensor: &usize| {
            if weights.drawn_norm(*tensor) == 0.0 {
                return Ok(0.0);
            }
            let at =
                |factor: f64| quotient(context, &weights.with(*tensor, factor).weights(), batch);
            Ok((at(1.0 + DIFFERENCE)? - at(1.0 - DIFFERENCE)?) / (2.0 * DIFFERENCE))
        };
        self.tensors.iter().map(slope).collect()
    }

    fn step(&mut self, slot: usize, slope: f64, weights: &mut Scaled) {
        let tensor = self.tensors[slot];
        let drawn = weights.drawn_norm(tensor);
        if drawn == 0.0 {
            return;
        }
        // `signum` of 0 is 1.
        let sign = if slope == 0.0 { 0.0 } else { slope.signum() };
        let m = self.spec.momentum * self.momenta[slot] - self.spec.lr * sign;
        self.momenta[slot] = m;
        let norm = weights.scales[tensor] * drawn + m;
        let most = if self.spec.is_capped { drawn } else { f64::INFINITY };
        weights.scales[tensor] = norm.min(most).max(LEAST_NORM) / drawn;
    }
}

/// GQ = (1/N)·Σ |(g − Hg)/(g + ε·s) − 1| over all parameters, with s = ±1 the sign of g, +1 at 0.
fn quotient(context: TuningContext<'_>, weights: &[f64], batch: &Batch) -> Result<f64, Halt> {
    let at = context.linearize(weights, batch)?;
    let g = at.gradient().unsqueeze(0)?;
    let product = at.hvp(&g, context.is_interrupted)?;
    let (g, hg) = (at.wide_gradient()?, widen(&product)?);
    let term = |(g, hg): (&f64, &f64)| {
        let s = if *g >= 0.0 { 1.0 } else { -1.0 };
        ((g - hg) / (g + EPSILON * s) - 1.0).abs()
    };
    Ok(g.iter().zip(&hg).map(term).sum::<f64>() / g.len().max(1) as f64)
}

impl RandomData {
    /// N(0, 1) inputs, or uniformly random tokens, with independent random targets; in f64 whatever
    /// the run's dtype, because central differences need it.
    fn batch(&self, iteration: u64) -> Result<Batch, Halt> {
        let mut stream = Stream::new(self.seed, Purpose::MetaInit, iteration);
        let (n, info) = (self.n_examples, &self.info);
        let inputs: Vec<f64> = match info.shape {
            InputShape::Tokens { vocabulary, .. } => {
                (0..n * info.n_inputs).map(|_| stream.below(vocabulary as u64) as f64).collect()
            }
            InputShape::Flat | InputShape::Image { .. } => {
                (0..n * info.n_inputs).map(|_| stream.normal()).collect()
            }
        };
        let n_outputs = info.n_outputs(self.loss);
        let mut targets = vec![0.0; n * info.n_positions * n_outputs];
        for row in targets.chunks_exact_mut(n_outputs) {
            match (info.answer, row) {
                (Answer::Class(_), [shared]) => *shared = stream.sign(),
                (Answer::Class(_), row) => {
                    let class = usize::try_from(stream.below(n_outputs as u64)).unwrap_or(0);
                    row[class] = 1.0;
                }
                (Answer::Values(_), row) => row.iter_mut().for_each(|y| *y = stream.normal()),
            }
        }
        let tensor =
            |numbers: &[f64]| vector(numbers, DType::F64)?.reshape((n, numbers.len() / n.max(1)));
        Ok(Batch { inputs: tensor(&inputs)?, targets: tensor(&targets)? })
    }
}

#[cfg(test)]
mod tests {
    use crate::net::never;
    use candle_core::{Device, Tensor};

    use super::*;
    use crate::config::{BuiltinTask, ModelSpec};
    use crate::init::initialize;
    use crate::init::testing::{Small, small};
    use crate::net::Linearization;

    fn dense(at: &Linearization) -> Vec<f64> {
        let n = at.gradient().elem_count();
        widen(&at.hvp(&Tensor::eye(n, DType::F64, &Device::Cpu).unwrap(), &never).unwrap()).unwrap()
    }

    fn times(matrix: &[f64], v: &[f64]) -> Vec<f64> {
        let row = |row: &[f64]| row.iter().zip(v).map(|(a, b)| a * b).sum();
        matrix.chunks_exact(v.len()).map(row).collect()
    }

    /// ∂GQ/∂log‖W‖ and its error bound. g, H and ∂g = HW are exact; ∂H is the Richardson
    /// extrapolation of two central differences of the dense Hessian, whose difference gives the
    /// error.
    fn reference(small: &Small, weights: &Scaled, batch: &Batch, tensor: usize) -> (f64, f64) {
        let context = small.context();
        let at = |factor: f64| {
            context.linearize(&weights.with(tensor, factor).weights(), batch).unwrap()
        };
        let here = at(1.0);
        let (g, h) = (here.wide_gradient().unwrap(), dense(&here));
        let range = &small.program().params()[tensor];
        let mut w = vec![0.0; g.len()];
        let range = range.offset..range.offset + range.len();
        w[range.clone()].copy_from_slice(&weights.weights()[range]);
        let slope = |step: f64| {
            let (up, down) = (dense(&at(1.0 + step)), dense(&at(1.0 - step)));
            let change: Vec<f64> =
                up.iter().zip(&down).map(|(up, down)| (up - down) / (2.0 * step)).collect();
            times(&change, &g)
        };
        let (coarse, fine) = (slope(2e-3), slope(1e-3));
        let (dg, hg) = (times(&h, &w), times(&h, &g));
        let hdg = times(&h, &dg);
        let (mut value, mut error) = (0.0, 0.0);
        for i in 0..g.len() {
            let dh_g = fine[i] + (fine[i] - coarse[i]) / 3.0;
            let denominator = g[i] + EPSILON * if g[i] >= 0.0 { 1.0 } else { -1.0 };
            let quotient = (g[i] - hg[i]) / denominator;
            let rise = (dg[i] - dh_g - hdg[i]) / denominator - quotient * dg[i] / denominator;
            value += rise * (quotient - 1.0).signum();
            error += ((fine[i] - coarse[i]) / 3.0 / denominator).abs();
        }
        (value / g.len() as f64, error / g.len() as f64)
    }

    fn tiny() -> Small {
        let mut config = small(BuiltinTask::Clusters, ModelSpec::default());
        config.model.hidden = vec![8, 6, 5];
        config.init.scale = 2.0;
        config.init.tuning_batch = 16;
        Small::new(config)
    }

    #[test]
    fn signs_agree_with_the_dense_derivative_at_every_step() {
        let small = tiny();
        let table = small.program().params();
        let drawn = initialize(table, &small.config.init, small.config.seed, &never).unwrap();
        let mut weights = Scaled::new(table, &drawn);
        let mut meta = MetaInit::new(&small.config, &small.info, table);
        let (mut n_pairs, mut n_agreeing) = (0, 0);
        for iteration in 0..60 {
            let batch = meta.data.batch(iteration).unwrap();
            let slopes = meta.slopes(small.context(), &weights, &batch).unwrap();
            for (slope, tensor) in slopes.iter().zip(&meta.tensors) {
                let (wanted, error) = reference(&small, &weights, &batch, *tensor);
                if wanted.abs() > error {
                    n_pairs += 1;
                    n_agreeing += usize::from(slope.signum() == wanted.signum());
                }
            }
            meta.iterate(small.context(), iteration, &mut weights, Update::Apply).unwrap();
        }
        assert!(n_pairs >= 200, "{n_pairs} of 240 pairs are significant");
        assert!(n_agreeing * 100 >= 95 * n_pairs, "{n_agreeing} of {n_pairs} agree");
    }

    #[test]
    fn norms_stay_between_their_floor_and_their_initial_value_if_capped() {
        let mut small = tiny();
        for is_capped in [true, false] {
            small.config.init.meta.is_capped = is_capped;
            let mut meta = MetaInit::new(&small.config, &small.info, small.program().params());
            let drawn =
                initialize(small.program().params(), &small.config.init, 1, &never).unwrap();
            let mut weights = Scaled::new(small.program().params(), &drawn);
            let start = weights.drawn_norm(0);
            // Raises the norms to the upper bound, then lowers them to the floor.
            (0..50).for_each(|_| meta.step(0, -1.0, &mut weights));
            let high = weights.scales[0] * start;
            assert_eq!(high > start * 1.000_001, !is_capped, "{high} from {start}");
            (0..200).for_each(|_| meta.step(0, 1.0, &mut weights));
            assert!((weights.scales[0] * start - LEAST_NORM).abs() < 1e-12);
        }
    }

    #[test]
    fn momentum_and_rate_are_those_of_the_published_update() {
        let small = tiny();
        let table = small.program().params();
        let mut meta = MetaInit::new(&small.config, &small.info, table);
        let mut weights =
            Scaled::new(table, &initialize(table, &small.config.init, 1, &never).unwrap());
        let start = weights.drawn_norm(0);
        let mut m = 0.0;
        let mut norm = start;
        for slope in [3.0, 0.2, -1e-9, 0.0, 5.0] {
            let sign: f64 = if slope == 0.0 { 0.0 } else { f64::signum(slope) };
            m = 0.9 * m - 0.1 * sign;
            norm += m;
            meta.step(0, slope, &mut weights);
            assert!((weights.scales[0] * start - norm).abs() < 1e-12);
        }
    }

    #[test]
    fn random_data_has_the_shapes_of_its_task_and_changes_at_every_iteration() {
        for task in BuiltinTask::ALL {
            let mut config = small(*task, ModelSpec::default());
            config.init.tuning_batch = 400;
            let info = task.info();
            let data = MetaInit::new(&config, &info, &[]).data;
            let batch = data.batch(3).unwrap();
            let n_outputs = info.n_outputs(config.loss);
            assert_eq!(batch.inputs.dims(), [400, info.n_inputs], "{task}");
            assert_eq!(batch.targets.dims(), [400, info.n_positions * n_outputs], "{task}");
            let (x, y) = (widen(&batch.inputs).unwrap(), widen(&batch.targets).unwrap());
            let sums: Vec<f64> = y.chunks(n_outputs).map(|row| row.iter().sum()).collect();
            match (info.answer, n_outputs) {
                (Answer::Class(_), 1) => assert!(y.iter().all(|y| y.abs() == 1.0), "{task}"),
                (Answer::Class(_), _) => assert!(sums.iter().all(|sum| *sum == 1.0), "{task}"),
                (Answer::Values(_), _) => assert!(y.iter().any(|y| y.abs() > 1.5), "{task}"),
            }
            if let InputShape::Tokens { vocabulary, .. } = info.shape {
                assert!(x.iter().all(|x| (0.0..vocabulary as f64).contains(x) && x.fract() == 0.0));
            }
            assert_eq!(x, widen(&data.batch(3).unwrap().inputs).unwrap());
            assert_ne!(x, widen(&data.batch(4).unwrap().inputs).unwrap());
        }
    }
}
