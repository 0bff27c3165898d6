//! The sections of the controls, and which of them are open, by title.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A section of the controls, below those that are always shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum ControlSection {
    /// Task, loss and batch size.
    Data,
    /// Architecture, sizes, normalization and precision.
    Network,
    /// Initial weights, seed and length of the run.
    Start,
    /// The course of the learning rate, and weight decay.
    Schedule,
    /// What is measured, and how often.
    Measure,
}

impl ControlSection {
    /// All sections, top to bottom.
    pub(in crate::ui) const ALL: [Self; 5] =
        [Self::Data, Self::Network, Self::Start, Self::Schedule, Self::Measure];

    /// Its title, which also stands for it where it is stored.
    pub(in crate::ui) const fn title(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Network => "Network",
            Self::Start => "Start",
            Self::Schedule => "Schedule",
            Self::Measure => "Measure",
        }
    }
}

/// Titles of the open sections; unknown ones are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::ui) struct OpenSections(BTreeSet<String>);

impl Default for OpenSections {
    /// The initial weights are what a lecture changes besides the controls that are always shown.
    fn default() -> Self {
        Self([ControlSection::Start.title().to_owned()].into())
    }
}

impl OpenSections {
    /// Whether a section is open.
    pub(in crate::ui) fn is_open(&self, section: ControlSection) -> bool {
        self.0.contains(section.title())
    }

    /// Opens a section.
    pub(in crate::ui) fn open(&mut self, section: ControlSection) {
        self.0.insert(section.title().to_owned());
    }

    /// Opens a section, or closes it if it is open.
    pub(in crate::ui) fn toggle(&mut self, section: ControlSection) {
        if !self.0.remove(section.title()) {
            self.open(section);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_open_and_close_and_an_unknown_title_is_ignored() {
        let mut sections = OpenSections::default();
        assert!(sections.is_open(ControlSection::Start) && !sections.is_open(ControlSection::Data));
        sections.toggle(ControlSection::Data);
        sections.toggle(ControlSection::Start);
        sections.open(ControlSection::Data);
        let open = ControlSection::ALL.map(|section| sections.is_open(section));
        assert_eq!(open, [true, false, false, false, false]);
        let later = OpenSections(["Later".to_owned()].into());
        assert!(!ControlSection::ALL.iter().any(|section| later.is_open(*section)));
    }
}
