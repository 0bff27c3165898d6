//! A figure in a window, with pointer and keyboard; pages draw it with the same code.

mod gestures;
mod handles;
mod hover;
mod plot_axes;
pub mod screen;
