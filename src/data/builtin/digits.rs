//! Digits: 8×8 images of handwritten digits, embedded.

use crate::data::embedded::{brightness, file};
use crate::data::idx;
use crate::data::scaling::Scaling;
use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};

/// Training images; the rest are test images.
const N_TRAIN: usize = 1500;
/// Images in all.
const N_ALL: usize = 1797;

/// The task of classifying digits.
pub(super) struct Digits;

impl Source for Digits {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description: "Digits: 8×8 images of handwritten digits (embedded)".into(),
            scaling: "global mean and standard deviation over all 1,797 images".into(),
            default_lr: 0.13,
            default_n_train: N_TRAIN,
            min_n_train: 2,
            max_n_train: N_TRAIN,
            n_test: N_ALL - N_TRAIN,
            n_inputs: 64,
            shape: InputShape::Image { height: 8, width: 8, channels: 1 },
            n_positions: 1,
            answer: Answer::Class(10),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = digits(request.n_train)?;
        Ok(Split::with_test(train, test))
    }
}

/// The first `n_train` of 1,500 training images and the 297 test images, scaled to mean 0 and
/// variance 1 over all 1,797.
fn digits(n_train: usize) -> Result<(Examples, Examples), DataError> {
    let all = idx::read(
        file!("digits/digits8x8-images-idx3-ubyte.gz"),
        file!("digits/digits8x8-labels-idx1-ubyte.gz"),
        10,
    )?;
    let n_inputs = all.n_rows * all.n_columns;
    let mut pixels = brightness(&all, 16.0);
    Scaling::global(&pixels, n_inputs).apply(&mut pixels);
    let test_pixels = pixels.split_off(N_TRAIN * n_inputs);
    pixels.truncate(n_train * n_inputs);
    let mut labels = all.labels;
    let test_labels = labels.split_off(N_TRAIN);
    labels.truncate(n_train);
    Ok((
        Examples::classified(pixels, labels, 10),
        Examples::classified(test_pixels, test_labels, 10),
    ))
}

#[cfg(test)]
mod tests {
    use super::digits;
    use crate::data::embedded::{class_counts, mean_and_deviation};

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
