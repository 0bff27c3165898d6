//! Whether a change belongs to the gesture before it.
//! Shared by widgets, which see the pointer, and the session, which undoes gesture by gesture.

/// Whether a change belongs to the gesture before it, so that one drag makes one marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Gesture {
    /// A press, a choice or a typed value: a new gesture.
    New,
    /// The same drag goes on.
    Continued,
}
