//! What can be wrong with data, each as one sentence: what, where, what to do.
//! Does not decide who prints it.

use thiserror::Error;

/// Refused data.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DataError {
    /// The compressed stream cannot be read to its end.
    #[error(
        "`{file}` cannot be decompressed ({reason}): it is damaged or cut short; fetch it again"
    )]
    Damaged {
        /// Name of the file.
        file: String,
        /// What the decoder says.
        reason: String,
    },
    /// The file is of another kind.
    #[error(
        "`{file}` begins with {found:#010x} where IDX {what} begin with {wanted:#010x}; check that images and labels are not exchanged"
    )]
    Magic {
        /// Name of the file.
        file: String,
        /// The kind expected: images or labels.
        what: &'static str,
        /// The first four bytes, big-endian.
        found: u32,
        /// What they should be.
        wanted: u32,
    },
    /// The header declares no data.
    #[error(
        "`{file}` declares sizes {sizes}, which hold nothing; use a file with at least one example"
    )]
    Empty {
        /// Name of the file.
        file: String,
        /// Sizes as declared, for example `0 × 28 × 28`.
        sizes: String,
    },
    /// The header declares more than is allowed.
    #[error(
        "`{file}` declares sizes {sizes}, above the limit of {limit} bytes; use a smaller file"
    )]
    TooLarge {
        /// Name of the file.
        file: String,
        /// Sizes as declared, for example `60000 × 28 × 28`.
        sizes: String,
        /// Largest size in bytes.
        limit: u64,
    },
    /// The file ends before its header or its declared data do.
    #[error("`{file}` ends after {found} of {wanted} bytes: it is cut short; fetch it again")]
    Truncated {
        /// Name of the file.
        file: String,
        /// Bytes there are, uncompressed.
        found: u64,
        /// Bytes there should be, uncompressed.
        wanted: u64,
    },
    /// The file goes on after its declared data.
    #[error(
        "`{file}` goes on after the {wanted} bytes that its header declares; it is damaged or not an IDX file: fetch it again"
    )]
    TooLong {
        /// Name of the file.
        file: String,
        /// Bytes there should be, uncompressed.
        wanted: u64,
    },
    /// A label is no class.
    #[error(
        "label {index} of `{file}` is {label}, but there are {n_classes} classes counted from 0; correct the labels"
    )]
    Label {
        /// Name of the file.
        file: String,
        /// Place of the label, from 0.
        index: usize,
        /// Its value.
        label: u32,
        /// Classes there are.
        n_classes: u32,
    },
    /// Images and labels do not belong together.
    #[error(
        "`{images}` holds {n_images} images but `{labels}` {n_labels} labels; give the two files of one set"
    )]
    Unpaired {
        /// Name of the image file.
        images: String,
        /// Images in it.
        n_images: usize,
        /// Name of the label file.
        labels: String,
        /// Labels in it.
        n_labels: usize,
    },
    /// There are fewer training examples than asked for, or too few were asked for.
    #[error(
        "`task.n_train` is {asked}, but the task `{task}` takes {least} to {available} training examples; choose a number in that range"
    )]
    Count {
        /// The task.
        task: String,
        /// Examples asked for.
        asked: usize,
        /// Examples it takes at least.
        least: usize,
        /// Examples there are.
        available: usize,
    },
    /// There are fewer different strings to sort than asked for.
    #[error(
        "`task.n_train` is {asked}, but of the strings of {length} symbols out of {symbols} only {available} are for training; ask for fewer, or raise `task.length` or `task.symbols`"
    )]
    FewStrings {
        /// Examples asked for.
        asked: usize,
        /// Strings of the training side.
        available: usize,
        /// Symbols of a string.
        length: usize,
        /// Symbols of the alphabet.
        symbols: usize,
    },
}
