//! A point of an axis: the settings it makes, and those it makes only with a point of another axis.

use super::reader::Settings;

/// One point of an axis.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Point {
    /// The value, case name or factor, as written in the results table.
    pub text: String,
    /// The settings of this point, by dotted key.
    pub set: Settings,
    /// A setting to multiply after all others are set, and the factor.
    pub factor: Option<(String, f64)>,
    /// Extra settings that depend on the point of another axis.
    pub beside: Vec<Beside>,
}

/// Settings that a case makes only together with one point of another axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// Name of the other axis.
    pub axis: String,
    /// Text of that axis' point.
    pub point: String,
    /// The extra settings, by dotted key.
    pub set: Settings,
}
