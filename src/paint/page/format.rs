//! File formats of pictures.

use std::path::Path;

use super::error::PaintError;
use super::picture::{Picture, PictureOptions};
use super::{png, svg};

/// Bytes of the program and its fonts.
const PROGRAM: u64 = 50 << 20;

/// Bytes of a pixel: four painted, three encoded, and one for the compressed file.
const PIXEL: u64 = 8;

/// A picture file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Raster image.
    Png,
    /// Vector graphics.
    Svg,
}

impl Format {
    /// The format of a file name; `None` if it ends in neither `.png` nor `.svg`.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let is = |format: &Self| {
            path.extension().is_some_and(|end| end.eq_ignore_ascii_case(format.ending()))
        };
        [Self::Png, Self::Svg].into_iter().find(is)
    }

    /// The file extension without its dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }

    /// Memory in bytes that a picture of this size takes while it is drawn, without what it shows.
    #[must_use]
    pub fn memory(self, [width_px, height_px]: [u32; 2]) -> u64 {
        match self {
            Self::Png => PROGRAM + PIXEL * u64::from(width_px) * u64::from(height_px),
            Self::Svg => PROGRAM,
        }
    }

    /// Renders a figure, chart or sheet to the bytes of a file.
    pub fn render<'a>(
        self,
        picture: impl Into<Picture<'a>>,
        options: &PictureOptions,
    ) -> Result<Vec<u8>, PaintError> {
        match self {
            Self::Png => png::render(picture, options),
            Self::Svg => svg::render(picture, options),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_extension_gives_the_format_in_any_case() {
        let of = |path: &str| Format::of(Path::new(path));
        assert_eq!((of("a.PNG"), of("b/c.svg")), (Some(Format::Png), Some(Format::Svg)));
        for path in ["a", "a.pdf", "svg", ".svg", "a.svg.gz", ""] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
