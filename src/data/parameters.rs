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
}

/// Values of the settings that only some tasks read; [`super::TaskInfo::reads`] lists those of a
/// task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// `task.degree`.
    pub degree: u32,
    /// `task.separation`.
    pub separation: f64,
    /// `task.length`.
    pub length: usize,
    /// `task.symbols`.
    pub symbols: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { degree: 6, separation: 1.0, length: 8, symbols: 4 }
    }
}
