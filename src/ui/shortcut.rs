//! A row of the table of keys and pointer actions: keys, their spelling and a description.

use eframe::egui::{Key, Modifiers};

/// A heading in the list of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Section {
    /// Start, pause, restart.
    Run,
    /// Settings of the run, undo, presets.
    Settings,
    /// What the plots show.
    Plots,
    /// The window itself, and what opens over it.
    Window,
}

impl Section {
    /// All headings, in the order of the list.
    pub(in crate::ui) const ALL: [Self; 4] = [Self::Run, Self::Settings, Self::Plots, Self::Window];

    /// The heading.
    pub(in crate::ui) fn title(self) -> &'static str {
        match self {
            Self::Run => "Run",
            Self::Settings => "Settings",
            Self::Plots => "Plots",
            Self::Window => "Window",
        }
    }
}

/// One row: what one key, several alternatives, or the pointer does.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Shortcut {
    /// Heading in the list of keys.
    pub(in crate::ui) section: Section,
    /// The alternative keys with their modifiers; none for what is done with the pointer.
    pub(in crate::ui) keys: &'static [(Modifiers, Key)],
    /// Spelling of the keys, as printed on a keyboard, or what the pointer does.
    pub(in crate::ui) key_label: &'static str,
    /// A short description of what it does.
    pub(in crate::ui) description: &'static str,
}

impl Shortcut {
    /// Whether this key with these modifiers held triggers the shortcut.
    pub(in crate::ui) fn matches(&self, key: Key, held: Modifiers) -> bool {
        self.keys.iter().any(|(modifiers, known)| {
            *known == key && held.matches_logically(*modifiers) && held.alt == modifiers.alt
        })
    }
}
