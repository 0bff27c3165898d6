//! What the pointer does on plots and their headers: one row each, for tooltips and the list of keys.

/// One gesture and its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlotGesture {
    /// What the pointer does, and where.
    pub gesture: &'static str,
    /// What follows.
    pub effect: &'static str,
}

const fn row(gesture: &'static str, effect: &'static str) -> PlotGesture {
    PlotGesture { gesture, effect }
}

/// Gestures inside a plot.
const IN_PLOT: [PlotGesture; 6] = [
    row("Drag a plot", "Earlier or later steps"),
    row("Wheel on a plot", "Fewer or more steps"),
    row("Right-drag on a plot", "Zoom to a box"),
    row("Drag an axis", "Stretch it"),
    row("Double-click a plot", "Fit every step and value"),
    row("Point at a plot", "Read the values at a step"),
];

/// Gestures on a header, and between plots.
const AROUND_PLOT: [PlotGesture; 5] = [
    row("Drag a title", "Put the plot beside, above or below another"),
    row("Drag a border", "Share out the room between two plots"),
    row("Click a legend entry", "Hide or show its line"),
    row("Shift+click a legend entry", "Show it alone, or all again"),
    row("Click the name of a scale", "The next scale of that axis"),
];

/// All gestures on plots.
pub fn plot_gestures() -> impl Iterator<Item = PlotGesture> {
    IN_PLOT.into_iter().chain(AROUND_PLOT)
}

/// The gestures inside a plot, a line each.
pub(super) fn in_plot() -> String {
    let lines = IN_PLOT.map(|PlotGesture { gesture, effect }| format!("{gesture}: {effect}"));
    lines.join("\n")
}
