//! The embedded image sets, Fashion-MNIST and digits, with their scaling.
//! Does not know how IDX files are laid out or which network sees the images.

use super::idx::{self, File, LabelledImages};
use super::scaling::Scaling;
use super::{DataError, Examples};

/// Digits used for training; the rest is the test set.
const N_DIGITS_TRAIN: usize = 1500;

macro_rules! file {
    ($path:literal) => {
        File { name: $path, bytes: include_bytes!(concat!("../../assets/", $path)) }
    };
}

/// The first `n_train` of 5,000 Fashion-MNIST training images, and 1,000 test images.
///
/// Per-pixel mean and one standard deviation of what is left, both over all 5,000 training images
/// whatever `n_train` is; then × 0.5.
pub(super) fn fashion(n_train: usize) -> Result<(Examples, Examples), DataError> {
    let train = idx::read(
        file!("fashion-mnist/fashion5k-images-idx3-ubyte.gz"),
        file!("fashion-mnist/fashion5k-labels-idx1-ubyte.gz"),
        10,
    )?;
    let test = idx::read(
        file!("fashion-mnist/fashion-test1k-images-idx3-ubyte.gz"),
        file!("fashion-mnist/fashion-test1k-labels-idx1-ubyte.gz"),
        10,
    )?;
    let mut pixels = brightness(&train, 255.0);
    let n_inputs = train.n_rows * train.n_columns;
    let scaling = Scaling::per_input(&pixels, n_inputs, 0.5);
    pixels.truncate(n_train * n_inputs);
    scaling.apply(&mut pixels);
    let mut test_pixels = brightness(&test, 255.0);
    scaling.apply(&mut test_pixels);
    let labels = train.labels.into_iter().take(n_train).collect();
    Ok((
        Examples::classified(pixels, labels, 10),
        Examples::classified(test_pixels, test.labels, 10),
    ))
}

/// The first `n_train` of 1,500 digits, and the last 297; mean 0 and variance 1 over all 1,797.
pub(super) fn digits(n_train: usize) -> Result<(Examples, Examples), DataError> {
    let all = idx::read(
        file!("digits/digits8x8-images-idx3-ubyte.gz"),
        file!("digits/digits8x8-labels-idx1-ubyte.gz"),
        10,
    )?;
    let n_inputs = all.n_rows * all.n_columns;
    let mut pixels = brightness(&all, 16.0);
    Scaling::global(&pixels, n_inputs).apply(&mut pixels);
    let test_pixels = pixels.split_off(N_DIGITS_TRAIN * n_inputs);
    pixels.truncate(n_train * n_inputs);
    let mut labels = all.labels;
    let test_labels = labels.split_off(N_DIGITS_TRAIN);
    labels.truncate(n_train);
    Ok((
        Examples::classified(pixels, labels, 10),
        Examples::classified(test_pixels, test_labels, 10),
    ))
}

/// Pixels as fractions of `white`.
fn brightness(images: &LabelledImages, white: f64) -> Vec<f64> {
    images.pixels.iter().map(|pixel| f64::from(*pixel) / white).collect()
}

#[cfg(test)]
mod tests {
    use super::{digits, fashion};
    use crate::data::Examples;

    fn mean_and_deviation(x: &[f64]) -> (f64, f64) {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        (mean, (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    fn class_counts(examples: &Examples) -> Vec<usize> {
        let labels = examples.labels.as_ref().unwrap();
        (0..10).map(|class| labels.iter().filter(|label| **label == class).count()).collect()
    }

    #[test]
    fn fashion_pixels_are_centred_one_by_one_with_overall_deviation_one_half() {
        let (train, test) = fashion(5000).unwrap();
        let (mean, deviation) = mean_and_deviation(&train.inputs);
        assert!(mean.abs() < 1e-12 && (deviation - 0.5).abs() < 1e-12, "{mean}, {deviation}");
        for pixel in [0, 300, 783] {
            let sum: f64 = train.inputs.iter().skip(pixel).step_by(784).sum();
            assert!(sum.abs() < 1e-9, "pixel {pixel}: {sum}");
        }
        // Not scaled by their own statistics, but nearly alike.
        let (mean, deviation) = mean_and_deviation(&test.inputs);
        assert!(mean.abs() < 0.02 && mean.abs() > 1e-6, "{mean}");
        assert!((deviation - 0.5).abs() < 0.02, "{deviation}");
    }

    #[test]
    fn fewer_fashion_images_are_the_first_of_more_with_the_same_scaling() {
        let (few, test) = fashion(100).unwrap();
        let (more, same_test) = fashion(1000).unwrap();
        assert_eq!((few.n, more.n), (100, 1000));
        assert_eq!(few.inputs, more.inputs[..100 * 784]);
        assert_eq!(few.labels.unwrap(), more.labels.unwrap()[..100]);
        assert_eq!(test, same_test);
    }

    #[test]
    fn the_first_fashion_labels_are_the_published_ones_and_every_class_is_there() {
        let (train, test) = fashion(5000).unwrap();
        assert_eq!(train.labels.as_ref().unwrap()[..10], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
        assert_eq!(test.labels.as_ref().unwrap()[..10], [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
        assert!(class_counts(&train).iter().all(|n| (430..570).contains(n)));
        assert!(class_counts(&test).iter().all(|n| (80..125).contains(n)));
    }

    #[test]
    fn digits_have_mean_zero_and_variance_one_over_all_1797() {
        let (train, test) = digits(1500).unwrap();
        assert_eq!((train.n, test.n), (1500, 297));
        let all = [train.inputs.clone(), test.inputs.clone()].concat();
        let (mean, deviation) = mean_and_deviation(&all);
        assert!(mean.abs() < 1e-12 && (deviation - 1.0).abs() < 1e-12);
        assert_eq!(train.labels.as_ref().unwrap()[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(class_counts(&train).iter().all(|n| (130..170).contains(n)));
        let (few, same_test) = digits(100).unwrap();
        assert_eq!(few.inputs, train.inputs[..100 * 64]);
        assert_eq!(test, same_test);
    }
}
