//! The settings that only some tasks read.
//! Does not know which tasks these are.

/// A setting that only some tasks read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Degree k of a polynomial.
    Degree,
    /// Scale `a` of the centres of clusters.
    Separation,
    /// Symbols of a string.
    Length,
    /// Symbols of the alphabet.
    Symbols,
}

/// The values of the settings that only some tasks read: [`super::TaskInfo::reads`] says which.
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
