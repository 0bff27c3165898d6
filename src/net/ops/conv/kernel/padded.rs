//! Zero-padded images with channels last: each row of a patch is contiguous, and the next patch
//! starts a stride later.

use super::channels::Channels;
use crate::net::simd::Real;
use crate::net::simd::blocks::{Factor, Strides, Terms};
use crate::net::sliding_window::{Image, Window};

/// Padded images, one per direction and group of channels.
pub(super) struct Padded<T> {
    data: Vec<T>,
    window: Window,
    /// Size including the padding.
    size: Image,
    /// Channels of one group.
    share: usize,
}

impl<T: Real> Padded<T> {
    /// Zeros for `n` images.
    pub(super) fn new(window: Window, share: usize, n: usize) -> Self {
        let Image { height, width } = window.image;
        let size = Image {
            height: height + 2 * window.padding(window.kernel.height),
            width: width + 2 * window.padding(window.kernel.width),
        };
        Self { data: vec![T::ZERO; n * size.positions() * share], window, size, share }
    }

    /// Copies all groups and directions of an image `[h·w, k, c]` in; the padding stays 0.
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

    /// The patches of output row `y` as a factor with one row per patch.
    pub(super) fn patches(&self, image: usize, y: usize) -> Factor<'_, T> {
        let pixels = (image * self.size.height + y * self.window.stride) * self.size.width;
        let (row, segment) = (self.window.stride * self.share, self.size.width * self.share);
        Factor {
            data: &self.data[pixels * self.share..],
            strides: Strides { row, term: 1, segment },
        }
    }

    /// The elements of a patch as terms of a sum.
    pub(super) fn terms(&self) -> Terms {
        let Image { height, width } = self.window.kernel;
        Terms { n_segments: height, n_terms: width * self.share }
    }

    /// Window row `y` of every patch, transposed: a factor with one row per element of the window
    /// row and one term per patch.
    pub(super) fn window_row(&self, image: usize, y: usize) -> Factor<'_, T> {
        let pixels = (image * self.size.height + y) * self.size.width;
        let term = self.window.stride * self.share;
        let strides = Strides { row: 1, term, segment: term * self.size.width };
        Factor { data: &self.data[pixels * self.share..], strides }
    }
}
