//! A point of an axis: what it sets, alone and beside points of other axes.
//! Does not know which axis it is on.

use super::reader::Settings;

/// One point of an axis.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Point {
    /// The value, the name of the case or the factor, as it stands in the table.
    pub text: String,
    /// The settings it makes, by dotted key.
    pub set: Settings,
    /// The setting that it multiplies once all are made, and by what.
    pub factor: Option<(String, f64)>,
    /// Settings that it makes beside a point of another axis.
    pub beside: Vec<Beside>,
}

/// Settings of a case that belong to a point of another axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// The other axis.
    pub axis: String,
    /// Its point.
    pub point: String,
    /// The settings, by dotted key.
    pub set: Settings,
}
