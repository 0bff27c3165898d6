//! Why a picture cannot be drawn or encoded.

use super::picture::{RESOLUTIONS, SIDES};

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PaintError {
    /// The size cannot be drawn.
    #[error(
        "a picture of {width_px} × {height_px} pixels cannot be drawn: each side takes {} to {} pixels",
        SIDES.start(), SIDES.end()
    )]
    Size {
        /// Width asked for.
        width_px: u32,
        /// Height asked for.
        height_px: u32,
    },
    /// The resolution cannot be drawn.
    #[error(
        "a picture at {dpi} dpi cannot be drawn: choose {} to {} dpi",
        RESOLUTIONS.start(), RESOLUTIONS.end()
    )]
    Dpi {
        /// Resolution asked for.
        dpi: f32,
    },
    /// Words leave too little to the plots.
    #[error(
        "at {dpi} dpi its words leave less than half of {} × {} pixels to the plots{}", .given[0],
        .given[1], remedy(*.given, *.needed)
    )]
    Crowded {
        /// Width and height asked for.
        given: [u32; 2],
        /// Resolution asked for.
        dpi: f32,
        /// The height at which the plots get half of it; `None` where no picture is so high.
        needed: Option<u32>,
    },
    /// The encoder failed.
    #[error("the picture could not be written as PNG: {0}")]
    Encoding(#[from] ::png::EncodingError),
}

/// What to do about a picture that is crowded.
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
