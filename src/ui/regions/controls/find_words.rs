//! What is looked for in the box that finds a control by word.

/// The words looked for, while the box is open.
#[derive(Debug, Default)]
pub(super) struct FindWords {
    pub(super) wanted: Option<String>,
    /// Whether the field is to get the keyboard when it is next drawn.
    pub(super) needs_focus: bool,
}

impl FindWords {
    /// Opens the box, with the keyboard in it.
    pub(super) fn open(&mut self) {
        self.wanted.get_or_insert_default();
        self.needs_focus = true;
    }

    /// Closes the box; returns whether it was open.
    pub(super) fn close(&mut self) -> bool {
        self.wanted.take().is_some()
    }
}
