//! What is in view of a panel.
//! Does not decide what is.

/// What is in view of a panel.
#[derive(Clone, Copy, Debug)]
pub(in crate::paint) struct Frame {
    /// First and last step.
    pub(in crate::paint) steps: [f64; 2],
    /// Lowest and highest place on the vertical axis.
    pub(in crate::paint) height: [f64; 2],
}

impl Frame {
    pub(in crate::paint) fn span(self) -> f64 {
        self.height[1] - self.height[0]
    }
}
