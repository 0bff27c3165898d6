//! Quadratics: the stated stability limits against the real optimizers, by bisection, and the
//! eigenvalues of an operator that leaves solvers no new directions. Does not use a network.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use candle_core::{Device, Tensor};
use eoscope::config::Rule;
use eoscope::curvature::{BlockOptions, Halt, Operator, solve_block};
use eoscope::optim::{Optimizer, stability};

/// Steps after which a run that has neither grown nor shrunk a lot is judged by its tendency.
const N_STEPS: usize = 20_000;

/// Whether `rule` converges on L = ½ Σ λᵢ wᵢ² from w = 1, with curvatures scaled so that λ₁·η = `edge`.
fn is_stable(rule: Rule, beta: f64, shape: &[f64], edge: f64) -> bool {
    let lr = 0.1;
    let curvatures: Vec<f64> = shape.iter().map(|part| part * edge / lr).collect();
    let curvatures = Tensor::new(curvatures, &Device::Cpu).unwrap();
    let mut w = curvatures.ones_like().unwrap();
    let mut optimizer = Optimizer::new(rule);
    let mut middle = f64::NAN;
    for step in 0..N_STEPS {
        let gradient = (&curvatures * &w).unwrap();
        w = (&w + optimizer.update(&gradient, lr, beta).unwrap()).unwrap();
        if step % 50 == 0 {
            let norm = w.sqr().unwrap().sum_all().unwrap().to_scalar::<f64>().unwrap().sqrt();
            if !(1e-6..1e6).contains(&norm) {
                return norm < 1.0;
            }
            if step == N_STEPS / 2 {
                middle = norm;
            } else if step + 50 == N_STEPS {
                return norm < middle;
            }
        }
    }
    false
}

/// The largest stable λ₁·η, to about 2e-4.
fn critical_edge(rule: Rule, beta: f64, shape: &[f64]) -> f64 {
    let (mut stable, mut unstable) = (0.1, 10.0);
    assert!(is_stable(rule, beta, shape, stable) && !is_stable(rule, beta, shape, unstable));
    while unstable - stable > 2e-4 {
        let middle = f64::midpoint(stable, unstable);
        if is_stable(rule, beta, shape, middle) {
            stable = middle;
        } else {
            unstable = middle;
        }
    }
    f64::midpoint(stable, unstable)
}

fn check(rule: Rule, beta: f64, wanted: f64) {
    let limit = stability(rule, beta).limit;
    assert!((limit / wanted - 1.0).abs() < 1e-4, "{rule} at β = {beta} states {limit}");
    for shape in [&[1.0][..], &[0.1, 1.0, 0.5]] {
        let found = critical_edge(rule, beta, shape);
        assert!(
            (found / limit - 1.0).abs() < 1e-3,
            "{rule} at β = {beta} in {}-D: {found}, stated {limit}",
            shape.len()
        );
    }
}

#[test]
fn gradient_descent_loses_stability_at_two_over_the_learning_rate_whatever_the_momentum() {
    for beta in [0.0, 0.5, 0.9] {
        check(Rule::GradientDescent, beta, 2.0);
    }
}

#[test]
fn heavy_ball_loses_stability_at_two_plus_two_beta() {
    for (beta, wanted) in [(0.0, 2.0), (0.5, 3.0), (0.9, 3.8)] {
        check(Rule::HeavyBall, beta, wanted);
    }
}

#[test]
fn nesterov_loses_stability_below_plain_gradient_descent() {
    for (beta, wanted) in [(0.0, 2.0), (0.5, 1.5), (0.9, 1.357_142_857)] {
        check(Rule::Nesterov, beta, wanted);
    }
}

/// 5·e₀e₀ᵀ; refuses to be asked for nothing.
struct RankOne;

impl Operator for RankOne {
    fn dim(&self) -> usize {
        30
    }

    fn apply(&mut self, vectors: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Halt> {
        assert!(!vectors.is_empty());
        let product = |v: &Vec<f64>| {
            let mut product = vec![0.0; 30];
            product[0] = 5.0 * v[0];
            product
        };
        Ok(vectors.iter().map(product).collect())
    }
}

#[test]
fn a_search_that_finds_no_new_direction_ends() {
    let unit = |i: usize| (0..30).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    let options = BlockOptions {
        n_wanted: 2,
        n_kept: 3,
        tolerance: 0.0,
        min_rounds: 3,
        max_rounds: 6,
        max_rough_rounds: 6,
    };
    let found = solve_block(&mut RankOne, vec![unit(0), unit(1), unit(2)], options).unwrap();
    let values: Vec<f64> = found.pairs.iter().map(|pair| pair.value).collect();
    assert_eq!((values, found.hvps), (vec![5.0, 0.0, 0.0], 3));
}
