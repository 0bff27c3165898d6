//! MNIST-1D: ten digits as noisy one-dimensional curves (Greydanus, arXiv 2011.14439).
//!
//! Templates and transformations are those of `mnist1d` (Apache-2.0, `assets/mnist1d/NOTICE.txt`).
//! The random generator is this program's, so the curves differ but have the same distribution.

use crate::data::scaling::Scaling;
use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};
use crate::random::{Purpose, Stream};

/// Curves in all, equally many per class.
const N_CURVES: usize = 5000;
/// Training curves; the rest are test curves.
const N_TRAIN: usize = 4000;
/// Points of a curve while it is generated.
const N_DRAWN: usize = 72;
/// Points of a finished curve.
const N_POINTS: usize = 40;
/// Points of a template.
const N_TEMPLATE: usize = 12;
/// Radius of the blur: four standard deviations.
const BLUR_RADIUS: usize = 8;

/// Templates of the digits 0 to 9.
const TEMPLATES: [[f64; N_TEMPLATE]; 10] = [
    [5.0, 6.0, 6.5, 6.75, 7.0, 7.0, 7.0, 7.0, 6.75, 6.5, 6.0, 5.0],
    [5.0, 3.0, 3.0, 3.4, 3.8, 4.2, 4.6, 5.0, 5.4, 5.8, 5.0, 5.0],
    [5.0, 6.0, 6.5, 6.5, 6.0, 5.25, 4.75, 4.0, 3.5, 3.5, 4.0, 5.0],
    [5.0, 6.0, 6.5, 6.5, 6.0, 5.0, 5.0, 6.0, 6.5, 6.5, 6.0, 5.0],
    [5.0, 4.4, 3.8, 3.2, 2.6, 2.6, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0],
    [5.0, 3.0, 3.0, 3.0, 3.0, 5.0, 6.0, 6.5, 6.5, 6.0, 4.5, 5.0],
    [5.0, 4.0, 3.5, 3.25, 3.0, 3.0, 3.0, 3.0, 3.25, 3.5, 4.0, 5.0],
    [5.0, 7.0, 7.0, 6.6, 6.2, 5.8, 5.4, 5.0, 4.6, 4.2, 5.0, 5.0],
    [5.0, 4.0, 3.5, 3.5, 4.0, 5.0, 5.0, 4.0, 3.5, 3.5, 4.0, 5.0],
    [5.0, 4.0, 3.5, 3.5, 4.0, 5.0, 5.0, 5.0, 5.0, 4.7, 4.3, 5.0],
];

/// The task of classifying digit curves.
pub(super) struct Mnist1d;

impl Source for Mnist1d {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description: "MNIST-1D: the ten digits as noisy curves of 40 points".into(),
            scaling: "mean and standard deviation over all 5,000 curves".into(),
            default_lr: 0.5,
            default_n_train: 1000,
            min_n_train: 2,
            max_n_train: N_TRAIN,
            n_test: N_CURVES - N_TRAIN,
            n_inputs: N_POINTS,
            shape: InputShape::Image { height: 1, width: N_POINTS, channels: 1 },
            n_positions: 1,
            answer: Answer::Class(TEMPLATES.len()),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = mnist1d(request.n_train, request.seed);
        Ok(Split::with_test(train, test))
    }
}

/// The first `n_train` of 4,000 training curves and 1,000 test curves, scaled to mean 0 and
/// variance 1 over all 5,000.
fn mnist1d(n_train: usize, seed: u64) -> (Examples, Examples) {
    let (mut curves, mut labels) = raw(seed);
    Scaling::global(&curves, N_POINTS).apply(&mut curves);
    let test_curves = curves.split_off(N_TRAIN * N_POINTS);
    let test_labels = labels.split_off(N_TRAIN);
    curves.truncate(n_train * N_POINTS);
    labels.truncate(n_train);
    (Examples::classified(curves, labels, 10), Examples::classified(test_curves, test_labels, 10))
}

