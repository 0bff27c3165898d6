//! Two spirals: two classes on interleaved spiral arms in the plane.
//!
//! Sines and cosines come from `libm`, so a seed gives the same points on every platform.

use std::f64::consts::PI;

use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};
use crate::random::{Purpose, Stream};

/// Test examples on both arms.
const N_TEST: usize = 400;

/// The task of the two spirals.
pub(super) struct Spirals;

impl Source for Spirals {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description: "Two spirals: two interleaved arms in the plane".into(),
            scaling: "none".into(),
            default_lr: 0.1,
            default_n_train: 400,
            min_n_train: 2,
            max_n_train: 4000,
            n_test: N_TEST,
            n_inputs: 2,
            shape: InputShape::Flat,
            n_positions: 1,
            answer: Answer::Class(2),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = spirals(request.n_train, request.n_outputs, request.seed);
        Ok(Split::with_test(train, test))
    }
}

/// Points on two spiral arms, in alternating class order; training and test examples.
///
/// The n training points of an arm lie at s = i/(n−1), its n test points at s = (i+½)/n, all with
/// independent noise.
fn spirals(n_train: usize, n_outputs: usize, seed: u64) -> (Examples, Examples) {
    let mut noise = Stream::new(seed, Purpose::Data, 0);
    let train = arms(n_train, n_outputs, &mut noise, |i, n| i / (n - 1.0).max(1.0));
    let mut noise = Stream::new(seed, Purpose::Test, 0);
    let test = arms(N_TEST, n_outputs, &mut noise, |i, n| (i + 0.5) / n);
    (train, test)
}

/// `n` points on two arms; `place` maps a point's index in its arm and the arm's number of points
/// to s in [0, 1].
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

#[cfg(test)]
mod tests {
    use super::spirals;

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
    fn spiral_classes_alternate_and_the_first_arm_gets_an_odd_example() {
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
}
