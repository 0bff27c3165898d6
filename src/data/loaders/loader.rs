//! The interface of a file format.

use super::contents::Contents;
use crate::data::DataError;
use crate::data::idx::File;

/// Reads another file of the same folder by its name, unpacked; `None` if there is none.
pub(super) type Beside<'a> = &'a mut dyn FnMut(&str) -> Result<Option<Vec<u8>>, DataError>;

/// A format that files of the user may have.
pub(super) trait Loader: Sync {
    /// The format's name.
    fn name(&self) -> &'static str;

    /// How such a file is read, in sentences for the reference.
    fn about(&self) -> &'static str;

    /// Whether these are the contents of such a file, judged by how they begin.
    fn recognises(&self, bytes: &[u8]) -> bool;

    /// All examples of the file, whose bytes are unpacked.
    ///
    /// # Errors
    /// The contents are not examples, or a file that belongs to it is missing.
    fn load(&self, file: File<'_>, beside: Beside<'_>) -> Result<Contents, DataError>;
}