/// All curves, unscaled, in random order, and their classes.
fn raw(seed: u64) -> (Vec<f64>, Vec<u32>) {
    let templates = TEMPLATES.map(|heights| normalised(&heights));
    let mut order: Vec<usize> = (0..N_CURVES).collect();
    Stream::new(seed, Purpose::Data, 0).shuffle(&mut order);
    let classes = (0_u32..10).cycle().take(N_CURVES).collect::<Vec<_>>();
    let curves = order.iter().flat_map(|i| {
        let mut stream = Stream::new(seed, Purpose::Data, 1 + *i as u64);
        curve(&templates[classes[*i] as usize], &mut stream)
    });
    (curves.collect(), order.iter().map(|i| classes[*i]).collect())
}

/// x ← (x − mean)/std, then x ← (x − x₀)/6.
fn normalised(heights: &[f64; N_TEMPLATE]) -> [f64; N_TEMPLATE] {
    let mut x = *heights;
    Scaling::global(heights, 1).apply(&mut x);
    x.map(|height| (height - x[0]) / 6.0)
}

/// A random curve of [`N_POINTS`] points from a template.
fn curve(template: &[f64], stream: &mut Stream) -> Vec<f64> {
    // An offset, so that only padding is exactly 0.
    let mut x: Vec<f64> = template.iter().map(|height| height + 1e-8).collect();
    x.resize(N_TEMPLATE + 36 + whole_below(stream, 25), 0.0);
    let mut x = resampled(&x, N_DRAWN);
    // x ← x·(1 + 0.4(U − ½)), rotated right by 0..48 points.
    let factor = 1.0 + 0.4 * (stream.uniform() - 0.5);
    for x in &mut x {
        *x *= factor;
    }
    x.rotate_right(whole_below(stream, 48));
    let wave: Vec<f64> = (0..N_DRAWN).map(|_| 0.25 * stream.normal()).collect();
    for (x, wave) in x.iter_mut().zip(blurred(&wave)) {
        if *x == 0.0 {
            *x = wave;
        }
        *x += 0.02 * stream.normal();
    }
    // x ← x − 0.75(U − ½)·linspace(−½, ½)
    let slope = 0.75 * (stream.uniform() - 0.5);
    for (i, x) in x.iter_mut().enumerate() {
        *x -= slope * (i as f64 / (N_DRAWN - 1) as f64 - 0.5);
    }
    resampled(&x, N_POINTS)
}

fn whole_below(stream: &mut Stream, n: u32) -> usize {
    usize::try_from(stream.below(n.into())).unwrap_or_default()
}

/// Linear interpolation of `x` at `n` evenly spaced points, end points included.
fn resampled(x: &[f64], n: usize) -> Vec<f64> {
    let last = x.len() - 1;
    let at = |j: usize| {
        // Position j·last/(n − 1) in integers, so rounding never moves a point to another segment.
        let (i, rest) = (j * last / (n - 1), j * last % (n - 1));
        let next = x[(i + 1).min(last)];
        x[i] + rest as f64 / (n - 1) as f64 * (next - x[i])
    };
    (0..n).map(at).collect()
}

