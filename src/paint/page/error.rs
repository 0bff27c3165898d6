//! Why a picture cannot be drawn or encoded.

use super::picture::{RESOLUTIONS, SIDES};

/// Why a picture cannot be drawn or written.
#[derive(Debug, thiserror::Error)]
pub enum PaintError {
    /// The size is out of range.
    #[error(
        "a picture of {width_px} × {height_px} pixels cannot be drawn: each side takes {} to {} pixels",
        SIDES.start(), SIDES.end()
    )]
    Size {
        /// Requested width.
        width_px: u32,
        /// Requested height.
        height_px: u32,
    },
    /// The resolution is out of range.
    #[error(
        "a picture at {dpi} dpi cannot be drawn: choose {} to {} dpi",
        RESOLUTIONS.start(), RESOLUTIONS.end()
    )]
    Dpi {
        /// Requested resolution.
        dpi: f32,
    },
    /// Text leaves too little room for the plots.
    #[error(
        "at {dpi} dpi the text leaves less than half of {} × {} pixels for the plots{}", .given[0],
        .given[1], remedy(*.given, *.needed)
    )]
    Crowded {
        /// Requested width and height in pixels.
        given: [u32; 2],
        /// Requested dots per inch.
        dpi: f32,
        /// Least height at which the plots get half of it; `None` if that is out of range.
        needed: Option<u32>,
    },
    /// The encoder failed.
    #[error("the picture could not be written as PNG: {0}")]
    Encoding(#[from] ::png::EncodingError),
}

/// What to do about a crowded picture.
fn remedy([width, _]: [u32; 2], needed: Option<u32>) -> String {
    match needed {
        Some(height) => format!(
            ", which need {width} × {height}; choose that size, fewer plots, or a shorter title and \
             caption"
        ),
        None => "; no height is enough: choose a larger width, or a shorter title and caption"
            .to_owned(),
    }
}
