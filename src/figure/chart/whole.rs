//! A chart: layers over two axes, with colour bar and legend.

use super::axis::AxisSpec;
use super::layer::Layer;
use crate::figure::axes::Scale;

/// A picture of a study.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Chart {
    /// Title above the plot.
    pub title: Option<String>,
    /// Caption below the plot.
    pub caption: Option<String>,
    /// The horizontal axis.
    pub x: AxisSpec,
    /// The vertical axis.
    pub y: AxisSpec,
    /// Layers, from back to front.
    pub layers: Vec<Layer>,
    /// The scale of colours for cells with numbers.
    pub colour_bar: ColourBar,
    /// Where the legend is placed; never over the plot.
    pub legend: LegendPlace,
}

/// The colours of cells with numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ColourBar {
    /// Label of the numbers.
    pub label: String,
    /// [`Scale::Linear`] or [`Scale::Log`].
    pub scale: Scale,
    /// Values of its two ends; `None` fits the cells. Values outside get the colour of the nearer
    /// end.
    pub range: Option<[f64; 2]>,
}

impl Default for ColourBar {
    fn default() -> Self {
        Self { label: String::new(), scale: Scale::Linear, range: None }
    }
}

/// Where a legend is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LegendPlace {
    /// Beside a wide plot, below a narrow one.
    #[default]
    Fitting,
    /// Right of the plot.
    Beside,
    /// Below the plot.
    Below,
    /// Nowhere, because several charts share one legend.
    Hidden,
}
