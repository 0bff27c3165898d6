//! The generated sets: Chebyshev polynomials, one point, two spirals and Gaussian clusters.
//! Does not know of losses or networks.
//!
//! Sines and cosines come from `libm`, so that a seed means the same points on every platform.

use std::f64::consts::PI;

use super::Examples;
use super::scaling::Scaling;
use crate::random::{Purpose, Stream};

/// Test examples of the spirals, both arms together.
const N_SPIRALS_TEST: usize = 400;
/// Test examples of the clusters.
const N_CLUSTERS_TEST: usize = 1000;
/// Clusters.
const N_CLUSTERS: usize = 10;
/// Dimensions that the clusters live in.
const N_DIMENSIONS: usize = 20;

/// y = `T_k`(x) = cos(k·arccos x) on `n` even points of [−1, 1], end points included.
pub(super) fn chebyshev(n: usize, degree: u32) -> Examples {
    let last = n.saturating_sub(1).max(1) as f64;
    let inputs: Vec<f64> = (0..n).map(|i| (2.0 * i as f64 - last) / last).collect();
    let targets = inputs.iter().map(|x| libm::cos(f64::from(degree) * libm::acos(*x))).collect();
    Examples { n, inputs, targets, labels: None }
}

/// The point x = 1 with y = 0.
pub(super) fn point() -> Examples {
    Examples { n: 1, inputs: vec![1.0], targets: vec![0.0], labels: None }
}

/// Two spiral arms, classes taking turns; train and test.
///
/// Training points lie at s = i/(n−1) of each arm with its n points, test points halfway between the
/// grid points of the test set's own arms, with fresh noise.
pub(super) fn spirals(n_train: usize, n_outputs: usize, seed: u64) -> (Examples, Examples) {
    let mut noise = Stream::new(seed, Purpose::Data, 0);
    let train = arms(n_train, n_outputs, &mut noise, |i, n| i / (n - 1.0).max(1.0));
    let mut noise = Stream::new(seed, Purpose::Test, 0);
    let test = arms(N_SPIRALS_TEST, n_outputs, &mut noise, |i, n| (i + 0.5) / n);
    (train, test)
}

/// `n` points of two arms; `place` gives s in [0, 1] from a point's number in its arm and their count.
fn arms(
    n: usize,
    n_outputs: usize,
    noise: &mut Stream,
    place: impl Fn(f64, f64) -> f64,
) -> Examples {
    let mut inputs = Vec::with_capacity(2 * n);
    let mut labels = Vec::with_capacity(n);
    for example in 0..n {
        let class = example % 2;
        let n_arm = (n + 1 - class) / 2;
        // θ = 3πs, r = 0.1 + 0.9s; (x, y) = 2·(r cos(θ + cπ), r sin(θ + cπ)) + 0.02·N
        let s = place((example / 2) as f64, n_arm as f64);
        let (theta, r) = (3.0 * PI * s + class as f64 * PI, 0.1 + 0.9 * s);
        inputs.push(2.0 * r * libm::cos(theta) + 0.02 * noise.normal());
        inputs.push(2.0 * r * libm::sin(theta) + 0.02 * noise.normal());
        labels.push(u32::from(class == 1));
    }
    Examples::classified(inputs, labels, n_outputs)
}

/// Ten normal clouds about centres of scale `separation`, classes taking turns; train and test.
///
/// Centred per input and scaled by one deviation, both over the training examples.
pub(super) fn clusters(n_train: usize, separation: f64, seed: u64) -> (Examples, Examples) {
    // μ_c = a·N_d
    let mut stream = Stream::new(seed, Purpose::Data, 0);
    let centres: Vec<f64> =
        (0..N_CLUSTERS * N_DIMENSIONS).map(|_| separation * stream.normal()).collect();
    // One stream an example: asking for more of them leaves the first ones as they were.
    let mut train = cloud(&centres, n_train, |i| Stream::new(seed, Purpose::Data, 1 + i));
    let mut test = cloud(&centres, N_CLUSTERS_TEST, |i| Stream::new(seed, Purpose::Test, i));
    let scaling = Scaling::per_input(&train, N_DIMENSIONS, 1.0);
    scaling.apply(&mut train);
    scaling.apply(&mut test);
    (labelled_in_turn(train), labelled_in_turn(test))
}

/// `x = μ_c + N_d` for `n` examples, unscaled.
fn cloud(centres: &[f64], n: usize, stream: impl Fn(u64) -> Stream) -> Vec<f64> {
    let mut inputs = Vec::with_capacity(n * N_DIMENSIONS);
    for (i, centre) in centres.chunks_exact(N_DIMENSIONS).cycle().take(n).enumerate() {
        let mut stream = stream(i as u64);
        inputs.extend(centre.iter().map(|mu| mu + stream.normal()));
    }
    inputs
}

