//! Selects the channels of a group, and scatters patches back into an image.

use crate::net::simd::Real;
use crate::net::sliding_window::Window;

/// Channels of a pixel: `count` from `first` on; pixels start `step` elements apart.
#[derive(Clone, Copy)]
pub(super) struct Channels {
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) step: usize,
}

impl Channels {
    /// Copies these channels of all pixels to a contiguous slice.
    pub(super) fn copy<T: Real>(&self, from: &[T], to: &mut [T]) {
        let Self { first, count, step } = *self;
        if step == count {
            to.copy_from_slice(from);
            return;
        }
        for (to, from) in to.chunks_exact_mut(count).zip(from.chunks_exact(step)) {
            to.copy_from_slice(&from[first..first + count]);
        }
    }
}

/// Adds every element of patches `[places, kh·kw·count]` to the image element it was read from.
pub(super) fn scatter<T: Real>(
    patches: &[T],
    channels: Channels,
    window: &Window,
    image: &mut [T],
) {
    let Channels { first, count, step } = channels;
    let (kernel, output) = (window.kernel, window.output());
    let mut rows = patches.chunks_exact(kernel.positions() * count);
    for y in 0..output.height {
        for x in 0..output.width {
            let Some(patch) = rows.next() else { return };
            let columns = window.columns(x);
            for ky in window.rows(y) {
                let row = &patch[ky * kernel.width * count..][..kernel.width * count];
                let row = &row[columns.start * count..columns.end * count];
                let pixel = window.under_row(y, ky) * window.image.width
                    + window.under_column(x, columns.start);
                for (i, from) in row.chunks_exact(count).enumerate() {
                    let to = &mut image[(pixel + i) * step + first..][..count];
                    for (to, from) in to.iter_mut().zip(from) {
                        *to += *from;
                    }
                }
            }
        }
    }
}
