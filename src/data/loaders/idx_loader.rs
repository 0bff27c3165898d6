//! IDX, the format of MNIST: images in one file, their labels in another beside it.

use std::collections::BTreeSet;
use std::path::Path;

use super::contents::{Answers, Contents, Inputs, Part, Summary};
use super::loader::{Beside, Loader};
use crate::data::idx::{self, File, LabelledImages};
use crate::data::{Answer, DataError, InputShape};

/// Labels are bytes.
const MAX_CLASSES: u32 = 256;

/// How an IDX file of unsigned bytes begins.
const MAGIC: [u8; 3] = [0, 0, 8];

/// Words for the test set in the names of files whose training set is called `train`.
const TEST_WORDS: [&str; 2] = ["t10k", "test"];

/// The format.
pub(super) struct Idx;

impl Loader for Idx {
    fn name(&self) -> &'static str {
        "IDX"
    }

    fn about(&self) -> &'static str {
        "The format of MNIST, plain or gzipped: give the file of the images, such as \
         `train-images-idx3-ubyte`. Their labels are read from the file beside it that has `labels` \
         for `images` and `idx1` for `idx3` in its name, and the test set from the files that have \
         `t10k` or `test` for `train`. Without those, the images that are not trained on are the \
         test set."
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    fn load(&self, file: File<'_>, beside: Beside<'_>) -> Result<Contents, DataError> {
        let own_name = Path::new(file.name).file_name().unwrap_or_default().to_string_lossy();
        let train = labelled(file, &own_name, beside)?;
        let test = test_set(file.name, &own_name, beside)?;
        if let Some(test) = &test
            && (test.n_rows, test.n_columns) != (train.n_rows, train.n_columns)
        {
            return Err(DataError::Malformed {
                file: file.name.to_owned(),
                place: "test set".to_owned(),
                reason: format!(
                    "its images have {}×{} pixels, those for training {}×{}; use files of one data set",
                    test.n_rows, test.n_columns, train.n_rows, train.n_columns
                ),
            });
        }
        contents(file.name, train, test)
    }
}

/// The images with the labels from the file beside them.
fn labelled(
    images: File<'_>,
    own_name: &str,
    beside: Beside<'_>,
) -> Result<LabelledImages, DataError> {
    let wanted = without_ending(own_name).replace("images", "labels").replace("idx3", "idx1");
    let found =
        if wanted == without_ending(own_name) { None } else { plain_or_packed(&wanted, beside)? };
    let labels = found.ok_or_else(|| DataError::Malformed {
        file: images.name.to_owned(),
        place: "labels".to_owned(),
        reason: format!(
            "there is no file `{wanted}` or `{wanted}.gz` beside the images; call the two files as \
             those of MNIST, `…images…` and `…labels…`"
        ),
    })?;
    let place = Path::new(images.name).with_file_name(wanted);
    idx::read(images, File { name: &place.to_string_lossy(), bytes: &labels }, MAX_CLASSES)
}

/// The images and labels of the test set; `None` if there is none.
fn test_set(
    path: &str,
    own_name: &str,
    beside: Beside<'_>,
) -> Result<Option<LabelledImages>, DataError> {
    let name = without_ending(own_name);
    for word in TEST_WORDS.into_iter().filter(|_| name.contains("train")) {
        let name = name.replace("train", word);
        if let Some(bytes) = plain_or_packed(&name, beside)? {
            let place = Path::new(path).with_file_name(&name);
            let images = File { name: &place.to_string_lossy(), bytes: &bytes };
            return labelled(images, &name, beside).map(Some);
        }
    }
    Ok(None)
}

fn plain_or_packed(name: &str, beside: Beside<'_>) -> Result<Option<Vec<u8>>, DataError> {
    match beside(name)? {
        Some(bytes) => Ok(Some(bytes)),
        None => beside(&format!("{name}.gz")),
    }
}

fn without_ending(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

/// The contents, with classes numbered in the order of the labels that occur.
fn contents(
    file: &str,
    train: LabelledImages,
    test: Option<LabelledImages>,
) -> Result<Contents, DataError> {
    let test_labels = test.iter().flat_map(|test| &test.labels);
    let occurring: BTreeSet<u32> = train.labels.iter().chain(test_labels).copied().collect();
    let occurring: Vec<u32> = occurring.into_iter().collect();
    if occurring.len() < 2 || train.n < 2 {
        return Err(DataError::Malformed {
            file: file.to_owned(),
            place: "labels".to_owned(),
            reason: format!(
                "there are {} images of {} classes; give at least two of each",
                train.n,
                occurring.len()
            ),
        });
    }
    let summary = Summary {
        format: Idx.name(),
        n: train.n,
        n_test: test.as_ref().map(|test| test.n),
        n_inputs: train.n_rows * train.n_columns,
        shape: InputShape::Image { height: train.n_rows, width: train.n_columns, channels: 1 },
        answer: Answer::Class(occurring.len()),
    };
    let part = |images: LabelledImages| {
        let class = |label: &u32| occurring.binary_search(label).unwrap_or(0);
        let classes = images.labels.iter().map(|label| u32::try_from(class(label)).unwrap_or(0));
        Part { answers: Answers::Classes(classes.collect()), inputs: Inputs::Pixels(images.pixels) }
    };
    Ok(Contents { summary, train: part(train), test: test.map(part) })
}
