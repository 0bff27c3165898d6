//! A chart as a whole: what it shows on which axes, and where its names stand.
//! Does not draw it.

use super::axis::AxisSpec;
use super::layer::Layer;
use crate::figure::axes::Scale;

/// A picture of a study: layers over two axes, from back to front.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Chart {
    /// Line above the plot.
    pub title: Option<String>,
    /// Small print below the plot.
    pub caption: Option<String>,
    /// The horizontal axis.
    pub x: AxisSpec,
    /// The vertical axis.
    pub y: AxisSpec,
    /// What is drawn, from back to front.
    pub layers: Vec<Layer>,
    /// What the colours of cells with numbers stand for.
    pub colour_bar: ColourBar,
    /// Where the names of layers and classes stand; never over the plot.
    pub legend: LegendPlace,
}

/// What the colours of cells with numbers stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct ColourBar {
    /// What the numbers are.
    pub label: String,
    /// [`Scale::Linear`] or [`Scale::Log`].
    pub scale: Scale,
    /// Values at its ends; `None` fits them to the cells. Values beyond get the colour of the end.
    pub range: Option<[f64; 2]>,
}

impl Default for ColourBar {
    fn default() -> Self {
        Self { label: String::new(), scale: Scale::Linear, range: None }
    }
}

/// Where a legend stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LegendPlace {
    /// Beside a wide plot, below a narrow one.
    #[default]
    Fitting,
    /// Right of the plot.
    Beside,
    /// Below the plot.
    Below,
    /// Nowhere, as where one legend is for several charts.
    Hidden,
}