fn labelled_in_turn(inputs: Vec<f64>) -> Examples {
    let n = inputs.len() / N_DIMENSIONS;
    let labels = (0_u32..10).cycle().take(n).collect();
    Examples::classified(inputs, labels, N_CLUSTERS)
}

#[cfg(test)]
mod tests {
    use super::{chebyshev, clusters, spirals};

    #[test]
    fn chebyshev_targets_are_the_polynomials_on_even_points() {
        let t = |k, x: f64| match k {
            1 => x,
            3 => 4.0 * x.powi(3) - 3.0 * x,
            4 => 8.0 * x.powi(4) - 8.0 * x * x + 1.0,
            6 => 32.0 * x.powi(6) - 48.0 * x.powi(4) + 18.0 * x * x - 1.0,
            _ => unreachable!(),
        };
        for k in [1, 3, 4, 6] {
            let examples = chebyshev(20, k);
            assert_eq!((examples.inputs[0], examples.inputs[19]), (-1.0, 1.0));
            for (i, (x, y)) in examples.inputs.iter().zip(&examples.targets).enumerate() {
                assert!((x - (-1.0 + 2.0 * i as f64 / 19.0)).abs() < 1e-15);
                assert!((y - t(k, *x)).abs() < 1e-13, "T{k}({x}) = {y}");
            }
        }
    }

    #[test]
    fn spiral_points_lie_on_their_arms_up_to_the_noise() {
        let (train, test) = spirals(400, 2, 1);
        for (examples, offset, last) in [(&train, 0.0, 199.0), (&test, 0.5, 200.0)] {
            let mut squares = 0.0;
            for (i, (point, label)) in
                examples.inputs.chunks_exact(2).zip(examples.labels.as_ref().unwrap()).enumerate()
            {
                let s = ((i / 2) as f64 + offset) / last;
                let angle = std::f64::consts::PI * (3.0 * s + f64::from(*label));
                let r = 2.0 * (0.1 + 0.9 * s);
                let miss = [point[0] - r * angle.cos(), point[1] - r * angle.sin()];
                assert!(miss.iter().all(|x| x.abs() < 0.1), "point {i}: {miss:?}");
                squares += miss.iter().map(|x| x * x).sum::<f64>();
            }
            let deviation = (squares / 800.0).sqrt();
            assert!((deviation - 0.02).abs() < 0.002, "{deviation}");
        }
    }

    #[test]
    fn spiral_classes_take_turns_and_odd_numbers_give_the_first_arm_one_more() {
        for (n, ones) in [(2, 1), (3, 1), (7, 3), (400, 200)] {
            let (train, _) = spirals(n, 2, 1);
            let labels = train.labels.unwrap();
            assert!(labels.iter().enumerate().all(|(i, label)| *label as usize == i % 2));
            assert_eq!(labels.iter().sum::<u32>(), ones);
            assert!(train.inputs.iter().all(|x| x.is_finite()));
        }
    }

    #[test]
    fn spiral_targets_are_signs_for_one_output_and_one_hot_for_two() {
        assert_eq!(spirals(4, 1, 1).0.targets, [-1.0, 1.0, -1.0, 1.0]);
        assert_eq!(spirals(3, 2, 1).0.targets, [1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn clusters_are_centred_scaled_and_balanced_with_fresh_test_examples() {
        let (train, test) = clusters(1000, 1.0, 1);
        for input in 0..20 {
            let sum: f64 = train.inputs.iter().skip(input).step_by(20).sum();
            assert!(sum.abs() < 1e-9, "input {input}: {sum}");
        }
        let power = train.inputs.iter().map(|x| x * x).sum::<f64>() / 20_000.0;
        assert!((power - 1.0).abs() < 1e-12);
        let labels = train.labels.unwrap();
        assert!((0..10).all(|c| labels.iter().filter(|label| **label == c).count() == 100));
        assert_eq!(test.n, 1000);
        assert!(!train.inputs.chunks_exact(20).any(|x| x == &test.inputs[..20]));
    }

    #[test]
    fn cluster_centres_are_shared_by_train_and_test_and_separation_moves_them_apart() {
        // Share of the variance that lies between the classes: a²/(a² + 1), here of ten centres.
        for (a, low, high) in [(0.0, 0.0, 0.02), (1.0, 0.35, 0.6), (4.0, 0.9, 0.97)] {
            let (train, test) = clusters(1000, a, 3);
            let mean_of = |inputs: &[f64], c: usize, k: usize| {
                (0..100).map(|i| inputs[(10 * i + c) * 20 + k]).sum::<f64>() / 100.0
            };
            let mut between = 0.0;
            for c in 0..10 {
                for k in 0..20 {
                    let (m, m_test) = (mean_of(&train.inputs, c, k), mean_of(&test.inputs, c, k));
                    between += m * m / 200.0;
                    assert!((m - m_test).abs() < 0.7, "class {c}: {m}, {m_test}");
                }
            }
            assert!((low..high).contains(&between), "a = {a}: {between}");
        }
    }
}
