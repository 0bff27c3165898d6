//! What is in view of a panel.
//! Does not decide what is.

/// What is in view of a panel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// First and last step.
    pub(super) steps: [f64; 2],
    /// Lowest and highest place on the vertical axis.
    pub(super) height: [f64; 2],
}

impl Frame {
    pub(super) fn span(self) -> f64 {
        self.height[1] - self.height[0]
    }
}
