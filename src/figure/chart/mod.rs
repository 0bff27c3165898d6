//! What a picture of a study shows: cells, points, curves and references on two axes; small multiples
//! of runs; tables and statistics of studies.

mod axis;
mod boundary;
mod class;
mod grid;
mod key;
mod layer;
mod number;
mod range;
mod sheet;
mod small_multiples;
mod statistics;
mod table;
mod whole;

pub use axis::{AxisScale, AxisSpec, Unplaced};
pub use boundary::{Boundary, boundary};
pub use class::{Class, Outcome, majority};
pub use grid::Grid;
pub use key::{Entry, Sample};
pub use layer::{Cells, Curve, Layer, Points, Reference};
pub use number::significant;
pub use sheet::Sheet;
pub use small_multiples::{NamedRun, small_multiples};
pub use statistics::{Spread, largest_trainable, lr_sensitivity, quantile};
pub use table::{Best, Cell, CellKind, Column, DisplayedCell, Table, TableError};
pub use whole::{Chart, ColourBar, LegendPlace};
