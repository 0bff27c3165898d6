//! Errors of reading and generating data.

use thiserror::Error;

/// Why data was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DataError {
    /// The compressed stream cannot be read to its end.
    #[error(
        "`{file}` cannot be decompressed ({reason}): it is damaged or cut short; fetch it again"
    )]
    Damaged {
        /// Name of the file.
        file: String,
        /// The decoder's message.
        reason: String,
    },
    /// The file is not an IDX file of the expected kind.
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
        /// The first four bytes expected.
        wanted: u32,
    },
    /// The header declares no data.
    #[error(
        "`{file}` declares sizes {sizes}, which is no data; use a file with at least one example"
    )]
    Empty {
        /// Name of the file.
        file: String,
        /// Sizes as declared, for example `0 × 28 × 28`.
        sizes: String,
    },
    /// The header declares more data than allowed.
    #[error(
        "`{file}` declares sizes {sizes}, above the limit of {limit} bytes; use a smaller file"
    )]
    TooLarge {
        /// Name of the file.
        file: String,
        /// Sizes as declared, for example `60000 × 28 × 28`.
        sizes: String,
        /// Largest allowed size in bytes.
        limit: u64,
    },
    /// The file ends inside its header or its declared data.
    #[error("`{file}` ends after {found} of {wanted} bytes: it is cut short; fetch it again")]
    Truncated {
        /// Name of the file.
        file: String,
        /// Uncompressed bytes found.
        found: u64,
        /// Uncompressed bytes expected.
        wanted: u64,
    },
    /// The file continues after its declared data.
    #[error(
        "`{file}` continues after the {wanted} bytes that its header declares; it is damaged or not an IDX file: fetch it again"
    )]
    TooLong {
        /// Name of the file.
        file: String,
        /// Uncompressed bytes expected.
        wanted: u64,
    },
    /// A label is not a class index.
    #[error(
        "label {index} of `{file}` is {label}, but the {n_classes} classes are numbered from 0; correct the labels"
    )]
    Label {
        /// Name of the file.
        file: String,
        /// Index of the label, from 0.
        index: usize,
        /// Its value.
        label: u32,
        /// Number of classes.
        n_classes: u32,
    },
    /// The numbers of images and labels differ.
    #[error(
        "`{images}` holds {n_images} images but `{labels}` {n_labels} labels; use the two files of one data set"
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
    /// The requested number of training examples is outside the task's range.
    #[error(
        "{asked} training examples were asked for, but the task `{task}` has {least} to {available}; choose a number in that range"
    )]
    Count {
        /// The task.
        task: String,
        /// Examples asked for.
        asked: usize,
        /// Fewest training examples of the task.
        least: usize,
        /// Most training examples of the task.
        available: usize,
    },
    /// The task is a file of the user, but none is named.
    #[error("no file is named; give the path of a file with examples")]
    NoFile,
    /// A file of the user cannot be read.
    #[error("`{file}` cannot be read: {reason}")]
    Unreadable {
        /// Path of the file.
        file: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A file of the user has no known format.
    #[error("`{file}` has none of the formats {formats}; convert it to one of them")]
    Format {
        /// Path of the file.
        file: String,
        /// The known formats.
        formats: String,
    },
    /// A place in a file of the user is not as it must be.
    #[error("`{file}`, {place}: {reason}")]
    Malformed {
        /// Path of the file.
        file: String,
        /// Line and column, or another place.
        place: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A file of the user has other contents than a run was made with.
    #[error(
        "`{file}` has other contents than the run was made with (SHA-256 {found} instead of {recorded}); restore them, or choose the file anew to use it as it is"
    )]
    Changed {
        /// Path of the file.
        file: String,
        /// Beginning of the hash of the file.
        found: String,
        /// Beginning of the hash that the run recorded.
        recorded: String,
    },
    /// There are fewer distinct strings to sort than requested.
    #[error(
        "{asked} training examples were asked for, but only {available} strings of {length} symbols out of {symbols} are for training; ask for fewer, or for longer strings or more symbols"
    )]
    FewStrings {
        /// Examples asked for.
        asked: usize,
        /// Distinct strings available for training.
        available: usize,
        /// Symbols per string.
        length: usize,
        /// Symbols in the alphabet.
        symbols: usize,
    },
}
