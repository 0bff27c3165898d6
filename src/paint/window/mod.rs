//! A figure in a window, with pointer and keyboard; pages draw it with the same code.

mod axes;
mod gestures;
mod handles;
mod hover;
pub mod screen;
