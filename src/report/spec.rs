//! The description of a report in a study's file: figures, summary tables and a claim.

use std::collections::BTreeMap;

use crate::paint::Format;

/// Formats in which every figure is written.
pub(super) const FIGURE_FORMATS: [Format; 2] = [Format::Svg, Format::Png];

/// Endings of the files of every table: as data, for a page and for a paper.
pub(super) const TABLE_ENDINGS: [&str; 3] = ["csv", "md", "tex"];

/// The description of a report.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Spec {
    /// Figures, in page order.
    pub figures: Vec<FigureSpec>,
    /// Summary tables, in page order.
    pub tables: Vec<TableSpec>,
    /// The comparison to put in words.
    pub claim: Option<ClaimSpec>,
}

impl Spec {
    /// The names of all files of figures and tables.
    #[must_use]
    pub fn file_names(&self) -> Vec<String> {
        let figures = self.figures.iter().flat_map(|figure| {
            FIGURE_FORMATS.map(|format| format!("{}.{}", figure.name, format.ending()))
        });
        let tables = self
            .tables
            .iter()
            .flat_map(|table| TABLE_ENDINGS.map(|ending| format!("{}.{ending}", table.name)));
        figures.chain(tables).collect()
    }
}

/// One figure: charts side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureSpec {
    /// Stem of its file name.
    pub name: String,
    /// Title above the charts.
    pub title: String,
    /// The axis whose points each get a chart.
    pub beside: Option<String>,
    /// Filter: only rows at these points, by axis.
    pub at: BTreeMap<String, String>,
    /// Kind of the charts.
    pub kind: FigureKind,
}

/// The kinds of figures.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureKind {
    /// Cells over two axes, with the boundary of trained runs.
    Phase {
        /// The horizontal axis.
        x: String,
        /// The vertical axis.
        y: String,
        /// The column that gives the colour; `None` colours by outcome.
        shows: Option<String>,
    },
    /// One point for each run, styled by outcome; one chart for each of `ys`.
    Scatter {
        /// Axis or column along the horizontal axis.
        x: String,
        /// Columns along the vertical axis.
        ys: Vec<String>,
        /// Whether to draw the line 2/x.
        is_limit_drawn: bool,
    },
    /// A column against an axis or another column: one line for each point of `by`, with a band of seeds.
    Curves {
        /// Axis or column along the horizontal axis.
        x: String,
        /// Column along the vertical axis.
        y: String,
        /// The axis whose points each get a line.
        by: Option<String>,
        /// The vertical axis.
        y_axis: YAxis,
    },
    /// A quantity over training steps: one line for each point of `by`, with the range over seeds.
    Course {
        /// The quantity drawn.
        quantity: crate::quantity::Quantity,
        /// The axis whose points each get a line.
        by: String,
        /// The vertical axis.
        y_axis: YAxis,
    },
}

/// Scale of a vertical axis and an optional reference line.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct YAxis {
    /// Whether the scale is logarithmic.
    pub is_log: bool,
    /// Value of a dashed reference line.
    pub level: Option<f64>,
}

/// One summary table: a row for every combination of points of some axes.
#[derive(Clone, Debug, PartialEq)]
pub struct TableSpec {
    /// Stem of its file names.
    pub name: String,
    /// Title above the table.
    pub title: String,
    /// The axes whose combinations of points are the rows.
    pub rows: Vec<String>,
    /// An axis or column of learning rates. If present, each row also has the largest trainable rate,
    /// the best loss and the sensitivity, and `columns` are taken at the best rate.
    pub over: Option<String>,
    /// Columns summarized by their median and range over seeds.
    pub columns: Vec<String>,
}

/// A comparison: whether one method comes within one grid step of its best rival.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimSpec {
    /// The axis whose points are methods.
    pub by: String,
    /// The baseline method.
    pub plain: String,
    /// The method under test.
    pub method: String,
    /// The methods it is compared with.
    pub rivals: Vec<String>,
    /// The axis or column of learning rates.
    pub over: String,
    /// The axis whose points each get a verdict of their own.
    pub each: Option<String>,
}

impl FigureKind {
    /// The word of `kind` in a study's file.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Phase { .. } => "phase",
            Self::Scatter { .. } => "scatter",
            Self::Curves { .. } => "curves",
            Self::Course { .. } => "course",
        }
    }
}
