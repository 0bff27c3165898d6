//! Settings that only some tasks read.

/// A setting that only some tasks read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Degree k of a polynomial.
    Degree,
    /// Scale of the cluster centres.
    Separation,
    /// Symbols per string.
    Length,
    /// Alphabet size.
    Symbols,
    /// The user's file with the examples.
    File,
}

/// Values of the settings that only some tasks read; [`super::TaskInfo::reads`] lists those of a
/// task.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// `task.degree`.
    pub degree: u32,
    /// `task.separation`.
    pub separation: f64,
    /// `task.length`.
    pub length: usize,
    /// `task.symbols`.
    pub symbols: usize,
    /// `task.path` and `task.sha256`.
    pub file: DataFile,
}

/// A file of the user with examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataFile {
    /// Its path; empty if none is named.
    pub path: String,
    /// SHA-256 of its contents in hexadecimal digits, or empty to take whatever they are.
    pub sha256: String,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { degree: 6, separation: 1.0, length: 8, symbols: 4, file: DataFile::default() }
    }
}
