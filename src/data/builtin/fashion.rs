//! Fashion-MNIST: 28×28 images of ten kinds of clothing, embedded.

use crate::data::embedded::{brightness, file};
use crate::data::idx;
use crate::data::scaling::Scaling;
use crate::data::{
    Answer, DataError, Examples, InputShape, Parameters, Request, Source, Split, TaskInfo,
};

/// The task of classifying clothing.
pub(super) struct Fashion;

impl Source for Fashion {
    fn info(&self, _parameters: &Parameters) -> TaskInfo {
        TaskInfo {
            description: "Fashion-MNIST: 28×28 images of ten kinds of clothing (embedded)".into(),
            scaling:
                "per-pixel mean and one global standard deviation over all 5,000 images, × 0.5"
                    .into(),
            default_lr: 0.1,
            default_n_train: 1000,
            min_n_train: 2,
            max_n_train: 5000,
            n_test: 1000,
            n_inputs: 784,
            shape: InputShape::Image { height: 28, width: 28, channels: 1 },
            n_positions: 1,
            answer: Answer::Class(10),
            reads: Vec::new(),
        }
    }

    fn examples(&self, request: &Request) -> Result<Split, DataError> {
        let (train, test) = fashion(request.n_train)?;
        Ok(Split::with_test(train, test))
    }
}

/// The first `n_train` of 5,000 Fashion-MNIST training images and 1,000 test images.
///
/// Centred per pixel and scaled to overall standard deviation 0.5, with the statistics of all 5,000
/// training images whatever `n_train` is.
fn fashion(n_train: usize) -> Result<(Examples, Examples), DataError> {
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

#[cfg(test)]
mod tests {
    use super::fashion;
    use crate::data::embedded::{class_counts, mean_and_deviation};

    #[test]
    fn fashion_pixels_are_centred_per_pixel_with_overall_deviation_one_half() {
        let (train, test) = fashion(5000).unwrap();
        let (mean, deviation) = mean_and_deviation(&train.inputs);
        assert!(mean.abs() < 1e-12 && (deviation - 0.5).abs() < 1e-12, "{mean}, {deviation}");
        for pixel in [0, 300, 783] {
            let sum: f64 = train.inputs.iter().skip(pixel).step_by(784).sum();
            assert!(sum.abs() < 1e-9, "pixel {pixel}: {sum}");
        }
        // Test images are scaled with the training images' statistics, which are similar.
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
    fn the_first_fashion_labels_are_the_published_ones_and_every_class_occurs() {
        let (train, test) = fashion(5000).unwrap();
        assert_eq!(train.labels.as_ref().unwrap()[..10], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
        assert_eq!(test.labels.as_ref().unwrap()[..10], [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
        assert!(class_counts(&train).iter().all(|n| (430..570).contains(n)));
        assert!(class_counts(&test).iter().all(|n| (80..125).contains(n)));
    }
}
