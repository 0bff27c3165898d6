//! How a window moves over an image: sizes before and after, and which pixels it covers.
//! Knows neither tensors nor what is computed in the window.

use std::ops::Range;

/// Pixels of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// Rows.
    pub height: usize,
    /// Pixels in a row.
    pub width: usize,
}

impl Image {
    /// Number of pixels.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.height * self.width
    }
}

/// A window that moves over an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The image it moves over.
    pub image: Image,
    /// Its own size.
    pub kernel: Image,
    /// Pixels from one place to the next, in both directions.
    pub stride: usize,
    /// Pixels of zeros around the image, on each side; none in a direction in which the window is
    /// one pixel wide, so that an image of one row stays one.
    pub padding: usize,
}

impl Window {
    /// The image of all its places; empty where it is larger than the image.
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

    /// Whether it sees one pixel at a time, each once.
    #[must_use]
    pub fn is_pointwise(&self) -> bool {
        self.kernel.positions() == 1 && self.stride == 1
    }

    /// The window over its own places whose sums of products with a kernel turned by 180° carry
    /// gradients back to the image; `None` where zeros between the places would be needed.
    pub(crate) fn turned(&self) -> Option<Self> {
        let Self { kernel, stride, padding, .. } = *self;
        let is_plain = stride == 1 && kernel.height == kernel.width && padding < kernel.height;
        is_plain.then(|| Self {
            image: self.output(),
            padding: kernel.height - 1 - padding,
            ..*self
        })
    }

    /// Rows of the window at a place of this row that lie on the image.
    pub(crate) fn rows(&self, place: usize) -> Range<usize> {
        self.inside(place, self.kernel.height, self.image.height)
    }

    /// Columns of the window at a place of this column that lie on the image.
    pub(crate) fn columns(&self, place: usize) -> Range<usize> {
        self.inside(place, self.kernel.width, self.image.width)
    }

    fn inside(&self, place: usize, kernel: usize, size: usize) -> Range<usize> {
        let (start, padding) = (place * self.stride, self.padding(kernel));
        let end = (size + padding).saturating_sub(start).min(kernel);
        padding.saturating_sub(start).min(end)..end
    }

    /// Zeros on each side in the direction in which the window has this size.
    pub(crate) fn padding(&self, kernel: usize) -> usize {
        if kernel == 1 { 0 } else { self.padding }
    }

    /// Row of the image under a row of the window that lies on it.
    pub(crate) fn under_row(&self, place: usize, offset: usize) -> usize {
        place * self.stride + offset - self.padding(self.kernel.height)
    }

    /// Column of the image under a column of the window that lies on it.
    pub(crate) fn under_column(&self, place: usize, offset: usize) -> usize {
        place * self.stride + offset - self.padding(self.kernel.width)
    }
}

/// How a convolution reads its image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What an output sees of the image.
    pub window: Window,
    /// Groups of channels that do not see each other.
    pub groups: usize,
}

impl Filter {
    /// As [`Window::turned`], of the same groups.
    pub(crate) fn turned(&self) -> Option<Self> {
        self.window.turned().map(|window| Self { window, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::{Image, Window};

    #[test]
    fn a_window_stands_where_the_padded_image_holds_all_of_it() {
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
