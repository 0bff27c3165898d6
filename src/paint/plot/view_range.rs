//! The visible part of a panel.

/// The ranges of a panel's axes.
#[derive(Clone, Copy, Debug)]
pub(in crate::paint) struct ViewRange {
    /// First and last visible place on the horizontal axis.
    pub(in crate::paint) steps: [f64; 2],
    /// Lowest and highest visible place on the vertical axis.
    pub(in crate::paint) height: [f64; 2],
}

impl ViewRange {
    pub(in crate::paint) fn span(self) -> f64 {
        self.height[1] - self.height[0]
    }
}
