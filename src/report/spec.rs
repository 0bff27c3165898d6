//! What a study's file asks to be shown of its table: figures, tables and a claim.
//! Does not read it.

use std::collections::BTreeMap;

/// What is shown of a study.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Spec {
    /// Figures in order.
    pub figures: Vec<FigureSpec>,
    /// Tables in order.
    pub tables: Vec<TableSpec>,
    /// What is asked of the table in words.
    pub claim: Option<ClaimSpec>,
}

/// One figure: charts beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureSpec {
    /// What its file is called.
    pub name: String,
    /// The line above it.
    pub title: String,
    /// The axis with a chart for each of its points.
    pub beside: Option<String>,
    /// Only rows at these points of axes.
    pub at: BTreeMap<String, String>,
    /// What is drawn.
    pub kind: FigureKind,
}

/// What a figure draws.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureKind {
    /// Cells over two axes, with the edge of what trains.
    Phase {
        /// Axis from left to right.
        x: String,
        /// Axis from below.
        y: String,
        /// The column that gives the colour; `None` is what became of the runs.
        shows: Option<String>,
    },
    /// A point a run, by what became of it; a chart for each of the columns.
    Scatter {
        /// Axis or column from left to right.
        x: String,
        /// Columns from below.
        ys: Vec<String>,
        /// Whether 2/x is drawn.
        is_limit_drawn: bool,
    },
    /// A line over the runs at each point of an axis, with the range over seeds.
    Curves {
        /// Axis or column from left to right.
        x: String,
        /// Column from below.
        y: String,
        /// The axis with a line for each of its points.
        by: Option<String>,
        /// How the vertical axis is laid.
        look: Look,
    },
    /// A line over the steps of runs at each point of an axis, with the range over seeds.
    Course {
        /// The quantity.
        quantity: crate::quantity::Quantity,
        /// The axis with a line for each of its points.
        by: String,
        /// How the vertical axis is laid.
        look: Look,
    },
}

/// A vertical axis and a line to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Look {
    /// Whether it is logarithmic.
    pub is_log: bool,
    /// Where a dashed line lies.
    pub level: Option<f64>,
}

/// One table: a line for every combination of points of some axes.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSpec {
    /// What its files are called.
    pub name: String,
    /// The line above it.
    pub title: String,
    /// The axes that lines stand for.
    pub rows: Vec<String>,
    /// The axis or column of rates over which a line tells the largest trainable one, the best loss and the
    /// sensitivity; columns are then taken at the best rate.
    pub over: Option<String>,
    /// Columns of which the median over seeds is told, with their range.
    pub columns: Vec<String>,
}

/// A comparison: whether one method comes within a grid step of the best of its rivals.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimSpec {
    /// The axis of methods.
    pub by: String,
    /// The method that all others are measured by.
    pub plain: String,
    /// The method in question.
    pub method: String,
    /// What it is compared with.
    pub rivals: Vec<String>,
    /// The axis or column of rates.
    pub over: String,
    /// The axis at each of whose points the claim is asked.
    pub each: Option<String>,
}

impl FigureKind {
    /// The word for it in a study's file.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Phase { .. } => "phase",
            Self::Scatter { .. } => "scatter",
            Self::Curves { .. } => "curves",
            Self::Course { .. } => "course",
        }
    }
}
