//! Access to the embedded image sets.

use super::idx::LabelledImages;

/// Embeds a file below `assets/` in the program.
macro_rules! file {
    ($path:literal) => {
        $crate::data::idx::File {
            name: $path,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $path)),
        }
    };
}
pub(super) use file;

/// Pixel values divided by `white`.
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

/// Number of examples of each of ten classes.
#[cfg(test)]
pub(super) fn class_counts(examples: &super::Examples) -> Vec<usize> {
    let labels = examples.labels.as_ref().unwrap();
    (0..10).map(|class| labels.iter().filter(|label| **label == class).count()).collect()
}
