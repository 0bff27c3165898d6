//! Measurements on fresh mini-batches: batch sharpness (arXiv 2412.20553), its standard error, and
//! the trace of the gradient covariance.

use candle_core::Tensor;

use super::super::trainer::Trainer;
use super::Hooks;
use crate::config::Interval;
use crate::data::sampling::fresh_batches;
use crate::net::{Batch, Halt, widen};
use crate::sample::{BatchCurvature, Cost, Stage, Work};

impl Trainer {
    /// Measures on fresh batches if due; never if the probe is off, nor in full-batch runs, where
    /// the sharpness would be gᵀHg/‖g‖² without error. `None` also if a product is not finite.
    ///
    /// H and g are of the loss without weight decay, each batch normalized by its own statistics.
    pub(in crate::train) fn measure_batches(
        &self,
        cost: &mut Cost,
        hooks: Hooks<'_>,
    ) -> Result<Option<BatchCurvature>, Halt> {
        let settings = &self.live.probe;
        let is_due = settings.every != Interval::Off && settings.batches_every.is_due(self.step);
        if !is_due || self.is_full_batch() {
            return Ok(None);
        }
        let start = (hooks.now_ms)();
        let (n_train, n_batch) = (self.n_train(), self.batch_size());
        let drawn = fresh_batches(self.config.seed, n_train, n_batch, self.step);
        let mut tally = Tally::default();
        for (n_done, batch) in (0..settings.n_batches).zip(drawn) {
            (hooks.tell)(Work { stage: Stage::Batches, n_done });
            let batch = self.select(batch)?;
            let at = self.linearize(&self.params, &batch, hooks)?;
            let direction = at.gradient().unsqueeze(0)?;
            let product = widen(&at.hvp(&direction, hooks.is_interrupted)?)?;
            tally.add(&at.wide_gradient()?, &product);
        }
        cost.batches_ms = (hooks.now_ms)() - start;
        Ok(tally.statistics())
    }

    /// The training examples with these indices.
    pub(in crate::train) fn select(&self, indices: Vec<usize>) -> candle_core::Result<Batch> {
        let indices: Vec<u32> = indices.into_iter().filter_map(|i| u32::try_from(i).ok()).collect();
        let n = indices.len();
        let indices = Tensor::from_vec(indices, n, self.params.device())?;
        Ok(Batch {
            inputs: self.examples.train.inputs.index_select(&indices, 0)?,
            targets: self.examples.train.targets.index_select(&indices, 0)?,
        })
    }
}

/// Running sums over batches; memory does not grow with their number.
#[derive(Default)]
struct Tally {
    n_gradients: u32,
    /// ḡ.
    mean: Vec<f64>,
    /// `Σ‖g_B − ḡ‖²`.
    squares: f64,
    /// `g_BᵀH_Bg_B/‖g_B‖²` of the batches whose gradient is not zero.
    ratios: Vec<f64>,
}

impl Tally {
    /// Adds a batch by its `g_B` and `H_Bg_B`.
    fn add(&mut self, gradient: &[f64], product: &[f64]) {
        self.n_gradients += 1;
        self.mean.resize(gradient.len(), 0.0);
        let n = f64::from(self.n_gradients);
        let (mut apart, mut along, mut norm) = (0.0, 0.0, 0.0);
        // ḡ ← ḡ + (g − ḡ)/n adds ‖g − ḡ‖²·(n − 1)/n to Σ‖g_B − ḡ‖², where ḡ is the mean before.
        for ((g, hg), mean) in gradient.iter().zip(product).zip(&mut self.mean) {
            let difference = g - *mean;
            *mean += difference / n;
            apart += difference * difference;
            along += g * hg;
            norm += g * g;
        }
        self.squares += apart * (n - 1.0) / n;
        if norm != 0.0 {
            self.ratios.push(along / norm);
        }
    }

    /// The mean of the ratios, its standard error s/√n, and tr Cov; `None` with fewer than two
    /// ratios, or if a number is not finite.
    fn statistics(&self) -> Option<BatchCurvature> {
        let n_batches = u32::try_from(self.ratios.len()).ok().filter(|n| *n >= 2)?;
        let n = f64::from(n_batches);
        let sharpness = self.ratios.iter().sum::<f64>() / n;
        let squares: f64 = self.ratios.iter().map(|r| (r - sharpness) * (r - sharpness)).sum();
        let statistics = BatchCurvature {
            sharpness,
            sharpness_error: (squares / (n - 1.0) / n).sqrt(),
            gradient_covariance_trace: self.squares / (f64::from(self.n_gradients) - 1.0),
            n_batches,
        };
        let numbers = [
            statistics.sharpness,
            statistics.sharpness_error,
            statistics.gradient_covariance_trace,
        ];
        numbers.iter().all(|x| x.is_finite()).then_some(statistics)
    }
}