/// Gaussian blur with σ = 2 and mirrored boundaries.
fn blurred(x: &[f64]) -> Vec<f64> {
    let weights: Vec<f64> = (0..=BLUR_RADIUS).map(|k| libm::exp(-((k * k) as f64) / 8.0)).collect();
    let total = 2.0 * weights.iter().sum::<f64>() - weights[0];
    // dcba|abcd|dcba
    let mirrored = |i: usize| match i.checked_sub(BLUR_RADIUS) {
        None => x[BLUR_RADIUS - 1 - i],
        Some(i) if i < x.len() => x[i],
        Some(i) => x[2 * x.len() - 1 - i],
    };
    let at = |i: usize| {
        let sum: f64 =
            (0..=2 * BLUR_RADIUS).map(|k| weights[k.abs_diff(BLUR_RADIUS)] * mirrored(i + k)).sum();
        sum / total
    };
    (0..x.len()).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_curves_have_the_published_mean_and_deviation() {
        let (curves, labels) = raw(1);
        let n = curves.len() as f64;
        let mean = curves.iter().sum::<f64>() / n;
        let deviation = (curves.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        // The original's draw: −0.0055 and 0.1547.
        assert!((mean + 0.0057).abs() < 0.002, "{mean}");
        assert!((deviation - 0.1548).abs() < 0.002, "{deviation}");
        for class in 0..10 {
            assert_eq!(labels.iter().filter(|label| **label == class).count(), 500);
        }
    }

    #[test]
    fn curves_are_standardised_over_all_5000_and_the_first_do_not_depend_on_their_number() {
        let (train, test) = mnist1d(4000, 1);
        let all = [train.inputs.clone(), test.inputs.clone()].concat();
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let power = all.iter().map(|x| x * x).sum::<f64>() / n;
        assert!(mean.abs() < 1e-12 && (power - 1.0).abs() < 1e-12, "{mean}, {power}");
        let (few, same_test) = mnist1d(10, 1);
        assert_eq!(few.inputs, train.inputs[..10 * N_POINTS]);
        assert_eq!(few.labels.unwrap(), train.labels.unwrap()[..10]);
        assert_eq!(test, same_test);
    }

    #[test]
    fn resampling_preserves_end_points_and_straight_lines() {
        let line: Vec<f64> = (0..48).map(|i| 3.0 - 0.5 * f64::from(i)).collect();
        let found = resampled(&line, 72);
        for (j, x) in found.iter().enumerate() {
            assert!((x - (3.0 - 0.5 * 47.0 * j as f64 / 71.0)).abs() < 1e-12);
        }
        assert_eq!((found[0], found[71]), (line[0], line[47]));
        assert_eq!(resampled(&line, 48), line);
    }

    #[test]
    fn a_blur_preserves_constants_and_sums_and_adds_its_variance() {
        assert!(blurred(&[0.7; 20]).iter().all(|x| (x - 0.7).abs() < 1e-14));
        let mut spike = [0.0; 40];
        spike[20] = 1.0;
        let found = blurred(&spike);
        let moment = |p: i32| {
            found.iter().enumerate().map(|(i, x)| x * (i as f64 - 20.0).powi(p)).sum::<f64>()
        };
        assert!((moment(0) - 1.0).abs() < 1e-14 && moment(1).abs() < 1e-14);
        assert!((moment(2) - 4.0).abs() < 0.01, "{}", moment(2));
        // A spike at the edge is mirrored, so nothing of it is lost.
        let mut edge = [0.0; 20];
        edge[0] = 1.0;
        let sum: f64 = blurred(&edge).iter().sum();
        assert!((sum - 1.0).abs() < 1e-14, "{sum}");
    }

    #[test]
    fn the_nearest_class_mean_classifies_test_curves_better_than_chance() {
        let (train, test) = mnist1d(4000, 1);
        let mut means = vec![[0.0; N_POINTS]; 10];
        for (curve, label) in train.inputs.chunks_exact(N_POINTS).zip(train.labels.unwrap()) {
            for (mean, x) in means[label as usize].iter_mut().zip(curve) {
                *mean += x / 400.0;
            }
        }
        let distance =
            |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum() };
        let right = test
            .inputs
            .chunks_exact(N_POINTS)
            .zip(test.labels.unwrap())
            .filter(|(curve, label)| {
                let best = (0..10_u32).min_by(|a, b| {
                    let [a, b] = [a, b].map(|c| distance(curve, &means[*c as usize]));
                    a.total_cmp(&b)
                });
                best == Some(*label)
            })
            .count();
        assert!((250..500).contains(&right), "{right} of 1000");
    }
}
