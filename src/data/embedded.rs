//! The files of the embedded image sets, and their pixels as numbers.
//! Does not know how a set is scaled or split.

use super::idx::LabelledImages;

/// A file below `assets/`, as it is embedded in the program.
macro_rules! file {
    ($path:literal) => {
        $crate::data::idx::File {
            name: $path,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $path)),
        }
    };
}
pub(super) use file;

/// Pixels as fractions of `white`.
pub(super) fn brightness(images: &LabelledImages, white: f64) -> Vec<f64> {
    images.pixels.iter().map(|pixel| f64::from(*pixel) / white).collect()
}

/// Mean and standard deviation.
#[cfg(test)]
pub(super) fn mean_and_deviation(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    (mean, (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// Examples of each of ten classes.
#[cfg(test)]
pub(super) fn class_counts(examples: &super::Examples) -> Vec<usize> {
    let labels = examples.labels.as_ref().unwrap();
    (0..10).map(|class| labels.iter().filter(|label| **label == class).count()).collect()
}
