//! What is above the plots in the desk view and in Present: the narrator's sentence, and the readout of the
//! curvature.

pub(in crate::ui) mod narrator_line;
pub(in crate::ui) mod readout;
