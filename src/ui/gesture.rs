//! Gestures, shared by widgets, which detect them, and the session, which undoes one at a time.

/// Whether a change belongs to the previous gesture; one drag makes one marker and one undo entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Gesture {
    /// A press, a choice or a typed value: a new gesture.
    New,
    /// The same drag continues.
    Continued,
}
