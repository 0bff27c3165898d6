//! Geometry of a sliding window over an image: output size, and which pixels each placement covers.

use std::ops::Range;

/// Size of an image in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Image {
    /// Number of pixels.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.height * self.width
    }
}

/// A sliding window over an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Size of the image.
    pub image: Image,
    /// Size of the window.
    pub kernel: Image,
    /// Pixels between neighbouring placements, in both directions.
    pub stride: usize,
    /// Zero pixels added on each side of the image. A direction in which the window is one pixel
    /// wide is not padded, so an image of one row stays one.
    pub padding: usize,
}

impl Window {
    /// Size of the output image, one pixel per placement; 0 in a direction in which the window is
    /// larger than the padded image.
    #[must_use]
    pub fn output(&self) -> Image {
        let places = |size: usize, kernel: usize| {
            let padded = size + 2 * self.padding(kernel);
            padded.checked_sub(kernel).map_or(0, |rest| rest / self.stride + 1)
        };
        Image {
            height: places(self.image.height, self.kernel.height),
            width: places(self.image.width, self.kernel.width),
        }
    }

    /// Whether the window covers every pixel exactly once, one at a time.
    #[must_use]
    pub fn is_pointwise(&self) -> bool {
        self.kernel.positions() == 1 && self.stride == 1
    }

    /// The window of the transposed convolution: sliding it over the output, with the kernel
    /// rotated by 180°, gives the image's gradient. `None` if the output would need zeros between
    /// its pixels.
    pub(crate) fn transposed(&self) -> Option<Self> {
        let Self { kernel, stride, padding, .. } = *self;
        let is_plain = stride == 1 && kernel.height == kernel.width && padding < kernel.height;
        is_plain.then(|| Self {
            image: self.output(),
            padding: kernel.height - 1 - padding,
            ..*self
        })
    }

    /// Rows of the window inside the image, for placements in this output row.
    pub(crate) fn rows(&self, place: usize) -> Range<usize> {
        self.inside(place, self.kernel.height, self.image.height)
    }

    /// Columns of the window inside the image, for placements in this output column.
    pub(crate) fn columns(&self, place: usize) -> Range<usize> {
        self.inside(place, self.kernel.width, self.image.width)
    }

    fn inside(&self, place: usize, kernel: usize, size: usize) -> Range<usize> {
        let (start, padding) = (place * self.stride, self.padding(kernel));
        let end = (size + padding).saturating_sub(start).min(kernel);
        padding.saturating_sub(start).min(end)..end
    }

    /// Zero pixels on each side in a direction in which the window has this size.
    pub(crate) fn padding(&self, kernel: usize) -> usize {
        if kernel == 1 { 0 } else { self.padding }
    }

    /// Image row under row `offset` of the window, which must lie inside the image.
    pub(crate) fn under_row(&self, place: usize, offset: usize) -> usize {
        place * self.stride + offset - self.padding(self.kernel.height)
    }

    /// Image column under column `offset` of the window, which must lie inside the image.
    pub(crate) fn under_column(&self, place: usize, offset: usize) -> usize {
        place * self.stride + offset - self.padding(self.kernel.width)
    }
}

/// Window and channel groups of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The part of the image that one output reads.
    pub window: Window,
    /// Number of channel groups; outputs of a group read the channels of that group only.
    pub groups: usize,
}

impl Filter {
    /// As [`Window::transposed`], with the same groups.
    pub(crate) fn transposed(&self) -> Option<Self> {
        self.window.transposed().map(|window| Self { window, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::{Image, Window};

    #[test]
    fn placements_lie_inside_the_padded_image() {
        let of = |size: usize, kernel: usize, stride: usize, padding: usize| {
            let (image, kernel) =
                (Image { height: size, width: 1 }, Image { height: kernel, width: 1 });
            Window { image, kernel, stride, padding }
        };
        assert_eq!(of(32, 3, 1, 1).output().height, 32);
        assert_eq!(of(32, 3, 2, 1).output().height, 16);
        assert_eq!(of(7, 2, 2, 0).output().height, 3);
        assert_eq!(of(2, 3, 1, 0).output().height, 0);
        assert_eq!(of(1, 3, 1, 1).output(), Image { height: 1, width: 1 });
        let window = of(5, 3, 2, 1);
        assert_eq!((window.rows(0), window.rows(1), window.rows(2)), (1..3, 0..3, 0..2));
        assert_eq!((window.under_row(0, 1), window.under_row(2, 1)), (0, 4));
    }
}
