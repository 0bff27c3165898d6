//! Images with a frame of zeros around them, channels side by side: what a window sees in one of its
//! rows is one run of numbers there, and the next place sees a run that starts a little further.
//! Does not multiply.

use super::channels::Channels;
use crate::net::simd::Real;
use crate::net::simd::blocks::{Factor, Terms, Walk};
use crate::net::window::{Image, Window};

/// Framed images, one of each group of channels of each direction.
pub(super) struct Frames<T> {
    data: Vec<T>,
    window: Window,
    /// Rows and pixels in a row, the frame included.
    size: Image,
    /// Channels of one group.
    share: usize,
}

impl<T: Real> Frames<T> {
    /// Zeros, for so many images.
    pub(super) fn new(window: Window, share: usize, n: usize) -> Self {
        let Image { height, width } = window.image;
        let size = Image {
            height: height + 2 * window.padding(window.kernel.height),
            width: width + 2 * window.padding(window.kernel.width),
        };
        Self { data: vec![T::ZERO; n * size.positions() * share], window, size, share }
    }

    /// Copies all groups and directions of an image `[h·w, k, c]` in; the frames stay zeros.
    pub(super) fn load(&mut self, image: &[T]) {
        let Image { height, width } = self.window.image;
        let step = image.len() / (height * width).max(1);
        let (above, left) = (
            self.window.padding(self.window.kernel.height),
            self.window.padding(self.window.kernel.width),
        );
        let (share, frame) = (self.share, self.size.positions() * self.share);
        for (i, frame) in self.data.chunks_exact_mut(frame.max(1)).enumerate() {
            let channels = Channels { first: i * share, count: share, step };
            let rows = frame.chunks_exact_mut(self.size.width * share);
            for (to, from) in rows.skip(above).zip(image.chunks_exact(width * step)) {
                channels.copy(from, &mut to[left * share..][..width * share]);
            }
        }
    }

    /// What the windows in row `y` see of an image, and its rows, which are places.
    pub(super) fn places(&self, image: usize, y: usize) -> Factor<'_, T> {
        let pixels = (image * self.size.height + y * self.window.stride) * self.size.width;
        let (row, segment) = (self.window.stride * self.share, self.size.width * self.share);
        Factor { data: &self.data[pixels * self.share..], walk: Walk { row, term: 1, segment } }
    }

    /// The numbers under a window.
    pub(super) fn terms(&self) -> Terms {
        let Image { height, width } = self.window.kernel;
        Terms { n_segments: height, n_terms: width * self.share }
    }

    /// What row `y` of the window sees of an image, and its rows, which are the numbers there.
    pub(super) fn numbers(&self, image: usize, y: usize) -> Factor<'_, T> {
        let pixels = (image * self.size.height + y) * self.size.width;
        let term = self.window.stride * self.share;
        let walk = Walk { row: 1, term, segment: term * self.size.width };
        Factor { data: &self.data[pixels * self.share..], walk }
    }
}