#[cfg(test)]
mod tests {
    use crate::net::never;
    use std::cell::Cell;
    use std::num::NonZeroUsize;

    use super::*;
    use crate::config::{Batch as BatchSize, RunConfig, preset};
    use crate::sample::Sample;
    use crate::train::Outcome;

    const N_BATCH: usize = 7;

    /// f = a·x + b on 20 points, in batches of seven, with batches measured every third step.
    fn line(n_batches: u32) -> RunConfig {
        let mut config = preset("chebyshev-edge").unwrap().config.clone();
        config.model.hidden = Vec::new();
        config.optimizer.batch = BatchSize::Size(NonZeroUsize::new(N_BATCH).unwrap());
        config.live.probe.batches_every = Interval::every(3);
        config.live.probe.n_batches = n_batches;
        config
    }

    fn step(trainer: &mut Trainer) -> Sample {
        match trainer.step(Hooks::none()).unwrap() {
            Outcome::Stepped(record) => record.sample,
            Outcome::Diverged(_) | Outcome::Interrupted => panic!("the run continues"),
        }
    }

    fn batches(sample: &Sample) -> BatchCurvature {
        sample.curvature.as_ref().unwrap().batches.unwrap()
    }

    fn assert_close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12 * b.abs(), "{a} is not {b}");
    }

    /// The gradient of a batch and its ratio.
    type ByHand = ([f64; 2], f64);

    /// For every batch, of ½·mean (a·x + b − y)²: g = mean r·(x, 1) with the residuals r, and
    /// H = mean (x, 1)(x, 1)ᵀ.
    fn by_hand(trainer: &Trainer, n_batches: usize) -> Vec<ByHand> {
        let (x, y) = (
            widen(&trainer.examples.train.inputs).unwrap(),
            widen(&trainer.examples.train.targets).unwrap(),
        );
        let [a, b] = widen(&trainer.params).unwrap()[..] else { panic!("two parameters") };
        let drawn = fresh_batches(trainer.config.seed, 20, N_BATCH, trainer.step);
        let of = |places: Vec<usize>| {
            let mean = |of: &dyn Fn(usize) -> f64| {
                places.iter().map(|i| of(*i)).sum::<f64>() / N_BATCH as f64
            };
            let residual = |i: usize| a * x[i] + b - y[i];
            let g = [mean(&|i| residual(i) * x[i]), mean(&residual)];
            let (xx, x) = (mean(&|i| x[i] * x[i]), mean(&|i| x[i]));
            let along = g[0] * (xx * g[0] + x * g[1]) + g[1] * (x * g[0] + g[1]);
            (g, along / (g[0] * g[0] + g[1] * g[1]))
        };
        drawn.take(n_batches).map(of).collect()
    }

    #[test]
    fn the_numbers_are_those_computed_by_hand_on_a_straight_line() {
        let mut trainer = Trainer::new(line(5), 1, &never).unwrap();
        for _ in 0..3 {
            let wanted = by_hand(&trainer, 5);
            let found = batches(&step(&mut trainer));
            let mean = |of: &dyn Fn(&ByHand) -> f64| wanted.iter().map(of).sum::<f64>() / 5.0;
            let sharpness = mean(&|w| w.1);
            assert_close(found.sharpness, sharpness);
            let variance = mean(&|w| (w.1 - sharpness) * (w.1 - sharpness)) * 5.0 / 4.0;
            assert_close(found.sharpness_error, (variance / 5.0).sqrt());
            let g = [mean(&|w| w.0[0]), mean(&|w| w.0[1])];
            let apart = |w: &ByHand| (w.0[0] - g[0]).powi(2) + (w.0[1] - g[1]).powi(2);
            assert_close(found.gradient_covariance_trace, mean(&apart) * 5.0 / 4.0);
            assert_eq!(found.n_batches, 5);
            let next = [step(&mut trainer), step(&mut trainer)];
            assert!(next.iter().all(|s| s.curvature.as_ref().unwrap().batches.is_none()));
        }
    }

    #[test]
    fn the_standard_error_is_the_spread_of_means_and_falls_like_one_over_root_n() {
        // Measures the same iterate with the batches of successive steps.
        let measured = |n_batches: u32| {
            let mut trainer = Trainer::new(line(n_batches), 1, &never).unwrap();
            let at = |step: u64| {
                trainer.step = 3 * step;
                trainer.measure_batches(&mut Cost::default(), Hooks::none()).ok().unwrap().unwrap()
            };
            let all: Vec<BatchCurvature> = (0..200).map(at).collect();
            let mean =
                |of: &dyn Fn(&BatchCurvature) -> f64| all.iter().map(of).sum::<f64>() / 200.0;
            let centre = mean(&|b| b.sharpness);
            let spread = mean(&|b| (b.sharpness - centre).powi(2)).sqrt();
            let error = mean(&|b| b.sharpness_error.powi(2)).sqrt();
            // 200 means determine their spread to 5 %.
            assert!((0.85..1.15).contains(&(error / spread)), "{error} for {spread}");
            (error, mean(&|b| b.gradient_covariance_trace))
        };
        let ((few, trace), (many, same_trace)) = (measured(10), measured(160));
        assert!((3.6..4.4).contains(&(few / many)), "{few} to {many}");
        assert!((0.95..1.05).contains(&(trace / same_trace)), "{trace} to {same_trace}");
    }

    #[test]
    fn batches_without_a_gradient_have_no_ratio_and_one_ratio_is_no_mean() {
        let mut tally = Tally::default();
        tally.add(&[0.0, 0.0], &[0.0, 0.0]);
        tally.add(&[1.0, 0.0], &[3.0, 1.0]);
        assert_eq!(tally.statistics(), None);
        tally.add(&[0.0, 2.0], &[1.0, 10.0]);
        let statistics = tally.statistics().unwrap();
        assert_eq!(
            (statistics.sharpness, statistics.sharpness_error, statistics.n_batches),
            (4.0, 1.0, 2)
        );
        // ḡ = (1/3, 2/3): Σ‖g − ḡ‖² = 5/9 + 8/9 + 17/9.
        assert_close(statistics.gradient_covariance_trace, 30.0 / 9.0 / 2.0);
        tally.add(&[1.0, 0.0], &[f64::INFINITY, 0.0]);
        assert_eq!(tally.statistics(), None);
    }

    #[test]
    fn neither_a_full_batch_run_nor_one_without_probe_measures_batches() {
        let full = [BatchSize::Full, BatchSize::Size(NonZeroUsize::new(20).unwrap())];
        for batch in full {
            let mut config = line(4);
            config.optimizer.batch = batch;
            let sample = step(&mut Trainer::new(config, 1, &never).unwrap());
            assert!(sample.curvature.unwrap().batches.is_none());
        }
        let mut config = line(4);
        config.live.probe.every = Interval::Off;
        assert_eq!(step(&mut Trainer::new(config, 1, &never).unwrap()).curvature, None);
    }

    #[test]
    fn an_interruption_anywhere_leaves_everything_as_it_was() {
        let mut config = preset("chebyshev-edge").unwrap().config.clone();
        config.optimizer.batch = BatchSize::Size(NonZeroUsize::new(N_BATCH).unwrap());
        config.live.probe.batches_every = Interval::every(2);
        let mut trainer = Trainer::new(config.clone(), 1, &never).unwrap();
        let mut twin = Trainer::new(config, 1, &never).unwrap();
        assert_eq!(step(&mut trainer), step(&mut twin));
        assert_eq!(step(&mut trainer), step(&mut twin));
        let mut n_interruptions = 0;
        let record = loop {
            let n_polls = Cell::new(0);
            let is_interrupted = || {
                n_polls.set(n_polls.get() + 1);
                n_polls.get() > n_interruptions
            };
            let hooks = Hooks { is_interrupted: &is_interrupted, ..Hooks::none() };
            match trainer.step(hooks).unwrap() {
                Outcome::Interrupted => n_interruptions += 1,
                Outcome::Stepped(record) => break record,
                Outcome::Diverged(_) => panic!("the run continues"),
            }
        };
        // Gradient and product of 16 batches, and then the eigenvalues.
        assert!(n_interruptions > 32, "{n_interruptions}");
        assert_eq!(record.sample, step(&mut twin));
        for _ in 0..6 {
            assert_eq!(step(&mut trainer), step(&mut twin));
        }
    }
}
